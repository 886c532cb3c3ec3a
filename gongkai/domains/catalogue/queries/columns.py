"""The columns as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from gongkai.core.freshness.touching import kept
from gongkai.domains.catalogue.events import ENTRIES, ColumnData
from gongkai.domains.catalogue.models import Column


class NoSuchColumn(LookupError):
    """No column bears this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"没有叫“{slug}”的栏目，可用 gongkai column list 查看。")


@kept(1)
def columns() -> Mapping[str, ColumnData]:
    """All columns by slug, in the order of the five entries and their own."""
    entries = list(ENTRIES)
    rows = [cast(ColumnData, c.definition.content) for c in Column.objects.select_related("definition")]
    return {data["slug"]: data for data in sorted(rows, key=lambda data: (entries.index(data["entry"]), data["order"]))}


def column_named(slug: str) -> ColumnData:
    """The column with this slug. Raises NoSuchColumn."""
    found = columns().get(slug)
    if found is None:
        raise NoSuchColumn(slug)
    return found
