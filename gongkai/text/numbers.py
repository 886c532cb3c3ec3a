"""Document numbers (发文字号): 栖政办发〔2023〕7号, 国令第707号, 国家税务总局公告2023年第5号.

Canonical form: six-corner brackets, no leading zero, no 第, no blanks (RULEBOOK E).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.text.blanks import squeeze
from gongkai.text.model import Span
from gongkai.text.numerals import NUMERAL, to_int

_YEAR = r"(?:19|20|１９|２０)[\s]?[0-9０-９][\s]?[0-9０-９]|[一二][〇一二三四五六七八九零○OＯ]{3}"
_CODE = r"[一-鿿A-Z][一-鿿A-Za-z、－-]{0,11}?|(?:[一-鿿]\s){2,9}[一-鿿]"
_BODY = r"(?:第\s*)?(?P<n>[0-9０-９][0-9０-９\s]{0,6}|[一二三四五六七八九十百〇零]{1,6})\s*号(?!令|线|楼|院|文件柜|公路)"
NUMBER = re.compile(rf"(?P<code>{_CODE})\s?[〔\[［【(（〈﹝<＜「]\s*(?P<y>{_YEAR})\s*(?:年)?\s*[〕\]］】)）〉﹞>＞」]\s*{_BODY}")
ORDER = re.compile(
    rf"(?P<who>[一-鿿、\s]{{1,40}}?)(?P<what>令|公告)\s*[（(]?\s*(?:(?P<y>(?:19|20)\d\d)\s*年?\s*)?第\s*"
    rf"(?P<n>[{NUMERAL}\s]{{1,8}}?)\s*号(?P<after>令)?"
)
ORDER_TAIL = re.compile(
    rf"^[（(]?\s*(?:(?P<y>(?:19|20)\d\d)\s*年?\s*)?第\s*(?P<n>[{NUMERAL}\s]{{1,8}}?)\s*号\s*(?P<after>令)?\s*[)）]?$"
)
REVERSED_ORDER = re.compile(rf"(?P<who>[一-鿿、\s]{{1,30}}?)第\s*(?P<n>[{NUMERAL}]{{1,6}})\s*号(?P<what>令)")
_STATE_COUNCIL = ("国务院", "中华人民共和国国务院", "国")
_LEAD = re.compile(r"^(?:根据|按照|依据|依照|执行|以及|和|与|及|见|原|即|参照|附件|文号|发文字号|文件编号|编号|号)+")


@dataclass(slots=True, frozen=True)
class NumberMention:
    """A document number in a text, in canonical form."""

    value: str
    source: Span


def mentions(text: str, offset: int = 0) -> Iterator[NumberMention]:
    """Every document number in `text`, in order; spans are shifted by `offset`."""
    for match in NUMBER.finditer(text):
        value, lead = _canonical(match)
        yield NumberMention(value, (offset + match.start() + lead, offset + match.end()))


def order_mentions(text: str, offset: int = 0) -> Iterator[NumberMention]:
    """Every order or announcement number (令第N号, 公告2023年第N号) in `text`."""
    for pattern in (ORDER, REVERSED_ORDER):
        for match in pattern.finditer(text):
            value = canonical_order(match["who"], match["what"], match.groupdict().get("y"), match["n"])
            if value:
                yield NumberMention(value, (offset + match.start(), offset + match.end()))


def whole(text: str) -> str | None:
    """The canonical number that `text` consists of, brackets aside, or None."""
    match = NUMBER.fullmatch(text.strip(" （）()").removeprefix("文号：")) or NUMBER.fullmatch(text.strip())
    if match:
        return _canonical(match)[0]
    order = ORDER.fullmatch(text.strip(" （）()"))
    return canonical_order(order["who"], order["what"], order["y"], order["n"]) if order else None


def normalise(text: str) -> str:
    """A number as people type it, in canonical form; what is no number comes back without blanks."""
    return whole(text) or squeeze(text)


def canonical_order(who: str, what: str, year: str | None, number: str) -> str | None:
    """`国务院` + `令` + 707 → 国令第707号; others keep their name: 公安部令第12号."""
    value = to_int(number)
    if value is None:
        return None
    names = squeeze(who).strip("、").replace("中华人民共和国", "")
    if what == "令" and names in _STATE_COUNCIL:
        names = "国"
    return f"{names}{what}{year or ''}{'年' if year else ''}第{value}号"


def _canonical(match: re.Match[str]) -> tuple[str, int]:
    code = squeeze(match["code"])
    lead = len(m[0]) if (m := _LEAD.match(code)) and len(m[0]) < len(code) else 0
    shift = _blank_aware(match["code"], lead)
    code = code[lead:].strip("（(、")
    return f"{code}〔{to_int(match['y'])}〕{to_int(match['n'])}号", shift


def _blank_aware(written: str, lead: int) -> int:
    """How many characters of `written` hold the first `lead` that are no blanks."""
    seen = 0
    for index, char in enumerate(written):
        if seen == lead:
            return index
        seen += not char.isspace()
    return len(written)
