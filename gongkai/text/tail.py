"""The end of a paper: signature and date, note in brackets, attachments, imprint (抄送, 印发)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.text import dates, organs
from gongkai.text.blanks import squeeze
from gongkai.text.compose import Line
from gongkai.text.model import Attachment, Found
from gongkai.text.numerals import to_int

_PRINTED = re.compile(
    r"^(?P<who>[一-鿿（）()、\s]{2,40}?)?\s*(?P<date>(?:[12]\d\s?\d\s?\d|[一二][〇一二三四五六七八九零○]{3})\s*年.*?[日号])\s*印\s*[发制]$"
)
_COPIES = re.compile(r"^(?:抄\s*送|抄\s*报|分\s*送|主\s*送)\s*[：:]\s*(?P<who>.+)$")
_NOTE = re.compile(r"^[（(](?P<note>[^（()）]{2,60}(?:[（(][^（()）]*[)）][^（()）]*)?)[)）]$")
_NOTE_WORD = re.compile(r"公开|发至|联系|此件|删减|印发|登报|电话|传达|不发")
_MODE = re.compile(r"^(?:(?:信息)?公开(?:方式|属性|选项|形式|类别)|政府信息公开选项)\s*[：:]\s*(?P<mode>.{2,12})$")
_ATTACHED = re.compile(r"^附\s*件?\s*(?P<n>[\d一二三四五六七八九十]{1,3})?\s*[：:．.、]?\s*(?P<name>.*)$")
_LISTED = re.compile(r"^(?:附件\s*)?(?P<n>[\d０-９]{1,2})\s*[.．、：:]\s*(?P<name>.+)$")
_LISTING = re.compile(r"^附\s*件?\s*\d*\s*[：:．.、]|^附件\s*\d+\s")
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|wps|et|ofd|zip|rar|jpg|png)$", re.I)
_ON_REQUEST = re.compile(r"依申请公开")
_WITHHELD = re.compile(r"不予公开|不公开|内部")
_PROACTIVE = re.compile(r"公开发布|主动公开|此件公开|公开发行|公开属性[：:]公开|全文公开")


@dataclass(slots=True)
class Tail:
    """What the end of a paper says. Line indexes point into `Paper.lines`."""

    signature: list[Found[str]] = field(default_factory=list)
    date: dates.DateMention | None = None
    date_sure: float = 0.0
    signed_at: int | None = None
    ends_at: int = 0
    note: Found[str] | None = None
    attribute: Found[str] | None = None
    attachments: list[Attachment] = field(default_factory=list)
    copies_to: Found[str] | None = None
    printed_by: Found[str] | None = None
    printed_on: Found[str] | None = None
    impossible: list[str] = field(default_factory=list)


def read_tail(lines: list[Line], body_at: int, issuers: list[str], *, order: bool) -> Tail:
    """The end of the paper whose body begins at line `body_at`.

    `issuers` are the organs that the head names: the first signature of one of them is the
    paper's; a later one belongs to a paper that it prints or passes on.
    """
    tail = Tail(ends_at=len(lines))
    candidates = list(_signatures(lines, body_at, order=order))
    wanted = {organs.canonical(name) for name in issuers}
    chosen = next((c for c in candidates if wanted & {organs.canonical(s.value) for s in c.signature}), None)
    chosen = chosen or next((c for c in candidates if c.signature or c.leader), None) or next(iter(candidates), None)
    if chosen is not None:
        tail.signature, tail.date, tail.signed_at = chosen.signature, chosen.date, chosen.first
        tail.date_sure = 0.98 if chosen.signature or chosen.leader else 0.8
        tail.ends_at = chosen.last + 1
    _notes(tail, lines, body_at)
    _imprint(tail, lines, body_at)
    _attachments(tail, lines, body_at)
    return tail


@dataclass(slots=True)
class _Candidate:
    first: int
    last: int
    date: dates.DateMention
    signature: list[Found[str]]
    leader: bool = False


def _signatures(lines: list[Line], body_at: int, *, order: bool) -> list[_Candidate]:
    found = []
    for index in range(body_at, len(lines)):
        line = lines[index]
        if line.block.kind == "row" or len(line.text) > 120:
            continue
        inline = _inline(line)
        if inline is not None:
            found.append(_Candidate(index, index, inline[1], inline[0]))
            continue
        date = dates.whole(line.text)
        if date is None or _DATE_IN_BRACKETS.match(line.text):
            continue
        shifted = dates.DateMention(date.day, date.written, (line.start + date.source[0], line.start + date.source[1]))
        signature, first, leader = _above(lines, index, body_at, order=order)
        if signature or leader or _stands_alone(lines, index, body_at):
            found.append(_Candidate(first, index, shifted, signature, leader))
    return found


_DATE_IN_BRACKETS = re.compile(r"^[（(]")


def _inline(line: Line) -> tuple[list[Found[str]], dates.DateMention] | None:
    """Organ and date on one line: 栖霞市人民政府办公室 2023年7月31日."""
    match = dates.WRITTEN.search(line.text)
    if not match or line.text[match.end() :].strip() or match.start() < 3:
        return None
    names = organs.split(line.text[: match.start()])
    if not names:
        return None
    mention = next(dates.mentions(line.text[match.start() :], line.start + match.start()))
    return [Found(n, 0.95, line.span(0, match.start()), "signature") for n in names], mention


def _above(lines: list[Line], index: int, body_at: int, *, order: bool) -> tuple[list[Found[str]], int, bool]:
    """The organs, or the head of government, that stand directly above a date."""
    signature: list[Found[str]] = []
    at, leader = index - 1, False
    while at >= body_at and index - at <= 20:
        text = lines[at].text
        names = organs.split(text) if len(text) <= 80 and not text.endswith(("。", "：", "；")) else []
        if names:
            signature = [Found(n, 0.97, lines[at].span(), "signature") for n in names] + signature
        elif organs.is_leader(text):
            leader = True
        elif not (order and len(text) <= 12) and not _blank_mark(text):
            break
        at -= 1
    return signature, at + 1, leader


def _blank_mark(text: str) -> bool:
    return bool(re.fullmatch(r"[（(]?\s*(?:盖\s*章|公\s*章|印\s*章|代\s*章|&\w+;)\s*[)）]?", text))


def _stands_alone(lines: list[Line], index: int, body_at: int) -> bool:
    """A date with nothing signed above it still dates the paper when the text ends there."""
    if index == body_at or (not lines[index - 1].text.endswith(("。", "！", "）", "》")) and lines[index].block.align != "right"):
        return False
    after = lines[index + 1].text if index + 1 < len(lines) else ""
    return not after or bool(_NOTE.match(after) or _ATTACHED.match(after) or _COPIES.match(after) or len(after) < 60)


def _notes(tail: Tail, lines: list[Line], body_at: int) -> None:
    for line in lines[body_at:]:
        if len(line.text) > 80:
            continue
        mode, note = _MODE.match(line.text), _NOTE.match(line.text)
        if note and tail.note is None and _NOTE_WORD.search(note["note"]):
            tail.note = Found(note["note"], 0.95, line.span(note.start("note"), note.end("note")), "note")
        if (note or mode) and tail.attribute is None:
            value = attribute_of(mode["mode"] if mode else line.text)
            if value:
                tail.attribute = Found(value, 0.95, line.span(), "note")


def attribute_of(text: str) -> str | None:
    """The disclosure attribute that a note names: proactive, on_request, withheld, or None."""
    if _ON_REQUEST.search(text):
        return "on_request"
    if _WITHHELD.search(text):
        return "withheld"
    return "proactive" if _PROACTIVE.search(text) else None


def _imprint(tail: Tail, lines: list[Line], body_at: int) -> None:
    for index in range(len(lines) - 1, body_at, -1):
        text = lines[index].text
        if tail.printed_on is None and len(text) < 80 and (match := _PRINTED.match(text)):
            day = dates.parse(match["date"])
            if day:
                tail.printed_on = Found(
                    day.isoformat(), 0.95, lines[index].span(match.start("date"), match.end("date")), "imprint"
                )
            _printer(tail, lines, index, match)
        if match := _COPIES.match(text):
            who = match["who"].rstrip("。")
            tail.copies_to = Found(who, 0.95, lines[index].span(match.start("who"), match.start("who") + len(who)), "imprint")
            break


def _printer(tail: Tail, lines: list[Line], index: int, match: re.Match[str]) -> None:
    own = organs.split(match["who"] or "")
    if own:
        tail.printed_by = Found(own[0], 0.95, lines[index].span(match.start("who"), match.end("who")), "imprint")
    elif index and len(above := organs.split(lines[index - 1].text)) == 1:
        tail.printed_by = Found(above[0], 0.9, lines[index - 1].span(), "imprint")


def _attachments(tail: Tail, lines: list[Line], body_at: int) -> None:
    """The list under the text (附件：1.… 2.…), each with where its own text starts."""
    stop = tail.signed_at if tail.signed_at is not None else len(lines)
    found = _listed(lines, body_at, stop)
    if not found:
        found = _listed(lines, tail.ends_at, len(lines))
    last = max((i for i, line in enumerate(lines) if found and line.start <= found[-1][2][0]), default=0)
    tail.attachments = [
        Attachment(name, _starts(lines, max(tail.ends_at, last + 1), name, number, len(found)), span)
        for number, name, span in found
    ]


def _listed(lines: list[Line], start: int, stop: int) -> list[tuple[int, str, tuple[int, int]]]:
    for index in range(start, stop):
        match = _ATTACHED.match(lines[index].text)
        if not match or len(lines[index].text) > 200 or not _LISTING.match(lines[index].text):
            continue
        found = [_named(lines[index], match["name"], match.start("name"), 1)] if match["name"].strip() else []
        expected = found[0][0] + 1 if found else 1
        for line in lines[index + 1 : stop]:
            follows = _LISTED.match(line.text) or _ATTACHED.match(line.text) if len(line.text) <= 160 else None
            if not follows or not follows["name"].strip() or (follows["n"] and to_int(follows["n"]) != expected):
                break
            found.append(_named(line, follows["name"], follows.start("name"), expected))
            expected += 1
        if found:
            return found
    return []


def _named(line: Line, name: str, at: int, number: int) -> tuple[int, str, tuple[int, int]]:
    lead = re.match(r"(?:附件\s*)?(\d{1,2})\s*(?:[.．、]|\s(?=\S))\s*", name)
    if lead:
        number, at, name = int(lead[1]), at + lead.end(), name[lead.end() :]
    if _FILE.fullmatch("." + name):  # `附件1.docx` has no other name than this
        at, name = 0, line.text
    name = name.strip().rstrip("。；;")
    return number, name, line.span(at, at + len(name))


def _starts(lines: list[Line], after: int, name: str, number: int, count: int) -> int | None:
    wanted = squeeze(_FILE.sub("", name)).strip("《》")
    for index in range(after, len(lines)):
        text = squeeze(lines[index].text)
        opener = re.match(r"^附件?(\d{0,2})[：:]?$", text)
        if opener and (opener[1] == str(number) or (not opener[1] and count == 1)):
            return lines[index].start
        if wanted and len(text) >= 4 and text.strip("《》").removeprefix(f"附件{number}").lstrip("：:.．、") == wanted:
            return lines[index].start
    return None
