"""The columns of the government's disclosure platform as they are offered to be found, with their own texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from gongkai.core.agencies.queries import is_set_up
from gongkai.core.finding.collection import Sort, id_of
from gongkai.core.finding.offers import Offer
from gongkai.domains.catalogue.events import ENTRIES, ColumnData
from gongkai.domains.catalogue.models import Column
from gongkai.domains.catalogue.queries.platform import platform, text_of
from gongkai.search.port import Document, Passage
from gongkai.ui.addresses import address

_NAME = "column"


def offer() -> Offer:
    """All columns; their texts name organs."""
    return Offer(_NAME, keys, documents, tag=_NAME, whole=frozenset({"agencies"}))


def keys() -> list[int]:
    """All columns."""
    return list(Column.objects.order_by("pk").values_list("pk", flat=True))


def documents(numbers: Sequence[int], today: date) -> Iterator[Document]:
    """Those of the columns that there are; none before a government is set up, as there is no platform then."""
    shown = platform(None, today) if is_set_up() else None
    if shown is None:
        return
    for column in Column.objects.filter(pk__in=numbers).select_related("definition").order_by("pk"):
        data = cast(ColumnData, column.definition.content)
        values = {
            "title": data["name"],
            "more": "\n".join(filter(None, (ENTRIES[data["entry"]], data["group"], data["about"], data["elsewhere"]))),
            "kind": Sort.COLUMN,
            "address": address("disclosure-column", [data["entry"], data["slug"]]),
        }
        texts = [text for block in text_of(data["slug"], shown.owner) for text in (block.text, *block.items) if text]
        yield Document(id_of(_NAME, column.pk), values, [Passage(text) for text in texts])
