"""The papers of the relevance benchmark and the engines that search them."""

from __future__ import annotations

import math
import os
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import yaml

from gongkai.search.analysis.fold import tight
from gongkai.search.analysis.passages import paragraphs
from gongkai.search.engines.embedded.engine import EmbeddedEngine
from gongkai.search.port import Collection, Document, Field, Kind, Passage, Request
from gongkai.search.understanding.model import Understood
from gongkai.search.understanding.understand import understand
from gongkai.search.understanding.vocabulary.build import VocabularyBuilder
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.text.keys import number_key
from gongkai.text.numbers import mentions, order_mentions

SAMPLE = Path(__file__).parents[1] / "sample"
TODAY = date(2026, 11, 26)
_DATED = re.compile(r"\(\d{4}-\d\d-\d\d\)$")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as an engine gets it."""

    name: str
    title: str
    numbers: tuple[str, ...]
    body: str
    on: str = ""


Papers = Mapping[str, Paper]
Search = Callable[[str, str], list[str]]


def read_papers(shared: Path) -> dict[str, Papers]:
    """The two libraries, by name of paper."""
    laws = (_law(path) for path in sorted((shared / "corpus" / "laws").glob("*.md")))
    sample = (_county(path) for path in sorted((SAMPLE / "papers").glob("*.yaml")))
    return {"laws": {paper.name: paper for paper in laws}, "sample": {paper.name: paper for paper in sample}}


def _law(path: Path) -> Paper:
    text = path.read_text(encoding="utf-8")
    head = text.split("INFO END")[0]
    numbers = tuple(dict.fromkeys(number_key(mention.value.removeprefix("日")) for mention in order_mentions(head)))
    dated = _DATED.search(path.stem)
    return Paper(path.stem, _DATED.sub("", path.stem), numbers, text, dated[0].strip("()") if dated else "")


def _county(path: Path) -> Paper:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = [told, *(told.get("attachments") or [])]
    body = "\n".join(f"{_joined(part.get('title'))}\n{part.get('body') or ''}" for part in parts)
    number = str(told.get("number") or "")
    numbers = tuple(mention.value for mention in mentions(number))
    return Paper(path.stem, _joined(told["title"]), numbers, body, str((told.get("facts") or {}).get("issued_on") or ""))


def _joined(title: object) -> str:
    return "".join(map(str, title)).replace(" ", "") if isinstance(title, list) else str(title or "")


def engines(libraries: Mapping[str, Papers], place: Path) -> Iterator[tuple[str, Search]]:
    """Each engine's name and how to ask it for ten names."""
    vocabularies = {name: build_vocabulary(papers, place / f"{name}.vocabulary") for name, papers in libraries.items()}
    pairs = {name: Pairs(papers) for name, papers in libraries.items()}
    ours = {name: Ours(papers, place / name, vocabularies[name]) for name, papers in libraries.items()}
    yield "ours", lambda library, query: ours[library].ask(query)
    yield "understanding + BM25 pairs", lambda library, query: _understood(pairs[library], query, vocabularies[library])
    yield "BM25 pairs", lambda library, query: pairs[library].ask({query: 1.0})
    full = {name: _fts5(papers) for name, papers in libraries.items()}
    yield "SQLite FTS5 trigram", lambda library, query: _ask_fts5(full[library], query)
    if url := os.environ.get("GONGKAI_TEST_DATABASE"):
        with psycopg.connect(url) as server:
            _fill(server, libraries)
            yield "PostgreSQL, pairs", lambda library, query: _ask_postgres(server, library, query)


def build_vocabulary(papers: Papers, path: Path) -> Vocabulary:
    """A vocabulary of these papers and, for the county, its organs."""
    builder = VocabularyBuilder()
    for paper in papers.values():
        builder.add_paper(paper.title, paper.body, *paper.numbers)
    if any(paper.name.startswith("01-") for paper in papers.values()):
        for organ in yaml.safe_load((SAMPLE / "organs.yaml").read_text(encoding="utf-8"))["organs"]:
            for name in organ["names"]:
                builder.add_organ(name["name"], name["short"])
    builder.write(path)
    return Vocabulary(path)


def _understood(pairs: Pairs, query: str, vocabulary: Vocabulary) -> list[str]:
    return pairs.ask(asked_for(understand(query, vocabulary, TODAY)), understand(query, vocabulary, TODAY).numbers)


def asked_for(understood: Understood) -> dict[str, float]:
    """The texts to search for and how much each counts."""
    texts = {understood.text: 1.0}
    if understood.readings:
        texts = {reading.text: reading.confidence / (1 + place) for place, reading in enumerate(understood.readings)}
    elif understood.corrections:
        texts[understood.corrections[0].text] = understood.corrections[0].confidence
    return texts | {one.official: 0.6 * one.weight for one in understood.expansions}


class Ours:
    """The embedded engine, asked what is understood of a query."""

    _COLLECTION = Collection("judged", (Field("title", Kind.TEXT, 2.0), Field("number", Kind.KEYWORD)))

    def __init__(self, papers: Papers, place: Path, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        engine = EmbeddedEngine(place, self._COLLECTION)
        indexer = engine.indexer()
        indexer.index(map(self._document, papers.values()))
        indexer.commit()
        indexer.close()
        self._searcher = engine.searcher()

    @staticmethod
    def _document(paper: Paper) -> Document:
        values = {"title": paper.title, "number": paper.numbers}
        return Document(paper.name, values, [Passage(text) for text in paragraphs(paper.body)])

    def ask(self, query: str) -> list[str]:
        """The ten best: papers of the number asked for, then what each likely reading finds, the likelier counting more."""
        understood = understand(query, self._vocabulary, TODAY)
        known = self._found(Request(chosen={"number": understood.numbers})) if understood.numbers else []
        texts = [(understood.text, 1.0)]
        if understood.readings:
            texts = [(one.text, one.confidence) for one in understood.readings]
        elif understood.corrections:
            texts = [(understood.corrections[0].text, 1.0)]
        merit: Counter[str] = Counter()
        for place, (text, sure) in enumerate(texts):
            for rank, name in enumerate(self._found(Request(text, sayings=understood.expansions))):
                merit[name] += sure / (1 + place) / (rank + 3)  # type: ignore[assignment]
        return list(dict.fromkeys([*known, *(name for name, _ in merit.most_common(10))]))[:10]

    def _found(self, request: Request) -> list[str]:
        return [hit.id for hit in self._searcher.search(request).hits]


class Pairs:
    """BM25 over pairs of characters, titles counted thrice: the measure for any engine."""

    def __init__(self, papers: Papers) -> None:
        self._names = list(papers)
        self._numbers = {number: name for name, paper in papers.items() for number in paper.numbers}
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths = []
        for place, paper in enumerate(papers.values()):
            seen = Counter(pairs_of(f"{paper.title}\n" * 3 + " ".join(paper.numbers) + paper.body))
            self._lengths.append(seen.total())
            for pair, times in seen.items():
                self._postings[pair].append((place, times))
        self._average = sum(self._lengths) / len(self._lengths)

    def ask(self, texts: Mapping[str, float], numbers: tuple[str, ...] = ()) -> list[str]:
        """The ten best, those with one of `numbers` before all others."""
        weights: dict[str, float] = {}
        for text, weight in texts.items():
            for pair in pairs_of(text):
                weights[pair] = max(weight, weights.get(pair, 0.0))
        scores: Counter[int] = Counter()
        for pair, weight in weights.items():
            postings = self._postings.get(pair, [])
            rarity = math.log(1 + (len(self._names) - len(postings) + 0.5) / (len(postings) + 0.5))
            for place, times in postings:
                norm = 1.2 * (0.25 + 0.75 * self._lengths[place] / self._average)
                scores[place] += weight * rarity * times * 2.2 / (times + norm)  # type: ignore[assignment]
        known = [self._numbers[number] for number in numbers if number in self._numbers]
        return list(dict.fromkeys([*known, *(self._names[place] for place, _ in scores.most_common(12))]))[:10]


def pairs_of(text: str) -> list[str]:
    """The pairs of neighbouring characters of a folded text."""
    folded = tight(text)
    return [folded[i : i + 2] for i in range(len(folded) - 1)]


def _fts5(papers: Papers) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE papers USING fts5(name UNINDEXED, title, body, tokenize='trigram')")
    rows = [(paper.name, tight(f"{paper.title} {' '.join(paper.numbers)}"), tight(paper.body)) for paper in papers.values()]
    database.executemany("INSERT INTO papers VALUES (?, ?, ?)", rows)
    return database


def _ask_fts5(database: sqlite3.Connection, query: str) -> list[str]:
    folded = tight(query)
    trigrams = {folded[i : i + 3] for i in range(len(folded) - 2)}
    asked = " OR ".join(f'"{gram}"' for gram in sorted(trigrams))
    told = "SELECT name FROM papers WHERE papers MATCH ? ORDER BY bm25(papers, 0, 3, 1) LIMIT 10"
    return [name for (name,) in database.execute(told, (asked,))] if asked else []


def _fill(server: psycopg.Connection, libraries: Mapping[str, Papers]) -> None:
    with suppress(psycopg.errors.DuplicateTable):
        server.execute("CREATE TEMPORARY TABLE judged_papers (library text, name text, words tsvector)")
    for library, papers in libraries.items():
        for paper in papers.values():
            title, body = (" ".join(pairs_of(text)) for text in (f"{paper.title} {' '.join(paper.numbers)}", paper.body))
            server.execute(
                "INSERT INTO judged_papers VALUES (%s, %s, setweight(to_tsvector('simple', %s), 'A') || "
                "setweight(to_tsvector('simple', left(%s, 300000)), 'D'))",
                (library, paper.name, title, body),
            )


def _ask_postgres(server: psycopg.Connection, library: str, query: str) -> list[str]:
    asked = " | ".join(f"'{pair}'" for pair in dict.fromkeys(pairs_of(query)))
    if not asked:
        return []
    told = (
        "SELECT name FROM judged_papers, to_tsquery('simple', %s) asked WHERE library = %s AND words @@ asked "
        "ORDER BY ts_rank(words, asked, 1) DESC LIMIT 10"
    )
    return [name for (name,) in server.execute(told, (asked, library))]
