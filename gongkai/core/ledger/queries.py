"""What may be asked of the ledger without reading it."""

from __future__ import annotations

from django.db.models import Max

from gongkai.core.ledger.models import Event


def last_position() -> int:
    """The number of the last event; 0 before the first."""
    return int(Event.objects.aggregate(last=Max("id"))["last"] or 0)
