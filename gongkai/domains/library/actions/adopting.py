"""Taking over what another library says of a paper, and what it knows of the paper's legal life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from gongkai.core.ledger.append import Happening, append
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import Content, digest_of
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Document
from gongkai.domains.library.state import DocumentState

_UNOFFICIAL = ("guide", "interpretation")
_OF_THE_TEXT = ("wrong_encoding", "partly_unread")
TURNS = ("amended", "superseded", "repealed", "voided")  # a term that runs out follows from the paper itself


def adopted(content: Content, told: Metadata, *, confirmed: bool, today: date) -> Content:
    """The text as we read it, with the metadata that the other library published.

    What a person there has looked at and published is not asked again; `confirmed` says that they
    published the very text that we read.
    """
    metadata: Metadata = {**told, "themes": list(dict.fromkeys([*told["themes"], *content.metadata["themes"]]))}
    official = metadata["kind"] not in _UNOFFICIAL
    asked = {
        "no_organ": official and not metadata["organs"],
        "no_date": official and metadata["issued_on"] is None,
        "future_date": (metadata["issued_on"] or "") > today.isoformat(),
    }
    questions = [question for question, is_open in asked.items() if is_open]
    if not confirmed:
        questions += [q for q in content.questions if q in _OF_THE_TEXT]
    return replace(content, metadata=metadata, digest=digest_of(metadata, content.text), questions=tuple(questions))


@writing()
def heed_turns(number: int, told: Sequence[Mapping[str, str]], doing: Doing) -> bool:
    """Bring a document's life in line with turns whose cause is not in this library; whether anything changed.

    A turn that a paper here has caused is known better here and needs no telling. `told` holds
    `{"on": day, "kind": kind}`; of several turns of one kind the first counts.
    """
    document = Document.objects.select_for_update().get(pk=number)
    state = state_of(document)
    wanted, standing = unexplained(state, told), {t.kind: t.on for t in state.turns if t.by is None}
    happenings = [Happening(events.LEGAL_LIFTED, {"kind": kind, "by": None}) for kind in standing if kind not in wanted]
    happenings += [
        Happening(events.LEGAL_TURNED, {"kind": kind, "by": None, "on": on.isoformat()})
        for kind, on in wanted.items()
        if standing.get(kind) != on
    ]
    if not happenings:
        return False
    append(stream_of(number), happenings, actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    return True


def unexplained(state: DocumentState, told: Sequence[Mapping[str, str]]) -> dict[str, date]:
    """The first day of each kind of turn that is told and that no paper of this library has caused."""
    explained = {t.kind for t in state.turns if t.by is not None}
    first: dict[str, date] = {}
    for turn in sorted(told, key=lambda t: t["on"]):
        if turn["kind"] in TURNS and turn["kind"] not in explained:
            first.setdefault(turn["kind"], date.fromisoformat(turn["on"]))
    return first
