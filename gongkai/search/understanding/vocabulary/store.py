"""A vocabulary as its readers have it: one mapped file, shared by all processes, nothing of it copied."""

from __future__ import annotations

import math
from bisect import bisect_left
from heapq import nsmallest
from itertools import islice
from pathlib import Path

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.syllables import SYLLABLES
from gongkai.search.understanding.vocabulary.index import Index
from gongkai.search.understanding.vocabulary.layout import Sections
from gongkai.search.understanding.vocabulary.terms import KEYED, PAIR, TRIPLE, TermKind, digest, plain_number

_FIRST_READ, _LAST_READ, _PER_CHARACTER = 0x4E00, 0x9FFF, 3
_LOW = 0xFFFFFFFF
_PAIR_SPREAD, _TRIPLE_SPREAD = 0.75, 0.65
_MOST_COMPARED = 60_000
_KINDS = tuple(TermKind)
_REMEMBERED, _FEW_REMEMBERED = 1 << 15, 1 << 12


class Vocabulary:
    """The terms of a site with their weights, sounds and neighbours. Terms are ranked: 0 is the heaviest.

    Opening maps the file and reads its header only. Safe to share between threads. Raises VocabularyUnreadable when the
    file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._sections = sections = Sections(path)
        self._text, self._text_at = sections.view("text"), sections.view("text_at")
        self._weight, self._kind = sections.view("weight"), sections.view("kind")
        names = ("exact", "sound", "loose", "initials", "dropped", "numbers")
        self._exact, self._sound, self._loose, self._initials, self._dropped, self._numbers = (
            Index(sections, name, KEYED) for name in names
        )
        self._pairs, self._triples = Index(sections, "pairs", PAIR), Index(sections, "triples", TRIPLE)
        self._ahead, self._readings = sections.view("ahead"), sections.view("readings")
        self._went_on = Remembered[tuple[str, int], tuple[str, ...]](self._go_on, _FEW_REMEMBERED)
        self._single = sections.view("single")
        (self._total,) = sections.view("total")
        self.pair, self.triple = Remembered(self._pairs.count, _REMEMBERED).__getitem__, self._triples.count

    def close(self) -> None:
        """Give the file back."""
        for name, value in list(vars(self).items()):
            if isinstance(value, memoryview | Index):
                delattr(self, name)
        self._sections.close()

    def __len__(self) -> int:
        return len(self._weight)

    def term(self, rank: int) -> str:
        """The text of the term at `rank`."""
        return str(self._text[self._text_at[rank] : self._text_at[rank + 1]], "utf-8")

    def weight(self, rank: int) -> int:
        """About how often the term is used."""
        return int(self._weight[rank])

    def kind(self, rank: int) -> TermKind:
        """Where the term comes from."""
        return _KINDS[self._kind[rank]]

    def find(self, text: str) -> int | None:
        """The rank of `text` as a term, or None."""
        for rank in self._exact.ranks(digest(text), 8):
            if self.term(rank) == text:
                return rank
        return None

    def known(self, text: str) -> int:
        """The weight of `text` as a term, nought when it is none."""
        rank = self.find(text)
        return 0 if rank is None else self.weight(rank)

    def sounding(self, letters: str, most: int) -> list[int]:
        """Terms that are read as `letters`, the heaviest first."""
        return self._sound.ranks(digest(letters), most)

    def sounding_like(self, loosened: str, most: int) -> list[int]:
        """Terms whose `loose` letters are these, the heaviest first."""
        return self._loose.ranks(digest(loosened), most)

    def beginning_with(self, initials: str, most: int) -> list[int]:
        """Terms whose syllables begin with these letters, one letter each, the heaviest first."""
        return self._initials.ranks(digest(initials), most)

    def lacking_one(self, text: str, most: int) -> list[int]:
        """Terms that are `text` with one character more, the heaviest first; the caller makes sure of it."""
        return self._dropped.ranks(digest(text), most)

    def readings(self, char: str) -> tuple[str, ...]:
        """The syllables that a character may be read as, the usual one first; none for what is no character."""
        point = ord(char)
        if not _FIRST_READ <= point <= _LAST_READ:
            return ()
        at = (point - _FIRST_READ) * _PER_CHARACTER
        return tuple(SYLLABLES[n - 1] for n in self._readings[at : at + _PER_CHARACTER] if n)

    def numbers(self, year: int, number: int) -> list[str]:
        """The document numbers of that year with that number, whatever their code."""
        return [self.term(rank) for rank in self._numbers.ranks((year & 0xFFFF) << 16 | min(number, 0xFFFF), 400)]

    def ahead(self, typed: str, most: int) -> tuple[str, ...]:
        """Titles, organs, numbers and phrases that go on from `typed`, or have a word that does, the heaviest first."""
        return self._went_on[typed, most]

    def _go_on(self, asked: tuple[str, int]) -> tuple[str, ...]:
        """Of one character there are tens of thousands, and everybody begins with one."""
        typed, most = asked
        found: dict[str, int] = {}
        for key in dict.fromkeys((typed.lower(), plain_number(typed))):
            if not key:
                continue
            start, end = self._first_ahead(key), self._first_ahead(key + "\U0010ffff")
            entries = self._ahead[start : min(end, start + _MOST_COMPARED)]
            for rank in islice(dict.fromkeys(nsmallest(most * 4, (entry & _LOW for entry in entries))), most):
                found.setdefault(self.term(rank), rank)
        return tuple(sorted(found, key=lambda term: found[term])[:most])

    def rarity(self, char: str) -> float:
        """How seldom a character is written: the natural logarithm of one in how many."""
        point = ord(char)
        return -math.log(((self._single[point] if point < 0x10000 else 0) + 0.1) / (self._total + 2_000))

    def chance(self, before: int, last: int, char: int) -> float:
        """The natural logarithm of the chance that `char` follows `before`, `last` (code points), as the papers write."""
        single = self._single
        alone = (single[char] + 0.1 if char < 0x10000 else 0.1) / (self._total + 2_000)
        pair_base = single[last] if last < 0x10000 else 0
        after_one = alone
        if pair_base:
            together = self.pair(last << 16 | char) if char < 0x10000 else 0
            spread = float(pair_base**_PAIR_SPREAD)
            after_one = (together + spread * alone) / (pair_base + spread)
            triple_base = self.pair(before << 16 | last) if together and before < 0x10000 else 0
            if triple_base:
                triple = self.triple(before << 32 | last << 16 | char)
                spread = float(triple_base**_TRIPLE_SPREAD)
                return math.log((triple + spread * after_one) / (triple_base + spread))
        return math.log(after_one)

    def _first_ahead(self, key: str) -> int:
        return bisect_left(self._ahead, key, key=self._tail)

    def _tail(self, entry: int) -> str:
        rank = entry & _LOW
        term = self.term(rank)
        return (plain_number(term) if self._kind[rank] == TermKind.NUMBER else term.lower())[entry >> 32 :]
