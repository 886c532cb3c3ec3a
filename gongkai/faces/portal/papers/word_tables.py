"""Tables of a Word file, built as markup at once."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import html

_WIDEST = 63  # columns that Word takes
_TALLEST = 2_000
_SHORTEST, _LONGEST = 3, 24  # characters that a column's width is reckoned from
_TEXT_WIDTH = 8_844  # 156 mm in twentieths of a point


def table_element(table: html.HtmlElement) -> BaseOxmlElement:
    """A `w:tbl` with the rows and cells of an HTML table, its column and row spans kept, lines around every cell."""
    rows = _grid(table)
    columns = max((sum(width for _, width, _ in row) for row in rows), default=1) or 1
    out = _element("tbl")
    properties = _element("tblPr")
    properties.append(_element("tblW", w=str(_TEXT_WIDTH), type="dxa"))
    borders = _element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(side, val="single", sz="4", space="0", color="000000"))
    properties.append(borders)
    properties.append(_margins())
    out.append(properties)
    widths = _widths(rows, columns)
    grid = _element("tblGrid")
    for width in widths:
        grid.append(_element("gridCol", w=str(width)))
    out.append(grid)
    for row in rows:
        out.append(_row(row, widths))
    return out


def _margins() -> BaseOxmlElement:
    margins = _element("tblCellMar")
    for side, space in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        margins.append(_element(side, w=str(space), type="dxa"))
    return margins


def _widths(rows: list[list[tuple[str, int, str]]], columns: int) -> list[int]:
    """How wide each column is, by the longest text in it, so that a column of figures stays narrow."""
    longest = [_SHORTEST] * columns
    for row in rows:
        at = 0
        for text, width, _ in row:
            for column in range(at, min(at + width, columns)):
                longest[column] = max(longest[column], min(len(text) // width, _LONGEST))
            at += width
    return [_TEXT_WIDTH * length // sum(longest) for length in longest]


def _grid(table: html.HtmlElement) -> list[list[tuple[str, int, str]]]:
    """Rows of (text, columns, merge); merge is restart where a cell goes on below, continue where it comes from above."""
    above: dict[int, tuple[int, int]] = {}  # column: rows still to be covered from above, columns covered
    rows = []
    for line in table.iter("tr"):
        row: list[tuple[str, int, str]] = []
        below: dict[int, tuple[int, int]] = {}
        at = 0
        for cell in line.iterchildren("td", "th"):
            at = _carried(row, above, below, at)
            width = min(_span(cell, "colspan", _WIDEST), max(_WIDEST - at, 1))
            height = _span(cell, "rowspan", _TALLEST)
            row.append((cell.text_content(), width, "restart" if height > 1 else ""))
            if height > 1:
                below[at] = (height - 1, width)
            at += width
        _carried(row, above, below, at)
        rows.append(row)
        above = below
    return rows


def _carried(
    row: list[tuple[str, int, str]], above: dict[int, tuple[int, int]], below: dict[int, tuple[int, int]], at: int
) -> int:
    """Fill in the cells that come down from above at this column; the next free column."""
    while at in above:
        left, width = above.pop(at)
        row.append(("", width, "continue"))
        if left > 1:
            below[at] = (left - 1, width)
        at += width
    return at


def _span(cell: html.HtmlElement, name: str, most: int) -> int:
    written = cell.get(name) or "1"
    return min(max(int(written), 1), most) if written.isdecimal() and len(written) < 6 else 1


def _row(cells: list[tuple[str, int, str]], widths: list[int]) -> BaseOxmlElement:
    out = _element("tr")
    missing = len(widths) - sum(width for _, width, _ in cells)
    at = 0
    for text, width, merge in [*cells, *([("", missing, "")] if missing > 0 else [])]:
        cell, properties = _element("tc"), _element("tcPr")
        properties.append(_element("tcW", w=str(sum(widths[at : at + width])), type="dxa"))
        at += width
        if width > 1:
            properties.append(_element("gridSpan", val=str(width)))
        if merge:
            properties.append(_element("vMerge", val=merge))
        properties.append(_element("vAlign", val="center"))
        cell.append(properties)
        cell.append(_text(text))
        out.append(cell)
    return out


def _text(text: str) -> BaseOxmlElement:
    paragraph, settings, run, size = _element("p"), _element("pPr"), _element("r"), _element("rPr")
    settings.append(_element("spacing", line="320", lineRule="atLeast"))
    size.append(_element("rFonts", ascii="Times New Roman", eastAsia="仿宋"))
    size.append(_element("sz", val="24"))
    words = OxmlElement("w:t")
    words.text = "".join(c for c in text if c >= " ")
    run.append(size)
    run.append(words)
    paragraph.append(settings)
    paragraph.append(run)
    return paragraph


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
