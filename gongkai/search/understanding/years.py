"""Years and days that a query speaks of: 去年, 2023年, 二〇二三, 近三年. Pure; today comes from the caller."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.text.numerals import to_int

_FIRST, _LAST = 1949, 2100
_SAID = {"今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2, "大前年": -3, "明年": 1}
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零○九八七六五四三二一]{3})"
_PATTERN = re.compile(
    rf"(?P<from>{_YEAR})\s*年?\s*(?:[-—~至到]|到)+\s*(?P<until>{_YEAR})\s*年?"
    rf"|(?P<y>{_YEAR})\s*(?P<nian>年度?)?(?:(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月(?:份)?)?"
    r"|(?P<short>(?<!\d)[012]\d)年(?!以|内|前|后|期|龄|来|级)"
    r"|(?:近|最近|这)(?P<few>\d|[一二两三四五六七八九十])年"
    r"|(?P<said>大前年|本年度|上一年|今年|本年|去年|上年|前年|明年)"
    r"|(?P<month>这个月|本月|上个月|上月)|(?P<recent>最近|最新|近期)"
)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from and until which papers may be asked for, as the query's own words say; both days are in it."""

    said: str
    from_on: date
    until_on: date


def ranges(text: str, today: date) -> list[DateRange]:
    """Every stretch of time that `text` (folded) speaks of, in order; a year needs 年 beside it or to stand alone."""
    return [r for match in _PATTERN.finditer(text) if (r := _range(match, text, today))]


def _range(match: re.Match[str], text: str, today: date) -> DateRange | None:
    if match["recent"]:
        return DateRange(match[0], today - timedelta(days=365), today) if match[0] != "最新" else None
    if match["month"]:
        end = today if match["month"] in ("这个月", "本月") else today.replace(day=1) - timedelta(days=1)
        return DateRange(match[0], end.replace(day=1), _month(end.year, end.month)[1])
    if match["few"]:
        return DateRange(match[0], date(today.year - (to_int(match["few"]) or 1) + 1, 1, 1), today)
    first, last = next(_years(match, today), (0, 0))
    if not (_FIRST <= first <= last <= _LAST) or not _stands_as_year(match, text):
        return None
    if month := to_int(match["m"] or ""):
        return DateRange(match[0], *_month(first, month))
    return DateRange(match[0], date(first, 1, 1), date(last, 12, 31))


def _years(match: re.Match[str], today: date) -> Iterator[tuple[int, int]]:
    if match["from"]:
        yield to_int(match["from"]) or 0, to_int(match["until"]) or 0
    elif match["y"]:
        yield (to_int(match["y"]) or 0,) * 2
    elif match["short"]:
        yield (2000 + int(match["short"]),) * 2
    elif match["said"]:
        yield (today.year + _SAID[match["said"]],) * 2


def _stands_as_year(match: re.Match[str], text: str) -> bool:
    """A bare number is a year only as a word of its own: 2023 补贴, not 12023 or 2023元."""
    if not match["y"] or match["nian"]:
        return True
    before, after = text[: match.start()], text[match.end() :]
    return not re.search(r"[\d.a-z]$", before) and not re.match(r"[\d.a-z元号万人户条款亩吨]", after)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
