"""From placed text to paragraphs: shared by PDF and OFD.

Both formats give runs of characters with a place on the page, in the order their writer drew
them, which for office software is the reading order, table cells one after another. Lines are
kept in that order; geometry decides only which lines belong to one paragraph, what is a running
head or page number, what is centred, and which lines stand in one table cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from gongkai.text.blanks import squeeze
from gongkai.text.formats.grid import Grid, divided, tables_of
from gongkai.text.markers import MARKER
from gongkai.text.model import Block, Cell

_FULL = -1  # a block's level while its last line is full and more may follow
_NEARLY_FULL = -2  # the same, where only a word that cannot be broken explains the gap
_UNBREAKABLE = re.compile(r"[（《“〔(A-Za-z0-9]")
_OWN_LINE = re.compile(r"抄\s*送|主\s*送|附\s*件\s*[：:\d]|（此件")
_PAGE_NUMBER = re.compile(r"^[-—–―－─_·.]+\d{1,4}[-—–―－─_·.]+$|^\d{1,4}[/／]\d{1,4}$|^第\d{1,4}页.{0,12}$")


Glyph = tuple[float, float, str]


@dataclass(slots=True)
class Segment:
    """Characters on one baseline as (left, right, character). Points, y growing downwards."""

    glyphs: list[Glyph]
    y0: float
    y1: float
    size: float
    red: bool = False

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.glyphs[0][0]

    @property
    def x1(self) -> float:
        """The right edge."""
        return max(g[1] for g in self.glyphs[-3:])

    @property
    def middle(self) -> float:
        """The vertical middle."""
        return (self.y0 + self.y1) / 2

    @property
    def text(self) -> str:
        """The characters, with a blank wherever the gap is wider than usual on this line."""
        gaps = [b[0] - a[1] for a, b in pairwise(self.glyphs)]
        usual = max(median(gaps), 0.0) if gaps else 0.0
        out = [self.glyphs[0][2]]
        for gap, (_, _, char) in zip(gaps, self.glyphs[1:], strict=True):
            mixed = (ord(char) > 0x2E7F) != (ord(out[-1]) > 0x2E7F)  # writers set Latin figures off from Chinese
            if gap > usual + (0.45 if mixed else 0.17) * self.size and not char.isspace() and not out[-1].isspace():
                out.append(" ")
            out.append(char)
        return "".join(out)

    def absorb(self, other: Segment) -> None:
        """Take over the characters of another run on the same line, in the order they stand.

        What is drawn twice on one place (a way of making letters bold) counts once.
        """
        if other.x0 < self.x1:
            drawn = {(g[2], round(g[0] / self.size * 10)) for g in self.glyphs}
            fresh = [g for g in other.glyphs if (g[2], round(g[0] / self.size * 10)) not in drawn]
            self.glyphs = sorted(self.glyphs + fresh, key=lambda g: g[0])
        else:
            self.glyphs = self.glyphs + other.glyphs
        self.y0, self.y1 = min(self.y0, other.y0), max(self.y1, other.y1)
        self.red = self.red and other.red


@dataclass(slots=True)
class Sheet:
    """One page: its size, its text in drawing order, and its ruling lines as (x0, y0, x1, y1)."""

    width: float
    height: float
    segments: list[Segment] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def paragraphs(sheets: list[Sheet]) -> list[Block]:
    """The blocks of a document laid out on `sheets`."""
    running = _running(sheets)
    tables = [tables_of(sheet.rules) for sheet in sheets]
    pages = [
        [s for s in _lines(sheet) if _holder(grids, s) or not _is_margin(s, sheet, running)]
        for sheet, grids in zip(sheets, tables, strict=True)
    ]
    bare = _bare_numbers(sheets, pages)
    pages = [[s for s in lines if id(s) not in bare] for lines in pages]
    columns = _columns(sheets, pages, tables)
    pitch = _pitch([[s for s in lines if not _holder(g, s)] for lines, g in zip(pages, tables, strict=True)])
    out: list[Block] = []
    table = 0
    for sheet, lines, grids in zip(sheets, pages, tables, strict=True):
        above: Segment | None = None
        for item in _items(lines, grids):
            if isinstance(item, Grid):
                rows = _rows(item, table + 1)
                if not _carry_on(out, rows):
                    table += 1
                out += rows
                above = None
                continue
            apart = above is not None and item.middle - above.middle > 1.45 * max(pitch, item.size)
            _place(out, item, columns[round(sheet.width)], apart=apart)
            above = item
    for block in out:
        block.level = 0
    return [b for b in out if b.text.strip()]


def _pitch(pages: list[list[Segment]]) -> float:
    """The usual distance between one line and the next."""
    steps = sorted(b.middle - a.middle for lines in pages for a, b in pairwise(lines) if 4 < b.middle - a.middle < 80)
    return steps[len(steps) // 4] if steps else 0.0


def _columns(sheets: list[Sheet], pages: list[list[Segment]], tables: list[list[Grid]]) -> dict[int, _Column]:
    """The text column of all pages of one width, landscape attachments apart; tables do not count."""
    by_width: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for sheet, lines, grids in zip(sheets, pages, tables, strict=True):
        running, all_lines = by_width.setdefault(round(sheet.width), ([], []))
        running += [s for s in lines if not _holder(grids, s)]
        all_lines += lines
    return {key: _Column.of(running or lines) for key, (running, lines) in by_width.items() if lines}


@dataclass(slots=True, frozen=True)
class _Column:
    """Where body text runs on a page: left and right edge, and the common size."""

    left: float
    right: float
    size: float

    @classmethod
    def of(cls, lines: list[Segment]) -> _Column:
        size = median(s.size for s in lines for _ in range(min(len(s.glyphs), 40)))
        body = [s for s in lines if abs(s.size - size) < 1.5 and len(s.glyphs) > 8] or lines
        return cls(
            _edge([s.x0 for s in body], min), _edge([s.x1 for s in body if len(s.glyphs) > 15] or [s.x1 for s in body], max), size
        )


def _edge(values: list[float], outermost: Callable[[list[float]], float]) -> float:
    """The outermost of the places where lines commonly begin or end; strays do not count."""
    places = Counter(float(round(v / 4)) for v in values)
    common = outermost([place for place, count in places.items() if count >= max(places.values()) * 0.2])
    return outermost([v for v in values if abs(round(v / 4) - common) <= 1])


def _running(sheets: list[Sheet]) -> set[tuple[str, int]]:
    """Lines that come back at the same height on at least three pages and on most of them."""
    seen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        for s in sheet.segments:
            if _in_margin(s, sheet):
                seen[_place_of(s)] += 1
    return {key for key, count in seen.items() if count >= 3 and count >= len(sheets) * 0.5}


def _in_margin(s: Segment, sheet: Sheet) -> bool:
    return s.y0 < sheet.height * 0.1 or s.y1 > sheet.height * 0.88


def _place_of(s: Segment) -> tuple[str, int]:
    return re.sub(r"\d+", "#", squeeze(s.text)), round(s.middle / 4)


def _is_margin(line: Segment, sheet: Sheet, running: set[tuple[str, int]]) -> bool:
    """A running head, or a page number dressed as one (— 3 —, 3/12, 第3页)."""
    if not _in_margin(line, sheet):
        return False
    text = squeeze(line.text)
    return bool(_PAGE_NUMBER.match(text)) or (_place_of(line) in running and bool(re.search(r"[^\W\d_]{2}", text)))


def _bare_numbers(sheets: list[Sheet], pages: list[list[Segment]]) -> set[int]:
    """The lines (by id) that are bare page numbers: alone in the margin and counting with the pages."""
    found = [
        (int(squeeze(s.text)) - number, s)
        for number, (sheet, lines) in enumerate(zip(sheets, pages, strict=True), 1)
        for s in lines
        if _in_margin(s, sheet) and squeeze(s.text).isdecimal() and not any(o is not s and _level(o, s) for o in lines)
    ]
    offset, count = Counter(o for o, _ in found).most_common(1)[0] if found else (0, 0)
    return {id(s) for o, s in found if o == offset and (count >= 2 or len(sheets) == 1)}


def _lines(sheet: Sheet) -> list[Segment]:
    """Runs on one baseline become one line, standing where its first run was drawn.

    Writers draw the pieces of a line in any order (all quotation marks last, say); what counts
    is that nothing divides them: no rule of a table and no wide gap.
    """
    rows: list[list[tuple[int, Segment]]] = []
    for item in sorted(enumerate(sheet.segments), key=lambda i: (i[1].middle, i[0])):
        if all(g[2].isspace() for g in item[1].glyphs):
            continue
        row = next((r for r in rows[-3:] if _level(r[0][1], item[1])), None)
        if row is None:
            rows.append([item])
        else:
            row.append(item)
    lines = [line for row in rows for line in _split_row(row, sheet)]
    return [line for _, line in sorted(lines, key=lambda i: i[0])]


def _level(a: Segment, b: Segment) -> bool:
    """Whether two runs stand on one baseline, in letters of about one size."""
    size = max(a.size, b.size)
    return abs(a.middle - b.middle) <= 0.45 * size and abs(a.size - b.size) <= 0.6 * size


def _split_row(row: list[tuple[int, Segment]], sheet: Sheet) -> list[tuple[int, Segment]]:
    """The lines on one baseline, left to right, each with the place of its first run in drawing order."""
    out: list[tuple[int, Segment]] = []
    for index, s in sorted(row, key=lambda i: i[1].x0):
        if out and not _apart(out[-1][1], s, sheet):
            first, line = out[-1]
            line.absorb(s)
            out[-1] = (min(first, index), line)
        else:
            out.append((index, s))
    return out


def _apart(line: Segment, s: Segment, sheet: Sheet) -> bool:
    if s.x0 - line.x1 > 6 * max(s.size, line.size, 6):
        return True
    before, after = line.glyphs[-1], s.glyphs[0]
    return divided(sheet.rules, (before[0] + before[1]) / 2, (after[0] + after[1]) / 2, s.middle)


def _holder(grids: list[Grid], line: Segment) -> Grid | None:
    """The table in which a line stands."""
    return next((g for g in grids if g.holds((line.x0 + min(line.x1, line.x0 + line.size)) / 2, line.middle)), None)


def _items(lines: list[Segment], grids: list[Grid]) -> list[Segment | Grid]:
    """The lines in order; those inside a table are put into its cells, the table stands once."""
    out: list[Segment | Grid] = []
    for line in lines:
        grid = _holder(grids, line)
        if grid is None:
            out.append(line)
            continue
        if not grid.filled:
            out.append(grid)
        grid.add(line.x0 + min(line.x1 - line.x0, line.size) / 2, line.middle, line.text)
    return out


def _rows(grid: Grid, table: int) -> list[Block]:
    rows = [[Cell(text, width, height) for text, width, height in row] for row in grid.rows()]
    if max((len(r) for r in rows), default=0) <= 1:
        return [Block(c.text) for r in rows for c in r if c.text]
    return [Block("\t".join(c.text for c in r), "row", table=table, cells=r) for r in rows if any(c.text for c in r)]


def _carry_on(out: list[Block], rows: list[Block]) -> bool:
    """Join a table that goes on from the page before to its first part; true when it did.

    A row cut in two by the page break is recognised by its empty first cell in a table whose
    rows are otherwise numbered.
    """
    if not out or not rows or out[-1].kind != "row" or rows[0].kind != "row":
        return False
    first = [b for b in out if b.table == out[-1].table]
    if len(first[-1].cells) != len(rows[0].cells):
        return False
    for row in rows:
        row.table = out[-1].table
    numbered = sum(bool(re.match(r"\d+$", b.cells[0].text)) for b in first) >= 0.6 * len(first)
    if numbered and not rows[0].cells[0].text and first[-1].cells[0].text:
        for cell, rest in zip(first[-1].cells, rows[0].cells, strict=True):
            cell.text += rest.text
        out[-1].text = "\t".join(c.text for c in out[-1].cells)
        del rows[0]
    return True


def _place(out: list[Block], line: Segment, column: _Column, *, apart: bool) -> None:
    """Append `line` as a new block, or join it to the block it goes on from."""
    before, after = line.x0 - column.left, column.right - line.x1
    indented = 1.5 * line.size <= before <= 2.5 * line.size and after < 2.5 * line.size and line.size < 1.2 * column.size
    centred = abs(before - after) < 1.2 * line.size and before > 0.8 * line.size and after > 0.5 * line.size and not indented
    to_right = before > (column.right - column.left) * 0.45 and not centred
    text = line.text
    block = Block(
        text,
        align="center" if centred else "right" if to_right else "",
        red=line.red,
        size=line.size,
        indent=before > 1.2 * line.size,
    )
    last = out[-1] if out else None
    if last is not None and not apart and last.kind == "paragraph" and _goes_on(last, block):
        glue = " " if _latin(last.text[-1:]) and _latin(text[:1]) else ""
        last.text += glue + text
    else:
        out.append(block)
        last = block
    last.level = _FULL if after < 2.2 * line.size else _NEARLY_FULL if after < 5 * line.size else 0


def _goes_on(last: Block, block: Block) -> bool:
    """Whether a line carries on the paragraph above: that one was full, this one starts flush left."""
    if block.indent or abs(last.size - block.size) > 1.5 or last.align == "right" or _OWN_LINE.match(block.text):
        return False
    if last.text.endswith(("。", "；", "：")) and MARKER.match(block.text):
        return False
    return last.level == _FULL or (last.level == _NEARLY_FULL and bool(_UNBREAKABLE.match(block.text)))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
