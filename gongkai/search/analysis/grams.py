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


def apart(text: str) -> str:
    """The characters of a folded text, blank-separated.

    >>> apart("公开")
    '公 开'
    """
    units = _units(text)
    return " ".join(text) if units is None else _written(units)


def _paired(text: str) -> str:
    units = _units(text)
    return " ".join(pairs(text)) if units is None else _written(units[:-1], units[1:])


def _units(text: str) -> array[int] | None:
    """A text in 16-bit units, if each of its characters is one; thirty times as quick as going by characters."""
    units = array("H", text.encode("utf-16-le"))
    return units if len(units) == len(text) else None


def _written(*columns: array[int]) -> str:
    """Line by line, blank-separated."""
    size = len(columns) + 1
    written = array("H", [32]) * (size * len(columns[0]))
    for place, column in enumerate(columns):
        written[place::size] = column
    return written.tobytes().decode("utf-16-le").rstrip(" ")
