"""What can happen to a document, as the ledger records it, and what a revision says.

Payloads hold references only: numbers of revisions, digests, codes. Titles and all other words
of a paper stand in the revision, since they may name persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

STREAM = "document"

FILED = "filed"
REVISED = "revised"
CONFIRMED = "confirmed"
APPROVED = "approved"
PUBLISHED = "published"
WITHDRAWN = "withdrawn"
RESTORED = "restored"
REPLACED = "replaced"
SEALED = "sealed"
UNSEALED = "unsealed"
UNPUBLISHED = "unpublished"
QUESTIONED_AGAIN = "questioned_again"
RENDITION_ADDED = "rendition_added"
LEGAL_TURNED = "legal_turned"
LEGAL_LIFTED = "legal_lifted"
EXPIRED = "expired"

ALREADY_PUBLIC = "already_public_elsewhere"
SIGNED_OFF = "signed_off_on_paper"

TurnKind = Literal["amended", "superseded", "repealed", "voided"]


@dataclass(frozen=True, slots=True)
class Approval:
    """Leave to publish: on what ground, by whom, and the digest of exactly what may go out.

    `ground` is `already_public_elsewhere` or `signed_off_on_paper` here; the review domain will issue
    others. `person` is a reference (`staff:12`, `command`). `remark` refers to what was written beside
    it (who signed, when, under which number): its place and its digest.
    """

    ground: str
    person: str
    digest: str
    remark: tuple[int, str] | None = None


class RelationData(TypedDict):
    """A relation as a revision states it."""

    kind: str
    title: str | None
    document_number: str | None
    act: str | None
    on: str | None


class AttachmentData(TypedDict):
    """An attachment as a revision lists it."""

    name: str
    anchor: str | None


class ConflictData(TypedDict):
    """A field on which paper and portal differ; the paper's value holds."""

    field: str
    paper: str
    metadata: str


class Metadata(TypedDict):
    """All that a revision says of its paper besides the text. Days are ISO strings.

    `attribute_reason` tells why a person made it other than proactive; it goes when it is proactive again.
    """

    title: str
    document_number: str | None
    organs: list[str]
    issued_on: str | None
    published_elsewhere_on: str | None
    printed_on: str | None
    addressees: list[str]
    signature: list[str]
    copies_to: list[str]
    attachments: list[AttachmentData]
    attribute: str
    attribute_reason: NotRequired[str]
    note: str | None
    registration_number: str | None
    kind: str
    topic: str
    subtopic: str
    themes: list[str]
    audience: list[str]
    summary: str
    effective_on: str | None
    expires_on: str | None
    term_years: int | None
    term_months: int | None
    from_issue: bool
    days_after_issue: int | None
    relations: list[RelationData]
    conflicts: list[ConflictData]
    source_url: str | None
