"""Taking back what somebody has just done."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.core.ledger.append import Happening
from gongkai.core.ledger.projections import Recorded, recorded
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, stream_of
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.recording import locked, record
from gongkai.domains.library.actions.remarks import remark
from gongkai.domains.library.models import Document
from gongkai.domains.library.state import fold
from gongkai.text.keys import quoted

_BY_OTHERS = (events.LEGAL_TURNED, events.LEGAL_LIFTED, events.EXPIRED)  # what other papers and the days bring about


@writing()
def unpublish(number: int, reason: str, doing: Doing) -> Document:
    """Take back a publication: the text before it is public again, or, where there was none, the document is withdrawn.

    Raises Refused when anything happened to the document since, or without a reason.
    """
    if not reason.strip():
        raise Refused("收回发布须写明理由。")
    document = locked(number)
    happened = recorded(stream_of(number))
    before, state = fold(_until(document, happened, events.PUBLISHED)), fold(happened)
    if before.published is None:
        return record(document, state, [Happening(events.WITHDRAWN, remark(reason))], doing)
    if before.published == state.published:
        raise Refused(f"{quoted(document.title)}发布前后是同一版，没有可以收回的。")
    if before.published in state.sealed:
        raise Refused(f"{quoted(document.title)}原来公开的文本已经封存，不能退回。要停止公开，请撤下文件。")
    payload = {"revision": state.published, "back_to": before.published, "waiting": list(before.waiting), **remark(reason)}
    return record(document, state, [Happening(events.UNPUBLISHED, payload)], doing)


@writing()
def question_again(number: int, doing: Doing) -> Document:
    """Take back a confirmation: what was unclear is open again. Raises Refused when anything happened since."""
    document = locked(number)
    happened = recorded(stream_of(number))
    before, state = fold(_until(document, happened, events.CONFIRMED)), fold(happened)
    again = Happening(events.QUESTIONED_AGAIN, {"revision": state.current, "questions": list(before.questions)})
    return record(document, state, [again], doing)


def _until(document: Document, happened: Sequence[Recorded], kind: str) -> list[Recorded]:
    """What happened before the last act, which must be of this kind; what others brought about does not count."""
    own = [e for e in happened if e.kind not in _BY_OTHERS]
    if not own or own[-1].kind != kind:
        raise Refused(f"{quoted(document.title)}后来又有变动，不能撤销，请到文件页办理。")
    return [e for e in happened if e.sequence < own[-1].sequence]
