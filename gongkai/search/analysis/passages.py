"""Cutting bodies: into passages where nobody has done so, and passages into windows of one size, to be weighed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

WINDOW = 200
"""Folded characters. Windows of 400 ranked worse on long papers, of 100 as well with twice the work
(docs/decisions/0013-search-looks-closely-at-windows.md)."""

WINDOW_END = "␞"


def paragraphs(body: str) -> list[str]:
    """The lines of a body that hold something."""
    return [line.strip() for line in body.splitlines() if line.strip()]


def windowed(body: str, lengths: Sequence[int]) -> str:
    """A folded body in windows, for passages of these folded lengths; each begins with the last character of the one before.

    Short neighbours share a window, a passage much longer than a window is cut evenly.
    """
    ends = _ends(lengths)
    return WINDOW_END.join([body[max(0, start - 1) : end] for start, end in pairwise([0, *ends])])


def body_of(windows: str) -> str:
    """The body that was cut into windows."""
    return "".join([window[bool(place) :] for place, window in enumerate(windows.split(WINDOW_END))])


def _ends(lengths: Sequence[int]) -> list[int]:
    ends, start, end = [], 0, 0
    for length in lengths:
        if end > start and end - start + length > WINDOW:
            ends.append(end)
            start = end
        end += length
        if (parts := round((end - start) / WINDOW)) > 1:
            ends.extend(start + (end - start) * part // parts for part in range(1, parts + 1))
            start = end
    return [*ends, end] if end > start else ends
