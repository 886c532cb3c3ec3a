"""Public documents as a machine's lists show them: the facts of a row, without the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.statements import Statement

BRIEF = (
    "pk", "index_number", "document_number", "title", "kind", "topic", "subtopic", "organs_label", "summary",
    "issued_on", "published_at", "changed_at", "legal", "in_force_from", "in_force_until",
)  # fmt: skip
_ROOMS = (32, 128)


@dataclass(frozen=True, slots=True)
class Brief:
    """A document in brief. `in_force_until` is the first day no longer in force; '' where a paper says nothing."""

    number: int
    index_number: str
    document_number: str
    title: str
    kind: str
    topic: str
    subtopic: str
    organs_label: str
    summary: str
    issued_on: date | None
    published_at: datetime | None
    changed_at: datetime | None
    status: str
    in_force_from: date | None
    in_force_until: date | None

    @property
    def organs(self) -> list[str]:
        """The issuing organs' names, in the order of the paper."""
        return [name for name in self.organs_label.split("、") if name]


def brief_of(row: tuple[Any, ...]) -> Brief:
    """From a row of the columns `BRIEF`."""
    return Brief(*row)


def briefs_of(numbers: Sequence[int]) -> list[Brief]:
    """These documents, which the caller has found among the public ones, in this order."""
    if not numbers:
        return []
    room = next((room for room in _ROOMS if room >= len(numbers)), len(numbers))
    rows = {row[0]: row for row in _numbered(room).rows(*numbers, *[0] * (room - len(numbers)))}
    return [brief_of(rows[number]) for number in numbers if number in rows]


@lru_cache(maxsize=8)
def _numbered(room: int) -> Statement:
    return Statement(lambda *numbers: Document.objects.filter(pk__in=numbers).values_list(*BRIEF), list(range(-room, 0)))
