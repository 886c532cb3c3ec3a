"""How much a run of characters reads like what the papers say. Pure."""

from __future__ import annotations

from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import EDGE

_EDGE = ord(EDGE)
_SEEN, _SEEN_TWICE = 1.5, 8.0


class Plausibility:
    """Scores runs against one vocabulary and remembers what it has looked up; made anew for each query."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._chances: dict[tuple[int, int, int], float] = {}
        self._weak: dict[tuple[int, int, int, int], bool] = {}
        self._seen: dict[str, bool] = {}
        self._scores: dict[tuple[str, int, int], float] = {}

    def score(self, run: str, start: int = 0, end: int | None = None) -> float:
        """The natural logarithm of the chance of the characters from `start` to `end`, given those before them.

        `end` may lie one past the run: then its ending there counts too.
        """
        line = [_EDGE, _EDGE, *map(ord, run), _EDGE][start : 2 + (len(run) + 1 if end is None else min(end, len(run) + 1))]
        chances, total = self._chances, 0.0
        for key in zip(line, line[1:], line[2:], strict=False):
            found = chances.get(key)
            if found is None:
                found = chances[key] = self.vocabulary.chance(*key)
            total += found
        return total

    def gain(self, run: str, start: int, end: int, meant: str) -> float:
        """By how much the run reads better with `meant` in place of run[start:end]."""
        key = (run, start, end)
        if key not in self._scores:
            self._scores[key] = self.score(run, start, end + 2)
        changed = run[:start] + meant + run[end:]
        return self.score(changed, start, start + len(meant) + 2) - self._scores[key]

    def joins(self, run: str, start: int, end: int, meant: str) -> bool:
        """Whether `meant` has been seen beside the characters around run[start:end]."""
        before, after = run[start - 1 : start] if start else "", run[end : end + 1]
        return (not before or self.seen(before + meant[0])) and (not after or self.seen(meant[-1] + after))

    def seen(self, gram: str) -> bool:
        """Whether two or three characters stand together more than once in the papers."""
        if gram not in self._seen:
            packed = 0
            for char in gram:
                packed = packed << 16 | ord(char)
            look = self.vocabulary.pair if len(gram) == 2 else self.vocabulary.triple
            self._seen[gram] = max(gram) < "\U00010000" and look(packed) >= _SEEN
        return self._seen[gram]

    def weak(self, run: str) -> list[int]:
        """The places where neighbours are hardly ever seen together: i is before run[i], 0 and len(run) are the ends."""
        line = [_EDGE, _EDGE, *map(ord, run), _EDGE, _EDGE]
        return [i for i in range(len(run) + 1) if self._is_weak(line[i], line[i + 1], line[i + 2], line[i + 3])]

    def _is_weak(self, before: int, left: int, right: int, after: int) -> bool:
        key = (before, left, right, after)
        if key not in self._weak:
            self._weak[key] = self._look(*key)
        return self._weak[key]

    def _look(self, before: int, left: int, right: int, after: int) -> bool:
        vocabulary = self.vocabulary
        if max(key := (before, left, right, after)) > 0xFFFF:
            return True
        if vocabulary.pair(left << 16 | right) < (_SEEN_TWICE if left == right else _SEEN):
            return True
        told = [left << 32 | right << 16 | after] if key[1] == _EDGE else [before << 32 | left << 16 | right]
        if _EDGE not in (left, right):
            told.append(left << 32 | right << 16 | after)
        return not any(vocabulary.triple(gram) >= _SEEN for gram in told)
