"""The public texts of a paper: the revisions that were themselves published, and its law's other versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone

from gongkai.core.freshness.touching import kept
from gongkai.core.ledger.projections import recorded
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import stream_of
from gongkai.domains.library.models import Attribute, Document, Legal, Revision
from gongkai.domains.library.queries.changes import change_sentence, field_changes
from gongkai.domains.library.queries.ordered import by
from gongkai.text.comparing import Passage, compare, passages

_MOST_NOTES = 30  # a history longer than this tells what changed for its newest texts only


@dataclass(frozen=True, slots=True)
class Version:
    """A public text as the history lists it.

    `ref` names it in addresses: `r2` for a revision, a number for another document. `on` is the day
    it was first public here (a revision) or made (a law's version). `note` says what changed against
    the text before, `before` names that one; both are empty for the first.
    """

    number: int
    ref: str
    label: str
    title: str
    document_number: str
    on: date | None
    status: str
    status_label: str
    here: bool
    note: str
    before: str


@dataclass(frozen=True, slots=True)
class History:
    """All public texts, newest first: of the document itself, and of the law whose version it is."""

    number: int
    title: str
    revisions: list[Version]
    texts: list[Version]
    tags: list[str]


@dataclass(frozen=True, slots=True)
class PublicText:
    """A revision that the public may read, and how it is named."""

    revision: Revision
    ref: str
    label: str
    on: date | None


@kept(200)
def history(number: int) -> History | None:
    """The history of a public document; None where there is none, or none that is public."""
    document = public_document(number)
    if document is None:
        return None
    own, law = public_revisions(document), law_versions(document)
    return History(
        number,
        document.title,
        _listed(own, document) if len(own) > 1 else [],
        _listed(law, document) if len(law) > 1 else [],
        history_tags(document),
    )


def public_document(number: int) -> Document | None:
    """The document of this number with its published text, if it is public."""
    return Document.objects.public().select_related("published__body").filter(pk=number, published__isnull=False).first()


def history_tags(document: Document) -> list[str]:
    """What a page with several texts of this document shows."""
    return [f"document:{document.pk}", *([f"work:{document.work_id}"] if document.work_id else [])]


def public_revisions(document: Document) -> list[PublicText]:
    """The revisions of a public document that were themselves published, oldest first.

    A draft correction is none of them, nor is a text that was withdrawn and not restored, or one that was sealed.
    """
    since = _published_at(document.pk)
    for number in document.sealed:
        since.pop(number, None)
    found = document.revisions.filter(number__in=since).select_related("body", "document").order_by("number")
    proactive = [r for r in found if r.metadata["attribute"] == Attribute.PROACTIVE]
    texts = []
    for place, revision in enumerate(proactive, 1):
        label = "现行公开文本" if revision.pk == document.published_id else f"第{place}次公开的文本"
        texts.append(PublicText(revision, f"r{revision.number}", label, timezone.localdate(since[revision.number])))
    return texts


def _published_at(number: int) -> dict[int, datetime]:
    """When each revision that the public may still read was first published, as the ledger tells it."""
    since: dict[int, datetime] = {}
    withdrawn: dict[int, datetime] = {}
    latest = 0
    for event in recorded(stream_of(number)):
        if event.kind == events.PUBLISHED:
            latest = event.payload["revision"]
            since.setdefault(latest, event.happened_at)
        elif event.kind == events.UNPUBLISHED:
            latest = event.payload["back_to"]
        elif event.kind in (events.WITHDRAWN, events.REPLACED):
            withdrawn[latest] = since.pop(latest)
        elif event.kind == events.RESTORED:
            since[latest] = withdrawn.pop(latest)
    return since


def law_versions(document: Document) -> list[PublicText]:
    """The public documents that are versions of the same law, oldest first; empty for other papers."""
    if document.work_id is None:
        return []
    versions = Document.objects.public().filter(work_id=document.work_id, published__isnull=False)
    texts = []
    for version in versions.select_related("published__body", "published__document").order_by(*by("issued_on", "id")):
        if version.published is not None:
            label = f"{version.issued_on.year}年文本" if version.issued_on else "未注明日期的文本"
            texts.append(PublicText(version.published, str(version.pk), label, version.issued_on))
    return texts


def _listed(texts: list[PublicText], document: Document) -> list[Version]:
    notes = {new.ref: (note(old.revision, new.revision), old.ref) for old, new in list(pairwise(texts))[-_MOST_NOTES:]}
    return [_version(text, document, *notes.get(text.ref, ("", ""))) for text in reversed(texts)]


def _version(text: PublicText, document: Document, said: str, before: str) -> Version:
    owner = text.revision.document
    return Version(
        owner.pk,
        text.ref,
        text.label,
        text.revision.metadata["title"],
        text.revision.metadata["document_number"] or "",
        text.on,
        owner.legal,
        Legal(owner.legal).label,
        text.revision.pk == document.published_id,
        said,
        before,
    )


def note(old: Revision, new: Revision) -> str:
    """What changed from one text to the next, in one sentence."""
    fields = field_changes(old.metadata, new.metadata)
    found = compare(passages_of(old), passages_of(new), words=False)
    return change_sentence(fields, found.tally())


def passages_of(revision: Revision) -> list[Passage]:
    """The text of a revision, clause by clause."""
    return passages(revision.body.text, revision.body.clauses)
