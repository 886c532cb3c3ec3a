"""How quick the console's pages and the API's list are with 100,000 documents of 300 organs.

    .venv/bin/python bench/console.py [--documents 100000] [--organs 300] [--data FOLDER]

Every page of a list is asked for many times, one after the other, signed in as the role that sees
most of it; beside it stands the baseline, the public list made anew by the same server in the same
run. The API's list is measured by wrk with 16 clients. Wants wrk (a Debian package).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.pages import SITE, env_of, fill, serving, wrk

_ASKED = 60
_WARM = 5
PAGES = {
    "editor": ["/console/", "/console/documents/", "/console/imports/"],
    "disclosure_office": [
        "/console/",
        "/console/documents/",
        "/console/documents/?status=questioned",
        "/console/documents/?words=办法",
        "/console/documents/?words=（4321）",
        "/console/documents/?page=500",
        "/console/imports/",
        "/console/ledger/",
        "/console/jobs/",
    ],
    "leader": ["/console/", "/console/documents/", "/console/ledger/"],
    "disclosure_clerk": ["/console/", "/console/ledger/"],
    "auditor": ["/console/ledger/?stream=document&since=2026-01-01"],
    "administrator": ["/console/people/", "/console/jobs/?status=given_up"],
}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--organs", type=int, default=300)
    options.add_argument("--data", type=Path)
    told = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = told.data or Path(folder) / "data"
        os.environ["GONGKAI_API_RATE"] = "0"
        if not (data / "gongkai.sqlite3").exists():
            fill(data, told.documents)
        county = [sys.executable, "bench/county.py", str(told.organs)]
        made = subprocess.run(county, env=env_of(data), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        with serving(data, cache="0"):
            _measure(json.loads(made.stdout))


def _measure(sessions: dict[str, str]) -> None:
    _, base = _measured("/library/?sort=newest&page=2", "")
    print(f"baseline: the public list made anew, p95 {base:.1f} ms")
    worst = 0.0
    for role, pages in PAGES.items():
        for address in pages:
            middle, took = _measured(address, sessions[role])
            worst = max(worst, took)
            print(
                f"{role:18} {address:50} median {middle:6.1f} ms, p95 {took:6.1f} ms  {took / base:.2f} × the baseline",
                flush=True,
            )
    print(f"worst console page: p95 {worst:.1f} ms (wanted: at most 100)")
    rate = wrk(SITE, "/api/v1/documents", 5)
    print(f"API list: {rate.requests:,.0f} requests/s, p95 {rate.p95:.1f} ms (wanted: at least 500 requests/s)")


def _measured(address: str, session: str) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds, of one page asked for again and again."""
    twentieths = statistics.quantiles(_times(address, session), n=20)
    return twentieths[9] * 1000, twentieths[-1] * 1000


def _times(address: str, session: str) -> Iterator[float]:
    with httpx.Client(base_url=f"http://127.0.0.1:{SITE}", cookies={"desk": session} if session else {}) as client:
        for number in range(_ASKED + _WARM):
            started = time.perf_counter()
            answer = client.get(address)
            took = time.perf_counter() - started
            if answer.status_code != 200:
                sys.exit(f"{address} answered {answer.status_code}")
            if number >= _WARM:
                yield took


if __name__ == "__main__":
    main()
