"""DOCX: paragraphs with their automatic numbers, tables, text boxes, notes; deleted text left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from lxml import etree

from gongkai.text.archive import Archive
from gongkai.text.blanks import tidy
from gongkai.text.errors import Damaged, EmptyFile
from gongkai.text.formats.numbering import Numbering
from gongkai.text.formats.styles import ParagraphStyle, Styles
from gongkai.text.model import Block, Cell, Link, Metadatum, Raw

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_SKIP = {
    f"{W}del",
    f"{W}moveFrom",
    f"{W}rPr",
    f"{W}pPr",
    f"{W}instrText",
    f"{W}delText",
    f"{_MC}Fallback",
    f"{W}rubyPr",
    f"{W}rt",
}
_HEAD = re.compile(r"(?:文\s*件|令|公\s*告|纪\s*要)$|[〔\[]\s*(?:19|20)\d\d\s*[〕\]]\s*\d+\s*号")


def read_docx(data: bytes) -> Raw:
    """A DOCX file. Raises Damaged, Bomb, Encrypted or EmptyFile."""
    archive = Archive(data)
    body = _part(archive, "word/document.xml").find(f"{W}body")
    if body is None:
        raise Damaged("没有正文")
    reader = _Reader(archive)
    blocks = [*reader.first_header(), *reader.blocks(body), *reader.notes()]
    if not any(tidy(b.text) for b in blocks):
        raise EmptyFile
    raw = Raw("docx", blocks, _properties(archive), reader.links)
    if reader.revisions:
        raw.warnings.append("文件带有修订痕迹：插入的文字已读入，删除的文字已略去。请核对是否为定稿。")
    return raw


def _part(archive: Archive, name: str) -> etree._Element:
    return archive.xml(name)


def _properties(archive: Archive) -> list[Metadatum]:
    if "docProps/core.xml" not in archive:
        return []
    core = archive.xml("docProps/core.xml")
    keys = {"title": f"{_DC}title", "creator": f"{_DC}creator", "subject": f"{_DC}subject", "keywords": f"{_CP}keywords"}
    texts = {key: core.findtext(tag) for key, tag in keys.items()}
    return [Metadatum(key, tidy(text), f"docx:{key}") for key, text in texts.items() if text and tidy(text)]


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._styles = Styles(archive.xml("word/styles.xml") if "word/styles.xml" in archive else None)
        self._numbering = Numbering(archive.xml("word/numbering.xml") if "word/numbering.xml" in archive else None)
        self._targets = self._relationships()
        self._table = 0
        self.links: list[Link] = []
        self.revisions = False

    def _relationships(self) -> dict[str, str]:
        name = "word/_rels/document.xml.rels"
        if name not in self._archive:
            return {}
        return {r.get("Id", ""): r.get("Target", "") for r in self._archive.xml(name)}

    def first_header(self) -> list[Block]:
        """The head of the paper where a template keeps it in the page header."""
        for name in sorted(n for n in self._archive.names() if re.fullmatch(r"word/header\d*\.xml", n)):
            blocks = [b for b in self.blocks(self._archive.xml(name)) if _HEAD.search(tidy(b.text))]
            if blocks:
                return blocks
        return []

    def notes(self) -> list[Block]:
        """Footnotes and endnotes, after the text."""
        out: list[Block] = []
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            if name in self._archive:
                for note in self._archive.xml(name):
                    if note.get(f"{W}type") in (None, "normal"):
                        out += self.blocks(note)
        return out

    def blocks(self, container: etree._Element) -> list[Block]:
        """The blocks of a body, cell, text box or content control, in order."""
        out: list[Block] = []
        for element in container:
            if element.tag == f"{W}p":
                out += self._paragraph(element)
            elif element.tag == f"{W}tbl":
                out += self._rows(element)
            elif element.tag in (f"{W}sdt", f"{W}customXml", f"{W}smartTag", f"{W}ins"):
                inner = element.find(f"{W}sdtContent")
                out += self.blocks(element if inner is None else inner)
        return out

    def _paragraph(self, paragraph: etree._Element) -> list[Block]:
        style = self._styles.of(paragraph)
        boxes = [b for box in _outer_boxes(paragraph) for b in self.blocks(box)]
        number = self._numbering.next(style)
        lines = "".join(self._texts(paragraph)).split("\n")
        if number and any(tidy(line) for line in lines):
            lines[0] = number + lines[0].lstrip()
        return [*boxes, *(_block(line, style) for line in lines if line.strip())]

    def _texts(self, element: etree._Element) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIP or tag.endswith("}txbxContent"):
                self.revisions = self.revisions or tag in (f"{W}del", f"{W}moveFrom")
            elif tag == f"{W}t":
                yield child.text or ""
            elif tag in (f"{W}tab", f"{W}ptab"):
                yield " "
            elif tag in (f"{W}br", f"{W}cr"):
                yield "\n"
            elif tag == f"{W}noBreakHyphen":
                yield "-"
            elif tag == f"{W}sym":
                yield _symbol(child)
            else:
                if tag == f"{W}hyperlink":
                    self._link(child)
                yield from self._texts(child)

    def _link(self, element: etree._Element) -> None:
        href = self._targets.get(element.get(f"{_R}id", ""), "")
        name = tidy(_plain(element))
        if href and name:
            self.links.append(Link(name, href))

    def _rows(self, table: etree._Element) -> list[Block]:
        rows = list(table.iter(f"{W}tr"))
        grid = [[c for c in row.iter(f"{W}tc") if _own(c, table)] for row in rows if _own(row, table)]
        if all(len(cells) <= 1 for cells in grid) or _lays_out(grid):
            return [b for cells in grid for cell in cells for b in self.blocks(cell)]
        self._table += 1
        number, out = self._table, []
        for cells in grid:
            row = [Cell(self._cell_text(c), _grid_span(c)) for c in cells]
            if any(c.text for c in row):
                out.append(Block("\t".join(c.text for c in row), "row", table=number, cells=row))
        return out

    def _cell_text(self, cell: etree._Element) -> str:
        return " ".join(t for b in self.blocks(cell) if (t := tidy(b.text)))


def _plain(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def _own(element: etree._Element, table: etree._Element) -> bool:
    """Whether the nearest table around `element` is `table`."""
    return next(element.iterancestors(f"{W}tbl"), None) is table


def _outer_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Text boxes anchored in the paragraph; the fallback copies for old readers are left out."""
    for box in paragraph.iter("{*}txbxContent"):
        inside = [a.tag for a in box.iterancestors() if isinstance(a.tag, str)]
        if f"{_MC}Fallback" not in inside and not any(t.endswith("}txbxContent") for t in inside):
            yield box


def _lays_out(grid: list[list[etree._Element]]) -> bool:
    """A table that only places text: the imprint (抄送 …) or number and signer side by side."""
    cells = [tidy(_plain(c)) for row in grid for c in row]
    filled = [c for c in cells if c]
    return len(filled) <= 4 and any(re.search(r"^抄送|印发$|签发人", c) for c in filled)


def _grid_span(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = span.get(f"{W}val", "1") if span is not None else "1"
    return min(int(value), 100) if value.isdigit() else 1


def _symbol(element: etree._Element) -> str:
    code = element.get(f"{W}char", "")
    boxes = {"F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0A3": "□", "00FE": "☑", "00A8": "□"}
    return boxes.get(code.upper(), "□")


def _block(text: str, style: ParagraphStyle) -> Block:
    kind: Literal["heading", "paragraph"] = "heading" if style.level else "paragraph"
    return Block(text, kind, style.level, style.align, style.red, style.size, indent=True)
