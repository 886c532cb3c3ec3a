"""What searching is, whichever engine does it: collections, documents, requests, results. Plain values, no engine.

A *collection* says which fields its documents have; a domain declares one and feeds documents to an
`Indexer`, one process at a time; any number of processes ask through a `Searcher`. What is indexed
becomes visible with `commit`, for every process alike. A `Rebuild` fills a new *generation* beside
the one that answers, and takes its place in one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

Value = str | int | float | date | Sequence[str]
Progress = Callable[[int, int | None], None]

LONGEST_QUERY = 200
"""Folded characters of a question that are heeded; the rest is left out, and the results say so."""
LARGEST_PAGE = 100
DEEPEST = 10_000
"""How many hits can be reached by offset; deeper pages are empty, walking goes by `after`."""


class SearchError(Exception):
    """Something about an index that a person must know; says in Chinese what happened and what to do."""


class IndexMissing(SearchError):
    """There is no index at this place yet."""


class IndexOutdated(SearchError):
    """The index was made by another version, or for other fields: it must be rebuilt."""


class IndexDamaged(SearchError):
    """Files of the index are lost or broken: it must be rebuilt."""


class IndexBusy(SearchError):
    """Another process is writing to this index."""


class IndexFull(SearchError):
    """The disk is full, or a limit of the system was met; what was committed before still answers."""


class EngineUnreachable(SearchError):
    """The server that holds the index does not answer."""


class BadRequest(SearchError, ValueError):
    """A request that no index can answer: an unknown field, a cursor that is none."""


class Kind(StrEnum):
    """What a field holds: words to search, exact values, days, or numbers."""

    TEXT = "text"
    KEYWORD = "keyword"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `weight` is how much words found there count beside the body's 1; `facet` lets its values be counted.

    A facet of a date counts years. Values of every field come back with hits.
    """

    name: str
    kind: Kind
    weight: float = 1.0
    facet: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """What documents of one sort have beside their passages. Names are identifiers; the first text field is the title."""

    name: str
    fields: tuple[Field, ...]

    def of_kind(self, *kinds: Kind) -> tuple[Field, ...]:
        """The fields of these kinds, in order."""
        return tuple(one for one in self.fields if one.kind in kinds)

    @property
    def titles(self) -> tuple[Field, ...]:
        """The text fields; the first is the title."""
        return self.of_kind(Kind.TEXT)

    def get(self, name: str) -> Field:
        """The field of this name. Raises BadRequest."""
        for one in self.fields:
            if one.name == name:
                return one
        raise BadRequest(f"索引“{self.name}”没有字段“{name}”。可用的字段：{'、'.join(f.name for f in self.fields)}。")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a body that can be linked: a clause with its anchor, or a paragraph with none."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to be found. `group` holds together what is shown as one (聚合); its own id where none is given.

    `quality` multiplies its scores: 1 for most, less for what should sink (repealed papers).
    """

    id: str
    values: Mapping[str, Value]
    passages: Sequence[Passage] = ()
    group: str = ""
    quality: float = 1.0


class Saying(Protocol):
    """Words of a question (`said`) for which papers have another term (`official`), and how surely (`weight`, 0–1)."""

    @property
    def said(self) -> str:
        """What stands in the question."""

    @property
    def official(self) -> str:
        """What papers say instead."""

    @property
    def weight(self) -> float:
        """0–1."""


Expand = Callable[[str], Iterable[Saying]]
"""From the folded words of a question to the terms that papers may have for them."""


class Match(StrEnum):
    """How much of a question a document must have: all its words, most of them, or any.

    With MOST, a question that finds less than a page is widened step by step, and the results say so.
    """

    ALL = "all"
    MOST = "most"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Range:
    """Days or numbers from `low` to `high`, both included; None is open."""

    low: date | float | None = None
    high: date | float | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by a date or a number (for organs, of their rank); documents without a value come last."""

    field: str
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A question. `text` is what was asked; nothing in it is syntax. Empty, it means everything.

    `phrases` must stand somewhere exactly as they are (after folding), `excluded` nowhere. `chosen` are facet values: of
    one field any, of several fields all. `depth` is how many candidates are looked at closely for the order; `after`, a
    cursor from earlier results, goes on where they ended. Of a `grouped` question each group is shown once.
    """

    text: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    sayings: tuple[Saying, ...] = ()
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: Sort | None = None
    size: int = 10
    offset: int = 0
    after: str = ""
    match: Match = Match.MOST
    grouped: bool = False
    counted: bool = True
    marked: bool = True
    depth: int = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that is shown; `hit` where it is what was asked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """The passage that answers best, its anchor, and its text in pieces."""

    anchor: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `marked` has its text fields in pieces; `extract` is None where the body has nothing to show.

    `others` are the lower hits of its group among those looked at.
    """

    id: str
    score: float
    group: str
    values: Mapping[str, str | float | tuple[str, ...]]
    marked: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    extract: Extract | None = None
    others: tuple[Hit, ...] = ()


class Count(NamedTuple):
    """How many documents have a value: there are hundreds of them for a question."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Results:
    """Hits, and what is true of the whole result set.

    `total` counts documents (-1 when not asked to). `facets` count the whole set, the most first (years in order), each as
    if nothing were chosen in it. `widened` says that too few documents had all that was asked; `whole` counts those that have,
    where `total` is counted. `shortened` says that the question was too long to be heeded whole. `after` is "" at the end.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    widened: bool = False
    whole: int = -1
    shortened: bool = False
    after: str = ""
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title that goes on from what was typed."""

    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of an index answered: changes with every commit and every switch of generations."""

    generation: int
    commits: int
    documents: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an index, in Chinese; `error` is what opening it would raise."""

    error: type[SearchError]
    told: str


class Searcher(Protocol):
    """The reading side; safe for threads, and any number of processes have one."""

    def search(self, request: Request) -> Results:
        """Answer a question. Raises BadRequest, IndexMissing, IndexOutdated, IndexDamaged, EngineUnreachable."""

    def suggest(self, typed: str, size: int = 10) -> list[Suggestion]:
        """Titles in which `typed` stands, those that begin with it first, each text once."""

    def more_like(self, document: str, size: int = 10) -> list[Hit]:
        """Documents like the one of this id, the likest first, without itself; none for an unknown id."""

    def stamp(self) -> Stamp:
        """Which state of the index answers now."""

    def check(self) -> list[Fault]:
        """Read everything that is stored and say what is wrong; takes as long as reading the index."""

    def close(self) -> None:
        """Let go of files and connections."""


class Indexer(Protocol):
    """The writing side; one process at a time."""

    def index(self, documents: Iterable[Document]) -> int:
        """Take documents in, in place of those with the same ids. Returns how many."""

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are no error."""

    def commit(self) -> Stamp:
        """Make all changes since the last commit visible, for every searcher, in one step. Raises IndexFull."""

    def rebuild(self, total: int | None = None, progress: Progress | None = None) -> AbstractContextManager[Rebuild]:
        """A new generation, to be filled; leaving the context without an error puts it in place of the present one.

        Changes made through the indexer in the meantime go into both. `progress` is told how many of `total` are in.
        """

    def close(self) -> None:
        """Let the next writer in; what was not committed is forgotten."""


class Rebuild(Protocol):
    """A generation being filled."""

    def add(self, documents: Iterable[Document]) -> int:
        """Take documents in; ids that the indexer changed since the rebuild began keep that newer state."""


class Engine(Protocol):
    """One collection's index somewhere."""

    def searcher(self) -> Searcher:
        """A reading side. Opening is deferred to the first question, so that a page can come up without an index."""

    def indexer(self) -> Indexer:
        """The writing side. Raises IndexBusy while another process has it; makes an index where there is none."""

    def faults(self) -> list[Fault]:
        """What is wrong, as far as can be seen at once: missing, of another version, files lost. [] when it can answer."""
