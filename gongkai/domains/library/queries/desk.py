"""What an official asks about documents, public or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.models import Document, Editorial, Harvested, ImportItem, Legal

OUTCOMES: Mapping[str, str] = {str(value): str(label) for value, label in ImportItem.Outcome.choices}
HARVEST_OUTCOMES: Mapping[str, str] = {str(value): str(label) for value, label in Harvested.Outcome.choices}
STATUSES: Mapping[str, str] = {str(value): str(label) for value, label in Editorial.choices}


@dataclass(frozen=True, slots=True)
class Row:
    """A document in an official's list."""

    number: int
    status: str
    document_number: str
    issued_on: date | None
    title: str
    questions: list[str]
    term_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A document with its metadata and legal life, for an official."""

    status: str
    legal: str
    index_number: str
    metadata: dict[str, Any]
    life: list[tuple[date, str, str]]


def rows(*, status: str | None = None, title: str = "", limit: int = 50) -> tuple[list[Row], int]:
    """The newest documents that fit, and how many fit in all."""
    found = Document.objects.filter(title__contains=title).order_by("-id")
    if status:
        found = found.filter(editorial=status)
    return [_row(d) for d in found[:limit]], found.count()


def rows_of(numbers: list[int]) -> list[Row]:
    """These documents, in the order of their numbers."""
    return [_row(d) for d in Document.objects.filter(pk__in=numbers).order_by("pk")]


def _row(document: Document) -> Row:
    return Row(
        document.pk,
        Editorial(document.editorial).label,
        document.document_number,
        document.issued_on,
        document.title,
        [QUESTIONS.get(q, q) for q in document.questions],
        document.term_ends_on,
    )


def card(number: int) -> Card | None:
    """One document; None where there is none."""
    document = Document.objects.select_related("current").filter(pk=number).first()
    if document is None or document.current is None:
        return None
    life = [(e.on, e.kind, e.by.title if e.by else "") for e in document.legal_events.select_related("by")]
    return Card(
        Editorial(document.editorial).label, Legal(document.legal).label, document.index_number, document.current.metadata, life
    )
