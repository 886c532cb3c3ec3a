"""How days, moments and numbers are written on a page."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

_PHRASES = re.compile(r"(?=《)|(?<=》)|(?<=[局府室会厅院部心司委])(?=关于)|(\s)\s*")
_WEEKDAYS = "一二三四五六日"


def day(value: date | None, *, weekday: bool = False) -> str:
    """2026年11月20日, with （星期五） where a deadline is meant; '' for none."""
    if value is None:
        return ""
    written = f"{value.year}年{value.month}月{value.day}日"
    return f"{written}（星期{_WEEKDAYS[value.weekday()]}）" if weekday else written


def moment(value: datetime | None) -> str:
    """2026年11月20日 09:05 in the office's time; '' for none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


def stamp(value: datetime | None) -> str:
    """2026-11-20 09:05 in the office's time, as the head of a page tells it; '' for none."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def count(value: int) -> str:
    """12,345"""
    return f"{value:,}"


def phrases(title: str) -> list[str]:
    """A title in the pieces between which a line may best be broken: organ, verb, quoted name, kind; blanks apart."""
    return [part for part in _PHRASES.split(title) if part]
