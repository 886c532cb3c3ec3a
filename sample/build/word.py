"""DOCX in the form of GB/T 9704: red head, rule, number, title, text in Fangsong, imprint."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from sample.build.manuscript import Piece

RED = RGBColor(0xC0, 0x00, 0x00)
_CENTERED = {"red_head", "number", "title", "attachment_title", "chapter"}
_FONT = {"red_head": ("方正小标宋简体", 42), "title": ("方正小标宋简体", 22), "attachment_title": ("方正小标宋简体", 22)}


def to_docx(pieces: Iterable[Piece]) -> bytes:
    """The bytes of a DOCX file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    for piece in pieces:
        if piece.role == "table":
            _table(document, piece)
            continue
        if piece.role == "attachment_title":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _paragraph(document, piece)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraph(document: Document, piece: Piece) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(piece.text)
    name, size = _FONT.get(piece.role, ("仿宋_GB2312", 16))
    run.font.name, run.font.size = name, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
    form = paragraph.paragraph_format
    form.line_spacing, form.space_after = Pt(29), Pt(0)
    if piece.role in _CENTERED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif piece.role in ("signature", "date"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    elif piece.role not in ("addressees", "registration", "copies_to", "printed"):
        form.first_line_indent = Pt(32)
    if piece.role == "red_head":
        run.font.color.rgb = RED
        form.line_spacing = 1.0
    if piece.role == "number":
        _rule(paragraph)


def _rule(paragraph: object) -> None:
    """The red rule under the number."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C00000")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)  # type: ignore[attr-defined]


def _table(document: Document, piece: Piece) -> None:
    table = document.add_table(rows=0, cols=max(len(row) for row in piece.rows), style="Table Grid")
    for row in piece.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
