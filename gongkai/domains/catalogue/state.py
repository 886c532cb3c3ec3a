"""What the events of a column add up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.core.ledger.happened import Happened
from gongkai.domains.catalogue import events


@dataclass(frozen=True, slots=True)
class ColumnState:
    """The digest of the definition that holds; None before the first and after a removal."""

    sequence: int = 0
    digest: str | None = None


def fold(happened: Iterable[Happened]) -> ColumnState:
    """A column's state after these events."""
    state = ColumnState()
    for event in happened:
        state = ColumnState(event.sequence, None if event.kind == events.REMOVED else str(event.payload["digest"]))
    return state
