"""How well queries are understood: typos put right, pinyin read, clean queries left alone, and how long it takes.

    .venv/bin/python bench/understanding.py [-v]

The vocabulary is built from the laws of the corpus (GONGKAI_SHARED) and the sample county; the error sets were made apart
from it (tests/search/sets/make.py). "As a whole unknown" leaves out queries that the shipped tables hold word for word.
Times are of this machine as busy as it is: beside each stands a plain loop measured at the same moment (4 ms on an idle
core). `-v` lists what went wrong.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.searching import build_vocabulary, read_papers
from gongkai.search.understanding.data import official_terms, service_words
from gongkai.search.understanding.pinyin import readings
from gongkai.search.understanding.typos import corrections
from gongkai.search.understanding.vocabulary.store import Vocabulary
from tests.search.sets import clean_queries, pairs

TYPOS = ("homophone", "shape", "keyboard", "dropped", "slipped")


def main() -> None:
    """Print a line per set."""
    shared = os.environ.get("GONGKAI_SHARED")
    if not shared:
        sys.exit("GONGKAI_SHARED is not set: there are no real papers to learn from")
    with TemporaryDirectory() as place:
        began = time.perf_counter()
        libraries = read_papers(Path(shared))
        vocabulary = build_vocabulary({**libraries["laws"], **libraries["sample"]}, Path(place) / "vocabulary")
        size = (Path(place) / "vocabulary").stat().st_size / 1e6
        print(f"{len(vocabulary)} terms, {size:.0f} MB, built in {time.perf_counter() - began:.0f} s")
        for name in TYPOS:
            _baseline()
            _measure(name, pairs(name), lambda typed: [one.text for one in corrections(typed, vocabulary)], 1)
        _measure("pinyin", pairs("pinyin"), lambda typed: [one.text for one in readings(typed, vocabulary)], 3)
        clean = [(query, "") for query in clean_queries()]
        _measure("clean", clean, lambda typed: [one.text for one in corrections(typed, vocabulary)][:1] or [""], 1)
        _suggestions(vocabulary)


def _baseline() -> None:
    began = time.perf_counter()
    total = 0
    for number in range(100_000):
        total += number
    print(f"a hundred thousand additions in Python, now: {(time.perf_counter() - began) * 1000:.1f} ms")


def _measure(name: str, asked: Sequence[tuple[str, str]], answer: Callable[[str], list[str]], among: int) -> None:
    shipped = {*service_words(), *official_terms()}
    right, unknown, times, wrong = 0, [], [], []
    for typed, meant in asked:
        began = time.perf_counter()
        found = answer(typed)
        times.append(time.perf_counter() - began)
        if meant in found[:among]:
            right += 1
            unknown += [1] * (meant not in shipped)
        else:
            unknown += [0] * (meant not in shipped)
            wrong.append(f"{typed}→{'/'.join(found[:among])}（{meant}）")
    share, fresh = right / len(asked), sum(unknown) / len(unknown)
    _tell(f"{name:10} {len(asked)}, right among the first {among}: {share:.1%}, as a whole unknown: {fresh:.1%}", times)
    if "-v" in sys.argv:
        print("   ", " ".join(wrong))


def _suggestions(vocabulary: Vocabulary) -> None:
    times = []
    for query in clean_queries()[:300]:
        for end in range(1, min(5, len(query))):
            began = time.perf_counter()
            vocabulary.ahead(query[:end], 8)
            times.append(time.perf_counter() - began)
    _tell(f"suggesting {len(times)} asked", times)


def _tell(said: str, times: list[float]) -> None:
    times.sort()
    print(f"{said}; p50 {times[len(times) // 2] * 1000:.2f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.2f} ms")


if __name__ == "__main__":
    main()
