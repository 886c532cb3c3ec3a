"""Reading a document: bytes in, `Reading` out. No database, no clock, no network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from gongkai.text import beside, history, kinds, organs
from gongkai.text.blanks import characters, squeeze
from gongkai.text.clauses import read_clauses
from gongkai.text.compose import Line, Paper, compose
from gongkai.text.dates import DateMention
from gongkai.text.encodings import file_name
from gongkai.text.errors import EmptyFile, NoTextLayer, TooLarge
from gongkai.text.formats import docx, html, ofd, office, pdf, plain
from gongkai.text.head import Head, join_title, read_head, tidy_title
from gongkai.text.model import Block, Format, Found, Raw
from gongkai.text.reading import Reading
from gongkai.text.relations import read_relations
from gongkai.text.sniff import sniff
from gongkai.text.tail import Tail, read_tail
from gongkai.text.validity import read_validity

MAX_BYTES = 100 * 1024 * 1024
_REGISTRATION = re.compile(
    r"(?<![A-Z0-9])(?P<n>[A-Z]{2,8}\s?[-—－–]\s?(?:19|20)\d\d\s?[-—－–]\s?\d{1,10})(?!\d)|(?<![A-Z0-9])(?P<m>[A-Z]{2}\d{10})(?!\d)"
)


def read_file(path: Path) -> Reading:
    """The reading of one file. Raises an `UnreadableFile`, or OSError when it cannot be opened."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise TooLarge(f"{size / 1048576:.0f} MB，上限 {MAX_BYTES // 1048576} MB")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(data: bytes, name: str) -> Reading:
    """The reading of a document's bytes; `name` is its file name. Raises an `UnreadableFile`."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{len(data) / 1048576:.0f} MB，上限 {MAX_BYTES // 1048576} MB")
    name = file_name(name)
    raw = parse(data, name)
    beside.strip_header(raw)
    raw.metadata = [replace(found, value=characters(found.value)) for found in raw.metadata]
    raw.heading = characters(raw.heading) if raw.heading else None
    raw.blocks = beside.drop_imitation_rows(raw.blocks)
    paper = compose(raw)
    if not paper.text.strip():
        raise EmptyFile
    if raw.heading and not _titled(paper):
        raw.blocks.insert(0, Block(raw.heading, "heading", level=1))
        paper = compose(raw)
    reading = Reading(name, raw.format, hashlib.sha256(data).hexdigest(), paper.text, paper.lines)
    reading.metadata, reading.links, reading.warnings = raw.metadata, raw.links, raw.warnings
    _read(reading, paper)
    beside.complete(reading)
    return reading


def _titled(paper: Paper) -> bool:
    """Whether the article itself opens with a finished title, so that the page's heading is not needed."""
    title = read_head(paper.lines).title
    if title is None or not kinds.is_complete(title.value) or len(title.value) <= 6:
        return False
    return "关于" in title.value or not re.search(r"[，。？！：]", title.value)


def parse(data: bytes, name: str) -> Raw:
    """The blocks and metadata of a document, whatever its format."""
    kind = sniff(data, name)
    if kind == "image":
        raise NoTextLayer("图片")
    raw = _READERS[kind](data)
    raw.format = kind
    return raw


def _read_office(data: bytes) -> Raw:
    return docx.read_docx(office.to_docx(data))


_READERS: dict[Format, Callable[[bytes], Raw]] = {
    "docx": docx.read_docx,
    "pdf": pdf.read_pdf,
    "ofd": ofd.read_ofd,
    "html": html.read_html,
    "md": plain.read_markdown,
    "txt": plain.read_text,
    "doc": _read_office,
}


def _read(reading: Reading, paper: Paper) -> None:
    lines = paper.lines
    head = read_head(lines)
    issuers = _issuers_of_head(head)
    tail = read_tail(lines, head.body_at, issuers, order=head.is_order)
    if head.is_order:
        _take_instrument(head, tail, lines)
    reading.title = head.title
    reading.body_at = _body_at(head, lines)
    _take_numbers(reading, head)
    _take_organs(reading, head, tail)
    _take_date(reading, head, tail)
    reading.addressees = [head.addressees] if head.addressees else []
    reading.signature, reading.note, reading.attribute = tail.signature, tail.note, tail.attribute
    reading.copies_to = [tail.copies_to] if tail.copies_to else []
    reading.printed_on, reading.printed_by = tail.printed_on, tail.printed_by
    reading.attachments = tail.attachments
    reading.registration_number = _registration(lines, head)
    title = head.title.value if head.title else ""
    reading.validity = read_validity(lines[head.body_at :], title)
    number = reading.document_number.value if reading.document_number else None
    reading.relations = read_relations(lines[head.body_at :], title, head.acts, number)
    reading.clauses = read_clauses(lines, head.body_at, _instruments(head, tail, lines), _apart(tail, lines, head.body_at))
    reading.impossible_dates = _impossible(head, tail)


def _body_at(head: Head, lines: list[Line]) -> int:
    """Where the head ends: at the addressees, or the first line of the text."""
    if head.addressees and head.addressees.source:
        return head.addressees.source[0]
    if head.is_order and not head.title:
        return 0
    return lines[head.body_at].start if head.body_at < len(lines) else 0


def _issuers_of_head(head: Head) -> list[str]:
    title = organs.of_title(head.title.value)[0] if head.title else []
    return title or (head.red_head.value if head.red_head else []) or head.order_by


def _take_instrument(head: Head, tail: Tail, lines: list[Line]) -> None:
    """Under an order's signature stands what it publishes; that is the paper's title."""
    if head.title is not None and kinds.is_complete(head.title.value):
        return
    start = tail.ends_at
    after = lines[start : start + 12]
    named = re.search(
        r"《((?:[^《》]|《[^《》]*》|〈[^〈〉]*〉)+)》", "".join(line.text for line in lines[head.body_at : head.body_at + 2])
    )
    wanted = squeeze(named[1]) if named else None
    for first in range(len(after)):
        for last in range(first + 1, min(first + 4, len(after)) + 1):
            candidate = squeeze("".join(line.text for line in after[first:last]))
            if candidate == wanted or (wanted is None and kinds.is_complete(candidate)):
                head.title = join_title(after[first:last])
                rest = read_head(after[last - 1 :]) if last else Head()
                head.acts = head.acts or _history_after(lines, start + last)
                del rest
                return
    if wanted:
        head.title = Found(tidy_title(wanted), 0.8, None, "order")


def _history_after(lines: list[Line], at: int) -> list[history.Act]:
    if at < len(lines) and history.is_history(lines[at].text):
        return history.acts(lines[at].text, lines[at].start)
    return []


def _take_numbers(reading: Reading, head: Head) -> None:
    if head.numbers:
        reading.document_number = head.numbers[0]
        reading.other_numbers = [n.value for n in head.numbers[1:] if n.value != head.numbers[0].value]
        return
    made = [a for a in head.acts if a.number and a.makes_text]
    if made:
        last = max(made, key=lambda a: a.on or date.min)
        reading.document_number = Found(last.number or "", 0.95, last.source, "history")


def _take_organs(reading: Reading, head: Head, tail: Tail) -> None:
    signed = [s.value for s in tail.signature]
    if head.title and (names := organs.of_title(head.title.value)[0]):
        start = head.title.source[0] if head.title.source else None
        reading.organs = [Found(n, 0.97, _within(head, n, reading.text) if start is not None else None, "title") for n in names]
        known = {organs.canonical(n) for n in names}
        reading.organs += [
            s
            for s in tail.signature
            if organs.canonical(s.value) not in known and len(signed) > 1 and known & {organs.canonical(x) for x in signed}
        ]
    elif tail.signature:
        reading.organs = list(tail.signature)
    elif head.red_head:
        reading.organs = [Found(n, 0.9, head.red_head.source, "red head") for n in head.red_head.value]
    elif head.order_by:
        reading.organs = [Found(organs.canonical(n), 0.95, None, "order") for n in head.order_by]
    elif made := history.maker(head.acts):
        source = next((a.source for a in head.acts if a.by == made), None)
        reading.organs = [Found(n, 0.9, source, "history") for n in made]
    elif head.title and kinds.ends_strong(head.title.value) and (name := organs.opening(head.title.value)):
        reading.organs = [Found(name, 0.75, _within(head, name, reading.text), "title")]


def _within(head: Head, name: str, text: str) -> tuple[int, int] | None:
    """Where a name stands inside the title, blanks allowed between its characters."""
    if head.title is None or head.title.source is None:
        return None
    start, end = head.title.source
    match = re.search(r"\s*".join(map(re.escape, name)), text[start:end])
    return (start + match.start(), start + match.end()) if match else None


def _take_date(reading: Reading, head: Head, tail: Tail) -> None:
    made = history.latest(head.acts)
    signed = tail.date
    if (
        made is not None
        and made.on is not None
        and (signed is None or signed.day is None or not head.is_order or made.on > signed.day)
    ):
        reading.issued_on = Found(made.on.isoformat(), 0.95, made.source, "history")
    elif signed is not None and signed.day is not None:
        reading.issued_on = Found(signed.day.isoformat(), tail.date_sure, signed.source, "signature")
    elif head.bracket_date is not None and head.bracket_date.day is not None:
        reading.issued_on = Found(head.bracket_date.day.isoformat(), 0.9, head.bracket_date.source, "title")


def _impossible(head: Head, tail: Tail) -> list[str]:
    mentions: list[DateMention | None] = [tail.date, head.bracket_date]
    return [m.written for m in mentions if m is not None and m.day is None]


def _registration(lines: list[Line], head: Head) -> Found[str] | None:
    for line in [*lines[: head.body_at + 1], *lines[-8:]]:
        if len(line.text) <= 80 and (match := _REGISTRATION.search(line.text)):
            group = "n" if match["n"] else "m"
            return Found(re.sub(r"[—－–]", "-", squeeze(match[group])), 0.9, line.span(match.start(group), match.end(group)))
    return None


def _apart(tail: Tail, lines: list[Line], body_at: int) -> set[int]:
    """The lines that are no clause: signature and date, notes, list of attachments, imprint."""
    spans = [f.source for f in (tail.note, tail.attribute, tail.copies_to, tail.printed_on, tail.printed_by) if f]
    spans += [a.source for a in tail.attachments]
    out = {i for i, line in enumerate(lines) for s in spans if s and line.start <= s[0] <= line.end}
    if tail.signed_at is not None:
        out |= set(range(tail.signed_at, tail.ends_at))
    return out | {i - 1 for i in out if i > body_at and re.fullmatch(r"附\s*件?\s*[：:]", lines[i - 1].text)}


def _instruments(head: Head, tail: Tail, lines: list[Line]) -> list[int]:
    """Where a printed instrument begins below the signature: a line that is its title."""
    if tail.signed_at is None or head.title is None:
        return []
    for index in range(tail.ends_at, min(tail.ends_at + 8, len(lines))):
        text = squeeze(lines[index].text)
        if len(text) >= 4 and text.strip("《》") in squeeze(head.title.value) and not organs.is_organ(text):
            return [index]
    return []
