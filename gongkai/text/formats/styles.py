"""DOCX paragraph styles, as far as reading needs them: alignment, outline level, size, colour."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RED = re.compile(r"^(?:[c-f][0-9a-f][0-4][0-9a-f][0-4][0-9a-f])$", re.I)
_HEADING = re.compile(r"^(?:heading|标题)\s*([1-6])$", re.I)


@dataclass(slots=True, frozen=True)
class ParagraphStyle:
    """The look of a paragraph; `size` in points, 0 when unknown; `numbering` is (list id, level)."""

    align: Literal["", "center", "right"] = ""
    level: int = 0
    size: float = 0.0
    red: bool = False
    numbering: tuple[str, int] | None = None


class Styles:
    """Style definitions with their inheritance resolved."""

    def __init__(self, root: etree._Element | None) -> None:
        found = [] if root is None else root.findall(f"{W}style")
        self._definitions = {s.get(f"{W}styleId", ""): s for s in found}
        default = next((s for s in found if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in ("1", "true")), None)
        self._default = "" if default is None else default.get(f"{W}styleId", "")
        self._known: dict[str, ParagraphStyle] = {}

    def of(self, paragraph: etree._Element) -> ParagraphStyle:
        """The style of one paragraph: its named style, then what it sets itself."""
        properties = paragraph.find(f"{W}pPr")
        named = properties.find(f"{W}pStyle") if properties is not None else None
        style = self._named(named.get(f"{W}val", "") if named is not None else self._default, 0)
        style = _applied(style, properties)
        return _with_runs(style, paragraph)

    def _named(self, identifier: str, depth: int) -> ParagraphStyle:
        if identifier in self._known:
            return self._known[identifier]
        definition = self._definitions.get(identifier)
        if definition is None or depth > 20:
            return ParagraphStyle()
        based = definition.find(f"{W}basedOn")
        style = self._named(based.get(f"{W}val", ""), depth + 1) if based is not None else ParagraphStyle()
        style = _applied(style, definition.find(f"{W}pPr"))
        style = _coloured(style, definition.find(f"{W}rPr"))
        name = definition.find(f"{W}name")
        if name is not None and (heading := _HEADING.match(name.get(f"{W}val", ""))):
            style = replace(style, level=int(heading[1]))
        self._known[identifier] = style
        return style


def _applied(style: ParagraphStyle, properties: etree._Element | None) -> ParagraphStyle:
    if properties is None:
        return style
    if (jc := properties.find(f"{W}jc")) is not None:
        value = jc.get(f"{W}val", "")
        align: Literal["", "center", "right"] = "center" if value == "center" else "right" if value in ("right", "end") else ""
        style = replace(style, align=align)
    if (outline := properties.find(f"{W}outlineLvl")) is not None and (value := outline.get(f"{W}val", "9")).isdigit():
        style = replace(style, level=int(value) + 1 if int(value) < 6 else 0)
    numbered = properties.find(f"{W}numPr")
    if numbered is not None:
        identifier, level = numbered.find(f"{W}numId"), numbered.find(f"{W}ilvl")
        list_id = identifier.get(f"{W}val", "0") if identifier is not None else (style.numbering or ("0", 0))[0]
        depth = level.get(f"{W}val", "0") if level is not None else "0"
        style = replace(style, numbering=None if list_id == "0" else (list_id, int(depth) if depth.isdigit() else 0))
    return style


def _coloured(style: ParagraphStyle, runs: etree._Element | None) -> ParagraphStyle:
    if runs is None:
        return style
    color, size = runs.find(f"{W}color"), runs.find(f"{W}sz")
    if color is not None:
        style = replace(style, red=bool(_RED.match(color.get(f"{W}val", ""))))
    if size is not None and size.get(f"{W}val", "").isdigit():
        style = replace(style, size=int(size.get(f"{W}val", "0")) / 2)
    return style


def _with_runs(style: ParagraphStyle, paragraph: etree._Element) -> ParagraphStyle:
    """The first run with text tells the colour and size of the line."""
    for run in paragraph.iter(f"{W}r"):
        if run.findtext(f"{W}t"):
            return _coloured(style, run.find(f"{W}rPr"))
    return style
