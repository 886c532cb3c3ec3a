"""The red head of an official paper (发文机关标志): whose names, in what words, how large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MADE_HERE = "由本网站根据公开文本生成"
_MOST = 4
_WITHOUT = ("interpretation", "guide")  # explanations are no official papers and get no red head
_SIZES = ((8, 46), (10, 40), (12, 34), (15, 28), (20, 21), (28, 15))
_SMALLEST = 13


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The lines of a red head and their size in points; `size` fits the longest line into 156 mm."""

    lines: list[str]
    size: int


def letterhead(organs: Sequence[str], document_number: str, kind: str) -> Letterhead | None:
    """The red head of a paper of these organs; None where it has none.

    A numbered paper says 文件 behind the last organ's name, a decree 令; a paper without number has the name alone.
    """
    if kind in _WITHOUT or not organs:
        return None
    lines = list(organs[:_MOST])
    if len(organs) > _MOST:
        lines[-1] += f"等{len(organs)}个机关"
    if document_number:
        lines[-1] += "令" if "令第" in document_number else "文件"
    longest = max(map(len, lines))
    return Letterhead(lines, next((size for length, size in _SIZES if longest <= length), _SMALLEST))
