"""Numbers written in characters and in digits are the same: 第十二条 = 第12条, 二〇二三年 = 2023年, 三岁 = 3岁. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from gongkai.text.formats.numbering import chinese
from gongkai.text.numerals import to_int

_UNIT = (
    "周岁|岁|年级|年|个月|月|日|天|小时|分钟|周|届|级|类|档|章|节|条|款|项|目|号|期|批|次|名|人|户|口|"
    "万元|亿元|元|万|亿|亩|公里|米|平方米|公斤|吨|倍|折|层|楼|家|所|岗|县|区|镇|村"
)
_NUMBER = "[0-9〇零一二两三四五六七八九十百千]"
_ANY_NUMBER = re.compile(_NUMBER)
_COUNTED = re.compile(rf"(?P<nth>第?)(?P<number>{_NUMBER}{{1,9}})(?P<unit>{_UNIT})")
_RUN = re.compile(rf"[第{_NUMBER[1:]}[第{_NUMBER[1:]}*(?:{_UNIT})")
"""What can hold something counted, told by its first character: that is quick to look for. `_DAY` begins so too."""
_DAY = re.compile(rf"(?P<y>{_NUMBER}{_NUMBER}{{3}}) ?[年 ] ?(?P<m>{_NUMBER}{{1,3}}) ?[月 ] ?(?P<d>{_NUMBER}{{1,3}})(?![0-9])")
_YEAR = re.compile("[一二][〇零一二三四五六七八九]{3}")
_MOST_SPELLINGS = 4


def counted(spaced: str) -> Iterator[str]:
    """The numbers and days of a folded text in one form each, to be indexed beside its words.

    >>> list(counted("第十二条 满三周岁 二〇二三年七月一日"))
    ['第12条', '3周岁', '2023年', '7月', '1日', '2023-07-01']
    """
    for run in _RUN.findall(spaced):
        for nth, number, unit in _COUNTED.findall(run):
            if (value := _value(number)) is not None:
                yield f"{nth}{value}{unit}"
    for year, month, day in _DAY.findall(spaced):
        yield from _day(_value(year), _value(month), _value(day))


def spellings(tight: str) -> list[str]:
    """A folded phrase as it may be written: as it is, its numbers in digits, its numbers in characters.

    >>> spellings("第12条"), spellings("二〇二三年"), spellings("补助")
    (['第12条', '第十二条'], ['二〇二三年', '2023年'], ['补助'])
    """
    if not _ANY_NUMBER.search(tight):
        return [tight]
    digits = _YEAR.sub(lambda match: _digits(match[0]), _COUNTED.sub(lambda match: _counted_as(match, _digits), tight))
    characters = _COUNTED.sub(lambda match: _counted_as(match, _characters), tight)
    years = re.sub(r"(?<![0-9])(?:19|20)\d\d(?![0-9])", lambda match: _characters(match[0]), characters)
    return list(dict.fromkeys([tight, digits, characters, years]))[:_MOST_SPELLINGS]


def _counted_as(match: re.Match[str], form: Callable[[str], str]) -> str:
    return f"{match['nth']}{form(match['number'])}{match['unit']}"


@lru_cache(1 << 16)
def _value(number: str) -> int | None:
    return to_int(number)


def _digits(number: str) -> str:
    value = _value(number)
    return number if value is None else str(value)


def _characters(number: str) -> str:
    if not number.isdecimal() or len(number) > 4:
        return number
    if len(number) == 4 and number[0] in "12":
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in number)
    return chinese(int(number)) if number[0] != "0" else number


def _day(year: int | None, month: int | None, day: int | None) -> Iterator[str]:
    if year and month and day and 1900 <= year <= 2100 and month <= 12 and day <= 31:
        yield f"{year}-{month:02}-{day:02}"
