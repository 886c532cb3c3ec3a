"""Documents as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.domains.library.models import Document, Kind, Legal


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a list shows it."""

    number: int
    title: str
    document_number: str
    organs: str
    issued_on: date | None
    status: str
    status_label: str
    kind_label: str
    summary: str


def entries_of(numbers: Sequence[int]) -> list[Entry]:
    """The list entries of these documents, in this order."""
    rows = {row[0]: row for row in Document.objects.filter(pk__in=numbers).values_list(*ENTRY)} if numbers else {}
    return [entry_of(rows[n]) for n in numbers if n in rows]


ENTRY = ("pk", "title", "document_number", "organs_label", "issued_on", "legal", "kind", "summary")
STATUSES = {str(value): str(label) for value, label in Legal.choices}
KINDS = {str(value): str(label) for value, label in Kind.choices}


def entry_of(row: tuple[Any, ...]) -> Entry:
    """A list entry from a row of the columns `ENTRY`."""
    number, title, document_number, organs, issued_on, legal, kind, summary = row
    return Entry(number, title, document_number, organs, issued_on, legal, STATUSES[legal], KINDS[kind], summary)
