"""How good the answers are: nDCG@10 and success@3 on judged queries, per kind and engine. Needs GONGKAI_SHARED.

    .venv/bin/python bench/relevance.py [-v]

The queries (tests/search/sets/judged.tsv) ask two libraries: the laws of the corpus and the sample county. Each engine
gets the same papers. `ours` is what the site does: understanding, then the embedded engine through the port. Beside it
stand BM25 over pairs of characters, SQLite FTS5 (trigram), and PostgreSQL full text over text split into pairs (when
GONGKAI_TEST_DATABASE names a server); these get the query as typed. `-v` prints the queries that ours answers worst.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.scoring import ndcg, success
from bench.searching import engines, read_papers

SETS = Path(__file__).parents[1] / "tests" / "search" / "sets"
KINDS = ("number", "title", "plain", "pinyin", "typo", "question")
TARGETS = {"number": 0.95, "title": 0.95, "pinyin": 0.90, "typo": 0.90}


@dataclass(frozen=True, slots=True)
class Judged:
    """One query of one kind to one library, and the grades of what should come up."""

    kind: str
    library: str
    query: str
    grades: Mapping[str, int]


def judged() -> list[Judged]:
    """All judged queries."""
    found = []
    for line in (SETS / "judged.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, kind, library, query, graded = line.split("\t")
            grades = {name: int(grade) for name, grade in (pair.rsplit("=", 1) for pair in graded.split(" "))}
            found.append(Judged(kind, library, query, grades))
    return found


def main() -> None:
    """Print a table per engine."""
    shared = os.environ.get("GONGKAI_SHARED")
    if not shared:
        sys.exit("GONGKAI_SHARED is not set: there are no real papers to search")
    asked = judged()
    libraries = read_papers(Path(shared))
    print(f"{len(asked)} queries; papers: " + ", ".join(f"{name} {len(papers)}" for name, papers in libraries.items()))
    with TemporaryDirectory() as place:
        for name, search in engines(libraries, Path(place)):
            _table(name, asked, [search(one.library, one.query) for one in asked])


def _table(name: str, asked: list[Judged], answers: list[list[str]]) -> None:
    gains, hits, worst = defaultdict(list), defaultdict(list), []
    for one, found in zip(asked, answers, strict=True):
        gain = ndcg(found, one.grades)
        gains[one.kind].append(gain)
        hits[one.kind].append(success(found, one.grades))
        worst.append((gain, one.kind, one.query, found[:3]))
    cells = "  ".join(f"{k} {sum(gains[k]) / len(gains[k]):.3f}/{sum(hits[k]) / len(hits[k]):.2f}" for k in KINDS)
    everything = [gain for kind in KINDS for gain in gains[kind]]
    print(f"{name:28} nDCG@10 {sum(everything) / len(everything):.3f} | nDCG@10/success@3 per kind: {cells}")
    if "-v" in sys.argv and name == "ours":
        for gain, kind, query, found in sorted(worst)[:40]:
            print(f"    {gain:.2f} {kind} {query} → {found}")


if __name__ == "__main__":
    main()
