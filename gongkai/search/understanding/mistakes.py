"""How likely one written form is typed for another: by sound, by shape, by the keys, by a slip. Pure.

Costs are natural logarithms: 3 is about one in twenty. They were set on error sets kept apart from the vocabulary
(bench/understanding.py).
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import islice, product

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.data import look_alikes
from gongkai.search.understanding.syllables import loose, looser, miskeyed
from gongkai.search.understanding.vocabulary.store import Vocabulary


class Sort(Enum):
    """In what way one form was typed for another."""

    SOUND = "sound"
    SHAPE = "shape"
    KEYS = "keys"
    OTHER = "other"
    DOUBLED = "doubled"
    SWAPPED = "swapped"
    DROPPED = "dropped"
    ENDING = "ending"
    EXTRA = "extra"


Slip = tuple[float, Sort]
SAME_SOUND, NEAR_SOUND, FAR_SOUND = (5.0, Sort.SOUND), (6.0, Sort.SOUND), (8.0, Sort.KEYS)
CLOSE_SHAPE, FAMILY_SHAPE = (4.0, Sort.SHAPE), (5.0, Sort.SHAPE)
KEYS, OTHER = (7.0, Sort.KEYS), (8.5, Sort.OTHER)
DOUBLED, DROPPED, SWAPPED, EXTRA = (2.0, Sort.DOUBLED), (3.5, Sort.DROPPED), (4.0, Sort.SWAPPED), (7.0, Sort.EXTRA)
ENDING = (1.0, Sort.ENDING)
"""Half of a word that ends queries about many things, at the end of a query about one: 增值税免 for 增值税减免."""
_MORE_OF_A_WORD = 0.35
_MOST_READINGS = 4
_SELDOM = 10.0
_REMEMBERED = 1 << 15


class Mistakes:
    """The costs of taking one written form for another, by one vocabulary's readings; remembers what it has worked out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._readings = Remembered[str, tuple[str, ...]](vocabulary.readings, _REMEMBERED)
        self._rarity = vocabulary.rarity
        self._costs = Remembered[str, Slip](self._cost, _REMEMBERED)

    def cost(self, typed: str, meant: str) -> Slip | None:
        """What it costs to take `typed` for `meant`; None when they are more than one slip (or one word of like sound) apart."""
        if len(typed) == len(meant):
            return self._replaced(typed, meant)
        short, long = (typed, meant) if len(typed) < len(meant) else (meant, typed)
        if len(long) - len(short) != 1:
            return None
        at = next((i for i, char in enumerate(short) if char != long[i]), len(short))
        if short[at:] != long[at + 1 :]:
            return None
        if len(meant) > len(typed):
            return DROPPED
        doubled = long[at] == (long[at - 1] if at else "") or long[at] == long[at + 1 : at + 2]
        return DOUBLED if doubled else (EXTRA[0] + self._rarity(long[at]), Sort.EXTRA)

    def _replaced(self, typed: str, meant: str) -> Slip | None:
        wrong = [i for i, char in enumerate(typed) if char != meant[i]]
        if not wrong:
            return None
        if len(wrong) == 1:
            return self.of_character(typed[wrong[0]], meant[wrong[0]])
        first, second = wrong[0], wrong[1]
        if len(wrong) == 2 and second == first + 1 and typed[first] == meant[second] and typed[second] == meant[first]:
            return SWAPPED
        prices = []
        for i in wrong:
            price, sort = self.of_character(typed[i], meant[i])
            if sort != Sort.SOUND:
                return None
            prices.append(price)
        prices.sort(reverse=True)
        return prices[0] + _MORE_OF_A_WORD * sum(prices[1:]), Sort.SOUND

    def of_character(self, typed: str, meant: str) -> Slip:
        """What it costs to take one character for another."""
        return self._costs[typed + meant]

    def _cost(self, pair: str) -> Slip:
        typed, meant = pair[0], pair[1]
        price, sort = min(self._by_sound(typed, meant), self._by_shape(typed, meant), key=_price)
        return price + max(0.0, self._rarity(typed) - _SELDOM), sort

    def _by_sound(self, typed: str, meant: str) -> Slip:
        best = OTHER
        for one in self._readings[typed]:
            for other in self._readings[meant]:
                best = min(best, _sound_cost(one, other), key=_price)
        return best

    @staticmethod
    def _by_shape(typed: str, meant: str) -> Slip:
        alike = look_alikes().get(meant, {}).get(typed)
        return OTHER if alike is None else CLOSE_SHAPE if alike else FAMILY_SHAPE

    def readings_of(self, text: str) -> list[tuple[str, ...]]:
        """How a run of characters may be read, four ways at most; [] when one of them has no reading."""
        said = [self._readings[char][:2] for char in text]
        return list(islice(product(*said), _MOST_READINGS)) if all(said) else []


def _price(slip: Slip) -> float:
    return slip[0]


@lru_cache(maxsize=16_384)
def _sound_cost(one: str, other: str) -> Slip:
    if one == other:
        return SAME_SOUND
    if loose(one) == loose(other):
        return NEAR_SOUND
    if other in miskeyed(one):
        return KEYS
    return FAR_SOUND if looser(one) == looser(other) else OTHER
