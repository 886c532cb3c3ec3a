"""From a question to results: how far it must be widened, and what is shown of each document."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import accumulate

from tantivy import Query

from gongkai.search.engines.embedded.candidates import Candidate, Candidates
from gongkai.search.engines.embedded.counting import counts
from gongkai.search.engines.embedded.generation import Counted, Facets, View
from gongkai.search.engines.embedded.paging import Page, Paging
from gongkai.search.engines.embedded.texts import Record, Texts
from gongkai.search.levels import Level, levels
from gongkai.search.ordering import sort_of
from gongkai.search.planning import Plan
from gongkai.search.port import Collection, Hit, Request, Results, Stamp
from gongkai.search.showing import Found, Marks, hit_of, sought

_SURELY = 10
"""How many times a page must be expected for facets to be counted at once."""


class Answer:
    """The answer to one question, from one commit."""

    def __init__(self, view: View, collection: Collection, request: Request, plan: Plan) -> None:
        self._view = view
        self._collection = collection
        self._request = request
        self._plan = plan
        self._found = Candidates(view, collection, request, plan)
        asked = bool(plan.text or plan.phrases)
        self._paging = Paging(view, self._found, request, sort_of(request, collection, asked=asked))
        self._marks = sought(plan) if request.marked else Marks()

    def results(self, stamp: Stamp) -> Results:
        """The page that was asked for, and what is true of the whole."""
        steps = levels(self._request, self._plan)
        if self._request.counted or self._request.facets:
            known = self._view.counted
            if (counted := known.get(key := self._key())) is None:
                counted = known[key] = self._counted(steps)
            level, number, all_of_it, facets = counted
            shown, after = self._paging.page(level, number)
        else:
            (level, (shown, after)), number, all_of_it, facets = self._uncounted(steps), -1, -1, {}
        return Results(
            hits=tuple(self._hit(group) for group in shown),
            total=number,
            facets=facets,
            widened=level is not steps[0],
            whole=all_of_it,
            shortened=self._plan.shortened,
            after=after,
            stamp=stamp,
        )

    def _key(self) -> Hashable:
        """All that the numbers depend on: who turns a page or orders anew need not wait for them again."""
        asked = self._request
        chosen = tuple(sorted((name, *values) for name, values in asked.chosen.items()))
        ranges = tuple(sorted((name, str(span)) for name, span in asked.ranges.items()))
        words = (asked.text, asked.phrases, asked.excluded, asked.sayings, asked.match)
        return (*words, chosen, ranges, asked.facets, self._paging.size)

    def _uncounted(self, steps: Sequence[Level]) -> tuple[Level, Page]:
        """How far the question must be widened, and the page."""
        level, page = steps[0], self._paging.page(steps[0])
        for wider in steps[1:]:
            if self._is_filled(level, len(page[0])):
                break
            if len((more := self._paging.page(wider))[0]) > len(page[0]):
                level, page = wider, more
        return level, page

    def _counted(self, steps: Sequence[Level]) -> Counted:
        """How far the question must be widened, how many answer then, how many of them have all of it, and the facets.

        Facets take the most time: they are counted where the question probably ends, and elsewhere documents alone.
        """
        at_once = self._found.expected() >= _SURELY * self._paging.size
        level, number, facets = steps[0], -1, None
        for step in steps:
            is_last = step is steps[-1]
            tried, told = self._counts(step) if at_once or is_last else (self._found.number(step), None)
            if tried > number:
                level, number, facets = step, tried, told
            if not is_last and self._is_filled(level, number):
                break
        all_of_it = number if level is steps[0] else self._found.whole()
        return level, number, all_of_it, self._counts(level)[1] if facets is None else facets

    def _counts(self, level: Level) -> tuple[int, Facets]:
        def answering(leaving: str) -> Query:
            return self._found.query(level, leaving=leaving)

        if not self._request.facets:
            return self._found.number(level), {}
        return counts(self._view.searcher, self._collection, self._request, answering)

    def _is_filled(self, level: Level, number: int) -> bool:
        """Whether there is a page, were nothing chosen: else a choice could widen, and find more than its count promised."""
        if number >= self._paging.size or not any(self._request.chosen.values()):
            return number >= self._paging.size
        return self._found.unchosen(level) >= self._paging.size

    def _hit(self, group: Sequence[Candidate]) -> Hit:
        best, *others = (self._shown(one, marked=place == 0) for place, one in enumerate(group))
        return replace(best, others=tuple(others)) if others else best

    def _shown(self, one: Candidate, *, marked: bool) -> Hit:
        record = one.record or self._view.texts.read(one.place)
        window = one.window
        if one.record is None and marked and self._marks:
            window = self._found.scale.weigh(record.folded, 0.0, 1.0).window
        return hit_of(found_of(self._view.texts, record, one.score, window), self._collection, self._marks, self._found.scale)


def found_of(texts: Texts, record: Record, score: float, window: int) -> Found:
    """A document with what was stored of it."""
    told = texts.shown(record)

    def text(number: int) -> str:
        sizes = [size for _, size, _ in told["passages"]]
        start = list(accumulate(sizes, initial=0))[number]
        return texts.text(record, start, sizes[number])

    return Found(score, window, record.folded, told, text)
