"""A document as the sum of its events, and its legal status on any day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from gongkai.core.ledger.happened import Happened
from gongkai.domains.library import events
from gongkai.domains.library.events import Approval, Metadata
from gongkai.law.normative import last_day_of_term

_ENDS = {"repealed": "repealed", "voided": "expired", "superseded": "superseded"}
EXPLAINING = ("interpretation", "guide")  # kinds that explain; they never were in force


_SEEN_OUTSIDE = frozenset(
    {
        events.PUBLISHED, events.WITHDRAWN, events.RESTORED, events.REPLACED, events.UNPUBLISHED, events.SEALED,
        events.UNSEALED, events.RENDITION_ADDED, events.LEGAL_TURNED, events.LEGAL_LIFTED, events.EXPIRED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """Another paper changed this one's legal life from a day on. `by` is that paper's number here."""

    on: date
    kind: str
    by: int | None


@dataclass(frozen=True, slots=True)
class DocumentState:
    """What the events of one document add up to.

    `renditions` are its files, by digest, that of the shown text first; `waiting` are files of a
    revision that a published document has and the public has not. `author` made the current revision,
    `overridden` tells that an author let out their own work. `sealed` are revisions that were public
    and may not be read any more. `replaced_by` is the document to read instead of this one.
    """

    sequence: int = 0
    agency: str = ""
    index_number: str = ""
    editorial: str = "draft"
    questions: tuple[str, ...] = ()
    current: int = 0
    digest: str = ""
    author: str = ""
    published: int | None = None
    published_at: datetime | None = None
    filed_at: datetime | None = None
    changed_at: datetime | None = None
    approval: Approval | None = None
    renditions: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    expired: bool = False
    overridden: bool = False
    sealed: tuple[int, ...] = ()
    replaced_by: int | None = None


def fold(happened: Iterable[Happened], start: DocumentState | None = None) -> DocumentState:
    """The state after these events, in order."""
    state = start or DocumentState()
    for event in happened:
        state = replace(_FOLDS[event.kind](state, event), sequence=event.sequence)
        if event.kind in _SEEN_OUTSIDE and state.published is not None:
            state = replace(state, changed_at=event.happened_at)
    return state


def _filed(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    return replace(
        state,
        agency=p["agency"],
        index_number=p["index_number"],
        questions=tuple(p["questions"]),
        editorial="questioned" if p["questions"] else "draft",
        current=p["revision"],
        digest=p["digest"],
        author=event.actor,
        filed_at=event.happened_at,
        renditions=(p["original"],) if p["original"] else (),
    )


def _revised(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    live = state.editorial in ("published", "withdrawn")
    return replace(
        _with_file(state, p.get("original")),
        questions=tuple(p["questions"]),
        editorial=state.editorial if live else ("questioned" if p["questions"] else "draft"),
        current=p["revision"],
        digest=p["digest"],
        author=event.actor,
        approval=None,
    )


def _with_file(state: DocumentState, original: str | None) -> DocumentState:
    """A further file waits where the text it holds does; the newest comes first once it is out."""
    if original is None:
        return state
    if state.published is not None:
        return replace(state, waiting=(*state.waiting, original))
    return replace(state, renditions=(original, *state.renditions))


def _confirmed(state: DocumentState, event: Happened) -> DocumentState:
    del event
    return replace(state, questions=(), editorial="draft" if state.editorial == "questioned" else state.editorial)


def _questioned_again(state: DocumentState, event: Happened) -> DocumentState:
    editorial = "questioned" if state.editorial == "draft" else state.editorial
    return replace(state, questions=tuple(event.payload["questions"]), editorial=editorial)


def _approved(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    remark = (p["remark"], p["remark_digest"]) if "remark" in p else None
    return replace(state, approval=Approval(p["ground"], event.actor, p["digest"], remark))


def _published(state: DocumentState, event: Happened) -> DocumentState:
    first = state.published_at or event.happened_at
    files = (*reversed(state.waiting), *(r for r in state.renditions if r not in state.waiting))
    revision = event.payload["revision"]
    return replace(
        state,
        editorial="published",
        published=revision,
        published_at=first,
        renditions=files,
        waiting=(),
        overridden="override" in event.payload,
        sealed=tuple(n for n in state.sealed if n != revision),
    )


def _unpublished(state: DocumentState, event: Happened) -> DocumentState:
    """The text before it is public again; the one taken back is no text that the public may read."""
    p = event.payload
    waiting = tuple(p["waiting"])
    return replace(
        state,
        published=p["back_to"],
        waiting=waiting,
        renditions=tuple(r for r in state.renditions if r not in waiting),
        overridden=False,
        sealed=(*state.sealed, p["revision"]),
    )


def _withdrawn(state: DocumentState, event: Happened) -> DocumentState:
    del event
    return replace(state, editorial="withdrawn")


def _replaced(state: DocumentState, event: Happened) -> DocumentState:
    return replace(state, editorial="withdrawn", replaced_by=event.payload["by"])


def _restored(state: DocumentState, event: Happened) -> DocumentState:
    del event
    return replace(state, editorial="published", replaced_by=None)


def _sealed(state: DocumentState, event: Happened) -> DocumentState:
    """A text that was public, and the files that hold no text but it, are no longer to be read."""
    p = event.payload
    files = tuple(r for r in state.renditions if r not in p["files"])
    return replace(state, sealed=(*state.sealed, p["revision"]), renditions=files)


def _unsealed(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    sealed = tuple(n for n in state.sealed if n != p["revision"])
    return replace(state, sealed=sealed, renditions=(*state.renditions, *p["files"]))


def _rendition(state: DocumentState, event: Happened) -> DocumentState:
    original = event.payload["original"]
    if state.published not in (None, state.current):  # the same words as a text that waits
        return replace(state, waiting=(original, *state.waiting))
    return replace(state, renditions=(*state.renditions, original))


def _turned(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    turn = Turn(date.fromisoformat(p["on"]), p["kind"], p["by"])
    return replace(state, turns=(*(t for t in state.turns if (t.kind, t.by) != (turn.kind, turn.by)), turn))


def _lifted(state: DocumentState, event: Happened) -> DocumentState:
    p = event.payload
    return replace(state, turns=tuple(t for t in state.turns if (t.kind, t.by) != (p["kind"], p["by"])))


def _expired(state: DocumentState, event: Happened) -> DocumentState:
    del event
    return replace(state, expired=True)


_FOLDS = {
    events.FILED: _filed,
    events.REVISED: _revised,
    events.CONFIRMED: _confirmed,
    events.QUESTIONED_AGAIN: _questioned_again,
    events.APPROVED: _approved,
    events.PUBLISHED: _published,
    events.UNPUBLISHED: _unpublished,
    events.WITHDRAWN: _withdrawn,
    events.REPLACED: _replaced,
    events.RESTORED: _restored,
    events.SEALED: _sealed,
    events.UNSEALED: _unsealed,
    events.RENDITION_ADDED: _rendition,
    events.LEGAL_TURNED: _turned,
    events.LEGAL_LIFTED: _lifted,
    events.EXPIRED: _expired,
}


@dataclass(frozen=True, slots=True)
class LegalLife:
    """From when to when a document is in force, and what ends or changes it.

    `turns` are in order of their days; `starts_on` and `term_ends_on` are days in force.
    """

    starts_on: date | None
    term_ends_on: date | None
    turns: tuple[Turn, ...] = field(default=())
    applies: bool = True

    @property
    def ends(self) -> Turn | None:
        """What ends it first: a repeal, a newer version, or its term; None while nothing does."""
        ends = [t for t in self.turns if t.kind in _ENDS]
        if self.term_ends_on is not None and self.term_ends_on < date.max:
            ends.append(Turn(self.term_ends_on + timedelta(days=1), "expired", None))
        return min(ends, key=lambda t: t.on, default=None)

    def status_on(self, day: date) -> str:
        """The legal status on a day (values of `models.Legal`)."""
        if not self.applies:
            return "none"
        if self.starts_on is not None and day < self.starts_on:
            return "not_yet"
        end = self.ends
        if end is not None and end.on <= day:
            return _ENDS.get(end.kind, "expired")
        amended = any(t.kind == "amended" and t.on <= day for t in self.turns)
        return "amended" if amended else "in_force"

    @property
    def in_force(self) -> tuple[date | None, date | None]:
        """The first day in force and the first day no longer in force."""
        if not self.applies:
            return None, None
        start = self.starts_on or date(1949, 10, 1)
        end = self.ends
        return start, max(end.on, start) if end else None


def legal_life(metadata: Metadata, turns: Iterable[Turn]) -> LegalLife:
    """The legal life of a document whose revision says `metadata` and which others turned."""
    start = commencement(metadata)
    term_end = _day(metadata["expires_on"])
    if term_end is None and start is not None and (metadata["term_years"] or metadata["term_months"]):
        term_end = last_day_of_term(effective_on=start, years=metadata["term_years"] or 0, months=metadata["term_months"] or 0)
    ordered = tuple(sorted(turns, key=lambda t: (t.on, t.kind, t.by or 0)))
    return LegalLife(start, term_end, ordered, applies=metadata["kind"] not in EXPLAINING)


def commencement(metadata: Metadata) -> date | None:
    """The first day in force: as the paper says, else the day of issue (and the days it adds)."""
    if effective := _day(metadata["effective_on"]):
        return effective
    issued = _day(metadata["issued_on"])
    if issued is None:
        return None
    return issued + timedelta(days=metadata["days_after_issue"] or 0)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
