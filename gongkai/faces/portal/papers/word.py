"""A Word file from a paper's parts, set as official papers are (GB/T 9704). Only the child process comes here."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import html

from gongkai.faces.portal.papers.word_tables import table_element

_TITLE, _BODY, _STRONG, _SECOND, _SONG = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
_RED = RGBColor(0xD0, 0x1A, 0x1F)
_LINE = Pt(28.95)  # twenty-two lines to a page
_CENTRED = {"center", "instrument-title", "clause-book", "clause-part", "clause-chapter", "clause-section"}
_FLUSH = {"addressees", "sign", "attachment-mark"}
_OUTLINE = {"h2": 0, "h3": 1, "h4": 2, "h5": 3, "h6": 4}


def made(job: dict[str, Any]) -> bytes:
    """The DOCX of a job (see `press.Job`): red head, number, rule, title, text, and a note of where it was made."""
    document = docx.Document()
    _set_page(document)
    _set_base(document)
    document.core_properties.title = job["title"]
    document.core_properties.author = job["organs"]
    document.core_properties.comments = job["made_here"]
    document.core_properties.language = "zh-CN"
    _head(document, job)
    _body(document, job["html"])
    note = _paragraph(document, centred=True)
    note.paragraph_format.space_before = Pt(30)
    _write(note, job["made_here"], _SONG, 10.5)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        _write(paragraph, "— ", _SONG, 14)
        _page_number(_write(paragraph, "", _SONG, 14))
        _write(paragraph, " —", _SONG, 14)


def _page_number(run: Run) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run._r.addnext(field)  # noqa: SLF001 - python-docx has no fields of its own
    field.append(run._r)  # noqa: SLF001
    run.text = "1"


def _set_base(document: Document) -> None:
    base = document.styles["Normal"]
    base.font.name, base.font.size = "Times New Roman", Pt(16)
    settings = base.element.get_or_add_rPr()
    settings.get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    settings.append(language)
    base.paragraph_format.space_after = Pt(0)
    base.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    base.paragraph_format.line_spacing = _LINE


def _head(document: Document, job: dict[str, Any]) -> None:
    for line in job["head"]:
        paragraph = _paragraph(document, centred=True, line=Pt(job["head_size"] * 1.3))
        _write(paragraph, line, _TITLE, job["head_size"]).font.color.rgb = _RED
    if job["head"]:
        paragraph = _paragraph(document, centred=True)
        paragraph.paragraph_format.space_before = Pt(20)
        paragraph.paragraph_format.space_after = Pt(28)
        _write(paragraph, job["number"], _BODY, 16)
        _red_rule(paragraph)
    if job["notice"]:
        _write(_paragraph(document), job["notice"], _SECOND, 14)
    title = _paragraph(document, centred=True, line=Pt(36))
    title.paragraph_format.space_after = Pt(14)
    _write(title, job["title"], _TITLE, 22)
    _outline(title, 0)
    if job["number"] and not job["head"]:
        _write(_paragraph(document, centred=True), job["number"], _BODY, 16)


def _red_rule(paragraph: Paragraph) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "10"), ("color", "D01A1F")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - paragraph borders have no interface
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _body(document: Document, written: str) -> None:
    """The paragraphs and tables of the paper's own HTML, in order; anything else gives its text."""
    for element in html.fragments_fromstring(f"<div>{written}</div>")[0].iterchildren(tag=html.etree.Element):
        table = element if element.tag == "table" else element.find(".//table")
        if table is not None:
            end = document.add_paragraph()
            end._p.addprevious(table_element(table))  # noqa: SLF001 - built whole: cell by cell takes quadratic time
        else:
            _clause(document, element)


def _clause(document: Document, element: html.HtmlElement) -> None:
    classes = set((element.get("class") or "").split())
    paragraph = _paragraph(document, centred=bool(classes & _CENTRED), first_line=not classes & _FLUSH)
    label = element.find("span")
    if element.tag in _OUTLINE:
        _heading(paragraph, element, classes)
    elif "instrument-title" in classes:
        _write(paragraph, element.text_content(), _TITLE, 22)
        paragraph.paragraph_format.line_spacing = Pt(36)
        _space(paragraph, 28)
    elif "attachment-mark" in classes:
        _write(paragraph, element.text_content(), _STRONG, 16)
        paragraph.paragraph_format.page_break_before = True
    elif label is not None and "clause-article" in classes:
        _write(paragraph, label.text_content(), _STRONG, 16)
        _write(paragraph, label.tail or "", _BODY, 16)
    else:
        _write(paragraph, element.text_content(), _BODY, 16)
    if "sign" in classes:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(64)


def _heading(paragraph: Paragraph, element: html.HtmlElement, classes: set[str]) -> None:
    _outline(paragraph, _OUTLINE[element.tag] + 1)
    _write(paragraph, element.text_content(), _SECOND if "clause-heading2" in classes else _STRONG, 16)
    _space(paragraph, 14 if classes & _CENTRED else 0)


def _space(paragraph: Paragraph, points: int) -> None:
    """Room above and below, and never the last line of a page."""
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(points)
    paragraph.paragraph_format.keep_with_next = True


def _paragraph(document: Document, *, centred: bool = False, first_line: bool = False, line: Pt | None = None) -> Paragraph:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif first_line:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    if line is not None:
        paragraph.paragraph_format.line_spacing = line
    return paragraph


def _write(paragraph: Paragraph, text: str, font: str, size: float) -> Run:
    run = paragraph.add_run("".join(c for c in text if c >= " " or c == "\t"))
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - the Chinese face has no interface
    return run


def _outline(paragraph: Paragraph, level: int) -> None:
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level))
    paragraph._p.get_or_add_pPr().insert_element_before(mark, "w:rPr")  # noqa: SLF001
