"""A public document's legal life: what happened to it on which day and by which paper, and its status ever since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.entries import Entry
from gongkai.domains.library.queries.published import published
from gongkai.domains.library.queries.related import related_to, tags_of
from gongkai.domains.library.state import LegalLife, Turn, legal_life

_OF_ITSELF = ("commenced", "expired")  # what no other paper brings about


@dataclass(frozen=True, slots=True)
class Happening:
    """A day in a document's life: `issued`, `commenced`, `amended`, `superseded`, `repealed`, `voided`, `expired`.

    `by` is the paper that caused it, where that is public here.
    """

    on: date
    kind: str
    by: Entry | None


@dataclass(frozen=True, slots=True)
class Span:
    """From a day (None: from the beginning) until before another (None: for good) a document has one status."""

    status: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The life of a document; `status` is that of the day `as_of`."""

    document: Document
    status: str
    as_of: date
    happenings: list[Happening]
    spans: list[Span]
    tags: list[str]

    def status_on(self, day: date) -> str:
        """The status on a day (values of `models.Legal`)."""
        return next(s.status for s in reversed(self.spans) if s.since is None or s.since <= day)


def timeline(number: int) -> Timeline | None:
    """The legal life of the public document of this number; None where there is none, or none that is public."""
    found = published(number)
    if found is None:
        return None
    document, related = found.document, related_to(number, found.document.work_id)
    happenings = [Happening(document.issued_on, "issued", None)] if document.issued_on else []
    happenings += [Happening(turn.on, turn.kind, related.entries.get(turn.by or 0)) for turn in related.turns]
    life = legal_life(found.said, [Turn(t.on, t.kind, t.by) for t in related.turns if t.kind not in _OF_ITSELF])
    return Timeline(
        document,
        document.legal,
        document.legal_as_of,
        sorted(happenings, key=lambda happening: happening.on),
        _spans(life),
        tags_of(document, related),
    )


def _spans(life: LegalLife) -> list[Span]:
    """The stretches of time between the days on which the status may change, joined where it did not."""
    ends = life.ends
    turning = (life.starts_on, ends.on if ends else None, *(turn.on for turn in life.turns))
    days = sorted({day for day in turning if day and day > date.min})
    edges: list[date | None] = [None, *days, None]
    found: list[Span] = []
    for since, until in pairwise(edges):
        status = life.status_on(since or (until or date.max) - timedelta(days=1))
        if found and found[-1].status == status:
            found[-1] = Span(status, found[-1].since, until)
        else:
            found.append(Span(status, since, until))
    return found
