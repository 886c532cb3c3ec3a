"""The facet sets in memory: which public documents have which value, as whole numbers used bit by bit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from gongkai.core.freshness.touching import kept
from gongkai.domains.library.actions.facets import FACET_CHUNK, PUBLIC
from gongkai.domains.library.models import FacetChunk

_CHUNK_BYTES = FACET_CHUNK // 8


@kept(1)
def facet_sets() -> Mapping[str, Mapping[str, int]]:
    """Facet → value → set. The set of all public documents is that of facet `public`, value ``."""
    pieces: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    for name, chunk, bits in FacetChunk.objects.order_by("name", "chunk").values_list("name", "chunk", "bits"):
        pieces[name].append((chunk, bytes(bits)))
    sets: dict[str, dict[str, int]] = defaultdict(dict)
    for name, chunks in pieces.items():
        facet, _, value = name.partition(":")
        if (joined := _joined(chunks)) != 0:
            sets[facet][value] = joined
    return sets


def _joined(chunks: list[tuple[int, bytes]]) -> int:
    whole = bytearray(_CHUNK_BYTES * (chunks[-1][0] + 1))
    for chunk, bits in chunks:
        whole[chunk * _CHUNK_BYTES : chunk * _CHUNK_BYTES + len(bits)] = bits
    return int.from_bytes(whole, "little")


def public_set() -> int:
    """All public documents."""
    return facet_sets().get(PUBLIC, {}).get("", 0)


def union(sets: Mapping[str, int], values: Iterable[str]) -> int:
    """The documents that have any of these values."""
    return reduce(or_, (sets.get(value, 0) for value in values), 0)


def set_of(numbers: Iterable[int]) -> int:
    """The set of these documents."""
    found = list(numbers)
    whole = bytearray(max(found, default=0) // 8 + 1)
    for number in found:
        whole[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(whole, "little")


def numbers_in(documents: int) -> list[int]:
    """The documents of a set, by number."""
    found = []
    for place, byte in enumerate(documents.to_bytes((documents.bit_length() + 7) // 8, "little")):
        if byte:
            found += [place * 8 + bit for bit in range(8) if byte >> bit & 1]
    return found
