"""Where a paper goes that came from outside: what importing a folder and harvesting a library have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import bearer_of, head_of_government
from gongkai.domains.library.actions.content import QUESTIONS, Content
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import file_document, revise
from gongkai.domains.library.actions.publishing import already_public, publish
from gongkai.domains.library.models import Attribute, Document, Original, Revision
from gongkai.domains.library.tasks.readers import Read
from gongkai.text.encodings import file_name


@dataclass(frozen=True, slots=True)
class Ending:
    """How a filed paper ended: `filed` or `needs_person`, and why."""

    outcome: str
    code: str = ""
    reason: str = ""


def original_of(read: Read, doing: Doing, name: str = "") -> tuple[Original | None, Document | None]:
    """The record of a file as it came, and the document it already belongs to. `name` is the file's own."""
    if read.kept is None:
        return None, None
    original, created = Original.objects.get_or_create(
        sha256=read.kept.sha256,
        defaults={
            "size": read.kept.size,
            "name": (name or file_name(read.path.name))[:255],
            "format": read.format,
            "received_at": doing.at,
        },
    )
    if not created and read.format and original.format != read.format:
        original.format = read.format
        original.save(update_fields=["format"])
    known = None if created else _holding(original)
    return original, known


def _holding(original: Original) -> Document | None:
    """The document that a file belongs to: as one of its files, or as that of a revision that still waits."""
    holding = Document.objects.filter(Q(renditions__original=original) | Q(revisions__original=original))
    return holding.order_by("id").first()


def holder_of(content: Content) -> Agency:
    """The organ that keeps a paper: its issuer where that is ours, else the government itself."""
    metadata = content.metadata
    day = date.fromisoformat(metadata["issued_on"]) if metadata["issued_on"] else None
    return bearer_of(metadata["organs"], day) or head_of_government()


def take_in(
    content: Content, original: Original | None, known: Document | None, holder: Agency, doing: Doing, *, public: bool
) -> Document:
    """File a paper as a new document, or as a new revision of a known one.

    With `public` it goes out at once, as a paper that is public elsewhere, unless a person must
    look at it first or its attribute forbids it.
    """
    allowed = public and not content.questions and content.metadata["attribute"] == Attribute.PROACTIVE
    approval = already_public(content.digest, doing) if allowed else None
    if known is None:
        return file_document(content, original, holder, doing, approval)
    revise(known, content, original, Revision.Ground.REVISED, doing)
    if approval is not None:
        publish(known.pk, approval, doing)
    return known


def ending_of(content: Content, *, public: bool) -> Ending:
    """Say how a filed paper ended: done, or waiting for a person and why."""
    attribute = Attribute(content.metadata["attribute"])
    if content.questions:
        told = "；".join(QUESTIONS[q] for q in content.questions)
        return Ending("needs_person", content.questions[0], f"{told}。请用 gongkai document confirm 或 correct 处理。")
    if public and attribute != Attribute.PROACTIVE:
        return Ending("filed", "not_proactive", f"公开属性是“{attribute.label}”，已归档，不发布。")
    return Ending("filed")
