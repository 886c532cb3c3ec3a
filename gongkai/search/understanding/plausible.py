"""How much a run of characters reads like what the papers say. Pure."""

from __future__ import annotations

import math
from functools import lru_cache

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import EDGE

_EDGE = ord(EDGE)
_SEEN, _SEEN_TWICE = 1.5, 8.0
_REMEMBERED, _FEW_REMEMBERED = 1 << 15, 1 << 12


@lru_cache(2)
def plausibility(vocabulary: Vocabulary) -> Plausibility:
    """What is remembered of a vocabulary, and of the one before it until it is let go."""
    return Plausibility(vocabulary)


class Plausibility:
    """Scores runs against one vocabulary and remembers what it has looked up. Safe for threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._chances = Remembered[tuple[int, int, int], float](lambda gram: vocabulary.chance(*gram), _REMEMBERED)
        self._weak = Remembered[tuple[int, int, int, int], bool](self._is_weak, _REMEMBERED)
        self._seen = Remembered[str, bool](self._look, _REMEMBERED)
        self._scores = Remembered[tuple[str, int, int], float](lambda span: self.score(*span), _FEW_REMEMBERED)

    def score(self, run: str, start: int = 0, end: int | None = None, least: float = -math.inf) -> float:
        """The natural logarithm of the chance of the characters from `start` to `end`, given those before them.

        `end` may lie one past the run: then its ending there counts too. What is below `least` is not worked out further.
        """
        last = len(run) + 1 if end is None else min(end, len(run) + 1)
        line = list(map(ord, f"{EDGE}{EDGE}{run}{EDGE}"[start : last + 2]))
        chances, found = self._chances, 0.0
        for gram in zip(line, line[1:], line[2:], strict=False):
            found += chances[gram]
            if found < least:
                return -math.inf
        return found

    def gain(self, run: str, changed: str, start: int, end: int, until: int, *, least: float) -> float:
        """By how much `changed` reads better, which has something else, up to `until`, in place of run[start:end].

        Minus infinity where that is less than `least`: most changes read so badly at once that the rest need not be looked at.
        """
        before = self._scores[run, start, end + 2]
        return self.score(changed, start, until + 2, before + least) - before

    def joins(self, run: str, start: int, end: int, meant: str) -> bool:
        """Whether `meant` has been seen beside the characters around run[start:end]."""
        before, after = run[start - 1 : start] if start else "", run[end : end + 1]
        return (not before or self.seen(before + meant[0])) and (not after or self.seen(meant[-1] + after))

    def seen(self, gram: str) -> bool:
        """Whether two or three characters stand together more than once in the papers."""
        return self._seen[gram]

    def _look(self, gram: str) -> bool:
        packed = 0
        for char in gram:
            packed = packed << 16 | ord(char)
        look = self.vocabulary.pair if len(gram) == 2 else self.vocabulary.triple
        return max(gram) < "\U00010000" and look(packed) >= _SEEN

    def weak(self, run: str) -> list[int]:
        """The places where neighbours are hardly ever seen together: i is before run[i], 0 and len(run) are the ends."""
        line = [_EDGE, _EDGE, *map(ord, run), _EDGE, _EDGE]
        weak = self._weak
        return [i for i, four in enumerate(zip(line, line[1:], line[2:], line[3:], strict=False)) if weak[four]]

    def _is_weak(self, four: tuple[int, int, int, int]) -> bool:
        vocabulary = self.vocabulary
        before, left, right, after = four
        if max(four) > 0xFFFF:
            return True
        if vocabulary.pair(left << 16 | right) < (_SEEN_TWICE if left == right else _SEEN):
            return True
        told = [left << 32 | right << 16 | after] if left == _EDGE else [before << 32 | left << 16 | right]
        if _EDGE not in (left, right):
            told.append(left << 32 | right << 16 | after)
        return not any(vocabulary.triple(gram) >= _SEEN for gram in told)
