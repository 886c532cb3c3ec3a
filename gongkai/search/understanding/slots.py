"""Pinyin and characters mixed, as a row of slots, each of which one character of a term must fill. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from gongkai.search.understanding.syllables import NUMBER_OF, divisions, initial, loose
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import HAN

MOST_SLOTS = 20
_MOST_ROWS, _MOST_KEYS = 6, 4
_MOST_SCANNED = 400


@dataclass(frozen=True, slots=True)
class Slot:
    """One place: a character that stands as typed, a whole syllable, or an initial alone."""

    typed: str
    is_character: bool
    is_whole: bool


@lru_cache(4_096)
def slot(typed: str) -> Slot:
    """The slot that one character, one syllable or one initial makes."""
    is_character = HAN.fullmatch(typed) is not None
    return Slot(typed, is_character, is_character or typed in NUMBER_OF)


Row = tuple[Slot, ...]


def rows(pieces: list[str]) -> Iterator[Row]:
    """The ways in which runs of characters and of letters make rows of slots, the fewest slots first; six at most."""
    ways = [[tuple(piece)] if HAN.fullmatch(piece) else list(divisions(piece, bare=True)) for piece in pieces]
    for way in islice(product(*ways), _MOST_ROWS):
        row = tuple(slot(typed) for part in way for typed in part)
        if len(row) <= MOST_SLOTS:
            yield row


def terms_for(row: Row, vocabulary: Vocabulary, most: int, *, loosely: bool) -> list[int]:
    """The terms that fill a row, by rank; `loosely` takes sounds for one another that many speakers do not tell apart."""
    whole = all(one.is_whole for one in row)
    found: dict[int, None] = {}
    for said in islice(product(*(_sounds(one, vocabulary) for one in row)), _MOST_KEYS):
        if whole:
            key = "".join(said)
            ranks = vocabulary.sounding_like(loose(key), most * 3) if loosely else vocabulary.sounding(key, most * 3)
        else:
            ranks = vocabulary.beginning_with("".join(map(initial, said)), _MOST_SCANNED)
        found |= dict.fromkeys(rank for rank in ranks if _fills(vocabulary.term(rank), row, vocabulary, loosely=loosely))
    return sorted(found)[:most]


def _sounds(one: Slot, vocabulary: Vocabulary) -> tuple[str, ...]:
    return vocabulary.readings(one.typed)[:2] if one.is_character else (one.typed,)


def _fills(term: str, row: Row, vocabulary: Vocabulary, *, loosely: bool) -> bool:
    if len(term) != len(row):
        return False
    for char, one in zip(term, row, strict=True):
        if one.is_character:
            if char != one.typed:
                return False
        elif one.is_whole:
            if not loosely and len(row) > 1 and one.typed not in vocabulary.readings(char):
                return False
        elif not any(said.startswith(one.typed) for said in vocabulary.readings(char)):
            return False
    return True
