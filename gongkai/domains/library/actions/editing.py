"""Editing a document: its fields and its text, and bringing an old revision back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from gongkai.core.writing import writing
from gongkai.domains.library.actions.content import Content, cleaned, digest_of
from gongkai.domains.library.actions.doing import Doing, state_of
from gongkai.domains.library.actions.errors import MovedOn, Refused, UnfitValue
from gongkai.domains.library.actions.fields import with_corrections
from gongkai.domains.library.actions.filing import revise
from gongkai.domains.library.actions.recording import locked
from gongkai.domains.library.actions.rereading import reread
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Document, Revision
from gongkai.text.editing import Text, edited
from gongkai.text.keys import text_digest
from gongkai.text.written import Written


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person wants a document to say.

    Attributes:
        fields: what stands in the form, by names of FIELDS; fields that are left out stay.
        text: what the editor gave back; None leaves the text as it is.
        reason: why, for the ledger; may be empty.
        base: the revision the person began from; None for the current one, whichever it is.
    """

    fields: Mapping[str, str]
    text: Sequence[Written] | None = None
    reason: str = ""
    base: int | None = None


@writing()
def edit(number: int, wanted: Edit, doing: Doing) -> Revision:
    """Save an edit as a new revision, the questions answered.

    An edit that is saved already, by a form sent twice, makes no second revision. Raises MovedOn when
    somebody else's revision came in between, UnfitValue for a value that cannot be right and for an
    edit that changes nothing.
    """
    document = locked(number)
    current = state_of(document).current
    base = current if wanted.base is None else wanted.base
    content = _content(_revision(document, base), wanted)
    standing = _revision(document, current)
    if _says_the_same(content, standing):
        if base != current:
            return standing
        raise UnfitValue("更正后的内容与现有内容相同，没有保存。")
    if base != current:
        raise MovedOn(document.title, current)
    return revise(document, content, None, Revision.Ground.CORRECTED, doing, reason=wanted.reason)


@writing()
def reinstate(number: int, revision: int, reason: str, doing: Doing, base: int | None = None) -> Revision:
    """Bring an old revision back as a new one; what is public stays until the new one is published.

    `base` is the revision that was current when the person asked. Raises Refused without a reason,
    UnfitValue when the current revision says the same, MovedOn.
    """
    document = locked(number)
    if not reason.strip():
        raise Refused("恢复旧版须写明理由。")
    current = state_of(document).current
    if base not in (None, current):
        raise MovedOn(document.title, current)
    old, standing = _revision(document, revision), _revision(document, current)
    content = _content(old, Edit({}))
    if _says_the_same(content, standing):
        raise UnfitValue(f"第 {revision} 版与现行稿内容相同，没有需要恢复的。")
    return revise(document, content, None, Revision.Ground.REINSTATED, doing, reason=reason)


def _revision(document: Document, number: int) -> Revision:
    found = Revision.objects.select_related("body").filter(document=document, number=number).first()
    if found is None:
        raise Refused(f"没有第 {number} 版。")
    return found


def _content(base: Revision, wanted: Edit) -> Content:
    """What the new revision says."""
    stored = Text(base.body.text, base.body.html, base.body.clauses)
    text = edited(stored, wanted.text) if wanted.text is not None else stored
    metadata: Metadata = base.metadata
    if text is not stored:
        text = replace(text, html=cleaned(text.html))
        metadata = reread(metadata, stored, text)
    said = with_corrections(metadata, _unless_reread(base.metadata, metadata, wanted.fields))
    readings = base.readings if text is stored else {}  # places in another text
    digest = text_digest(text.text) if text is not stored else base.text_digest
    return Content(said, readings, text.text, text.html, text.clauses, digest_of(said, text.text), digest, ())


def _unless_reread(before: Metadata, after: Metadata, fields: Mapping[str, str]) -> dict[str, str]:
    """A field that the form only repeats gives way to what the edited text says now."""
    changed = {f for f, v in cast("Mapping[str, Any]", after).items() if cast("Mapping[str, Any]", before).get(f) != v}
    shown = {f: str(cast("Mapping[str, Any]", before).get(f) or "") for f in changed}
    return {f: v for f, v in fields.items() if f not in changed or v.strip() != shown[f]}


def _says_the_same(content: Content, standing: Revision) -> bool:
    body = standing.body
    return content.metadata == standing.metadata and (content.text, content.html) == (body.text, body.html)
