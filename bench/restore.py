"""How long it takes to bring a site back: 10,000 documents with their originals and their ledger.

    .venv/bin/python bench/restore.py [--documents 10000]

Backs the site up, restores it into an empty folder, which verifies the ledger, and compares with
the baseline measured in the same run: copying the data folder and letting SQLite check the copy.
Wanted: restored within five minutes, in memory that does not grow with the library.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    documents = parser.parse_args().documents
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data, saved, back = (Path(folder) / name for name in ("data", "site.gongkai", "back"))
        for words in (["setup"], ["sample"]):
            _gongkai(data, *words)
        _run(data, "bench/many.py", str(documents), "--whole")
        started = time.perf_counter()
        _copied(data, Path(folder) / "copy")
        copying = time.perf_counter() - started
        saving = _gongkai(data, "backup", str(saved))
        _gongkai(data, "backup", "--check", str(saved), told=None)
        restoring = _gongkai(back, "restore", str(saved))
        print(f"baseline: copying the data folder and checking the copy: {copying:.1f} s")
        for name, (seconds, peak) in (("backup", saving), ("restore and verified ledger", restoring)):
            print(f"{name}: {seconds:.1f} s, {seconds / copying:.1f} × the baseline, peak {peak} MB")
        assert restoring[0] <= MOST_SECONDS, f"restoring took {restoring[0]:.0f} s"


def _copied(data: Path, copy: Path) -> None:
    shutil.copytree(data, copy)
    with closing(sqlite3.connect(copy / "gongkai.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    os.sync()


def _gongkai(data: Path, *words: str, told: int | None = subprocess.DEVNULL) -> tuple[float, int]:
    return _run(data, "-m", "gongkai.faces.terminal", *words, told=told)


def _run(data: Path, *words: str, told: int | None = subprocess.DEVNULL) -> tuple[float, int]:
    """Seconds taken, and the most memory in MB."""
    own = {"GONGKAI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.embedded", "GONGKAI_LOG_LEVEL": "error"}
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], env={**os.environ, **own}, cwd=ROOT, stdout=told)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words} ended with {process.returncode}"
    return time.perf_counter() - started, used.ru_maxrss // 1024


if __name__ == "__main__":
    main()
