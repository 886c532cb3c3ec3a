"""PDF with a text layer, through PDFium."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as c

from gongkai.text.blanks import tidy
from gongkai.text.errors import Damaged, Encrypted, NoTextLayer
from gongkai.text.formats.grid import Rule, divided
from gongkai.text.formats.layout import Segment, Sheet, paragraphs
from gongkai.text.model import Metadatum, Raw

MAX_PAGES = 2_000
_LOCK = threading.Lock()  # PDFium is not thread-safe


def read_pdf(data: bytes) -> Raw:
    """A PDF. Raises Encrypted, Damaged, or NoTextLayer for a scan."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) == c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
                raise Encrypted from error
            raise Damaged("PDF 结构不完整") from error
        try:
            return _read(document)
        finally:
            document.close()


def _read(document: pdfium.PdfDocument) -> Raw:
    count = len(document)
    if count == 0:
        raise Damaged("PDF 没有任何页面")
    warnings: list[str] = []
    if count > MAX_PAGES:
        warnings.append(f"PDF 共 {count} 页，只读了前 {MAX_PAGES} 页。")
    sheets, bare = [], 0
    for index in range(min(count, MAX_PAGES)):
        try:
            sheet = _sheet(document, index)
        except pdfium.PdfiumError:
            warnings.append(f"第 {index + 1} 页已损坏，没有读出。")
            continue
        bare += not any(s.text.strip() for s in sheet.segments)
        sheets.append(sheet)
    if not sheets or bare == len(sheets):
        raise NoTextLayer
    if bare:
        warnings.append(f"有 {bare} 页没有文字层（可能是扫描件），请对照原件补录。")
    blocks = paragraphs(sheets)
    return Raw("pdf", blocks, _metadata(document), warnings=warnings, pages=count)


def _metadata(document: pdfium.PdfDocument) -> list[Metadatum]:
    values = {key: tidy(document.get_metadata_value(key.title())) for key in ("title", "author", "subject", "keywords")}
    return [Metadatum(key, value, f"pdf:{key}") for key, value in values.items() if value]


def _sheet(document: pdfium.PdfDocument, index: int) -> Sheet:
    page = document[index]
    try:
        width, height = page.get_size()
        sheet = Sheet(width, height)
        text_page = page.get_textpage()
        try:
            sheet.rules = list(_rules(page, height))
            verticals = [r for r in sheet.rules if r[2] - r[0] <= 3]
            sheet.segments = list(_segments(text_page, height, verticals))
        finally:
            text_page.close()
        return sheet
    finally:
        page.close()


def _segments(text_page: pdfium.PdfTextPage, height: float, verticals: list[Rule]) -> Iterator[Segment]:
    """Runs of characters on one baseline, in the order they are drawn; no run crosses a rule."""
    raw = text_page.raw
    box = [ctypes.c_double() for _ in range(4)]
    references = [ctypes.byref(b) for b in box]
    current: Segment | None = None
    for index in range(c.FPDFText_CountChars(raw)):
        char = _character(raw, index)
        if not char:
            continue
        c.FPDFText_GetCharBox(raw, index, *references)
        left, right, bottom = box[0].value, box[1].value, box[2].value
        size = c.FPDFText_GetFontSize(raw, index) * _scale(raw, index)
        x, baseline = _origin(raw, index, left, bottom)
        y1 = height - baseline
        right = max(right, x + size * (0.95 if ord(char) > 0x2E7F else 0.0))  # full-width signs fill their box
        glyph = (min(left, x), right, char)
        if current is not None and _same_run(current, x, right, y1, size) and not _crossed(verticals, current, x, y1):
            current.glyphs.append(glyph)
            continue
        if current is not None:
            yield current
        current = Segment([glyph], y1 - size * 0.8, y1, size, _is_red(raw, index))
    if current is not None:
        yield current


def _character(raw: c.FPDF_TEXTPAGE, index: int) -> str:
    """One character; '' for line ends and for blanks that PDFium only guesses."""
    code = c.FPDFText_GetUnicode(raw, index)
    if code in (0x0D, 0x0A, 0, 0xFFFE, 0xFFFF) or c.FPDFText_IsGenerated(raw, index) == 1:
        return ""
    if code == 0x02:  # PDFium's mark for a hyphen at the end of a line
        return "-"
    return chr(code) if code < 0x110000 and not 0xD800 <= code <= 0xDFFF else "�"


def _crossed(verticals: list[Rule], run: Segment, x: float, y1: float) -> bool:
    return bool(verticals) and x - run.x1 > 0.1 * run.size and divided(verticals, run.x1, x, y1 - run.size / 2)


def _is_red(raw: c.FPDF_TEXTPAGE, index: int) -> bool:
    color = [ctypes.c_uint() for _ in range(4)]
    c.FPDFText_GetFillColor(raw, index, *(ctypes.byref(v) for v in color))
    return color[0].value > 150 and color[1].value < 90 and color[2].value < 90


def _origin(raw: c.FPDF_TEXTPAGE, index: int, left: float, bottom: float) -> tuple[float, float]:
    """Where a character stands on its baseline."""
    x, y = ctypes.c_double(), ctypes.c_double()
    return (x.value, y.value) if c.FPDFText_GetCharOrigin(raw, index, ctypes.byref(x), ctypes.byref(y)) else (left, bottom)


def _scale(raw: c.FPDF_TEXTPAGE, index: int) -> float:
    matrix = c.FS_MATRIX()
    if not c.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        return 1.0
    return float(abs(matrix.d) or abs(matrix.b) or 1.0)


def _same_run(run: Segment, left: float, right: float, y1: float, size: float) -> bool:
    if abs(y1 - run.y1) > 0.3 * max(size, run.size) or abs(size - run.size) > 0.5 * max(size, run.size):
        return False
    return run.x1 - 0.7 * size <= left <= run.x1 + 0.5 * size or (right - left < 0.01 and left >= run.x0)


def _rules(page: pdfium.PdfPage, height: float) -> Iterator[Rule]:
    """Ruling lines: thin paths, and the four sides of drawn boxes."""
    for item in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH], max_depth=4):
        try:
            left, bottom, right, top = item.get_bounds()
        except pdfium.PdfiumError:
            continue
        x0, y0, x1, y1 = left, height - top, right, height - bottom
        thin = min(x1 - x0, y1 - y0) <= 3
        if thin:
            yield (x0, y0, x1, y1)
        elif _stroked(item):
            yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))


def _stroked(item: pdfium.PdfObject) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    c.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)
