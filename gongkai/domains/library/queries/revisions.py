"""The revisions of a document as officials see them: who made each and why, and any two beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone

from gongkai.domains.library.actions.fields import FIELDS, as_written
from gongkai.domains.library.actions.sealing import ever_published
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Attribute, Document, Kind, Revision
from gongkai.domains.library.queries.compared import Compared, beside
from gongkai.domains.library.queries.history import PublicText, note
from gongkai.domains.library.queries.past import Authorship, authors_of
from gongkai.ui.words import day

_DAYS = ("issued_on", "effective_on", "expires_on")
_CODED: Mapping[str, type[Kind] | type[Attribute]] = {"kind": Kind, "attribute": Attribute}
_MOST_NOTES = 30  # a history longer than this tells what changed for its newest revisions only


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision in the list. `standing` says whether the public reads it, may read it, or did; `note` what changed."""

    number: int
    made: Authorship | None
    standing: str
    note: str
    current: bool
    may_seal: bool
    may_unseal: bool


@dataclass(frozen=True, slots=True)
class RevisionText:
    """One revision by itself."""

    number: int
    title: str
    made: Authorship | None
    made_at: datetime
    standing: str
    fields: list[tuple[str, str]]
    html: str


def told_fields(metadata: Metadata) -> list[tuple[str, str]]:
    """The fields of a revision as a page tells them, the title first; those that say nothing are left out."""
    written = as_written(metadata)
    for field, choices in _CODED.items():
        written[field] = str(choices(written[field]).label)
    for field in _DAYS:
        written[field] = day(date.fromisoformat(written[field])) if written[field] else ""
    written["term_years"] = f"{written['term_years']} 年" if written["term_years"] else ""
    return [(label.partition("（")[0], written[field]) for field, label in FIELDS.items() if written[field]]


def revisions_of(document: Document) -> list[RevisionRow]:
    """All revisions, the newest first."""
    found = list(document.revisions.select_related("body").order_by("number"))
    authors, public = authors_of(document.pk), ever_published(document.pk)
    told = {new.number: note(old, new) for old, new in list(pairwise(found))[-_MOST_NOTES:]}
    return [_row(document, r, authors.get(r.number), public, told.get(r.number, "")) for r in reversed(found)]


def revision_of(document: Document, number: int) -> RevisionText | None:
    """One revision; None where there is none of this number."""
    found = document.revisions.select_related("body").filter(number=number).first()
    if found is None:
        return None
    return RevisionText(
        number,
        found.metadata["title"],
        authors_of(document.pk).get(number),
        found.made_at,
        _standing(document, found, ever_published(document.pk)),
        told_fields(found.metadata),
        found.body.html,
    )


def revisions_compared(document: Document, one: int, other: int) -> Compared | None:
    """Two revisions beside one another, the older first; None where one does not exist or both are the same."""
    found = {r.number: r for r in document.revisions.select_related("body", "document").filter(number__in=(one, other))}
    if len(found) < 2:
        return None
    public = ever_published(document.pk)
    old, new = (_text(document, found[number], public) for number in sorted(found))
    return beside(document, old, new, desk=True)


def _text(document: Document, revision: Revision, public: set[int]) -> PublicText:
    label = f"第 {revision.number} 版"
    standing = _standing(document, revision, public)
    return PublicText(
        revision, f"r{revision.number}", f"{label}（{standing}）" if standing else label, timezone.localdate(revision.made_at)
    )


def _standing(document: Document, revision: Revision, public: set[int]) -> str:
    if revision.pk == document.published_id:
        return "现在公开的文本" if document.editorial == "published" else "公开过，已随文件撤下"
    if revision.number in document.sealed:
        return "公开过，已封存"
    if revision.number in public:
        return "公开过，列在历次文本"
    return "现行稿，还没有公开" if revision.pk == document.current_id else ""


def _row(document: Document, revision: Revision, made: Authorship | None, public: set[int], told: str) -> RevisionRow:
    number = revision.number
    sealed = number in document.sealed
    return RevisionRow(
        number,
        made,
        _standing(document, revision, public),
        told,
        revision.pk == document.current_id,
        may_seal=number in public and not sealed and revision.pk != document.published_id,
        may_unseal=sealed,
    )
