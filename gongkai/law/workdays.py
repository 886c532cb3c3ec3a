"""Working days: Monday to Friday, save days off and days made up for."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days offices work.

    `off` are working days of the week that are holidays, `on` days of a weekend that are worked. `known`
    says that holidays are in it at all; else a page says 暂按双休日计算.
    """

    off: Set[date] = field(default_factory=frozenset)
    on: Set[date] = field(default_factory=frozenset)
    known: bool = False

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def after(self, day: date, working_days: int) -> date:
        """The working day that is so many of them after `day`, which itself is not counted."""
        while working_days > 0:
            day += _DAY
            working_days -= self.is_working(day)
        return day


WEEKENDS = WorkCalendar()
