"""Sorted numbers in a mapped file, found by bisection within a bucket. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from gongkai.search.understanding.vocabulary.layout import Sections
from gongkai.search.understanding.vocabulary.terms import large

_BUCKETS = 0x10000


def sorted_sections(name: str, entries: Iterable[int], shift: int) -> dict[str, array[int] | bytes]:
    """The two sections of an index: its entries in order, and where each bucket (the 16 bits above `shift`) begins."""
    ordered = array("Q", sorted(set(entries)))
    held = array("I", bytes(4 * (_BUCKETS + 1)))
    for entry in ordered:
        held[(entry >> shift) + 1] += 1
    starts = array("I", accumulate(held))
    return {name: ordered, f"{name}_at": starts}


class Index:
    """Entries of one index; each is a key above 32 bits of rank, or a gram above 16 bits of count."""

    __slots__ = ("_entries", "_shift", "_starts")

    def __init__(self, sections: Sections, name: str, shift: int) -> None:
        self._entries, self._starts, self._shift = sections.view(name), sections.view(f"{name}_at"), shift

    def ranks(self, key: int, most: int) -> list[int]:
        """The ranks under `key`, the lowest first."""
        entries, least = self._entries, key << 32
        bucket = least >> self._shift
        start, end = self._starts[bucket], self._starts[bucket + 1]
        at = bisect_left(entries, least, start, end)
        if at == end or entries[at] >> 32 != key:  # mostly there is nothing
            return []
        last = bisect_left(entries, least + (1 << 32), at, min(end, at + most))
        return [entry & 0xFFFFFFFF for entry in entries[at:last]]

    def count(self, gram: int) -> float:
        """About how often the packed gram stands in the papers."""
        entries, key = self._entries, gram << 16
        bucket = key >> self._shift
        end = self._starts[bucket + 1]
        at = bisect_left(entries, key, self._starts[bucket], end)
        if at < end:
            entry = entries[at]
            if entry >> 16 == gram:
                return large(entry & 0xFFFF)
        return 0.0
