"""How a run of characters divides into words that are known, and what is left over. Pure."""

from __future__ import annotations

from operator import itemgetter

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.vocabulary.store import Vocabulary

_LONGEST_WORD = 6
_REMEMBERED, _FEW_REMEMBERED = 1 << 15, 1 << 12
_ALONE = frozenset("的了和与或及在是吗呢吧啊我你他您要这那把被给让问")


class Wording:
    """Divides runs by one vocabulary and remembers what it has looked up. Safe for threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = Remembered[str, bool](lambda word: vocabulary.find(word) is not None, _REMEMBERED)
        self._divided = Remembered[str, tuple[frozenset[int], int]](self._divide, _FEW_REMEMBERED)

    def loose(self, run: str) -> frozenset[int]:
        """The places of the characters that stand alone, in the division that leaves fewest of them."""
        return self._divided[run][0]

    def pieces(self, run: str) -> int:
        """How many words and characters that stand alone there are in that division."""
        return self._divided[run][1]

    def _divide(self, run: str) -> tuple[frozenset[int], int]:
        best: list[tuple[float, tuple[int, ...], int]] = [(0.0, (), 0)]
        for end in range(1, len(run) + 1):
            alone = run[end - 1] in _ALONE
            spent, places, pieces = best[end - 1]
            ways = [(spent + (0.5 if alone else 3.0), places if alone else (*places, end - 1), pieces + 1)]
            for start in range(max(0, end - _LONGEST_WORD), end - 1):
                if self._known[run[start:end]]:
                    spent, places, pieces = best[start]
                    ways.append((spent + 1.0, places, pieces + 1))
            best.append(min(ways, key=_spent))
        return frozenset(best[-1][1]), best[-1][2]


_spent = itemgetter(0)
