"""Contrast of every pair of colours that stands on a page, worked out from the tokens, in every palette."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

STYLES = ROOT / "gongkai" / "ui" / "styles"
AAA, AA, MARK = 7.0, 4.5, 3.0  # body text; other text; what is no text but must be seen (WCAG 2.2, 1.4.3, 1.4.6, 1.4.11)
PAIRS = [
    ("ink", "paper", AAA),
    ("ink", "ground", AAA),
    ("ink", "notice", AAA),
    ("ink", "mark", AAA),
    ("ink", "added", AAA),
    ("ink", "removed", AAA),
    ("paper", "ink", AAA),
    ("on-focus", "focus", AAA),
    *((text, ground, AA) for text in ("quiet", "blue", "blue-dark", "visited", "red") for ground in ("paper", "ground")),
    *((text, ground, AA) for text in ("green", "amber", "grey") for ground in ("paper", "ground", "notice")),
    ("quiet", "notice", AA),
    ("blue", "notice", AA),
    ("blue", "mark", AA),
    ("on-red", "red", AA),
    ("on-red", "red-dark", AA),
    ("red", "paper", MARK),
    ("edge", "paper", MARK),
]


def palettes() -> dict[str, dict[str, str]]:
    """The maps of colours in the tokens, by name."""
    source = (STYLES / "_tokens.scss").read_text(encoding="utf-8")
    maps = re.findall(r"^\$(\w+): \((.*?)^\);", source, re.MULTILINE | re.DOTALL)
    return {name: dict(re.findall(r'"([\w-]+)": (#[0-9a-f]{6}),', body)) for name, body in maps}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_there_is_a_normal_and_a_high_contrast_palette_with_the_same_names() -> None:
    found = palettes()
    assert found.keys() == {"normal", "contrast"}
    assert found["normal"].keys() == found["contrast"].keys()


@pytest.mark.parametrize("palette", ["normal", "contrast"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_every_pair_can_be_read(palette: str, text: str, ground: str, least: float) -> None:
    colours = palettes()[palette]
    assert contrast(colours[text], colours[ground]) >= least


@pytest.mark.parametrize(("text", "ground", "least"), [p for p in PAIRS if p[2] > MARK])
def test_in_high_contrast_all_text_is_aaa(text: str, ground: str, least: float) -> None:
    colours = palettes()["contrast"]
    assert contrast(colours[text], colours[ground]) >= AAA


def test_no_colour_stands_outside_the_tokens() -> None:
    """Else high contrast would not reach it. Paper is printed black on white whatever the tokens say."""
    hidden = {
        p.name: found
        for p in STYLES.glob("*.scss")
        if p.name != "_tokens.scss"
        and (found := [c for c in re.findall(r"#[0-9a-fA-F]{3,8}\b", _rules(p.read_text(encoding="utf-8"))) if c != "#000"])
    }
    assert hidden == {}


def _rules(source: str) -> str:
    """Without comments, and without the `#{…}` of Sass."""
    return re.sub(r"//[^\n]*|/\*.*?\*/|#\{[^}]*\}", "", source, flags=re.DOTALL)
