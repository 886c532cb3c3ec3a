"""Which documents come first: candidates by tantivy's score, then a close look at the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tantivy import DocAddress, Occur, Query, Searcher

from gongkai.search.analysis.grams import pairs
from gongkai.search.engines.embedded.asking import Asker, together
from gongkai.search.engines.embedded.fields import GROUP, PLACE
from gongkai.search.engines.embedded.generation import View
from gongkai.search.engines.embedded.texts import Record
from gongkai.search.levels import Level
from gongkai.search.planning import Plan
from gongkai.search.port import DEEPEST, Collection, Kind, Request
from gongkai.search.ranking import Scale

_LARGE, _LARGE_SHARE = 1_000, 0.02


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
        answering = self.asker.answering(self._plan, level)
        return together([*answering, *filters, *must], [*self.out, *out], ranking)

    def first(self, level: Level, number: int) -> list[Candidate]:
        """The first `number` documents: looked at closely as far as `depth`, the rest in tantivy's order."""
        depth = min(max(self._request.depth, 1), DEEPEST)
        ranking = self.asker.ranking(self._plan)
        if number <= depth and self._is_large(level) and ranking:
            near = self._looked_at(self._scored(Query.boolean_query(_should(ranking)), depth))
            kept = [one for one in near if level is Level.ANY or self._answers(one, level)]
            if len(kept) >= min(number, self._request.size):
                return sorted(kept, key=_order)[:number]
        found = self._scored(self.query(level, ranking=ranking), max(number, depth))
        near, far = self._looked_at(found[:depth]), found[depth:]
        return [*sorted(near, key=_order), *far][:number]

    def _scored(self, query: Query, number: int) -> list[Candidate]:
        hits = self._view.searcher.search(query, number, count=False).hits
        return candidates(self._view.searcher, [address for _, address in hits], [score for score, _ in hits])

    def _looked_at(self, found: list[Candidate]) -> list[Candidate]:
        for one in found:
            one.record = self._view.texts.read(one.place)
            weighed = self.scale.weigh(one.record.folded, one.score, one.record.quality)
            one.score, one.window = weighed.score, weighed.window
        return found

    def _is_large(self, level: Level) -> bool:
        """Whether so many documents answer that going through the best of all is quicker than through those that answer."""
        plan = self._plan
        if self.filters or self.out or plan.phrases or len(plan.text) < 2:
            return False
        commonest = sorted(plan.frequencies, reverse=True)
        least = commonest[plan.least - 1] if 0 < plan.least <= len(commonest) else 0
        return level is Level.ANY or least > max(_LARGE, self._view.documents * _LARGE_SHARE)

    def _answers(self, one: Candidate, level: Level) -> bool:
        """Whether a document looked at has as many of the concepts as it must: the same test as the query's."""
        text = one.record.folded if one.record else ""
        enough = all if level is Level.WHOLE else any
        there = sum(
            any(form in text if len(form) == 1 else enough(pair in text for pair in pairs(form)) for form in concept)
            for concept in self._plan.concepts
        )
        return there >= self._plan.least


def candidates(searcher: Searcher, addresses: Sequence[DocAddress], scores: Sequence[float]) -> list[Candidate]:
    """Documents at some addresses."""
    places = searcher.fast_field_values(PLACE, list(addresses))
    groups = searcher.fast_field_values(GROUP, list(addresses))
    found = zip(places, groups, scores, strict=True)
    return [Candidate(int(place or 0), int(group or 0), score) for place, group, score in found]


def _should(queries: list[Query]) -> list[tuple[Occur, Query]]:
    return [(Occur.Should, query) for query in queries]


def _order(one: Candidate) -> tuple[float, int]:
    return -one.score, one.place
