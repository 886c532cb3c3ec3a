"""Publishing, withdrawing, replacing and restoring."""

from __future__ import annotations

from typing import Any

from gongkai.core.ledger.append import Happening
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.approving import SignedOff, already_public, signed_off_on_paper
from gongkai.domains.library.actions.doing import Doing, state_of
from gongkai.domains.library.actions.errors import Refused, StillQuestioned, WrongStatus
from gongkai.domains.library.actions.recording import locked, record
from gongkai.domains.library.actions.releasing import is_own_work, release
from gongkai.domains.library.actions.remarks import remark
from gongkai.domains.library.events import Approval
from gongkai.domains.library.models import Document, Editorial
from gongkai.domains.library.state import DocumentState

__all__ = ["already_public", "publish", "publish_as_already_public", "replace", "restore", "withdraw"]


@writing()
def publish_as_already_public(number: int, doing: Doing) -> Document:
    """Publish a document as it stands, on the ground that it is public elsewhere. Raises what `publish` raises."""
    document = locked(number)
    digest = document.current.digest if document.current else ""
    return publish(number, already_public(digest, doing), doing)


@writing()
def publish(number: int, approval: Approval, doing: Doing, *, own_work_because: str = "") -> Document:
    """Let a document's current revision out to the public.

    `own_work_because` says why whoever made the revision publishes it themselves; it is kept, and an
    auditor finds it. Raises StillQuestioned, NotForDisclosure, NotApproved (the approval is for other
    content), OwnWork, or WrongStatus (withdrawn: restore it; nothing that is not public already).
    """
    document = locked(number)
    state = state_of(document)
    revision = document.current
    if revision is None:
        raise StillQuestioned(document.title, [])
    own = is_own_work(state.author, doing.actor) and own_work_because.strip()
    happenings = release(state, revision.metadata, approval, doing.actor, remark(own_work_because) if own else None)
    return record(document, state, happenings, doing)


@writing()
def publish_seen(number: int, digest: str, ground: SignedOff | str, doing: Doing, *, own_work_because: str = "") -> Document:
    """Publish exactly what a person has seen, whose digest is `digest`.

    `ground` is the signature on paper, or where the paper is public already. Raises what `publish` and
    the approval raise.
    """
    given = already_public(digest, doing, ground) if isinstance(ground, str) else signed_off_on_paper(digest, ground, doing)
    return publish(number, given, doing, own_work_because=own_work_because)


@writing()
def withdraw(number: int, reason: str, doing: Doing) -> Document:
    """Take a document out of public sight; the reason is kept, its digest stands in the ledger.

    Raises WrongStatus unless it is published, Refused without a reason.
    """
    document, state = _published(number, "撤下")
    return record(document, state, [Happening(events.WITHDRAWN, _because("撤下文件", reason))], doing)


@writing()
def replace(number: int, successor: int, reason: str, doing: Doing) -> Document:
    """Take a document out of public sight and lead its readers on to another one, which must be public itself.

    Raises WrongStatus unless it is published, Refused without a reason or where `successor` is not public.
    """
    document, state = _published(number, "由新文件替代")
    if successor == number:
        raise Refused("文件不能由自己替代，请填写新文件的编号。")
    if not Document.objects.public().filter(pk=successor).exists():
        raise Refused(f"编号为 {successor} 的文件没有公开，不能用来替代。请先发布新文件。")
    payload = {"by": successor, **_because("用新文件替代", reason)}
    return record(document, state, [Happening(events.REPLACED, payload)], doing)


@writing()
def restore(number: int, reason: str, doing: Doing) -> Document:
    """Bring a withdrawn document back as it was. Raises WrongStatus unless it is withdrawn, Refused without a reason."""
    document = locked(number)
    state = state_of(document)
    if state.editorial != Editorial.WITHDRAWN:
        raise WrongStatus(document.title, Editorial(state.editorial).label, "恢复")
    return record(document, state, [Happening(events.RESTORED, _because("恢复文件", reason))], doing)


def _published(number: int, act: str) -> tuple[Document, DocumentState]:
    document = locked(number)
    state = state_of(document)
    if state.editorial != Editorial.PUBLISHED:
        raise WrongStatus(document.title, Editorial(state.editorial).label, act)
    return document, state


def _because(act: str, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise Refused(f"{act}须写明理由。")
    return remark(reason)
