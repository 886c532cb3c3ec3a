"""The list of the library read from a place in its order, so that papers which come and go move nothing.

Papers without a day stand last, whatever the order: each part of the list is read by itself, and so
the order is the same in every database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import OrderBy, Q, QuerySet

from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.briefs import BRIEF, Brief, brief_of, briefs_of
from gongkai.domains.library.queries.listing import FACETS, SORTS, ListRequest, condition, matches, stand_ins_of, values_of
from gongkai.domains.library.queries.ordered import FEW, by
from gongkai.domains.library.queries.sets import numbers_in
from gongkai.domains.library.queries.statements import Row, Statement, adapted

_ORGANS = 8  # organs whose own lists are merged
_MANY = 1_000  # papers that can still be sorted by themselves; so many are looked at together on a walk
Day = date | datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A paper's place in an order: its value in the order's column, None where it has none, and its number."""

    value: Day | None
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Papers that stand together in a list of `total`; whether others stand before and behind them, if there are any."""

    total: int
    briefs: list[Brief]
    before: bool
    behind: bool


def stretch(request: ListRequest, size: int, start: Place | None = None, *, backwards: bool = False) -> Stretch:
    """At most `size` papers of the list that `request` describes, whatever its page.

    They follow `start`, or with `backwards` come directly before it; without a place they are the first.
    The paper at `start` itself need not be there any more.
    """
    wanted = replace(request, page=1, sort="newest")
    total = matches(wanted).documents.bit_count()
    found = _read(request, start, size + 1, backwards=backwards)
    briefs, more = found[:size], len(found) > size
    if start is None or not briefs:
        return Stretch(total, briefs, before=False, behind=more)
    others = bool(_read(request, place_of(briefs[0], request.sort), 1, backwards=not backwards))
    if backwards:
        return Stretch(total, briefs[::-1], before=more, behind=others)
    return Stretch(total, briefs, before=others, behind=more)


def place_of(brief: Brief, sort: str) -> Place:
    """Where a paper stands in an order (one of SORTS)."""
    value = brief.published_at if _column(sort) == "published_at" else brief.issued_on
    return Place(value, brief.number)


def is_moment(sort: str) -> bool:
    """Whether places in an order have moments, not days."""
    return _column(sort) == "published_at"


def _column(sort: str) -> str:
    return SORTS[sort][1][0].removeprefix("-")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a part of the list is read: those with a value or those without, from a place on or from its end."""

    column: str
    valued: bool
    falling: bool
    placed: bool

    def order(self, beside: str = "") -> list[OrderBy]:
        """The order; `beside` names a table that has it too."""
        column, number = self._names(beside)
        return by(*(("-" if self.falling else "") + name for name in ([column] if self.valued else []) + [number]))

    def where(self, values: Sequence[Any], beside: str = "") -> Q:
        """What belongs to this part; `values` are those of the place."""
        column, number = self._names(beside)
        compare = "lt" if self.falling else "gt"
        here = Q(**{f"{column}__isnull": not self.valued})
        if not self.placed:
            return here
        beyond = Q(**{f"{number}__{compare}": values[-1]})
        if not self.valued:
            return here & beyond
        return here & Q(**{f"{column}__{compare}e": values[0]}) & (Q(**{f"{column}__{compare}": values[1]}) | beyond)

    def _names(self, beside: str) -> tuple[str, str]:
        return (f"{beside}__{self.column}", f"{beside}__document") if beside else (self.column, "pk")

    @property
    def stand_ins(self) -> list[Any]:
        """Values to compile a statement with."""
        if not self.placed:
            return []
        value = datetime(2000, 1, 1, tzinfo=UTC) if self.column == "published_at" else date(2000, 1, 1)
        return [value, value, -3] if self.valued else [-3]


def _read(request: ListRequest, start: Place | None, size: int, *, backwards: bool) -> list[Brief]:
    """Up to `size` papers outwards from a place: those with a value first, or last when reading backwards."""
    found: list[Brief] = []
    for shape, values in _parts(request.sort, start, backwards=backwards):
        if len(found) < size:
            found += _of_part(request, shape, values, size - len(found))
    return found


def _parts(sort: str, start: Place | None, *, backwards: bool) -> Iterator[tuple[_Shape, list[Any]]]:
    column, falling = _column(sort), SORTS[sort][1][0].startswith("-") != backwards
    for valued in (False, True) if backwards else (True, False):
        if start is None or (start.value is not None) == valued:
            here = [] if start is None else [start.number] if start.value is None else [adapted(start.value)] * 2 + [start.number]
            yield _Shape(column, valued, falling, start is not None), here
            start = None


def _of_part(request: ListRequest, shape: _Shape, values: list[Any], size: int) -> list[Brief]:
    """Few papers are sorted by themselves; of many, an index that has the order gives them, or is walked along."""
    documents = matches(replace(request, page=1, sort="newest")).documents
    total = documents.bit_count()
    chosen = {name: values_of(name, found) for name in FACETS if (found := request.chosen(name))}
    if total <= FEW or (total <= _MANY and not request.by_facets_alone):
        room = FEW if total <= FEW else _MANY
        rows = _few(shape, room).rows(*numbers_in(documents), *[0] * (room - total), *values, size, 0)
    elif not request.by_facets_alone:
        return briefs_of(_along(documents, shape, values, size))
    elif [*chosen] == ["organ"] and shape.column == "issued_on" and len(chosen["organ"]) <= _ORGANS:
        rows = _merged([_of_organ(shape).rows(organ, *values, size, 0) for organ in chosen["organ"]], shape)[:size]
    else:
        wanted = [value for found in chosen.values() for value in found]
        rows = _chosen(shape, tuple((n, len(found)) for n, found in chosen.items())).rows(*wanted, *values, size, 0)
    return [brief_of(row) for row in rows]


def _merged(lists: list[list[Row]], shape: _Shape) -> list[Row]:
    """Papers of several organs in one order; those that they issued together come once."""
    place = itemgetter(BRIEF.index(shape.column), 0) if shape.valued else itemgetter(0)
    return sorted({row[0]: row for rows in lists for row in rows}.values(), key=place, reverse=shape.falling)


@lru_cache(maxsize=100)
def _few(shape: _Shape, room: int) -> Statement:
    """Of up to `room` documents given by number."""

    def written(*values: Any) -> Any:
        return (
            Document.objects.filter(pk__in=values[:room])
            .filter(shape.where(values[room:]))
            .order_by(*shape.order())
            .values_list(*BRIEF)
        )

    return Statement(written, [*range(-room, 0), *shape.stand_ins], paged=True)


@lru_cache(maxsize=500)
def _chosen(shape: _Shape, chosen: tuple[tuple[str, int], ...]) -> Statement:
    """Of those that have so many values chosen in these facets: an index that has their order gives them at once."""

    def written(*values: Any) -> Any:
        documents: QuerySet[Document] = Document.objects.public()
        left = list(values)
        for name, number in chosen:
            documents = documents.filter(condition(name, left[:number]))
            del left[:number]
        return documents.filter(shape.where(left)).order_by(*shape.order()).values_list(*BRIEF)

    return Statement(written, [*stand_ins_of(chosen), *shape.stand_ins], paged=True)


@lru_cache(maxsize=100)
def _of_organ(shape: _Shape) -> Statement:
    """Of one organ: its papers stand in their order in an index of their own."""

    def written(organ: Any, *values: Any) -> Any:
        of_organ = Q(document_organs__authority=organ) & shape.where(values, beside="document_organs")
        return Document.objects.public().filter(of_organ).order_by(*shape.order("document_organs")).values_list(*BRIEF)

    return Statement(written, [-9, *shape.stand_ins], paged=True)


@lru_cache(maxsize=100)
def _all(shape: _Shape) -> Statement:
    """The numbers of all public documents."""

    def written(*values: Any) -> Any:
        return Document.objects.public().filter(shape.where(values)).order_by(*shape.order()).values_list("pk")

    return Statement(written, shape.stand_ins, paged=True)


def _along(documents: int, shape: _Shape, values: list[Any], size: int) -> list[int]:
    """The first of a large set, by walking along the order."""
    marks = documents.to_bytes(documents.bit_length() // 8 + 1, "little")
    found: list[int] = []
    passed, look = 0, _MANY
    while len(found) < size:
        rows = _all(shape).rows(*values, look, passed)
        found += [n for (n,) in rows if n >> 3 < len(marks) and marks[n >> 3] >> (n & 7) & 1]
        if len(rows) < look:
            break
        passed, look = passed + look, look * 8
    return found[:size]
