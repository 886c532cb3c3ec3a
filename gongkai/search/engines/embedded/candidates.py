"""Which documents come first: candidates by tantivy's score, then a close look at the first of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from heapq import heappush, heappushpop
from itertools import islice

from tantivy import DocAddress, Occur, Query, Searcher

from gongkai.search.analysis.grams import pairs
from gongkai.search.engines.embedded.asking import Asker, together
from gongkai.search.engines.embedded.fields import GROUP, PLACE
from gongkai.search.engines.embedded.generation import View
from gongkai.search.engines.embedded.texts import Record
from gongkai.search.levels import Level
from gongkai.search.planning import Plan
from gongkai.search.port import DEEPEST, LARGEST_PAGE, Collection, Kind, Request
from gongkai.search.ranking import Scale

_LARGE, _DEEPER = 0.1, 3
"""Where such a part of all documents answers, going through the best of all is quicker than through those that answer, and
among three times as many enough of them are found nearly always: for 88 to 100 of a hundred questions of bench/search.py."""
_ALL_FOR_UNITS, _MORE = 24, 4
"""So long a question looks at all its candidates, a shorter one at fewer: its first order is nearly right."""
_VAIN = 6
"""No more are looked at after a sixth of all without one among the first."""


@dataclass(slots=True)
class Candidate:
    """A document found: where its texts lie, its group, its score, and which window answers."""

    place: int
    group: int
    score: float
    window: int = -1
    record: Record | None = field(default=None, repr=False)


class Candidates:
    """The candidates of one question."""

    def __init__(self, view: View, collection: Collection, request: Request, plan: Plan) -> None:
        self.asker = Asker(view.schema, collection)
        self.scale = Scale(plan, view.average, [one.weight for one in collection.of_kind(Kind.TEXT)])
        self._view = view
        self._request = request
        self._plan = plan
        self._answering = cache(partial(self.asker.answering, plan))
        self._concepts = [[pairs(form) for form in concept] for concept in plan.concepts]
        self._depth = min(max(request.depth, 1), DEEPEST)
        self._page = min(max(request.size, 1), LARGEST_PAGE)
        self._looks = min(self._depth, max(self._page + _MORE, self._depth * len(plan.units) // _ALL_FOR_UNITS))
        self._patience = max(self._depth // _VAIN, 1)
        self.filters = self.asker.filters(request)
        self.out = self.asker.without(plan)

    def query(
        self,
        level: Level,
        *,
        leaving: str = "",
        ranking: Sequence[Query] = (),
        must: Sequence[Query] = (),
        out: Sequence[Query] = (),
    ) -> Query:
        """The result set, narrowed by `must` and `out`, or leaving aside what was chosen in one field; scored by `ranking`."""
        filters = self.asker.filters(self._request, leaving) if leaving else self.filters
        return together([*self._answering(level), *filters, *must], [*self.out, *out], ranking)

    def number(self, level: Level) -> int:
        """How many documents answer."""
        return self._number(self.query(level))

    def unchosen(self, level: Level) -> int:
        """How many documents answer, whatever was chosen among them."""
        filters = self.asker.filters(replace(self._request, chosen={}))
        return self._number(together([*self._answering(level), *filters], self.out))

    def whole(self) -> int:
        """How many documents have all of the question."""
        answering = self.asker.answering(self._plan.strict(), Level.WHOLE)
        return self._number(together([*answering, *self.filters], self.out))

    def _number(self, query: Query) -> int:
        return int(self._view.searcher.search(query, 1, count=True).count or 0)  # type: ignore[attr-defined]

    def expected(self) -> float:
        """How many documents are likely to have as many of the concepts as they must, if these stood apart from each other."""
        documents = max(self._view.documents, 1)
        commonest = sorted(self._plan.frequencies, reverse=True)[: self._plan.least]
        return documents * math.prod([min(seen / documents, 1.0) for seen in commonest])

    def first(self, level: Level, number: int, total: int = -1) -> list[Candidate]:
        """The first `number` documents of `total`, if that is known: the best looked at closely, the rest in tantivy's order.

        The best of all are found without going through all that answer; where many do, most of the best are among them.
        """
        ranking, depth = self.asker.ranking(self._plan), self._depth
        if number <= depth and ranking and self._is_large(level, total):
            best = self._scored(Query.boolean_query([(Occur.Should, query) for query in ranking]), depth * _DEEPER)
            near, left = self._looked_at(one for one in best if self._answers(one, level))
            near += islice(left, max(number - len(near), 0))
            if len(near) >= number and next(left, None):
                return near[:number]
        near, left = self._looked_at(iter(self._scored(self.query(level, ranking=ranking), max(number, depth))))
        return [*near, *left][:number]

    def _scored(self, query: Query, number: int) -> list[Candidate]:
        hits = self._view.searcher.search(query, number, count=False).hits
        return candidates(self._view.searcher, [address for _, address in hits], [score for score, _ in hits])

    def _looked_at(self, found: Iterator[Candidate]) -> tuple[list[Candidate], Iterator[Candidate]]:
        """Candidates looked at closely, the best first, and those that are left.

        Where that ends depends on nothing but the candidates before it, so that all pages of a question agree.
        """
        near: list[Candidate] = []
        best: list[float] = []
        vain = 0
        for one in islice(found, self._looks):
            self._look_at(one)
            near.append(one)
            if len(best) < self._page:
                heappush(best, one.score)
            elif one.score > heappushpop(best, one.score):
                vain = 0
            elif (vain := vain + 1) == self._patience:
                break
        return sorted(near, key=_order), found

    def _look_at(self, one: Candidate) -> None:
        record = one.record = one.record or self._view.texts.read(one.place)
        one.score, one.window = self.scale.weigh(record.folded, one.score, record.quality)

    def _is_large(self, level: Level, total: int) -> bool:
        """Whether many documents answer and there is nothing else to fulfil, so that the best of all mostly answer."""
        plan = self._plan
        if self.filters or self.out or plan.phrases:
            return False
        if total < 0:
            commonest = sorted(plan.frequencies, reverse=True)
            total = commonest[plan.least - 1] if 0 < plan.least <= len(commonest) else 0
        return level is Level.ANY or total >= _LARGE * self._view.documents

    def _answers(self, one: Candidate, level: Level) -> bool:
        """Whether a document has as many of the concepts as it must: the same test as the query's."""
        if level is Level.ANY:
            return True
        one.record = one.record or self._view.texts.read(one.place)
        text = one.record.folded
        enough = all if level is Level.WHOLE else any
        there = 0
        for concept in self._concepts:
            for parts in concept:
                if enough([part in text for part in parts]):
                    there += 1
                    break
        return there >= self._plan.least


def candidates(searcher: Searcher, addresses: Sequence[DocAddress], scores: Sequence[float]) -> list[Candidate]:
    """Documents at some addresses."""
    places = searcher.fast_field_values(PLACE, list(addresses))
    groups = searcher.fast_field_values(GROUP, list(addresses))
    found = zip(places, groups, scores, strict=True)
    return [Candidate(int(place or 0), int(group or 0), score) for place, group, score in found]


def _order(one: Candidate) -> tuple[float, int]:
    return -one.score, one.place
