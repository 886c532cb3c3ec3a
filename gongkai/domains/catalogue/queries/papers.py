"""The papers of a column: the one place where the platform, the home page, themes and organs take them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from gongkai.domains.catalogue.queries.columns import column_named
from gongkai.domains.catalogue.queries.membership import column_sets, organ_set
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.listing import Entry, entries_of
from gongkai.domains.library.queries.sets import numbers_in, union

PAGE_SIZE = 20
_FEW = 1_000  # papers that are better sorted by themselves than looked for along the index of dates
_NEWEST, _OLDEST = ("-issued_on", "-id"), ("issued_on", "id")


@dataclass(frozen=True, slots=True)
class Papers:
    """One page of a column's papers, newest first; `total` on all its pages."""

    total: int
    entries: list[Entry]
    page: int
    pages: int


def papers_in(column: str, organ: str | None = None, page: int = 1, size: int = PAGE_SIZE) -> Papers:
    """The public papers of a column, by slug; only those an organ issued when its code is given.

    A page that does not exist gives the nearest that does. Raises NoSuchColumn.
    """
    column_named(column)
    return papers_of(column_sets()[column] & (-1 if organ is None else organ_set(organ)), page, size)


def counts_in(slugs: Sequence[str], organ: str | None = None) -> dict[str, int]:
    """How many public papers stand in each of these columns."""
    sets, within = column_sets(), -1 if organ is None else organ_set(organ)
    return {slug: (sets[slug] & within).bit_count() for slug in slugs}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many public papers stand in each column, and in each group of columns, there counted once."""

    columns: dict[str, int]
    groups: dict[str, int]


def tally(groups: Mapping[str, Sequence[str]], organ: str | None = None) -> Tally:
    """The counts of groups of columns, given by slug, for all organs or one."""
    sets, within = column_sets(), -1 if organ is None else organ_set(organ)
    columns = {slug: (sets[slug] & within).bit_count() for slugs in groups.values() for slug in slugs}
    return Tally(columns, {name: (union(sets, slugs) & within).bit_count() for name, slugs in groups.items()})


def papers_of(documents: int, page: int = 1, size: int = PAGE_SIZE) -> Papers:
    """One page of a set of documents, newest first."""
    total = documents.bit_count()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    return Papers(total, entries_of(_newest(documents, total, first, size)) if total else [], page, pages)


def _newest(documents: int, total: int, first: int, size: int) -> list[int]:
    """Few are sorted by themselves; of many, the index of dates gives the first without reading them all."""
    if total <= _FEW:
        few = Document.objects.filter(pk__in=numbers_in(documents))
        return list(few.order_by(*_NEWEST).values_list("pk", flat=True)[first : first + size])
    last = min(first + size, total)
    if first > total // 2:  # the second half is nearer from the other end
        return _along_dates(documents, _OLDEST, total - last, total - first)[::-1]
    return _along_dates(documents, _NEWEST, first, last)


def _along_dates(documents: int, order: tuple[str, ...], first: int, last: int) -> list[int]:
    marks = documents.to_bytes(documents.bit_length() // 8 + 1, "little")
    dated = Document.objects.public().order_by(*order).values_list("pk", flat=True).iterator(chunk_size=500)
    chosen = (n for n in dated if n >> 3 < len(marks) and marks[n >> 3] >> (n & 7) & 1)
    return list(islice(chosen, first, last))
