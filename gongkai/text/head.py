"""The head of a paper: red head, number, title, history, addressees; where the body begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.text import dates, history, kinds, numbers, organs
from gongkai.text.blanks import squeeze
from gongkai.text.compose import Line
from gongkai.text.markers import mark_of
from gongkai.text.model import Found, Span

MAX_LINES = 60
_RED_HEAD = re.compile(r"^(?P<who>.{2,60}?)\s*(?:文\s*件)(?:\s*[（(].{1,12}[)）])?$")
_ORDER_HEAD = re.compile(r"^(?P<who>[一-鿿、\s]{2,60}?)\s*(?P<what>令|公\s*告|命\s*令)\s*$")
_PARTIAL_NUMBER = re.compile(r"^(?:第\s*)?[\d０-９]+\s*号$")
_REGISTRATION = re.compile(
    r"^(?:规范性文件)?(?:登记|备案|统一)?(?:编)?号?[：:]?\s*[A-Z]{2,8}\s?[-—－–]?\s?(?:19|20)\d\d[\s\d—－–-]{1,16}$"
)
_SECRECY = re.compile(r"^(?:绝密|机密|秘密|内部)\s*(?:★.*)?$|^(?:特急|加急|急件|平急)$|^\d{6}$|^签发人[：:].*$|^★.*$|^份号|^密级")
_PORTAL_LINE = re.compile(
    r"^(?:【?(?:发布(?:时间|日期|机构)|发表时间|成文日期|来源|信息来源|浏览|字号|字体|作者|索引号|主题分类|公开方式|有效性|日期|时间|文号|发文字号|"
    r"发文机关|标题|主题词|关键词|分类|编辑|名称|title|source|meta)】?\s*[：:])",
    re.I,
)
_ADDRESSEE_WORD = re.compile(
    r"人民政府|各|局|部门|单位|委|办|院|公司|代表|同志|学校|企业|街道|社区|厅|政府|中心|园|会|处|站|所|团|家长|居民|市民|你|个人|机构"
)
_NO_ADDRESSEE = re.compile(
    r"如下|下列|以下|通知[：:]|公告[：:]|通告[：:]|公布[：:]|包括|如何|问[：:]|答[：:]|根据|按照|一是|为了|附件|电话|地址|抄送|主送|联系人|时间|要求|提示|条件[：:]|材料[：:]"
)
_TOC = re.compile(r"^目\s*[录次]$")
_SIGNER = re.compile(r"\s*签发人[：:].*$")
_INLINE_NUMBER = re.compile(r"\s+(?=[（(]?[一-鿿A-Z]{1,12}\s?[〔\[［【]\s*(?:19|20)\d\d\s*[〕\]］】]\s*第?\s*\d+\s*号\s*[)）]?$)")


@dataclass(slots=True)
class Head:
    """What the head says. Line indexes point into `Paper.lines`."""

    title: Found[str] | None = None
    number: Found[str] | None = None
    numbers: list[Found[str]] = field(default_factory=list)
    red_head: Found[list[str]] | None = None
    red_head_ends: int = 0
    order_by: list[str] = field(default_factory=list)
    is_order: bool = False
    addressees: Found[str] | None = None
    bracket_date: dates.DateMention | None = None
    acts: list[history.Act] = field(default_factory=list)
    body_at: int = 0


def read_head(lines: list[Line]) -> Head:
    """The head of the paper whose lines these are."""
    head = Head()
    title_lines: list[Line] = []
    index = 0
    for index, line in enumerate(lines[:MAX_LINES]):
        if _take(head, line, title_lines, lines, index):
            continue
        head.body_at = index
        break
    else:
        head.body_at = min(len(lines), MAX_LINES)
    _join_order(head, lines)
    if title_lines:
        head.title = join_title(_best_run(title_lines))
    _take_addressees(head, lines, title_lines)
    _take_history(head, lines)
    return head


def _take(head: Head, line: Line, title_lines: list[Line], lines: list[Line], index: int) -> bool:
    """Put one line of the head where it belongs; False where the body begins."""
    text = line.text
    if _SECRECY.match(text) or _REGISTRATION.match(text) or (_PORTAL_LINE.match(text) and len(text) < 120):
        return True
    if title_lines and len(text) > 6 and _repeats(text, title_lines):
        return True  # the page's heading and then the paper's own title
    if _take_number(head, line, title_lines):
        return True
    if head.red_head is None and (found := _red_head(lines, index)):
        head.red_head, head.red_head_ends = found
        return True
    if index < head.red_head_ends:
        return True
    if not title_lines and (match := _ORDER_HEAD.match(text)) and (who := organs.split(match["who"])):
        head.is_order, head.order_by = True, who
        return True
    if not title_lines and organs.split(text) and not kinds.ends_strong(squeeze(text)) and _red_head_alone(lines, index):
        head.red_head = Found(organs.split(text), 0.8, line.span(), "red head")
        return True
    return _take_title(line, title_lines)


def _take_title(line: Line, title_lines: list[Line]) -> bool:
    if _starts_body(line, title_lines):
        return False
    if title_lines and kinds.is_complete(squeeze("".join(t.text for t in title_lines))) and not _belongs_to_title(line):
        return False
    if title_lines and title_lines[-1].block.kind == "heading" and line.block.kind != "heading":
        return False
    title_lines.append(line)
    return True


def _red_head(lines: list[Line], index: int) -> tuple[Found[list[str]], int] | None:
    """A red head (…文件) that begins at this line, broken or with several organs one under another."""
    for count in range(1, 6):
        run = lines[index : index + count]
        if len(run) < count or len(run[-1].text) > 40:
            return None
        for joint in (" ", ""):
            match = _RED_HEAD.match(joint.join(line.text for line in run))
            who = organs.split(match["who"]) if match else []
            if who:
                return Found(who, 0.95, (run[0].start, run[-1].end), "red head"), index + count
    return None


def _repeats(text: str, title_lines: list[Line]) -> bool:
    title, line = (re.sub("[《》〈〉<>]", "", squeeze(t)) for t in ("".join(t.text for t in title_lines), text))
    wraps = title_lines[0].block.kind == "heading" and title in line and len(line) < len(title) + 40 and kinds.ends_strong(line)
    return line in title or wraps


def _red_head_alone(lines: list[Line], index: int) -> bool:
    """An organ's name above the number is the head of a letter (函), not the first line of the title."""
    following = [line.text for line in lines[index + 1 : index + 3]]
    return any(numbers.whole(_SIGNER.sub("", t)) for t in following[:1])


def _take_number(head: Head, line: Line, title_lines: list[Line]) -> bool:
    text = _SIGNER.sub("", line.text)
    value = numbers.whole(text)
    if value is None and title_lines and (cut := _INLINE_NUMBER.search(text)):
        value = numbers.whole(text[cut.end() :])
        if value is not None and not numbers.whole(text[: cut.start()]):
            title_lines.append(Line(line.start, line.start + cut.start(), text[: cut.start()], line.block))
            head.numbers.append(Found(value, 0.9, line.span(cut.end()), "head"))
            return True
    if value is not None and value.endswith("号") and ("〔" in value or "令第" in value or "公告" in value):
        head.numbers.append(Found(value, 0.98, line.span(0, len(text)), "head"))
        if "令第" in value and (match := numbers.ORDER.match(text)):
            head.is_order, head.order_by = True, organs.split(match["who"]) or head.order_by
        return True
    pair = list(numbers.mentions(text)) if len(text) < 60 else []
    if pair and not re.sub(r"[\s，、；;]", "", _without(text, [n.source for n in pair])):
        head.numbers += [Found(n.value, 0.95, (line.start + n.source[0], line.start + n.source[1]), "head") for n in pair]
        return True
    return head.is_order and bool(_PARTIAL_NUMBER.match(text) or numbers.ORDER_TAIL.match(text))


def _without(text: str, spans: list[Span]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


def _starts_body(line: Line, title_lines: list[Line]) -> bool:
    text = line.text
    if line.block.kind == "row" or _TOC.match(text) or is_addressees(text) or history.is_history(text):
        return True
    if dates.whole(text) or text.startswith(("附件", "附：")):
        return True
    mark = mark_of(text)
    if mark is not None and (title_lines or line.block.kind != "heading"):
        return True
    plain = re.sub(r"《.*?》|“.*?”", "", text)
    if "。" in plain or "；" in plain:
        return True
    return len(text) > 60 and ("，" in plain or "：" in plain) and "关于" not in plain[:40]


def _belongs_to_title(line: Line) -> bool:
    """After a complete title only its stage in brackets may follow."""
    return bool(re.fullmatch(r"[（(][^（()）]{1,20}[)）]", line.text)) and not dates.whole(line.text)


def is_addressees(text: str) -> bool:
    """Whether a line names who the paper is sent to: 各镇人民政府，市政府各部门："""
    if not text.endswith(("：", ":")) or not 2 < len(text) < 400 or "。" in text:
        return False
    if organs.split(text[:-1]):
        return True
    return bool(_ADDRESSEE_WORD.search(text)) and not _NO_ADDRESSEE.search(text)


def _best_run(title_lines: list[Line]) -> list[Line]:
    """Of the lines that may be the title, those that look most like one."""
    headings = [t for t in title_lines if t.block.kind == "heading"]
    if headings:
        first = title_lines.index(headings[0])
        above = [t for t in title_lines[:first] if organs.split(t.text)]
        return [*above, *headings] if headings[0].text.startswith(("关于", "印发", "转发")) else headings
    about = [i for i, t in enumerate(title_lines) if "关于" in t.text]
    if about and about[0] > 0 and not organs.of_title(title_lines[about[0]].text)[0]:
        start = about[0]
        while start > 0 and organs.split(title_lines[start - 1].text):
            start -= 1
        return title_lines[start:] if start < about[0] or _is_noise(title_lines[0].text) else title_lines
    return title_lines[about[0] :] if about and about[0] > 0 and organs.of_title(title_lines[about[0]].text)[0] else title_lines


def _is_noise(text: str) -> bool:
    return len(squeeze(text)) < 4 or not re.search("[一-鿿]{2}", text)


def join_title(title_lines: list[Line]) -> Found[str]:
    """The lines of a title as one: blanks gone, save between the names of joint organs."""
    text = " ".join(line.text for line in title_lines).strip()
    value = tidy_title(text)
    sure = 0.97 if kinds.is_complete(value) else 0.75
    if any(line.block.kind == "heading" for line in title_lines):
        sure = max(sure, 0.9)
    return Found(value, sure, (title_lines[0].start, title_lines[-1].end), "title")


def tidy_title(text: str) -> str:
    """A title without stray blanks: 国 家 粮 食 应 急 预 案 → 国家粮食应急预案."""
    text = re.sub(r"^[*#\s]+|[*#\s]+$", "", text)
    parts = text.split()
    about = next((i for i, p in enumerate(parts) if re.match(r"关于|印发|转发|批转|公布|发布", p)), None)
    names = organs.split(" ".join(parts[:about])) if about else []
    if not names:
        inside, length = organs.of_title(text)
        if len(inside) > 1 and " " in text[:length]:
            return _joint(text[:length], inside) + squeeze(text[length:])
        return _squeeze_title(text)
    rest = _squeeze_title(" ".join(parts[about:]))
    return _joint(" ".join(parts[:about]), names) + rest


def _joint(written: str, names: list[str]) -> str:
    """The names of joint organs with the mark the paper sets between them."""
    if "、" in written or "等" in written:
        return squeeze(written)
    return " ".join(names)


def _squeeze_title(text: str) -> str:
    """Blanks go, save between two Latin words."""
    return re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z0-9])", "", text)


def _join_order(head: Head, lines: list[Line]) -> None:
    """国务院令 on one line and 第707号 on the next are one number."""
    if not head.is_order or any("令" in n.value or "公告" in n.value for n in head.numbers):
        return
    for index, line in enumerate(lines[: head.body_at]):
        match = _ORDER_HEAD.match(line.text)
        if not match:
            continue
        for after in lines[index + 1 : min(index + 3, head.body_at)]:
            tail = numbers.ORDER_TAIL.match(after.text)
            if tail:
                what = "公告" if "告" in match["what"] else "令"
                value = numbers.canonical_order(match["who"], what, tail["y"], tail["n"])
                if value:
                    head.numbers.append(Found(value, 0.97, (line.start, after.end), "head"))
                    return


def _take_addressees(head: Head, lines: list[Line], title_lines: list[Line]) -> None:
    if head.body_at >= len(lines) or not is_addressees(lines[head.body_at].text):
        return
    line = lines[head.body_at]
    if line in title_lines or mark_of(line.text):
        return
    value = re.sub(r"\s+", "", line.text.rstrip("：:")) if " " not in line.text else line.text.rstrip("：:")
    head.addressees = Found(value, 0.95, line.span(0, len(line.text) - 1), "addressees")
    head.body_at += 1


def _take_history(head: Head, lines: list[Line]) -> None:
    """History lines directly under the title, or one date that stands there alone."""
    at = head.body_at
    run: list[Line] = []
    while at < len(lines) and history.goes_on(lines[at].text, begun=bool(run)):
        run.append(lines[at])
        at += 1
    if run and (found := history.of_lines([(line.text, line.start) for line in run])):
        head.acts, head.body_at = found, at
        return
    at = head.body_at
    if at < len(lines) and (found_day := dates.whole(lines[at].text)):
        head.bracket_date = dates.DateMention(found_day.day, found_day.written, lines[at].span(*found_day.source))
        head.body_at = at + 1
