"""The words of a public document, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.published import LARGEST
from gongkai.domains.library.queries.statements import Statement

_ROW = ("pk", "title", "changed_at", "published__number", "published__body__text", "published__body__clauses")
_one = Statement(lambda number: Document.objects.public().filter(pk=number, published__isnull=False).values_list(*_ROW), [-1])


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its anchor on the document's page, its label (第三条), what sort it is, its heading, its own words.

    `text` leaves out the words of the clauses below it.
    """

    anchor: str
    label: str
    level: str
    heading: str
    text: str
    below: list[Clause]


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole text of a revision, and the clauses that can be told in it."""

    number: int
    title: str
    changed_at: datetime | None
    revision: int
    text: str
    clauses: list[Clause]


def wording(number: int) -> Wording | None:
    """The words of the public document of this number; None where there is none, or none that is public."""
    rows = _one.rows(number) if number < LARGEST else []
    if not rows:
        return None
    pk, title, changed_at, revision, text, nodes = rows[0]
    return Wording(pk, title, changed_at, revision, text, [_clause(node, text) for node in nodes])


def _clause(node: dict[str, Any], text: str) -> Clause:
    own = "\n".join(part for part in (text[start:end].strip("\n") for start, end in _own(node)) if part)
    below = [_clause(child, text) for child in node["children"]]
    return Clause(node["anchor"], node["label"], node["level"], node["heading"] or "", own, below)


def _own(node: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """The stretches of a clause that no clause below it covers."""
    at, end = node["source"]
    for child in node["children"]:
        yield at, child["source"][0]
        at = child["source"][1]
    yield at, end
