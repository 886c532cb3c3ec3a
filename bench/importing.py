"""How fast papers become documents, and how much memory it takes.

    GONGKAI_SHARED=../shared .venv/bin/python bench/importing.py [--grow]

Imports `corpus/laws` into a new data folder by the console's own command (two workers, published) and
prints files a second beside the baseline: merely reading the same files in one process, no database.
`--grow` imports 1,000 and then 10,000 made-up papers and prints the peak memory of both (the whole
family of processes, proportional set size, sampled ten times a second). Wanted: 40 files/s or more,
under 600 MB, and flat.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gongkai.text.read import read_file


def main() -> None:
    """Measure and print."""
    shared = os.environ.get("GONGKAI_SHARED")
    if not shared:
        sys.exit("GONGKAI_SHARED is not set: there are no laws to import")
    laws = Path(shared).absolute() / "corpus" / "laws"
    files = [p for p in sorted(laws.rglob("*")) if p.is_file() and not p.name.startswith(".")]
    started = time.perf_counter()
    for path in files:
        read_file(path)
    reading = time.perf_counter() - started
    seconds, peak = _import(laws)
    print(f"baseline: reading alone, one process: {len(files) / reading:.1f} files/s")
    print(
        f"import of {len(files)} laws: {len(files) / seconds:.1f} files/s, {reading / seconds:.2f} × the baseline, peak {peak} MB"
    )
    if "--grow" in sys.argv:
        for number in (1_000, 10_000):
            with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
                _papers(Path(folder), number)
                seconds, peak = _import(Path(folder))
            print(f"import of {number:,} made-up papers: {number / seconds:.1f} files/s, peak {peak} MB")


def _import(papers: Path) -> tuple[float, int]:
    """Seconds taken and peak memory in MB of importing a folder into a new library."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as data:
        for words in (["setup"], ["agency", "import", "sample/organs.yaml"]):
            subprocess.run(_command(*words), env=_env(data), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        report = Path(data) / "report.json"
        started = time.perf_counter()
        words = ["import", str(papers), "--publish", "--report", str(report)]
        with subprocess.Popen(_command(*words), env=_env(data), cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            peak = 0
            while process.poll() is None:
                peak = max(peak, _memory(process.pid))
                time.sleep(0.1)
        seconds = time.perf_counter() - started
        told = json.loads(report.read_text(encoding="utf-8"))
        assert told["failed"] == 0, f"{told['failed']} files failed"
        return seconds, peak // 1024


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "gongkai.faces.terminal", *words]


def _env(data: str) -> dict[str, str]:
    return {**os.environ, "GONGKAI_DATA": data, "DJANGO_SETTINGS_MODULE": "config.settings.embedded"}


def _memory(root: int) -> int:
    """Proportional set size in kB of a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit():
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(stat[1]), []).append(int(entry.name))
        except OSError:
            continue
    family, waiting = [], [root]
    while waiting:
        family.append(waiting.pop())
        waiting += children.get(family[-1], [])
    return sum(map(_pss, family))


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _papers(folder: Path, number: int) -> None:
    """Papers of some 1,800 characters, each with its own number, title and words."""
    for n in range(number):
        articles = "\n".join(
            f"第{i}条 为规范第{n}类事项第{i}环节的办理，有关部门应当在{i + 3}个工作日内决定，并告知申请人理由、依据和救济途径。"
            for i in range(1, 31)
        )
        year, title = 2000 + n % 25, f"青禾县第{n}类事项办理办法"
        text = (
            f"青政办发〔{year}〕{n}号\n青禾县人民政府办公室关于印发《{title}》的通知\n各乡镇人民政府：\n"
            f"现将《{title}》印发给你们。\n青禾县人民政府办公室\n{year}年{n % 12 + 1}月{n % 28 + 1}日\n"
            f"{title}\n{articles}\n第三十一条 本办法自印发之日起施行，有效期5年。\n"
        )
        (folder / f"{n:05}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
