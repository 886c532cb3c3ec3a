"""What an editor gives back: paragraphs and table rows, from HTML or from plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree, html

from gongkai.text.blanks import settle, tidy
from gongkai.text.model import Cell

LOOKS = ("text", "center", "sign", "addressees", "instrument-title", "attachment-mark")
_INLINE = ("span", "a", "b", "strong", "i", "em", "u", "s", "sub", "sup", "font", "mark", "code")
_DROP = ("script", "style", "noscript", "template", "iframe", "object", "svg", "select", "button", "head")
_HEADING = re.compile(r"h[1-6]")
_MOST = 500  # elements inside one another; an editor nests a handful


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph or a table row as an editor gives it.

    Attributes:
        text: the words, blanks made regular; the cells of a row joined by tabs.
        look: one of LOOKS, `heading` or `row`; `` where the editor does not say (plain lines).
        anchor: the id that the element carried, if any.
        table: rows of one table share a number; 0 for other lines.
    """

    text: str
    look: str = ""
    anchor: str = ""
    table: int = 0
    cells: tuple[Cell, ...] = field(default=())


def written_in_html(markup: str) -> list[Written]:
    """The paragraphs and rows of an editor's HTML; whatever has no words is left out."""
    text = markup.replace("\x00", "").strip()
    if not text:
        return []
    try:
        root = html.fragment_fromstring(text, create_parent="div", parser=html.HTMLParser(remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    for element in list(root.iter(*_DROP)):
        html.HtmlElement.drop_tree(element)
    return [w for w in _Walk().of(root) if w.text]


def written_in_lines(text: str) -> list[Written]:
    """The lines of a plain text; a line with tabs is a table row."""
    out = []
    table, inside = 0, False
    for line in text.replace("\x00", "").splitlines():
        if "\t" in line and line.strip():
            table, inside = table + (not inside), True
            out.append(replace(_row([Cell(tidy(part)) for part in line.split("\t")], table), look=""))
        else:
            inside = False
            out.append(Written(settle(tidy(line))))
    return [w for w in out if w.text]


def as_lines(written: list[Written]) -> str:
    """Paragraphs and rows as the plain lines that `written_in_lines` reads."""
    return "\n".join("\t".join(c.text for c in w.cells) if w.cells else w.text for w in written)


def _row(cells: list[Cell], table: int) -> Written:
    return Written("\t".join(c.text for c in cells).strip(), "row", table=table, cells=tuple(cells))


class _Walk:
    """Goes through the elements and gathers words into paragraphs."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._tables = 0

    def of(self, element: html.HtmlElement, look: str = "text", anchor: str = "", depth: int = 0) -> Iterator[Written]:
        """The paragraphs and rows inside `element`, in their order."""
        if depth > _MOST:
            return
        self._words.append(element.text or "")
        for child in element:
            yield from self._child(child, look, anchor, depth)
            self._words.append(child.tail or "")
        if depth == 0:
            yield from self._flush(look, anchor)

    def _child(self, child: html.HtmlElement, look: str, anchor: str, depth: int) -> Iterator[Written]:
        if not isinstance(child.tag, str):
            return
        if child.tag == "br":
            yield from self._flush(look, anchor)
        elif child.tag in _INLINE:
            yield from self.of(child, look, anchor, depth + 1)
        elif child.tag == "table":
            yield from self._flush(look, anchor)
            yield from self._rows(child)
        else:
            yield from self._flush(look, anchor)
            own, name = _look(child), child.get("id") or ""
            yield from self.of(child, own, name, depth + 1)
            yield from self._flush(own, name)

    def _flush(self, look: str, anchor: str) -> Iterator[Written]:
        text = settle(tidy("".join(self._words)))
        self._words = []
        if text:
            yield Written(text, look, anchor)

    def _rows(self, table: html.HtmlElement) -> Iterator[Written]:
        self._tables += 1
        number = self._tables
        for row in table.iter("tr"):
            if next(row.iterancestors("table"), None) is not table:
                continue
            cells = [Cell(_cell_text(c), _span(c, "colspan"), _span(c, "rowspan")) for c in row if c.tag in ("td", "th")]
            if any(c.text for c in cells):
                yield _row(cells, number)


def _look(element: html.HtmlElement) -> str:
    if _HEADING.fullmatch(element.tag):
        return "heading"
    return next((name for name in (element.get("class") or "").split() if name in LOOKS), "text")


def _cell_text(cell: html.HtmlElement) -> str:
    """The words of a cell; its paragraphs are joined by a blank, as reading a file joins them."""
    parts = [tidy("".join(part.itertext())) for part in cell] if any(part.tag == "p" for part in cell) else []
    return " ".join(p for p in parts if p) or tidy("".join(cell.itertext()))


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name) or ""
    return min(int(value), 1000) if value.isdecimal() and len(value) < 6 and int(value) > 0 else 1
