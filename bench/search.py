"""How quick searching is beside tantivy itself on the same index, how quick an index is made, and whether anything is missed.

    .venv/bin/python bench/search.py [--papers 10000 | --tenfold] [--index FOLDER]

*Raw* is tantivy's Python binding called directly: all words must stand in the word field, the ten best by BM25, the total,
and five facets. It finds little for many words; *raw, widened* asks once more for any of the words where all of them find less
than ten, as ours does. Ours adds folding and planning, pairs and titles in the ranking, true multi-select counts, and the close
look at candidates; *page 2* is the same question's next page, *marked* adds highlights and the passage that answers. All are
asked in turn.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import rjieba
import tantivy

from bench.papers import COLLECTION, FACETS, Language, language, papers
from gongkai.search.analysis.fold import tight
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.engines.embedded.fields import WORDS, values_of, years_of
from gongkai.search.engines.embedded.folder import Folder
from gongkai.search.port import LARGEST_PAGE, Document, Kind, Request, Searcher, Sort

_QUESTIONS, _SUBSTRINGS, _PAGE = 400, 300, 10
_WALK = Sort("issued")
"""By day: an order by relevance ends at its ten-thousandth hit."""


def main() -> None:
    """Build, measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--papers", type=int, default=10_000)
    options.add_argument("--tenfold", action="store_true", help="1,000,000 papers")
    options.add_argument("--index", type=Path, help="keep the index here, or use the one that is there")
    options.add_argument("--only-build", action="store_true", help=argparse.SUPPRESS)
    told = options.parse_args()
    number = 1_000_000 if told.tenfold else told.papers
    if told.only_build:
        _build(told.index, number)
        return
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        root = told.index or Path(folder) / "index"
        if not (root / "current").exists():
            command = [sys.executable, __file__, "--papers", str(number), "--index", str(root), "--only-build"]
            subprocess.run(command, check=True)
        _measure(root, number)


def _build(root: Path, number: int) -> None:
    """In a process of its own, so that its memory can be told; the clock stands while papers are made, 2,000 at a time."""
    waiting, spent, done = papers(number, language()), 0.0, 0
    indexer = EmbeddedEngine(root, COLLECTION).indexer()
    before = _peak()
    with indexer.rebuild(number) as rebuild:
        while batch := list(islice(waiting, 2_000)):
            start = time.perf_counter()
            done += rebuild.add(batch)
            spent += time.perf_counter() - start
        start = time.perf_counter()
    spent += time.perf_counter() - start  # the last segments, merges, the switch
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    print(
        f"rebuild  {done:,} papers at {done / spent:,.0f} papers/s, {_peak():,.0f} MB at most ({before:,.0f} MB before), ", end=""
    )
    print(f"{size / 1e6:,.0f} MB on disk ({size / done:,.0f} bytes a paper)")


def _peak() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1_000


def _measure(root: Path, number: int) -> None:
    made_of = language()
    searcher, other = (EmbeddedEngine(root, COLLECTION).searcher() for _ in range(2))  # a searcher remembers what it counted
    raw = _Raw(root)
    for name, questions in _questions(made_of).items():
        ours, second, marked, theirs, widened = _in_turn(
            questions,
            lambda text: searcher.search(Request(text, facets=FACETS, marked=False)),
            lambda text: searcher.search(Request(text, facets=FACETS, marked=False, offset=_PAGE)),
            lambda text: other.search(Request(text, facets=FACETS)),
            raw.ask,
            raw.ask_widened,
        )
        told = {"ours": ours, "page 2": second, "marked": marked, "raw": theirs, "raw, widened": widened}
        print(f"{name:20} ", ", ".join(f"{what} {_told(times)}" for what, times in told.items()), end="   ")
        print(f"p95 {_p95(ours) / _p95(theirs):.2f} × raw, {_p95(ours) / _p95(widened):.2f} × raw widened", flush=True)
    chosen = {"organ": ("机关1", "机关2"), "issued": ("2020", "2021")}
    words = _questions(made_of)["two words"]
    (times,) = _in_turn(words, lambda text: searcher.search(Request(text, facets=FACETS, chosen=chosen)))
    print(f"{'two words, 2 chosen':22} ours {_told(times)}")
    (times,) = _in_turn(words, lambda text: searcher.suggest(text[:3]))
    print(f"{'suggestions':22} ours {_told(times)}")
    _recall(searcher, papers(min(number, 20_000), made_of), number)
    print(f"memory   {_peak():,.0f} MB at most in the asking process (rjieba and the papers of this benchmark among it)")


def _questions(made_of: Language) -> dict[str, list[str]]:
    dice = random.Random(3)

    def some(words: int, join: str) -> list[str]:
        return [join.join(dice.choices(made_of.words, cum_weights=made_of.weights, k=words)) for _ in range(_QUESTIONS)]

    return {"one word": some(1, ""), "two words": some(2, " "), "four words": some(4, ""), "question of 8 words": some(8, "")}


class _Raw:
    """Tantivy, called directly."""

    def __init__(self, root: Path) -> None:
        folder = Folder(root)
        index = tantivy.Index.open(str(folder.generation(folder.current) / "index"))
        index.reload()
        self._searcher, self._schema = index.searcher(), index.schema
        fields = [(years_of if COLLECTION.get(name).kind is Kind.DATE else values_of)(name) for name in FACETS]
        self._facets = {field: {"terms": {"field": field, "size": 1_000}} for field in fields}

    def ask_widened(self, text: str) -> None:
        if self.ask(text) < _PAGE:
            self.ask(text, tantivy.Occur.Should)

    def ask(self, text: str, occur: tantivy.Occur = tantivy.Occur.Must) -> int:
        words = [word for word in rjieba.cut(text) if word.strip()]
        terms = [(occur, tantivy.Query.term_query(self._schema, WORDS, word, "freq")) for word in words]
        query = tantivy.Query.boolean_query(terms)
        found = self._searcher.search(query, _PAGE, count=True)
        self._searcher.aggregate(query, self._facets)
        for _, address in found.hits:
            self._searcher.doc(address)
        return int(found.count or 0)  # type: ignore[attr-defined]


def _in_turn(questions: list[str], *asked: Callable[[str], object]) -> tuple[list[float], ...]:
    for ask in asked:
        for text in questions[:20]:
            ask(text)
    times: tuple[list[float], ...] = tuple([] for _ in asked)
    for text in questions:
        for ask, spent in zip(asked, times, strict=True):
            spent.append(_timed(lambda ask=ask, text=text: ask(text)))  # type: ignore[misc]
    return times


def _timed(ask: Callable[[], object]) -> float:
    start = time.thread_time()  # of this thread alone: other work on the machine does not count
    ask()
    return (time.thread_time() - start) * 1_000


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _told(times: list[float]) -> str:
    return f"p50 {sorted(times)[len(times) // 2]:6.2f} p95 {_p95(times):6.2f} ms"


def _recall(searcher: Searcher, made: Iterable[Document], number: int) -> None:
    """Random pieces of 2 to 12 characters, anywhere: what a scan of all texts finds must be found, no more and no less."""
    texts, heads = {}, {}
    for paper in made:
        texts[paper.id] = tight("".join(passage.text for passage in paper.passages))
        heads[paper.id] = tight(str(paper.values["title"])) + " " + tight(str(paper.values["number"]))
    dice = random.Random(4)
    missed = wrong = 0
    for _ in range(_SUBSTRINGS):
        text = texts[dice.choice(list(texts))]
        start = dice.randrange(len(text) - 12)
        piece = text[start : start + dice.randint(2, 12)]
        there = {key for key, body in texts.items() if piece in body}
        found = _all(searcher, piece)
        missed += len(there - found)
        wrong += len({key for key in found - there if key in texts and piece not in heads[key]}) if number == len(texts) else 0
    print(f"recall   {_SUBSTRINGS} random pieces in {len(texts):,} papers: {missed} missed, {wrong} beyond the scan of bodies")


def _all(searcher: Searcher, piece: str) -> set[str]:
    found, after = set(), ""
    while True:
        results = searcher.search(
            Request(phrases=(piece,), size=LARGEST_PAGE, after=after, sort=_WALK, counted=False, marked=False)
        )
        found |= {hit.id for hit in results.hits}
        after = results.after
        if not after:
            return found


if __name__ == "__main__":
    main()
