"""Writing to the ledger: the only way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Max

from gongkai.core.ledger.chain import ALGORITHM, GENESIS, canonical, digest, moment
from gongkai.core.ledger.models import Event, StreamHead
from gongkai.core.writing import take_turn


class Overtaken(Exception):
    """Somebody else wrote to the same stream in the meantime."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(f"这条记录（{stream.kind}/{stream.id}）刚刚被他人修改，您的操作没有生效。请刷新后核对再试。")


@dataclass(frozen=True, slots=True)
class Stream:
    """The events of one thing."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be recorded. `payload` holds references only, never personal data."""

    kind: str
    payload: dict[str, Any] = field(default_factory=dict)


def append(
    stream: Stream, happenings: Sequence[Happening], *, actor: str, at: datetime, expected: int | None = None
) -> list[Event]:
    """Record what happened at `at` in `stream`, in order, inside the caller's transaction.

    Args:
        stream: whose events these are.
        happenings: what happened.
        actor: a reference to who did it (`staff:12`, `command`), never a name.
        at: when it happened; recorded as the recording time too, unless it lies in the past.
        expected: the sequence the caller has folded up to; None to take the stream as it is.

    Raises:
        Overtaken: the stream has moved on.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("append must run inside a transaction with the projection it belongs to")
    head = StreamHead.objects.select_for_update().filter(stream_kind=stream.kind, stream_id=stream.id).first()
    sequence, previous = (head.sequence, head.hash) if head else (0, GENESIS)
    if expected is not None and expected != sequence:
        raise Overtaken(stream)
    position = _last_position()
    events = []
    for number, happening in enumerate(happenings, 1):
        event = _event(stream, happening, actor=actor, at=at, sequence=sequence + number, previous=previous)
        event.id = position + number
        previous = event.hash
        events.append(event)
    try:
        Event.objects.bulk_create(events)
        _move_head(head, stream, events[-1])
    except IntegrityError as error:
        raise Overtaken(stream) from error
    return events


def _event(stream: Stream, happening: Happening, *, actor: str, at: datetime, sequence: int, previous: str) -> Event:
    event = Event(
        stream_kind=stream.kind,
        stream_id=stream.id,
        sequence=sequence,
        kind=happening.kind,
        payload=canonical(happening.payload),
        actor=actor,
        happened_at=at,
        recorded_at=at,
        previous_hash=previous,
        algorithm=ALGORITHM,
    )
    event.hash = hash_of(event)
    return event


def hash_of(event: Event) -> str:
    """The hash an event should carry."""
    return digest(
        [
            event.stream_kind,
            event.stream_id,
            event.sequence,
            event.kind,
            event.payload,
            event.actor,
            moment(event.happened_at),
            moment(event.recorded_at),
            event.previous_hash,
            event.algorithm,
        ],
        event.algorithm,
    )


def _last_position() -> int:
    """The last global position; writers take turns, so that positions have no gaps."""
    take_turn()
    return Event.objects.aggregate(last=Max("id"))["last"] or 0


def _move_head(head: StreamHead | None, stream: Stream, last: Event) -> None:
    if head is None:
        StreamHead.objects.create(stream_kind=stream.kind, stream_id=stream.id, sequence=last.sequence, hash=last.hash)
        return
    head.sequence, head.hash = last.sequence, last.hash
    head.save(update_fields=["sequence", "hash"])
