"""The government's red: whether it can be read, and the sheet that puts it on every page. Pure."""

from __future__ import annotations

import hashlib
import re

OURS = "#b3261e"
_WRITTEN = re.compile(r"#[0-9a-f]{6}")
_LEAST = 4.5  # contrast of text, WCAG 2.2 AA
_GROUNDS = {"白底": "#ffffff", "浅灰底": "#f6f8fa"}  # what it stands on, as in ui/styles/_tokens.scss
_DARKER = 0.78


class UnfitColour(Exception):
    """A colour that cannot be the government's; `str()` says why."""


def checked(colour: str) -> str:
    """A colour as it is kept. Raises UnfitColour unless it reads well on white and under white."""
    written = colour.strip().lower()
    if not _WRITTEN.fullmatch(written):
        raise UnfitColour("颜色应写成 # 加六位十六进制数，如 #b3261e。")
    for name, ground in _GROUNDS.items():
        if (found := contrast(written, ground)) < _LEAST:
            raise UnfitColour(
                f"这个颜色太浅：与{name}的对比度只有 {found:.1f}，至少要 {_LEAST}，否则视力不好的人看不清。请选深一些的。"
            )
    return written


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def sheet(colour: str) -> str:
    """CSS that sets the colour, and a darker one for what is pointed at; high contrast keeps its own."""
    darker = "#" + "".join(f"{round(int(colour[i : i + 2], 16) * _DARKER):02x}" for i in (1, 3, 5))
    return f":root:not(.contrast){{--red:{colour};--red-dark:{darker}}}\n"


def name_of(colour: str) -> str:
    """What the address of the sheet is told by: another colour or another way to write the sheet, another address."""
    return hashlib.sha256(sheet(colour).encode()).hexdigest()[:12]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
