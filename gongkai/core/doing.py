"""Who does something, and when: what every action is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, and when. `actor` is a reference (`staff:12`, `command`), `today` the day in the office."""

    actor: str
    at: datetime
    today: date
