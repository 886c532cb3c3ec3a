"""A public document with the text that is public, in one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Document, Rendition
from gongkai.domains.library.queries.statements import Statement

_COLUMNS = [field.attname for field in Document._meta.concrete_fields]  # noqa: SLF001 - Django's documented name
_BESIDE = ["published__number", "published__metadata", "published__body__html", "published__body__clauses"]
LARGEST = 1 << 63  # no database counts further
_one = Statement(lambda number: Document.objects.public().filter(pk=number).values_list(*_COLUMNS, *_BESIDE), [-1])
_files = Statement(
    lambda number: (
        Rendition.objects.filter(document=number)
        .order_by("-main", "id")
        .values_list("original_id", "original__format", "original__size")
    ),
    [-1],
)


@dataclass(frozen=True, slots=True)
class Published:
    """A public document, and of its public revision the number, what it says, the text as HTML and the clauses."""

    document: Document
    revision: int
    said: Metadata
    html: str
    clauses: list[dict[str, Any]]


def published(number: int) -> Published | None:
    """The public document of this number; None where there is none, or none that is public."""
    rows = _one.rows(number) if number < LARGEST else []
    if not rows or rows[0][-3] is None:
        return None
    row, beside = rows[0][: len(_COLUMNS)], rows[0][len(_COLUMNS) :]
    return Published(Document.from_db("default", _COLUMNS, row), *beside)


def files_of(number: int) -> list[tuple[str, str, int]]:
    """The files of a document as (SHA-256, format, size in bytes), the main one first."""
    return [(sha256, form, size) for sha256, form, size in _files.rows(number)]
