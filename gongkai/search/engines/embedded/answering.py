"""From a question to results: how far it must be widened, and what is shown of each document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from tantivy import Query

from gongkai.search.engines.embedded.candidates import Candidate, Candidates
from gongkai.search.engines.embedded.counting import counts
from gongkai.search.engines.embedded.generation import View
from gongkai.search.engines.embedded.paging import Paging
from gongkai.search.engines.embedded.texts import Record, Texts
from gongkai.search.levels import Level, levels
from gongkai.search.ordering import sort_of
from gongkai.search.planning import Plan
from gongkai.search.port import Collection, Count, Hit, Request, Results, Stamp
from gongkai.search.showing import Found, hit_of, sought


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
        self._marks = sought(plan) if request.marked else []

    def results(self, stamp: Stamp) -> Results:
        """The page that was asked for, and what is true of the whole."""
        steps = levels(self._request, self._plan)
        for level in steps:
            total, facets = self._counts(level)
            if 0 <= total < self._paging.size and level is not steps[-1]:
                continue
            page, after = self._paging.page(level)
            if total >= 0 or len(page) >= self._paging.size:
                break
        return Results(
            hits=tuple(self._hit(group) for group in page),
            total=total,
            facets=facets,
            widened=level is not steps[0],
            shortened=self._plan.shortened,
            after=after,
            stamp=stamp,
        )

    def _counts(self, level: Level) -> tuple[int, Mapping[str, tuple[Count, ...]]]:
        def answering(leaving: str) -> Query:
            return self._found.query(level, leaving=leaving)

        if not self._request.counted and not self._request.facets:
            return -1, {}
        return counts(self._view.searcher, self._collection, self._request, answering)

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
