"""Dates as papers write them: 2023年7月31日, 二〇〇四年四月二十七日, 2026年 4月 20 日, 2023-07-31."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.text.model import Span
from gongkai.text.numerals import to_int

_Y = r"[12１２][\s]?[0-9０-９][\s]?[0-9０-９][\s]?[0-9０-９]|[一二][〇一二三四五六七八九零○OＯΟО◯\s]{3,6}"
_N = r"[0-9０-９][\s]?[0-9０-９]?|[一二三四五六七八九十][一二三四五六七八九十\s]{0,4}|廿[一二三四五六七八九]?"
WRITTEN = re.compile(rf"(?P<y>{_Y})\s*年\s*(?P<m>{_N})\s*月\s*(?P<d>{_N})\s*[日号曰]")
NUMERIC = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.．])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)")


@dataclass(slots=True, frozen=True)
class DateMention:
    """A date in a text. `day` is None when no such day exists (2023年2月30日)."""

    day: date | None
    written: str
    source: Span


def mentions(text: str, offset: int = 0, *, numeric: bool = False) -> Iterator[DateMention]:
    """Every date written in `text`, in order; spans are shifted by `offset`."""
    found = [*WRITTEN.finditer(text), *(NUMERIC.finditer(text) if numeric else ())]
    for match in sorted(found, key=lambda m: m.start()):
        yield DateMention(_day(match), match[0], (offset + match.start(), offset + match.end()))


def whole(text: str) -> DateMention | None:
    """The date that `text` consists of, brackets and blanks aside; None when it is more or less."""
    match = WRITTEN.search(text) or NUMERIC.search(text)
    if match is None:
        return None
    rest = (text[: match.start()] + text[match.end() :]).strip(" （）()[]")
    return None if rest else DateMention(_day(match), match[0], (match.start(), match.end()))


def parse(text: str) -> date | None:
    """The first date in `text`, or None."""
    match = WRITTEN.search(text) or NUMERIC.search(text)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (to_int(match[part]) for part in "ymd")
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
