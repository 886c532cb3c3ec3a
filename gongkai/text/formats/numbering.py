"""Automatic numbers of DOCX lists (一、 （一） 第三条 1.), which stand nowhere in the text itself."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from gongkai.text.formats.styles import ParagraphStyle

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand", "taiwaneseCounting",
    "ideographDigital", "japaneseCounting", "chineseLegalSimplified",
}  # fmt: skip


class Numbering:
    """Counts each list as Word would and renders the number of the next paragraph."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._abstract: dict[str, str] = {}
        if root is None:
            return
        shapes = {a.get(f"{W}abstractNumId", ""): _levels(a) for a in root.findall(f"{W}abstractNum")}
        for num in root.findall(f"{W}num"):
            abstract = num.find(f"{W}abstractNumId")
            if abstract is None:
                continue
            identifier, shape = num.get(f"{W}numId", ""), abstract.get(f"{W}val", "")
            self._levels[identifier] = shapes.get(shape, {}) | _overrides(num, shapes.get(shape, {}))
            self._abstract[identifier] = f"{shape}#{identifier}" if num.find(f"{W}lvlOverride") is not None else shape

    def next(self, style: ParagraphStyle) -> str:
        """The number text that Word shows before the next paragraph of this style, or ''."""
        if style.numbering is None:
            return ""
        identifier, depth = style.numbering
        levels = self._levels.get(identifier, {})
        if depth not in levels:
            return ""
        counts = self._counts[self._abstract[identifier]]
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return self._render(levels, counts, depth)

    @staticmethod
    def _render(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], depth: int) -> str:
        form, template, _ = levels[depth]
        if form in ("bullet", "none"):
            return ""

        def value(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            return _written(counts.get(level, levels.get(level, ("", "", 1))[2]), levels.get(level, ("decimal", "", 1))[0])

        text = re.sub(r"%(\d)", value, template)
        return text if text.endswith(("、", "）", ")", "．", ".")) and not text[-1].isascii() else f"{text} "


def _levels(abstract: etree._Element) -> dict[int, tuple[str, str, int]]:
    return dict(_level(level) for level in abstract.findall(f"{W}lvl"))


def _overrides(num: etree._Element, base: dict[int, tuple[str, str, int]]) -> dict[int, tuple[str, str, int]]:
    out: dict[int, tuple[str, str, int]] = {}
    for override in num.findall(f"{W}lvlOverride"):
        depth = int(override.get(f"{W}ilvl", "0"))
        whole, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
        if whole is not None:
            out |= dict([_level(whole)])
        elif start is not None and depth in base:
            form, template, _ = base[depth]
            out[depth] = (form, template, int(start.get(f"{W}val", "1")))
    return out


def _level(level: etree._Element) -> tuple[int, tuple[str, str, int]]:
    def attribute(name: str, default: str) -> str:
        found = level.find(f"{W}{name}")
        return default if found is None else found.get(f"{W}val", default)

    start = attribute("start", "1")
    shape = (attribute("numFmt", "decimal"), attribute("lvlText", "%1."), int(start) if start.isdigit() else 1)
    return int(level.get(f"{W}ilvl", "0")), shape


def _written(number: int, form: str) -> str:
    if form in _CHINESE:
        return chinese(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form == "decimalFullWidth":
        return "".join(chr(ord(d) + 0xFEE0) for d in str(number))
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + number - 1)
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def chinese(number: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五 (up to 9999)."""
    if number < 10:
        return _DIGITS[number] if number else "〇"
    out, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if zero else "") + ("" if digit == 1 and unit == "十" and not out else _DIGITS[digit]) + unit
            zero = False
        elif out:
            zero = True
    return out


def _roman(number: int) -> str:
    values = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    out = ""
    for value, sign in values:
        while number >= value:
            out, number = out + sign, number - value
    return out
