"""The papers of a column: the one place where the platform, the home page, themes and organs take them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.domains.catalogue.queries.columns import column_named
from gongkai.domains.catalogue.queries.membership import column_sets, organ_set
from gongkai.domains.library.queries.entries import Entry
from gongkai.domains.library.queries.ordered import NEWEST, page_of
from gongkai.domains.library.queries.sets import union

PAGE_SIZE = 20


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
    return Papers(total, page_of(documents, NEWEST, first, size) if total else [], page, pages)
