"""A person's place as the sum of its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gongkai.core.ledger.happened import Happened
from gongkai.core.staff import events


@dataclass(frozen=True, slots=True)
class PersonState:
    """Where somebody works, as what, and whether still."""

    sequence: int = 0
    agency: str | None = None
    roles: tuple[str, ...] = ()
    active: bool = False


def fold(happened: Iterable[Happened]) -> PersonState:
    """The state after these events, in order."""
    state = PersonState()
    for event in happened:
        state = replace(_after(state, event), sequence=event.sequence)
    return state


def _after(state: PersonState, event: Happened) -> PersonState:
    said = event.payload
    if event.kind == events.JOINED:
        return replace(state, agency=said["agency"], roles=tuple(said["roles"]), active=True)
    if event.kind == events.MOVED:
        return replace(state, agency=said["agency"])
    if event.kind == events.ROLES_SET:
        return replace(state, roles=tuple(said["roles"]))
    if event.kind in (events.LEFT, events.RETURNED):
        return replace(state, active=event.kind == events.RETURNED)
    return state
