"""Approving, publishing, withdrawing and restoring."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from django.db import transaction

from gongkai.core.ledger.append import Happening, append
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.effects import settle_effects
from gongkai.domains.library.actions.errors import (
    NoSuchDocument,
    Refused,
    StillQuestioned,
    WrongStatus,
)
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.actions.releasing import release
from gongkai.domains.library.events import Approval
from gongkai.domains.library.models import Document, Editorial, Remark
from gongkai.domains.library.state import DocumentState


def locked(number: int) -> Document:
    """The document of this number, its row locked. Raises NoSuchDocument."""
    document = Document.objects.select_for_update().select_related("current").filter(pk=number).first()
    if document is None:
        raise NoSuchDocument(number)
    return document


def already_public(digest: str, doing: Doing) -> Approval:
    """An approval on the ground that exactly this paper (its digest) is public elsewhere already."""
    return Approval(events.ALREADY_PUBLIC, doing.actor, digest)


@transaction.atomic
def publish_as_already_public(number: int, doing: Doing) -> Document:
    """Publish a document as it stands, on the ground that it is public elsewhere. Raises what `publish` raises."""
    document = locked(number)
    digest = document.current.digest if document.current else ""
    return publish(number, already_public(digest, doing), doing)


@transaction.atomic
def publish(number: int, approval: Approval, doing: Doing) -> Document:
    """Let a document's current revision out to the public.

    Raises StillQuestioned, NotForDisclosure, NotApproved (the approval is for other content) or
    WrongStatus (withdrawn: restore it).
    """
    document = locked(number)
    state = state_of(document)
    revision = document.current
    if revision is None:
        raise StillQuestioned(document.title, [])
    _record(document, state, release(state, revision.metadata, approval), doing)
    return document


@transaction.atomic
def withdraw(number: int, reason: str, doing: Doing) -> Document:
    """Take a document out of public sight; the reason is kept, its digest stands in the ledger.

    Raises WrongStatus unless it is published, Refused without a reason.
    """
    if not reason.strip():
        raise Refused("撤下文件须写明理由。")
    document = locked(number)
    state = state_of(document)
    if state.editorial != Editorial.PUBLISHED:
        raise WrongStatus(document.title, Editorial(state.editorial).label, "撤下")
    _record(document, state, [Happening(events.WITHDRAWN, _remark(reason))], doing)
    return document


@transaction.atomic
def restore(number: int, reason: str, doing: Doing) -> Document:
    """Bring a withdrawn document back as it was. Raises WrongStatus unless it is withdrawn."""
    document = locked(number)
    state = state_of(document)
    if state.editorial != Editorial.WITHDRAWN:
        raise WrongStatus(document.title, Editorial(state.editorial).label, "恢复")
    _record(document, state, [Happening(events.RESTORED, _remark(reason))], doing)
    return document


def _remark(text: str) -> dict[str, str | int]:
    """Keep what a person wrote beside the ledger; only a salted digest goes into it."""
    salt = secrets.token_hex(16)
    remark = Remark.objects.create(salt=salt, text=text.strip())
    return {"remark": remark.pk, "remark_digest": hashlib.sha256(f"{salt}{remark.text}".encode()).hexdigest()}


def _record(document: Document, state: DocumentState, happenings: Sequence[Happening], doing: Doing) -> None:
    stream = stream_of(document.pk)
    append(stream, happenings, actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    settle_effects(document, doing)
