"""The working days of this government."""

from __future__ import annotations

from gongkai.law.workdays import WEEKENDS, WorkCalendar

PROVISIONAL = "暂按双休日计算"  # what a page says while no holidays are known


def work_calendar() -> WorkCalendar:
    """The calendar that every deadline is counted by; the one place that a table of holidays will be read."""
    return WEEKENDS
