"""How quick the search page and its suggestions are over HTTP: each question new, and the questions of a day again.

    .venv/bin/python bench/searchpage.py [--data FOLDER] [--documents 0] [--seconds 5]

Two workers, wrk with 16 clients and with one. *Other words*: different words with slips, in pinyin and without, each asked
once. *Narrowed*: the judged questions of the sample (words, pinyin, typos, numbers, questions), each in many orders, years and
states, so that no page is given twice. *Again*: two hundred of these, as many people ask the same. The baseline is the list of
the library made anew, in the same run.
"""

from __future__ import annotations

import argparse
import itertools
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.pages import ROOT, SITE, Rate, env_of, fill, serving
from bench.relevance import judged
from bench.understanding import TYPOS
from tests.search.sets import clean_queries, pairs

_WANTED, _AGAIN, _CLIENTS = 3_000, 200, 16
_NARROWED = [f"{status}{sort}{years}" for status in ("", "&status=in_force", "&kind=document", "&from=2012")
             for sort in ("", "&sort=newest", "&page=2") for years in ("", "&year=2023&year=2024")]  # fmt: skip


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path)
    options.add_argument("--documents", type=int, default=0, help="grow the sample to so many documents")
    options.add_argument("--seconds", type=int, default=5)
    told = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = told.data or Path(folder) / "data"
        if not told.data:
            _made(data, told.documents)
        _measure(data, Path(folder), told.seconds)


def _made(data: Path, documents: int) -> None:
    if documents:
        fill(data, documents)
    for words in ([] if documents else [["setup"], ["sample"]]) + [["search", "rebuild"]]:
        command = [sys.executable, "-m", "gongkai.faces.terminal", *words]
        subprocess.run(command, env=env_of(data), cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _measure(data: Path, folder: Path, seconds: int) -> None:
    queries = [one.query for one in judged() if one.library == "sample"]
    every = (f"/search/?q={quote(query)}{how}" for how, query in itertools.product(_NARROWED, queries))
    narrowed = list(itertools.islice(every, _WANTED))
    slips = [typed for kind in (*TYPOS, "pinyin") for typed, _ in pairs(kind)]
    other = [f"/search/?q={quote(words)}" for words in dict.fromkeys([*slips, *clean_queries()])]
    random.Random(1).shuffle(other)
    typed = [f"/search/suggest?q={quote(query[:length])}" for query in queries for length in (1, 2, 3, 4)]
    lists = [f"/library/?page={number}" for number in range(1, 5)]
    with serving(data, cache="0", indexer=True):
        baseline = _asked(lists, folder, seconds, _CLIENTS)
        print(_line("the library's list", _CLIENTS, baseline, baseline))
        _asked(other[-60:], folder, 2, 2)  # an index that nobody has read comes from the disk
        half = len(other) // 2  # what the first have asked is remembered: whoever comes next asks the rest
        asked = {"search, other words": (other[:half], other[half:]), "search, narrowed": (narrowed[::2], narrowed[1::2])}
        asked |= {"search, again": (narrowed[:_AGAIN],) * 2, "suggestions": (typed, typed)}
        for name, sets in asked.items():
            for clients, addresses in zip((_CLIENTS, 1), sets, strict=True):
                print(_line(name, clients, _asked(addresses, folder, seconds, clients), baseline))


def _asked(addresses: list[str], folder: Path, seconds: int, clients: int) -> Rate:
    listed = folder / "addresses"
    listed.write_text("\n".join(addresses) + "\n", encoding="ascii")
    script = Path(__file__).with_name("asking.lua")
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}", "-s", str(script), f"http://127.0.0.1:{SITE}/", "--", str(listed)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    requests, p95, wrong = map(float, told.stdout.strip().splitlines()[-1].split())
    if wrong:
        sys.exit(f"{wrong:.0f} answers were not 200, or came too late: {told.stderr}")
    return Rate(requests, p95)


def _line(name: str, clients: int, rate: Rate, baseline: Rate) -> str:
    ratio = rate.requests / baseline.requests
    return f"{name:20} {clients:2} clients {rate.requests:8,.0f} requests/s  p95 {rate.p95:6.1f} ms  {ratio:.2f} × the list"


if __name__ == "__main__":
    main()
