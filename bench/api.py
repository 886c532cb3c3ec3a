"""How quick the open API is: made anew, and from the byte cache.

    .venv/bin/python bench/api.py [--documents 100000] [--data FOLDER] [--seconds 5]

Everything is measured in one run on one machine, by wrk with 16 clients, and stands beside the
baseline: the public list page, made anew. Then a walk through the whole list by its cursors. Wants wrk (Debian package).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.pages import SITE, Rate, fill, serving, wrk

BASELINE = "/library/"
WANTED = 500  # requests a second of the list, made anew
LIST = "/api/v1/documents"
LISTS = (
    LIST,
    f"{LIST}?kind=normative",
    f"{LIST}?status=in_force&year=2019",
    f"{LIST}?facets=true",
    f"{LIST}?sort=oldest&limit=100",
)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--seconds", type=int, default=5)
    told = options.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed")
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = told.data or Path(folder) / "data"
        if not told.data:
            fill(data, told.documents)
        with serving(data, cache="0"):
            baseline = wrk(SITE, BASELINE, told.seconds)
            print(f"baseline: the public list {BASELINE}, made anew: {baseline.requests:,.0f} requests/s")
            anew = [_told("made anew", address, baseline, told.seconds) for address in (*LISTS, *_resources())]
            _walk()
        with serving(data, cache="512"):
            for address in LISTS:
                _told("byte cache", address, baseline, told.seconds)
    print(f"the list, made anew: {anew[0].requests:,.0f} requests/s, wanted {WANTED}")


def _resources() -> list[str]:
    """One document in its three resources, and the directories."""
    number = _asked(f"{LIST}?limit=1")["items"][0]["number"]
    return [f"{LIST}/{number}", f"{LIST}/{number}/clauses", f"{LIST}/{number}/timeline", "/api/v1/organs", "/api/v1/topics"]


def _told(how: str, address: str, baseline: Rate, seconds: int) -> Rate:
    rate = wrk(SITE, address, seconds)
    ratio = rate.requests / baseline.requests
    print(f"{how:12} {address:44} {rate.requests:8,.0f} requests/s  p95 {rate.p95:6.1f} ms  {ratio:6.2f} × the baseline")
    return rate


def _walk() -> None:
    """Every public document once, a hundred at a time, by the cursors."""
    begun, seen, cursor = time.perf_counter(), 0, ""
    slowest = 0.0
    while cursor is not None:
        asked = time.perf_counter()
        answer = _asked(f"{LIST}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        slowest = max(slowest, time.perf_counter() - asked)
        seen, cursor = seen + len(answer["items"]), answer["cursors"]["next"]
    seconds = time.perf_counter() - begun
    print(f"the whole list by its cursors: {seen:,} documents in {seconds:.1f} s, the slowest page {slowest * 1000:.0f} ms")


def _asked(address: str) -> Any:
    return json.loads(urllib.request.urlopen(f"http://127.0.0.1:{SITE}{address}").read())


if __name__ == "__main__":
    main()
