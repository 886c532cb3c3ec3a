"""Blocks to one text: lines joined where a sentence was merely broken, blanks made regular.

`Paper.text` is the paragraphs joined by newlines; a table row is one line, its cells joined by
tabs. Every later step works on `Paper.lines`, whose spans index `Paper.text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gongkai.text import dates, numbers
from gongkai.text.blanks import settle, squeeze, tidy, width
from gongkai.text.markers import MARKER
from gongkai.text.model import Block, Cell, Raw
from gongkai.text.numerals import to_int

_END = tuple("。！？：；:;!?…”’）)》】〕")
_GOES_ON = tuple("，、,（《“—")
_ARTICLE_INSIDE = re.compile(r"[。：]\s*(?P<article>第(?P<n>[一二三四五六七八九十百零〇]{1,7})条\s)")
_PAGE_NUMBER = re.compile(
    r"^[-—–―－_·.\s]*\d{1,4}[-—–―－_·.\s]*$|^第\s*\d+\s*页(\s*[，,/共]\s*(共\s*)?\d+\s*页)?$|^\d+\s*/\s*\d+$"
)
_NUMBER_INSIDE = re.compile(r"(?<=\S)\s+(?=\S{1,12}[〔\[［【]\s*(?:19|20)\d\d\s*[〕\]］】]\s*\d+\s*号\s)")


@dataclass(slots=True, frozen=True)
class Line:
    """One paragraph of the composed text."""

    start: int
    end: int
    text: str
    block: Block

    def span(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """Positions inside this line as positions in the whole text."""
        return self.start + start, self.start + (len(self.text) if end is None else end)


@dataclass(slots=True, frozen=True)
class Paper:
    """A composed document."""

    text: str
    lines: list[Line]


def compose(raw: Raw) -> Paper:
    """The text of `raw` and its lines."""
    blocks = [b for b in (_tidied(block) for block in raw.blocks) if b.text]
    if raw.format in ("txt", "md"):
        blocks = [b for b in blocks if not _PAGE_NUMBER.match(b.text)]
        blocks = _rejoin(_unfold(blocks))
        blocks = [part for block in blocks for part in _split_articles(block)]
    blocks = [block if block.kind == "row" else replace(block, text=settle(block.text)) for block in blocks]
    lines, position = [], 0
    for block in blocks:
        lines.append(Line(position, position + len(block.text), block.text, block))
        position += len(block.text) + 1
    return Paper("\n".join(b.text for b in blocks), lines)


def _tidied(block: Block) -> Block:
    if block.kind == "row":
        cells = [Cell(tidy(c.text), c.width, c.height) for c in block.cells]
        return replace(block, cells=cells, text="\t".join(c.text for c in cells).strip())
    return replace(block, text=tidy(block.text))


def _unfold(blocks: list[Block]) -> list[Block]:
    """A paper that was flattened into one line gets its paragraphs back at its blanks."""
    out: list[Block] = []
    for block in blocks:
        flattened = block.kind == "paragraph" and len(block.text) > 200 and _NUMBER_INSIDE.search(block.text[:260])
        out += [replace(block, text=t) for t in _paragraphs(block.text)] if flattened else [block]
    return out


def _paragraphs(text: str) -> list[str]:
    number = next(numbers.mentions(text))
    head, tail = text[: number.source[0]].strip(), text[number.source[1] :].strip()
    parts, current = [head, text[number.source[0] : number.source[1]]], ""
    pieces = tail.split(" ")
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        signed = len(piece) <= 20 and dates.whole(following) is not None
        if current and (signed or _breaks(current, piece)):
            parts.append(current)
            current = piece
        else:
            current = f"{current} {piece}" if current else piece
    return [p for p in (*parts, current) if p]


def _breaks(before: str, after: str) -> bool:
    if before.endswith(_END) or MARKER.match(after) or dates.whole(before) is not None:
        return True
    return dates.whole(after) is not None or after.startswith(("附件", "（此件", "(此件"))


def _split_articles(block: Block) -> list[Block]:
    """Articles that run on in one line get lines of their own, where their numbers follow one another."""
    cuts, expected = [0], None
    for match in _ARTICLE_INSIDE.finditer(block.text):
        number = to_int(match["n"])
        if number is not None and (expected is None or number == expected):
            cuts.append(match.start("article"))
            expected = number + 1
    if len(cuts) < 3:
        return [block]
    return [replace(block, text=block.text[a:b].strip()) for a, b in zip(cuts, [*cuts[1:], len(block.text)], strict=True)]


def _rejoin(blocks: list[Block]) -> list[Block]:
    """Physical lines that are one sentence become one paragraph again."""
    full = _wrap_width(blocks)
    out: list[Block] = []
    last = ""  # the last physical line of out[-1]
    for block in blocks:
        if out and out[-1].broken and block.kind == "paragraph" and _continues(out[-1].text, last, block, full):
            out[-1] = replace(out[-1], text=_glue(out[-1].text, block.text), broken=block.broken)
        else:
            out.append(block)
        last = block.text
    return out


def _wrap_width(blocks: list[Block]) -> float:
    """The width at which the lines of a hard-wrapped text break; infinite where they do not."""
    widths = sorted(width(b.text) for b in blocks if b.broken)
    if len(widths) < 8:
        return float("inf")
    full = widths[int(len(widths) * 0.9)]
    near = [b for b in blocks if b.broken and full - 3 <= width(b.text) <= full + 2]
    mid_sentence = sum(not b.text.endswith(_END) for b in near)
    wrapped = full <= 60 and len(near) >= 0.4 * len(widths) and mid_sentence >= 0.5 * len(near)
    return full if wrapped else float("inf")


def _continues(before: str, last: str, block: Block, full: float) -> bool:
    after = block.text
    if MARKER.match(after) or dates.whole(after) or dates.whole(before) or numbers.whole(after):
        return False
    if full != float("inf"):
        return _continues_wrapped(last, block, full)
    if last.endswith(_END):
        return False
    prose = len(last) >= 12 and any(mark in last for mark in "，。；、：")
    if last.endswith(_GOES_ON):
        return prose
    return prose and width(last) >= 25 and not (MARKER.match(last) and "。" not in last)


def _continues_wrapped(last: str, block: Block, full: float) -> bool:
    if block.indent and not last.endswith(_GOES_ON):
        return False
    reach = width(last)
    if reach < full - 3.5 and not (last.endswith("，") and reach > 8):
        return False
    if last.endswith(("。", "！", "？")):
        return reach >= full - 0.6
    return not last.endswith("：")


def _glue(before: str, after: str) -> str:
    spaced = before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()
    return f"{before} {after}" if spaced else before + after


def plain(text: str) -> str:
    """`text` without any blank, for comparing two readings of the same paper."""
    return squeeze(text)
