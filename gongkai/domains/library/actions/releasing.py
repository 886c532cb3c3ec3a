"""What must hold before a document may go out, and the events of its going out."""

from __future__ import annotations

from gongkai.core.ledger.append import Happening
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.actions.errors import NotApproved, NotForDisclosure, StillQuestioned, WrongStatus
from gongkai.domains.library.events import Approval, Metadata
from gongkai.domains.library.models import Attribute, Editorial
from gongkai.domains.library.state import DocumentState


def release(state: DocumentState, metadata: Metadata, approval: Approval) -> list[Happening]:
    """The events that let the current revision out.

    Raises StillQuestioned, NotForDisclosure, WrongStatus (withdrawn: restore it) or NotApproved
    (the approval is for other content).
    """
    title = metadata["title"]
    if state.questions:
        raise StillQuestioned(title, [QUESTIONS[q] for q in state.questions])
    attribute = Attribute(metadata["attribute"])
    if attribute != Attribute.PROACTIVE:
        raise NotForDisclosure(title, attribute.label)
    if state.editorial == Editorial.WITHDRAWN:
        raise WrongStatus(title, "已撤下", "发布，请用 restore 恢复")
    if approval.digest != state.digest:
        raise NotApproved(title)
    return [
        Happening(events.APPROVED, {"ground": approval.ground, "digest": approval.digest}),
        Happening(events.PUBLISHED, {"revision": state.current}),
    ]
