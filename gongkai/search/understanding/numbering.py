"""Document numbers as people type them from memory: 栖政办发2023 7号, 栖政办2023年7号文, qzbf 2023 7. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from gongkai.search.understanding.syllables import initial, loose
from gongkai.text.keys import number_key
from gongkai.text.model import Span
from gongkai.text.numbers import canonical_order
from gongkai.text.numerals import to_int

_MANY = 400
_WITHOUT_CODE = 5
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零○九八七六五四三二一]{3}|(?<!\d)[012]\d(?=\s*年))"
_SERIAL = r"(?P<n>\d{1,4}|[一二三四五六七八九十百零〇]{1,5})"
_NOT_SERIAL = r"(?!\s*[月日年岁个元万亿人户次届周季类级%\d.])(?!\s*号(?:令|线|楼|院|公路|以|前|后))"
_TYPED = re.compile(
    rf"(?P<code>[一-鿿〇]{{1,16}}?|(?<![a-z])[a-z]{{2,8}}|)\s*(?:字|第)?\s*(?P<open>[〔\[【({{<〈「《]?)\s*(?P<y>{_YEAR})\s*年?\s*"
    rf"(?P<close>[〕\]】)}}>〉」》]?)[\s,，、:_/-]*(?P<mid>第|字第|字|年)?\s*{_SERIAL}{_NOT_SERIAL}\s*(?P<hao>号)?(?:\s*(?:文件|文))?"
)
_ORDER = re.compile(
    rf"(?P<who>[一-鿿]{{0,16}}?)(?<![命法责禁指口司手律])令\s*[(\[]?\s*(?:第|no\.?)?\s*{_SERIAL}(?![月日年岁个元万])\s*号?|"
    r"(?P<who2>[一-鿿]{0,16}?)第?(?P<n2>\d{1,4}|[一二三四五六七八九十百零〇]{1,5})号(?P<who3>[一-鿿]{0,8}?)令"
)
_CODE_ENDS = re.compile(r"[发字函规办告通批议公民复呈办府委]$")
_ASKING = re.compile(
    r"^(?:请|我|想|要|查|找|看|搜|一下|查询|查找|下载|关于|根据|有关|原|什么是|那个|文件|文号|发文字号|叫|的|是|:)+"
)
_ISSUED = re.compile(
    r"^(?P<code>.*?)〔(?P<y>\d{4})〕(?P<n>\d+)号$|^(?P<who>.*?)(?P<what>公告|令)(?:(?P<y2>\d{4})年)?第(?P<n2>\d+)号$"
)


class Numbers(Protocol):
    """What is asked of a vocabulary here."""

    def numbers(self, year: int, number: int) -> list[str]:
        """The document numbers of that year (nought for none) with that number."""

    def readings(self, char: str) -> tuple[str, ...]:
        """How a character may be read."""


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """A document number in a query: which papers' numbers it may be, the likeliest first, and where it stands."""

    keys: tuple[str, ...]
    source: Span


def year_and_number(canonical: str) -> tuple[int, int] | None:
    """The year (nought for an order without one) and the serial of a number in canonical form; None for any other text."""
    found = _ISSUED.match(canonical)
    if not found:
        return None
    return int(found["y"] or found["y2"] or 0), int(found["n"] or found["n2"])


def find_number(text: str, vocabulary: Numbers) -> NumberSeen | None:
    """The document number that `text` (folded, lower case) clearly holds, or None."""
    for match in _TYPED.finditer(text):
        if match["code"] or match["hao"]:
            seen = _issued(match, vocabulary)
            if seen:
                return seen
    return _order(text, vocabulary)


def _issued(match: re.Match[str], vocabulary: Numbers) -> NumberSeen | None:
    year, serial = to_int(match["y"]), to_int(match["n"])
    if year is None or serial is None:
        return None
    year += 2000 if year < 100 else 0
    code = match["code"].strip()
    issued = vocabulary.numbers(year, serial)
    known = _matching(code, issued, vocabulary)
    if known:
        keys, taken = known
        return NumberSeen(tuple(keys), (match.start() + match["code"].find(taken), match.end()))
    if not code:
        clearly = match["hao"] and (match["mid"] or match["open"] or match[0].endswith("文") or match[0] == match.string)
        return NumberSeen(tuple(issued), match.span()) if clearly and 0 < len(issued) <= _WITHOUT_CODE else None
    bare = _ASKING.sub("", code)
    marked = bool(match["hao"]) or bool(match["open"] and match["close"])
    if not bare or code.isascii() or not (_CODE_ENDS.search(bare) and (marked or bare[-1] in "发字函规办")):
        return None
    return NumberSeen((f"{bare}〔{year}〕{serial}号",), (match.start() + len(code) - len(bare), match.end()))


def _matching(code: str, issued: list[str], vocabulary: Numbers) -> tuple[list[str], str] | None:
    """The issued numbers whose code is, or may be, the end of what stands before the year; and that end."""
    codes = [(number, _ISSUED.match(number)["code"] or "") for number in issued if "〔" in number]  # type: ignore[index]
    for at in range(len(code) if not code.isascii() else min(1, len(code))):
        typed = code[at:]
        for fits in (_same, _sounds_same, _abbreviates):
            if found := [number for number, whole in codes if len(typed) > 1 and fits(typed, whole, vocabulary)]:
                return found, typed
    return None


def _same(typed: str, whole: str, _: Numbers) -> bool:
    return typed == whole


def _sounds_same(typed: str, whole: str, vocabulary: Numbers) -> bool:
    if typed.isascii():
        said = ["".join(r[:1]) for r in map(vocabulary.readings, whole)]
        whole_said = "".join(initial(syllables[0]) if syllables else "" for syllables in said)
        full = "".join((vocabulary.readings(c) or ("",))[0] for c in whole)
        return typed in (whole_said, full)
    heard = zip(typed, whole, strict=False)
    return len(typed) == len(whole) and all(a == b or _heard(a, vocabulary) & _heard(b, vocabulary) for a, b in heard)


def _heard(char: str, vocabulary: Numbers) -> set[str]:
    return set(map(loose, vocabulary.readings(char)))


def _abbreviates(typed: str, whole: str, _: Numbers) -> bool:
    """栖政办 for 栖政办发: one code's characters all stand in the other, in order, from the first; two may be left out."""
    short, long = sorted((typed, whole), key=len)
    rest = iter(long)
    return len(short) > 1 and short[0] == long[0] and len(long) - len(short) <= 2 and all(char in rest for char in short)


def _order(text: str, vocabulary: Numbers) -> NumberSeen | None:
    found = _ORDER.search(text)
    if not found:
        return None
    who = _ASKING.sub("", found["who"] or found["who3"] or found["who2"] or "")
    serial = to_int(found["n"] or found["n2"])
    if serial is None:
        return None
    if who:
        canonical = canonical_order(who, "令", None, str(serial))
        return NumberSeen((number_key(canonical),), found.span()) if canonical else None
    known = [number for number in vocabulary.numbers(0, serial) if "令" in number]
    return NumberSeen(tuple(known), found.span()) if 0 < len(known) <= _WITHOUT_CODE else None
