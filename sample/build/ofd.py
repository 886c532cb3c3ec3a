"""OFD (GB/T 33190) with placed text, one text object a line, as official converters write it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape

from sample.build.manuscript import Piece

NAMESPACE = "http://www.ofdspec.org/2016"
_EPOCH = (2024, 1, 1, 0, 0, 0)
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 210.0, 297.0, 28.0, 26.0, 37.0, 262.0
SIZE, LEADING = 5.64, 10.2  # millimetres: 16 pt, 29 pt
_SIZES = {"red_head": 12.0, "title": 7.76, "attachment_title": 7.76, "table": 4.0}


@dataclass(slots=True)
class _Pages:
    """Sets lines one under another and turns the page when it is full."""

    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = TOP
    number: int = 10

    def line(self, text: str, x: float, size: float, color: str = "0 0 0") -> None:
        self.number += 1
        steps = " ".join(f"{_advance(c, size):.3f}" for c in text[:-1])
        width = sum(_advance(c, size) for c in text)
        delta = f' DeltaX="{steps}"' if steps else ""
        self.pages[-1].append(
            f'<ofd:TextObject ID="{self.number}" Boundary="{x:.2f} {self.y:.2f} {width + 1:.2f} {size + 1:.2f}" Font="3" Size="{size}">'
            f'<ofd:FillColor Value="{color}"/><ofd:TextCode X="0" Y="{size * 0.88:.2f}"{delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def rule(self, x0: float, y0: float, x1: float, y1: float, color: str = "0 0 0") -> None:
        self.number += 1
        self.pages[-1].append(
            f'<ofd:PathObject ID="{self.number}" Boundary="{x0:.2f} {y0:.2f} {max(x1 - x0, 0.3):.2f} {max(y1 - y0, 0.3):.2f}" LineWidth="0.3" Stroke="true" Fill="false">'
            f'<ofd:StrokeColor Value="{color}"/><ofd:AbbreviatedData>M 0 0 L {x1 - x0:.2f} {y1 - y0:.2f}</ofd:AbbreviatedData></ofd:PathObject>'
        )

    def down(self, by: float) -> None:
        self.y += by
        if self.y > BOTTOM:
            self.turn()

    def turn(self) -> None:
        self.pages.append([])
        self.y = TOP


def to_ofd(pieces: Iterable[Piece], title: str) -> bytes:
    """The bytes of an OFD file."""
    pages = _Pages()
    for piece in pieces:
        if piece.role == "attachment_title":
            pages.turn()
        if piece.role == "table":
            _table(pages, piece)
        else:
            _paragraph(pages, piece)
    return _packed(pages, title)


def _advance(char: str, size: float) -> float:
    return size * (0.5 if char.isascii() else 1.0)


def _wrapped(text: str, size: float, first: float, width: float) -> list[tuple[str, float]]:
    lines, line, used = [], "", first
    indent = first
    for char in text:
        step = _advance(char, size)
        if used + step > width + 0.01 and char not in "，。、；：）》”！？":
            lines.append((line, indent))
            line, used, indent = "", 0.0, 0.0
        line += char
        used += step
    return [*lines, (line, indent)] if line else lines


def _paragraph(pages: _Pages, piece: Piece) -> None:
    size = _SIZES.get(piece.role, SIZE)
    centered = piece.role in ("red_head", "number", "title", "attachment_title", "chapter")
    to_right = piece.role in ("signature", "date")
    flush = centered or to_right or piece.role in ("addressees", "registration", "copies_to", "printed")
    color = "192 0 0" if piece.role == "red_head" else "0 0 0"
    width = WIDTH - LEFT - RIGHT
    for text, indent in _wrapped(piece.text, size, 0.0 if flush else 2 * size, width):
        length = sum(_advance(c, size) for c in text)
        x = LEFT + (width - length) / 2 if centered else LEFT + width - length if to_right else LEFT + indent
        pages.line(text, x, size, color)
        pages.down(max(LEADING, size * 1.5))
    if piece.role == "number":
        pages.rule(LEFT, pages.y, WIDTH - RIGHT, pages.y, "192 0 0")
        pages.down(6)


def _table(pages: _Pages, piece: Piece) -> None:
    columns = max(len(row) for row in piece.rows)
    width, size = (WIDTH - LEFT - RIGHT) / columns, _SIZES["table"]
    for row in piece.rows:
        cells = [[t for t, _ in _wrapped(cell, size, 0.0, width - 2)] for cell in row]
        height = max((len(c) for c in cells), default=1) * 5.5 + 2
        if pages.y + height > BOTTOM:
            pages.turn()
        top = pages.y
        for column, lines in enumerate(cells):
            for number, text in enumerate(lines):
                pages.y = top + 1 + number * 5.5
                pages.line(text, LEFT + column * width + 1, size)
        for column in range(columns + 1):
            pages.rule(LEFT + column * width, top, LEFT + column * width, top + height)
        pages.rule(LEFT, top, WIDTH - RIGHT, top)
        pages.rule(LEFT, top + height, WIDTH - RIGHT, top + height)
        pages.y = top
        pages.down(height)
    pages.down(4)


def _packed(pages: _Pages, title: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{NAMESPACE}" Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>qinghe</ofd:DocID>'
        f"<ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/PublicRes.xml": f'<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="FangSong" FamilyName="FangSong"/></ofd:Fonts></ofd:Res>',
        "Doc_0/Document.xml": f'<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData><ofd:MaxUnitID>{pages.number + 1000}</ofd:MaxUnitID>'
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{''.join(_page_entry(i, pages.number) for i in range(len(pages.pages)))}</ofd:Pages></ofd:Document>",
    }
    for index, items in enumerate(pages.pages):
        footer = _footer(index, pages.number)
        parts[f"Doc_0/Pages/Page_{index}/Content.xml"] = (
            f'<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Content><ofd:Layer ID="{pages.number + 500 + index}" Type="Body">{"".join(items)}{footer}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), head + content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page_entry(index: int, last: int) -> str:
    return f'<ofd:Page ID="{last + 100 + index}" BaseLoc="Pages/Page_{index}/Content.xml"/>'


def _footer(index: int, last: int) -> str:
    return f'<ofd:TextObject ID="{last + 700 + index}" Boundary="95 272 20 6" Font="3" Size="4.9"><ofd:TextCode X="0" Y="4.3" DeltaX="g 4 4.2">— {index + 1} —</ofd:TextCode></ofd:TextObject>'
