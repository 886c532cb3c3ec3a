"""What a paper does to others, and what it rests on, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.text import dates, history, numbers
from gongkai.text.blanks import squeeze
from gongkai.text.compose import Line
from gongkai.text.markers import mark_of
from gongkai.text.model import Relation, RelationKind

_TITLE = r"《(?:[^《》]|《[^《》]*》)*》"
_REF = re.compile(rf"(?P<title>{_TITLE})(?:\s*[（(](?P<paren>[^（()）]*(?:[（(][^（()）]*[)）][^（()）]*)*)[)）])?")
_REPEAL_AFTER = re.compile(
    r"(?:同时|一并|即行|相应|自行|随之|均|予以|现)?(?:废\s*止|失\s*效|停止执行|停止施行|不再执行|不再施行|宣布失效)"
)
_REPEAL_BEFORE = re.compile(r"(?:废止|宣布失效|停止执行|取代|代替|替代)[：:]?\s*(?:原)?\s*$")
_AMENDED = re.compile(
    r"^[^。；《》]{0,40}?(?:(?:作(?:出)?|进行)(?:如下|以下)(?:修改|修订|修正|调整)|(?:修改|修订|调整|修正)为|删去|修改如下|修订如下)"
)
_AMEND_AFTER = re.compile(
    r"^(?:中?的?第[一二三四五六七八九十百\d]+条|部分条款|部分内容|有关条款)?[^。；，《》]{0,12}(?:作(?:出)?(?:如下|以下)|进行如下)(?:修改|修订|修正|调整)"
)
_AMEND_BEFORE = re.compile(r"(?:对|将|决定)\s*$")
_ORDER = ("repeals", "amends", "interprets", "forwards", "implements", "based_on")
_OWN_BASIS = re.compile(r"本[一-鿿]{1,6}(?:根据|依据|依照|按照)|(?:根据|依据)[^。]*?(?:制定|编制|修订)本")
_BASIS_FIRST = re.compile(r"根据|依据|依照|按照|遵照")
_CARRY_OUT = re.compile(r"(?:贯彻落实|贯彻实施|贯彻执行|贯彻|落实|实施|执行)(?:好)?[^。；，《》]{0,30}$")
_FORWARD = re.compile(r"(?:转发|批转)[^。；，《》]{0,30}$")
_TITLE_FORWARD = re.compile(r"(?:转发|批转)(?P<what>.+?)的?通知$")
_TITLE_AMEND = re.compile(
    rf"关于(?:修改|修订|修正|调整)(?:部分)?(?P<what>{_TITLE}|(?<!调整)[^《》]{{4,80}}?(?:条例|办法|规定|细则|规则|章程|方案|制度))(?:的|部分|有关|等)"
)
_TITLE_REPEAL = re.compile(rf"关于(?:公布)?(?:废止|宣布失效|停止执行)(?P<what>{_TITLE}|[^《》]{{4,80}}?)(?:的|等)")
_TITLE_REPEAL_LIST = re.compile(r"废止|失效|清理结果|停止执行")
_INTERPRET = re.compile(
    rf"(?P<what>{_TITLE}).{{0,12}}(?:政策)?(?:解读|解释说明|问答)|(?:解读|一图读懂|图解).{{0,6}}(?P<what2>{_TITLE})"
)
_KEEP = re.compile(r"继续有效|保留|现行有效")


class _Found:
    """Relations by what they name, so that a second mention of the same paper adds only its number."""

    def __init__(self, own_number: str | None) -> None:
        self._own = own_number
        self._by_name: dict[tuple[str, str], Relation] = {}

    def add(self, relation: Relation) -> None:
        names = [squeeze(n) for n in (relation.document_number, relation.title) if n]
        if relation.on and relation.act:
            names = [f"{relation.on} {relation.act}"]
        elif relation.document_number == self._own is not None or not any(len(n) > 4 for n in names):
            return
        known = next((self._by_name[relation.kind, n] for n in names if (relation.kind, n) in self._by_name), None)
        if known is None or (known.document_number is None and relation.document_number):
            self._by_name.update({(relation.kind, n): relation for n in names})

    def all(self) -> list[Relation]:
        unique = {id(r): r for r in self._by_name.values()}.values()
        return sorted(unique, key=lambda r: _ORDER.index(r.kind))


def read_relations(lines: Sequence[Line], title: str, acts: Sequence[history.Act], own_number: str | None) -> list[Relation]:
    """All relations the paper states, each once, repeals first."""
    found = _Found(own_number)
    for relation in _from_title(title):
        found.add(_interpreted(relation, lines) if relation.kind == "interprets" else relation)
    for act in acts:
        if act.title or act.number:
            day = act.on.isoformat() if act.on else None
            found.add(Relation("based_on", act.title, act.number, act.source, act.act, day))
    for line, opening in _with_opening(lines):
        if "《" in line.text or "〔" in line.text:
            for relation in _from_line(line, opening=opening):
                found.add(relation)
    if _TITLE_REPEAL_LIST.search(title) and not re.search("通知》|办法》", title):
        for relation in _from_table(lines):
            found.add(relation)
    return found.all()


def _with_opening(lines: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether it stands where papers name their grounds.

    That is the text before the first clause, the first two articles, and the lead of an
    instrument that the paper prints.
    """
    opening, since = True, 0
    for line in lines:
        mark = mark_of(line.text)
        if dates.whole(line.text):  # below the signature an instrument may begin
            opening, since = True, 0
        elif mark is not None and mark.kind == "article":
            opening = mark.key in ("1", "2")
        elif mark is not None and mark.kind not in ("chapter", "book", "part"):
            opening = False
        elif len(line.text) > 30:
            since += 1
            opening = opening and since <= 6
        yield line, opening or bool(_OWN_BASIS.search(line.text))


def _from_title(title: str) -> Iterator[Relation]:
    if match := _INTERPRET.search(title):
        yield Relation("interprets", _bare(match["what"] or match["what2"]), None, None)
        return
    if match := _TITLE_FORWARD.search(title):
        yield Relation("forwards", _bare(match["what"]), None, None)
    if (match := _TITLE_AMEND.search(title)) and not re.search("印发|转发", title):
        yield Relation("amends", _bare(match["what"]), None, None)
    if (match := _TITLE_REPEAL.search(title)) and "《" in match["what"]:
        yield Relation("repeals", _bare(match["what"]), None, None)


def _interpreted(relation: Relation, lines: Sequence[Line]) -> Relation:
    """The interpreted paper as the text cites it, with its number."""
    for line in lines[:12]:
        for ref in _REF.finditer(line.text):
            if relation.title and relation.title in _bare(ref["title"]) and _number(ref):
                return Relation("interprets", _bare(ref["title"]), _number(ref), line.span(ref.start(), ref.end()))
    return relation


def _bare(text: str) -> str:
    return squeeze(text).removeprefix("《").removesuffix("》")


def _from_line(line: Line, *, opening: bool) -> Iterator[Relation]:
    text = line.text
    for sentence in re.finditer(r"[^。；]+[。；]?", text):
        part = sentence[0]
        refs = list(_REF.finditer(part))
        repeal_at = _repeal_position(part, refs)
        for index, ref in enumerate(refs):
            kind = _kind(part, refs, index, repeal_at)
            if kind is None or (kind in ("based_on", "implements", "forwards") and not opening):
                continue
            start = line.start + sentence.start()
            source = (start + ref.start(), start + ref.end())
            on = _repealed_on(part, refs, repeal_at) if kind == "repeals" else None
            yield Relation(kind, _bare(ref["title"]), _number(ref), source, on=on)
        yield from _numbers_only(part, line.start + sentence.start())


def _number(ref: re.Match[str]) -> str | None:
    inside = ref["paren"] or ""
    mentions = [*numbers.mentions(inside), *numbers.order_mentions(inside)]
    return mentions[0].value if mentions else None


def _repeal_position(part: str, refs: list[re.Match[str]]) -> int | None:
    """Where the sentence says that what was named before is repealed."""
    masked = _REF.sub(lambda m: "□" * len(m[0]), part)
    last = None
    for match in _REPEAL_AFTER.finditer(masked):
        if refs and match.start() >= refs[0].end() - 1 and "□" in masked[: match.start()]:
            last = match.start()
    return last


def _repealed_on(part: str, refs: list[re.Match[str]], repeal_at: int | None) -> str | None:
    """The day from which a repeal holds, where it has a day of its own: 《…》自2024年1月1日起废止."""
    if repeal_at is None:
        return None
    first, last = refs[0].start(), max(ref.end() for ref in refs if ref.end() <= repeal_at)
    for mention in (*dates.mentions(part[last:repeal_at], last), *dates.mentions(part[:first])):
        start, end = mention.source
        leads = (
            re.fullmatch(r"(?:之日)?起[，,]?(?:现行的?|原)?", part[end:first]) if end <= first else part[end : end + 1] == "起"
        )
        if mention.day and leads and part[start - 1 : start] in ("自", "从"):
            return mention.day.isoformat()
    return None


def _kind(part: str, refs: list[re.Match[str]], index: int, repeal_at: int | None) -> RelationKind | None:
    ref = refs[index]
    before = part[: ref.start()]
    between = part[refs[index - 1].end() : ref.start()] if index else before
    after = part[ref.end() :]
    if repeal_at is not None and ref.end() <= repeal_at and _repealed(part, refs, index, repeal_at):
        return "repeals"
    if _REPEAL_BEFORE.search(before) or (index and _continues_list(between) and _REPEAL_BEFORE.search(part[: refs[0].start()])):
        return "repeals"
    if _AMEND_AFTER.match(after) or (_AMEND_BEFORE.search(before) and _AMENDED.match(after)):
        return "amends"
    if _FORWARD.search(between):
        return "forwards"
    if _BASIS_FIRST.search(before) and _in_basis(before):
        return "based_on"
    if _CARRY_OUT.search(between) or (index and _continues_list(between) and _CARRY_OUT.search(part[: refs[0].start()])):
        return "implements"
    return None


def _repealed(part: str, refs: list[re.Match[str]], index: int, repeal_at: int) -> bool:
    """Every title of the list that ends at the repeal counts; one in an earlier clause does not."""
    for number in range(index, len(refs)):
        end = refs[number].end()
        stop = refs[number + 1].start() if number + 1 < len(refs) else repeal_at
        gap = part[end:stop]
        if stop >= repeal_at:
            return (
                not re.search(r"施行前|之前|的规定|所列|第[一二三四五六七八九十\d]+条", gap)
                or "同时" in gap
                or bool(re.search(r"第[^，]{1,12}条", gap)) is False
            )
        if not _continues_list(gap):
            return False
    return False


def _continues_list(gap: str) -> bool:
    return bool(
        re.fullmatch(
            r"[\s、，,和及与以]{0,4}(?:\d{4}年[^，。]{0,40}(?:发布|公布|颁布|颁发|批准|印发|下发|通过|施行|实施|修订|修正|转发|制定)的?|原?[一-鿿、]{0,30}(?:发布|公布|印发|制定|批准)?的?|《?)[\s、，,]*",
            gap,
        )
    )


def _in_basis(before: str) -> bool:
    """Whether the 根据 that opened still governs: no verb has closed it."""
    last = max(before.rfind(word) for word in ("根据", "依据", "依照", "按照", "遵照"))
    since = re.sub(_TITLE, "", before[last:])
    if re.search("施行前|实施前|印发前", before):
        return False
    return not re.search(r"要求|精神，|规定，|制定|结合|现将|，经", since) and len(since) < 120


def _numbers_only(part: str, offset: int) -> Iterator[Relation]:
    """`原青政办发〔2013〕5号文件同时废止`: a number without its title."""
    if not re.search(r"废止|停止执行", part):
        return
    masked = _REF.sub(lambda m: "□" * len(m[0]), part)
    for match in re.finditer(
        r"原?(?P<n>[一-鿿]{1,10}[〔\[]\d{4}[〕\]]\d+号)(?:文件?|文)?[^，。；《]{0,6}?(?:同时|即行)?(?:废止|停止执行)", masked
    ):
        for found in numbers.mentions(match["n"].removeprefix("原")):
            yield Relation("repeals", None, found.value, (offset + match.start("n"), offset + match.end("n")))


def _from_table(lines: Sequence[Line]) -> Iterator[Relation]:
    """Rows of a list of repealed papers: a title and a number in their own cells."""
    keep, act = False, None
    for line in lines:
        if line.block.kind != "row":
            if len(line.text) < 60 and re.search(r"目录|清单|文件", line.text):
                keep = bool(_KEEP.search(line.text)) and not re.search("废止|失效", line.text)
                act = "宣布失效" if "失效" in line.text and "废止" not in line.text else None
            continue
        if keep or _KEEP.search(line.text):
            continue
        cells = [c.text for c in line.block.cells]
        number = next((numbers.whole(c) for c in cells if numbers.whole(c)), None)
        title = max((c for c in cells if numbers.whole(c) is None), key=len, default="")
        if number and len(title) >= 6:
            yield Relation("repeals", _bare(title), number, line.span(), act)
