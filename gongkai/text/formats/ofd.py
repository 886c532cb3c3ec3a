"""OFD (GB/T 33190): a zip of XML pages with placed text, read with lxml."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from gongkai.text.archive import Archive
from gongkai.text.blanks import tidy
from gongkai.text.errors import Damaged, NoTextLayer
from gongkai.text.formats.layout import Glyph, Segment, Sheet, paragraphs
from gongkai.text.model import Metadatum, Raw

_POINT = 72 / 25.4  # OFD measures in millimetres


def read_ofd(data: bytes) -> Raw:
    """An OFD file. Raises Damaged, Bomb, Encrypted, or NoTextLayer for a scan."""
    archive = Archive(data)
    root = archive.xml("OFD.xml")
    sheets: list[Sheet] = []
    metadata: list[Metadatum] = []
    for body in root.iter("{*}DocBody"):
        metadata += _metadata(body)
        location = body.findtext("{*}DocRoot")
        if not location:
            raise Damaged("OFD.xml 没有指出文档位置")
        sheets += _Document(archive, _resolve("", location)).sheets()
    if not any(s.text.strip() for sheet in sheets for s in sheet.segments):
        raise NoTextLayer
    return Raw("ofd", paragraphs(sheets), metadata, pages=len(sheets))


def _metadata(body: etree._Element) -> list[Metadatum]:
    info = body.find("{*}DocInfo")
    if info is None:
        return []
    wanted = ("Title", "Author", "Subject", "Keywords")
    pairs = [(key, tidy(" ".join(map(str, e.itertext())))) for key in wanted for e in info.findall(f"{{*}}{key}")]
    return [Metadatum(key.lower(), value, f"ofd:{key}") for key, value in pairs if value]


def _resolve(base: str, location: str) -> str:
    location = location.strip().replace("\\", "/")
    joined = location.lstrip("/") if location.startswith("/") else posixpath.join(posixpath.dirname(base), location)
    return posixpath.normpath(joined)


class _Document:
    def __init__(self, archive: Archive, path: str) -> None:
        self._archive, self._path = archive, path
        self._root = archive.xml(path)
        self._templates = {t.get("ID", ""): _resolve(path, t.get("BaseLoc", "")) for t in self._root.iter("{*}TemplatePage")}
        self._area = next((b.text for b in self._root.iter("{*}PhysicalBox") if b.text), "0 0 210 297")

    def sheets(self) -> list[Sheet]:
        """The pages in order, templates first where they lie below."""
        pages = self._root.find("{*}Pages")
        if pages is None:
            raise Damaged("OFD 没有页面")
        return [self._sheet(_resolve(self._path, p.get("BaseLoc", ""))) for p in pages.findall("{*}Page")]

    def _sheet(self, location: str) -> Sheet:
        page = self._archive.xml(location)
        box = next((b.text for b in page.iter("{*}PhysicalBox") if b.text), self._area)
        _, _, width, height = _floats(box, 4)
        sheet = Sheet(width * _POINT, height * _POINT)
        for used in page.findall("{*}Template"):
            template = self._templates.get(used.get("TemplateID", ""))
            if template and template in self._archive:
                self._draw(self._archive.xml(template), sheet)
        self._draw(page, sheet)
        return sheet

    @staticmethod
    def _draw(page: etree._Element, sheet: Sheet) -> None:
        for layer in page.iter("{*}Layer"):
            for item in layer.iter("{*}TextObject", "{*}PathObject"):
                if etree.QName(item).localname == "TextObject":
                    sheet.segments += _texts(item)
                else:
                    sheet.rules += _rules(item)


def _texts(item: etree._Element) -> Iterator[Segment]:
    frame = _Frame(item)
    for code in item.findall("{*}TextCode"):
        text = code.text or ""
        if not text:
            continue
        start = (_float(code.get("X"), 0.0), _float(code.get("Y"), frame.advance))
        deltas = (_deltas(code.get("DeltaX"), len(text) - 1), _deltas(code.get("DeltaY"), len(text) - 1))
        yield from _split(text, start, deltas, frame)


class _Frame:
    """From text coordinates inside an object to points on the page."""

    def __init__(self, item: etree._Element) -> None:
        self._x0, self._y0, *_ = _floats(item.get("Boundary"), 4)
        self._a, _, _, self._d, self._e, self._f = _floats(item.get("CTM") or "1 0 0 1 0 0", 6)
        self.advance = _float(item.get("Size"), 3.5)
        self.size = self.advance * abs(self._d or 1.0) * _POINT
        self.stretch = abs(self._a or 1.0) * _POINT
        self.red = _is_red(item)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Points on the page for coordinates inside the object."""
        return (self._x0 + self._a * x + self._e) * _POINT, (self._y0 + self._d * y + self._f) * _POINT


def _split(text: str, start: tuple[float, float], deltas: tuple[list[float], list[float]], frame: _Frame) -> Iterator[Segment]:
    """One run per baseline."""
    x, y = start
    glyphs: list[Glyph] = []
    for index, char in enumerate(text):
        if index:
            step, drop = _step(text[index - 1], index, deltas, frame)
            if drop and glyphs:
                yield _segment(glyphs, y, frame)
                glyphs = []
            x, y = x + step, y + drop
        left, _ = frame.point(x, y)
        glyphs.append((left, left + _advance(char, frame) * frame.stretch, char))
    yield _segment(glyphs, y, frame)


def _step(before: str, index: int, deltas: tuple[list[float], list[float]], frame: _Frame) -> tuple[float, float]:
    """How far the next character stands from the one before, across and down."""
    across, down = deltas
    drop = down[index - 1] if index <= len(down) else 0.0
    if index <= len(across):
        return across[index - 1], drop
    return (0.0 if down else _advance(before, frame)), drop


def _segment(glyphs: list[Glyph], y: float, frame: _Frame) -> Segment:
    _, base = frame.point(0.0, y)
    return Segment(glyphs, base - 0.8 * frame.size, base, frame.size, frame.red)


def _advance(char: str, frame: _Frame) -> float:
    return frame.advance * (0.5 if char.isascii() else 1.0)


def _is_red(item: etree._Element) -> bool:
    color = item.find("{*}FillColor")
    values = _floats(color.get("Value") or "", 3) if color is not None else []
    return len(values) == 3 and values[0] > 150 and values[1] < 90 and values[2] < 90


def _rules(item: etree._Element) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of a path, in points."""
    x0, y0, *_ = _floats(item.get("Boundary"), 4)
    data = item.findtext("{*}AbbreviatedData") or ""
    here = start = (0.0, 0.0)
    for command, numbers in re.findall(r"([SMLBQAC])([^SMLBQAC]*)", data):
        values = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        if command in "SM" and len(values) >= 2:
            here = start = (values[0], values[1])
        elif (command == "L" and len(values) >= 2) or command == "C":
            there = (values[0], values[1]) if command == "L" else start
            (ax, bx), (ay, by) = sorted((here[0], there[0])), sorted((here[1], there[1]))
            yield ((x0 + ax) * _POINT, (y0 + ay) * _POINT, (x0 + bx) * _POINT, (y0 + by) * _POINT)
            here = there


def _deltas(text: str | None, count: int) -> list[float]:
    """`3.2 g 4 3.5 1` means 3.2, four times 3.5, 1."""
    if not text:
        return []
    out: list[float] = []
    parts = iter(text.split())
    for part in parts:
        if part == "g":
            times, value = next(parts, "0"), next(parts, "0")
            out += [_float(value, 0.0)] * min(int(_float(times, 0)), max(count, 0))
        else:
            out.append(_float(part, 0.0))
    return out[: max(count, 0)]


def _floats(text: str | None, count: int) -> list[float]:
    values = [_float(part, 0.0) for part in (text or "").split()][:count]
    return values + [0.0] * (count - len(values))


def _float(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default
