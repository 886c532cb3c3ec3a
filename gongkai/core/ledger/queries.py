"""What may be asked of the ledger without reading it."""

from __future__ import annotations

from django.db.models import Max

from gongkai.core.ledger.models import Event, StreamHead


def last_position() -> int:
    """The number of the last event; 0 before the first."""
    return int(Event.objects.aggregate(last=Max("id"))["last"] or 0)


def length_of(kind: str, identifier: str) -> int:
    """How many events a record has: what a form remembers, so that a later change is noticed."""
    found = StreamHead.objects.filter(stream_kind=kind, stream_id=identifier).values_list("sequence", flat=True).first()
    return found or 0
