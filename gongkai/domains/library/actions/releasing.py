"""What must hold before a document may go out, and the events of its going out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.core.ledger.append import Happening
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.actions.errors import NotApproved, NotForDisclosure, OwnWork, StillQuestioned, WrongStatus
from gongkai.domains.library.events import Approval, Metadata
from gongkai.domains.library.models import Attribute, Editorial
from gongkai.domains.library.state import DocumentState


def release(
    state: DocumentState, metadata: Metadata, approval: Approval, actor: str, override: Mapping[str, Any] | None = None
) -> list[Happening]:
    """The events that let the current revision out.

    `override` refers to why `actor` lets out their own work. Raises StillQuestioned, NotForDisclosure,
    WrongStatus (withdrawn: restore it; nothing new), NotApproved (the approval is for other content) or OwnWork.
    """
    title = metadata["title"]
    if state.questions:
        raise StillQuestioned(title, [QUESTIONS[q] for q in state.questions])
    attribute = Attribute(metadata["attribute"])
    if attribute != Attribute.PROACTIVE:
        raise NotForDisclosure(title, attribute.label)
    if state.editorial == Editorial.WITHDRAWN:
        raise WrongStatus(title, "已撤下", "发布；要重新公开请用“恢复”（命令 restore）")
    if state.editorial == Editorial.PUBLISHED and state.published == state.current:
        raise WrongStatus(title, "已发布", "再次发布：这一版已经公开")
    if approval.digest != state.digest:
        raise NotApproved(title)
    own = is_own_work(state.author, actor)
    if own and override is None:
        raise OwnWork(title)
    beside = {"remark": approval.remark[0], "remark_digest": approval.remark[1]} if approval.remark else {}
    return [
        Happening(events.APPROVED, {"ground": approval.ground, "digest": approval.digest, **beside}),
        Happening(events.PUBLISHED, {"revision": state.current, **({"override": dict(override or {})} if own else {})}),
    ]


def is_own_work(author: str, actor: str) -> bool:
    """Whether who would publish is the person who made the revision; commands and the nightly job are nobody."""
    return author == actor and actor.startswith("staff:")
