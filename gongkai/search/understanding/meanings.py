"""Which terms a stretch of characters may have been meant to be, and at what price. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.data import asked_words, look_alikes
from gongkai.search.understanding.mistakes import DROPPED, ENDING, Mistakes, Sort
from gongkai.search.understanding.syllables import loose, miskeyed
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import TermKind, deletions

_MOST_TERMS, _MOST_BESIDE, _MOST_SOUNDING = 4, 40, 6
_KNOWN_WORD, _RARE_WORD, _FEW = 1.0, 5.0, 5
_WHOLE_TERM = 0.5
_REMEMBERED = 1 << 12
_NO_AIM = frozenset({TermKind.COMMON, TermKind.CHARACTER, TermKind.NUMBER, TermKind.LATIN})
Meaning = tuple[str, float, Sort]


class Meanings:
    """Looks terms up in one vocabulary and remembers them. Safe for threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._mistakes = Mistakes(vocabulary)
        self._by_sound = Remembered[str, list[Meaning]](lambda typed: self._priced(typed, self._sounding(typed)), _REMEMBERED)
        self._by_slip = Remembered[str, list[Meaning]](lambda typed: self._priced(typed, self._slipped(typed)), _REMEMBERED)
        self._beside = Remembered[str, list[Meaning]](self._half_of, _REMEMBERED)

    def by_sound(self, typed: str) -> list[Meaning]:
        """Terms of the same or nearly the same sound."""
        return self._by_sound[typed]

    def by_slip(self, typed: str) -> list[Meaning]:
        """Terms one slip away: a character wrong, missing, too many, doubled or in the wrong place."""
        return self._by_slip[typed]

    def lacking_one(self, typed: str) -> list[Meaning]:
        """Terms of which one character is missing."""
        return self._priced(typed, self._vocabulary.lacking_one(typed, _MOST_TERMS))

    def beside(self, char: str) -> list[Meaning]:
        """Words of two characters that a character left alone may be half of."""
        return self._beside[char]

    def ending(self, char: str) -> list[Meaning]:
        """The same, where `char` stands last: what one asks of things ends queries more often than other words."""
        asked = asked_words()
        return [(term, *(ENDING if term in asked else (price, sort))) for term, price, sort in self.beside(char)]

    def _half_of(self, char: str) -> list[Meaning]:
        terms = map(self._vocabulary.term, self._vocabulary.lacking_one(char, _MOST_BESIDE))
        return [(term, *DROPPED) for term in terms if len(term) == 2 and char in term]

    def _priced(self, typed: str, ranks: Iterable[int]) -> list[Meaning]:
        vocabulary, kept, found = self._vocabulary, self._kept_for(typed), []
        for rank in set(ranks):
            if vocabulary.kind(rank) in _NO_AIM:
                continue
            term = vocabulary.term(rank)
            if slip := self._mistakes.cost(typed, term):
                whole = _WHOLE_TERM * (len(term) - 2) if vocabulary.weight(rank) >= _FEW else 0.0
                found.append((term, slip[0] + kept - whole, slip[1]))
        return found

    def _kept_for(self, typed: str) -> float:
        """What a word that was typed is worth as it stands, more where the papers say too little to tell."""
        rank = self._vocabulary.find(typed) if len(typed) > 1 else None
        return 0.0 if rank is None else _RARE_WORD if self._vocabulary.weight(rank) < _FEW else _KNOWN_WORD

    def _sounding(self, typed: str) -> Iterator[int]:
        vocabulary = self._vocabulary
        for said in self._mistakes.readings_of(typed):
            yield from vocabulary.sounding_like(loose("".join(said)), _MOST_SOUNDING)

    def _slipped(self, typed: str) -> Iterator[int]:
        vocabulary = self._vocabulary
        yield from vocabulary.lacking_one(typed, _MOST_TERMS)
        for rest in deletions(typed):
            yield from vocabulary.lacking_one(rest, _MOST_TERMS)
            yield from _found(vocabulary, rest) if len(rest) > 1 else ()
        if len(typed) == 2:
            yield from _found(vocabulary, typed[::-1])
            for other in _lookalikes(typed):
                yield from _found(vocabulary, other)
            for said in self._mistakes.readings_of(typed):
                yield from self._miskeyed(said)

    def _miskeyed(self, said: tuple[str, ...]) -> Iterator[int]:
        for place, syllable in enumerate(said):
            for other in miskeyed(syllable):
                yield from self._vocabulary.sounding("".join((*said[:place], other, *said[place + 1 :])), 3)


def _found(vocabulary: Vocabulary, text: str) -> tuple[int, ...]:
    rank = vocabulary.find(text)
    return () if rank is None else (rank,)


def _lookalikes(typed: str) -> Iterator[str]:
    for place, char in enumerate(typed):
        for other in look_alikes().get(char, ()):
            yield typed[:place] + other + typed[place + 1 :]
