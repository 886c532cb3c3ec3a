"""The history line of a law: when it was passed, approved, published and amended, and by what.

It stands in brackets under the title, or as lines of its own:
（1994年1月28日中华人民共和国国务院令第142号发布 根据2005年12月19日《国务院关于修改…的决定》第一次修订）
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gongkai.text import dates, numbers, organs
from gongkai.text.blanks import squeeze
from gongkai.text.markers import mark_of
from gongkai.text.model import Span

_ACT = re.compile(
    r"审议批准|修订通过|通过修订|批准修订|修订公布|修正公布|公布施行|发布施行|通过|批准|公布|发布|颁布|修订|修正|修改|施行|实施|执行|印发|制定"
)
_QUOTED = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
_ASSEMBLY = re.compile(
    r"(?P<who>[一-鿿]{2,12}?)第?[一二三四五六七八九十百\d]+届(?:全国)?(?P<body>人民代表大?会|人大)(?P<standing>常务委员会?|常委会)?"
)
_ACTOR = re.compile(
    r"(?P<who>[一-鿿、]{2,40}?)(?:令)?(?:(?:\d{4}年)?第\s*[\d一二三四五六七八九十百]+\s*(?:号|次)|审议|发布|公布|颁布|批准|通过|修订|修正)"
)
_ENDS = re.compile(rf"(?:{_ACT.pattern}|国务院|令|号|决定|会议|常务委员会|根据)$")
_EFFECTIVE_ONLY = {"施行", "实施", "执行"}
_LINE = re.compile(r"^[（(]?\s*(?:根据)?\s*(?:[12１２][\d０-９]{3}|[一二][〇一二三四五六七八九零○]{3})\s*年")


@dataclass(slots=True, frozen=True)
class Act:
    """One event of a text's life."""

    on: date | None
    act: str
    by: tuple[str, ...]
    number: str | None
    title: str | None
    source: Span

    @property
    def makes_text(self) -> bool:
        """Whether the event made the text, rather than merely brought it into force."""
        return self.act not in _EFFECTIVE_ONLY


def is_history(line: str) -> bool:
    """Whether a line opens the history of a law."""
    head = line[:400]
    if not _LINE.match(head) or (line.endswith(("。", "；")) and not line.startswith(("（", "("))):
        return False
    outside = _QUOTED.sub("", head).rstrip("）) ")
    if line.startswith(("（", "(")):
        return bool(_ACT.search(outside)) or "号" in outside
    return bool(_ENDS.search(outside)) and not re.search(r"[，：]", outside[11:])


def goes_on(line: str, *, begun: bool) -> bool:
    """Whether a line belongs to the history: it opens it, or, once begun, carries it on.

    Histories are often cut into lines in the middle of a name or a title.
    """
    if is_history(line) or (_LINE.match(line) and len(line) < 40 and not line.endswith("。")):
        return True
    if not begun or "。" in line or mark_of(line) or len(line) > 300 or line.startswith("目"):
        return False
    return bool(_ACT.search(line) or organs.split(line) or re.search(r"[届次]|会议|〈|〉|决定》", line)) and not line.endswith(
        ("：", ":")
    )


def of_lines(lines: list[tuple[str, int]]) -> list[Act]:
    """The events of history lines, given as (text, start); those of a date alone are left out."""
    text = "\n".join(line for line, _ in lines)
    return acts(text, lines[0][1])


def acts(text: str, offset: int = 0) -> list[Act]:
    """The events told by a history text, in its order; one event begins at each date outside quotes."""
    masked = _QUOTED.sub(lambda m: "□" * len(m[0]), text)
    starts = [m.source for m in dates.mentions(masked)]
    found = []
    for index, (start, end) in enumerate(starts):
        stop = starts[index + 1][0] if index + 1 < len(starts) else len(text)
        found.append(_act(text[start:stop], masked[start:stop], dates.parse(text[start:end]), offset + start))
    return [a for a in found if a is not None]


def _act(text: str, masked: str, on: date | None, offset: int) -> Act | None:
    verb = _ACT.search(masked)
    number = next((n.value for n in numbers.order_mentions(_after_date(masked))), None)
    if number is None:
        number = next((n.value for n in numbers.mentions(masked)), None)
    quoted = _QUOTED.search(text)
    changes = bool(quoted and re.search("修改|修订|修正", quoted[0]))
    if verb is None and number is None and not changes:
        return None
    title = squeeze(quoted[0]).strip("《》") if quoted else None
    if title is None and (named := re.search(r"关于(?:修改|修订|废止).{2,80}?的决定", text)):
        title = squeeze(named[0])
    verb, by = _approved_then_issued(masked, verb)
    orders = [m["who"] for m in numbers.ORDER.finditer(_after_date(masked))]
    if len(orders) > 1:  # 国家教育委员会令第10号、卫生部令第1号发布
        by = tuple(organs.canonical(n) for who in orders for n in organs.split(who.strip("、")))
    return Act(
        on, verb[0] if verb else "修正" if changes else "公布", by, number, title, (offset, offset + len(text.rstrip(" ）)")))
    )


def _approved_then_issued(masked: str, verb: re.Match[str] | None) -> tuple[re.Match[str] | None, tuple[str, ...]]:
    """`国务院批准 文化部 海关总署发布` on one day: who issued it made it."""
    if verb is not None and verb[0] == "批准":
        issued = re.compile(r"(?:发布|公布|颁布)").search(masked, verb.end())
        if issued and (names := organs.split(masked[verb.end() : issued.start()])):
            return issued, tuple(organs.canonical(n) for n in names)
    return verb, _actors(masked)


def _after_date(text: str) -> str:
    match = dates.WRITTEN.match(text)
    return text[match.end() :].lstrip() if match else text


def _actors(masked: str) -> tuple[str, ...]:
    several = organs.split(re.split(_ACT, _after_date(masked))[0])
    if len(several) > 1:
        return tuple(organs.canonical(n) for n in several)
    rest = squeeze(_after_date(masked)).lstrip("经由")
    if assembly := _ASSEMBLY.match(rest):
        place = "全国" if assembly["who"] == "全国" or "全国" in assembly[0] else assembly["who"]
        return (f"{place}人民代表大会{'常务委员会' if assembly['standing'] else ''}",)
    announced = re.match(r"([一-鿿]{2,10}人民代表大会(?:常务委员会)?)公告", rest)
    if announced:
        return (announced[1],)
    actor = _ACTOR.match(rest)
    names = [n.removesuffix("令").replace("中华人民共和国", "") for n in re.split(r"[、，]", actor["who"])] if actor else []
    return tuple(n for n in names if n and organs.is_organ(n))


def latest(found: list[Act]) -> Act | None:
    """The event that made the text as it stands: the last day on which it was passed or changed."""
    dated = [a for a in found if a.on is not None and a.makes_text]
    return max(dated, key=lambda a: a.on or date.min, default=None)


def maker(found: list[Act]) -> tuple[str, ...]:
    """Who made the text as it stands: whoever last passed, published or changed it.

    A body that merely approved is not its maker.
    """
    made = [a for a in found if a.by and a.makes_text and not a.act.startswith("批准") and "会议" not in "".join(a.by)]
    return max(made, key=lambda a: a.on or date.min).by if made else ()
