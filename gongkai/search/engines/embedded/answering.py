"""From a question to results: how far it must be widened, and what is shown of each document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from tantivy import Query

from gongkai.search.engines.embedded.candidates import Candidate, Candidates
from gongkai.search.engines.embedded.counting import counts
from gongkai.search.engines.embedded.generation import View
from gongkai.search.engines.embedded.paging import Page, Paging
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
        level, tried = steps[0], self._tried(steps[0])
        for wider in steps[1:]:
            if self._is_filled(level, tried[0]):
                break
            if (more := self._tried(wider))[0] > tried[0]:
                level, tried = wider, more
        number, facets, page = tried
        shown, after = page or self._paging.page(level, number)
        return Results(
            hits=tuple(self._hit(group) for group in shown),
            total=-1 if page else number,
            facets=facets,
            widened=level is not steps[0],
            shortened=self._plan.shortened,
            after=after,
            stamp=stamp,
        )

    def _tried(self, level: Level) -> tuple[int, Mapping[str, tuple[Count, ...]], Page | None]:
        """How many answer, and the facets; where nothing is to be counted, how many stand on the page, and the page."""
        if not self._request.counted and not self._request.facets:
            page = self._paging.page(level)
            return len(page[0]), {}, page

        def answering(leaving: str) -> Query:
            return self._found.query(level, leaving=leaving)

        return *counts(self._view.searcher, self._collection, self._request, answering), None

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
