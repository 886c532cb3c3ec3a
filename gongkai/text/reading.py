"""One paper as read: every field with its source, the clause tree, relations and validity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gongkai.text.compose import Line
from gongkai.text.model import (
    Attachment,
    Clause,
    Conflict,
    Format,
    Found,
    Link,
    Metadatum,
    Relation,
    Validity,
)


@dataclass(slots=True)
class Reading:
    """What `read` found. `text` is described in `gongkai.text.blanks` and `compose`.

    `body_at` is where the head (red head, number, title) ends in `text`.
    """

    file: str
    format: Format
    sha256: str
    text: str
    lines: list[Line]
    title: Found[str] | None = None
    document_number: Found[str] | None = None
    organs: list[Found[str]] = field(default_factory=list)
    issued_on: Found[str] | None = None
    published_on: Found[str] | None = None
    printed_on: Found[str] | None = None
    printed_by: Found[str] | None = None
    addressees: list[Found[str]] = field(default_factory=list)
    attribute: Found[str] | None = None
    note: Found[str] | None = None
    signature: list[Found[str]] = field(default_factory=list)
    copies_to: list[Found[str]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    registration_number: Found[str] | None = None
    index_number: Found[str] | None = None
    topic: Found[str] | None = None
    validity: Validity | None = None
    relations: list[Relation] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    other_numbers: list[str] = field(default_factory=list)
    impossible_dates: list[str] = field(default_factory=list)
    body_at: int = 0
    metadata: list[Metadatum] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `gongkai read FILE --json` prints."""

        def one(found: Found[str] | None) -> dict[str, Any] | None:
            return found.to_json() if found else None

        def many(found: list[Found[str]]) -> list[dict[str, Any]]:
            return [f.to_json() for f in found]

        return {
            "file": self.file,
            "format": self.format,
            "sha256": self.sha256,
            "text": self.text,
            "title": one(self.title),
            "document_number": one(self.document_number),
            "organs": many(self.organs),
            "issued_on": one(self.issued_on),
            "published_on": one(self.published_on),
            "printed_on": one(self.printed_on),
            "printed_by": one(self.printed_by),
            "addressees": many(self.addressees),
            "attribute": one(self.attribute),
            "note": one(self.note),
            "signature": many(self.signature),
            "copies_to": many(self.copies_to),
            "attachments": [a.to_json() for a in self.attachments],
            "registration_number": one(self.registration_number),
            "index_number": one(self.index_number),
            "topic": one(self.topic),
            "validity": self.validity.to_json() if self.validity else None,
            "relations": [r.to_json() for r in self.relations],
            "clauses": [c.to_json() for c in self.clauses],
            "conflicts": [{"field": c.field, "paper": c.paper, "metadata": c.metadata} for c in self.conflicts],
            "warnings": self.warnings,
        }
