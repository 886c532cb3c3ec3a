"""The close look at candidates: how well the best windows of a body answer, and its title. Pure.

Candidates come from an engine with their own score (whole documents, pairs and words). Here each
window of about 200 characters is weighed by characters and pairs, so that a long paper is judged by
the place that answers and not by its length. Figures:
docs/decisions/0013-search-looks-closely-at-windows.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from gongkai.search.analysis.grams import END
from gongkai.search.analysis.passages import WINDOW_END
from gongkai.search.planning import Plan

_SECOND = 0.5
_CANDIDATE = 0.5
_HEAD_PAIR, _HEAD_CHARACTER = 0.5, 0.15
_WHOLE, _WITHIN = 1.0, 0.3
_PAIR_K, _PAIR_B, _CHARACTER_K, _CHARACTER_B = 1.2, 0.5, 0.8, 0.75
_LEAST_WITHIN = 4


class Weighed(NamedTuple):
    """A candidate's score, and which window answers best (-1 for none)."""

    score: float
    window: int


class Scale:
    """Weighs candidates for one plan. `average` is the length of windows in the collection, `heads` the fields' weights."""

    def __init__(self, plan: Plan, average: float, heads: Sequence[float]) -> None:
        self._text = plan.text
        self._all = sum(plan.units.values())
        self._heads = heads
        saturations = [(_CHARACTER_K, _CHARACTER_B), (_PAIR_K, _PAIR_B)]
        self._units = [
            (unit, weight * (k + 1), k * (1 - b), k * b / max(average, 1.0))  # characters first: no pair without both
            for size, (k, b) in enumerate(saturations, 1)
            for unit, weight in plan.units.items()
            if len(unit) == size
        ]
        named = ((unit, weight * (_HEAD_PAIR if len(unit) > 1 else _HEAD_CHARACTER)) for unit, weight in plan.units.items())
        self._named = list(named)

    def weigh(self, folded: str, candidate: float, quality: float) -> Weighed:
        """Weigh a candidate by its folded text: fields, then the windows of the body."""
        *heads, body = folded.split(END, len(self._heads))
        best, window = self._body(body)
        titled = sum([weight * self._head(head) for head, weight in zip(heads, self._heads, strict=True) if head])
        return Weighed((best + _CANDIDATE * candidate + titled) * quality, window)

    def _body(self, body: str) -> tuple[float, int]:
        if not body:
            return 0.0, -1
        scores = self.windows(body)
        *_, second, best = sorted(scores if len(scores) > 1 else scores * 2)
        return best + _SECOND * second, scores.index(best)

    def windows(self, body: str) -> list[float]:
        """How well each window of a body answers: its characters and pairs, the more often the better, but ever less so.

        It goes from one window where a unit stands to the next: most windows have few of them.
        """
        windows = body.split(WINDOW_END)
        lengths = list(map(len, windows))
        starts = list(accumulate([length + 1 for length in lengths], initial=0))
        scores = [0.0] * len(windows)
        there = set()
        for unit, weight, least, slope in self._units:
            if len(unit) > 1 and not (unit[0] in there and unit[1] in there):
                continue
            if (at := body.find(unit)) >= 0:
                there.add(unit)
            while at >= 0:
                place = bisect_right(starts, at) - 1
                seen = windows[place].count(unit)
                scores[place] += weight * seen / (seen + least + slope * lengths[place])
                at = body.find(unit, starts[place + 1])
        return scores

    def _head(self, head: str) -> float:
        score = sum([weight for unit, weight in self._named if unit in head])
        if head == self._text:
            return score + _WHOLE * self._all
        if (len(self._text) >= _LEAST_WITHIN and self._text in head) or (len(head) >= _LEAST_WITHIN and head in self._text):
            return score + _WITHIN * self._all
        return score
