"""Dividing questions into words by the words that an index has: one vocabulary, mapped from disk, for all processes. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

_LONGEST = 8
_UNKNOWN = 0.02


def divide(run: str, frequency: Callable[[str], int], documents: int) -> list[str]:
    """A run of folded characters as the likeliest words; `frequency` is in how many of the `documents` a word stands.

    Digits and Latin letters stay together. Characters that are in no word stand alone.
    """
    ends = _wholes(run)
    dearest = math.log((documents + 1) / _UNKNOWN)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        way = best[end - 1][0] + dearest, end - 1
        if end in ends:
            for start in range(max(0, end - _LONGEST), end):
                if start in ends and (seen := frequency(run[start:end])):
                    way = min(way, (best[start][0] + math.log((documents + 1) / seen), start))
        best.append(way)
    return _walked(run, best, ends)


def _wholes(run: str) -> set[int]:
    """The places where a word may begin or end: not between two digits, nor two Latin letters."""
    return {place for place in range(len(run) + 1) if not (0 < place < len(run) and _solid(run[place - 1], run[place]))}


def _solid(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isdigit() == right.isdigit()


def _walked(run: str, best: list[tuple[float, int]], ends: set[int]) -> list[str]:
    places, end = [len(run)], len(run)
    while end:
        end = best[end][1]
        places.append(end)
    cuts = [place for place in reversed(places) if place in ends]
    return [run[start:end] for start, end in pairwise(cuts)]
