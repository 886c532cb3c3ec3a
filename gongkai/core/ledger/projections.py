"""Tables that repeat what the ledger says, for lists to filter on; and rebuilding them.

A domain registers, for a kind of stream, how its events fold into rows. Rebuilding must give
what the actions wrote, row for row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.models import Event, StreamHead
from gongkai.core.writing import writing

Rebuilder = Callable[[Stream, Sequence["Recorded"], date], "list[str]"]
Finisher = Callable[[date], "list[str]"]
_rebuilders: dict[str, Rebuilder] = {}
_finishers: list[Finisher] = []


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as a fold sees it."""

    sequence: int
    kind: str
    payload: dict[str, Any]
    actor: str
    happened_at: Any


@dataclass(slots=True)
class Rebuilt:
    """How many streams were folded again, and which rows differed from what stood there."""

    streams: int
    differences: list[str]


def register(stream_kind: str, rebuilder: Rebuilder) -> None:
    """Say how streams of a kind become rows. `rebuilder` writes them and returns what was different."""
    _rebuilders[stream_kind] = rebuilder


def register_finisher(finisher: Finisher) -> None:
    """Say what is worked out from all rows together, once every stream has been folded anew."""
    _finishers.append(finisher)


def recorded(stream: Stream) -> list[Recorded]:
    """The events of a stream, in order."""
    events = Event.objects.filter(stream_kind=stream.kind, stream_id=stream.id).order_by("sequence")
    return [as_recorded(e) for e in events]


def as_recorded(event: Event) -> Recorded:
    """An event of the ledger as a fold sees it."""
    return Recorded(event.sequence, event.kind, json.loads(event.payload), event.actor, event.happened_at)


def rebuild(today: date, progress: Callable[[int], None] | None = None) -> Rebuilt:
    """Fold every stream anew; each in a transaction of its own, so that a killed rebuild can be run again."""
    outcome = Rebuilt(0, [])
    for stream in _streams():
        with writing():
            outcome.differences += _rebuilders[stream.kind](stream, recorded(stream), today)
        outcome.streams += 1
        if progress is not None:
            progress(outcome.streams)
    for finish in _finishers:
        with writing():
            outcome.differences += finish(today)
    return outcome


def _streams() -> Iterator[Stream]:
    known = StreamHead.objects.filter(stream_kind__in=list(_rebuilders)).order_by("id")
    for kind, identifier in known.values_list("stream_kind", "stream_id").iterator():
        yield Stream(kind, identifier)
