"""From a plan to results: one request for the page and the facets, for each step of widening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from opensearchpy import OpenSearch

from gongkai.search.engines.opensearch.asking import Asker
from gongkai.search.engines.opensearch.naming import GROUP, TIE, values_of, years_of
from gongkai.search.levels import Level, levels
from gongkai.search.ordering import Cursor, cursor_of, sort_of
from gongkai.search.planning import Plan
from gongkai.search.port import (
    DEEPEST,
    LARGEST_PAGE,
    BadRequest,
    Collection,
    Count,
    Hit,
    Kind,
    Request,
    Results,
    Sort,
    Stamp,
)
from gongkai.search.ranking import Scale
from gongkai.search.showing import Found, Marks, hit_of, sought

_MOST_VALUES = 1_000
_FIRST_GUESS = 3
_UNCHOSEN = "unchosen"
_WEIGHED = ["kept.folded", "kept.quality", GROUP]

Candidate = dict[str, Any]
"""A hit of OpenSearch's, with `score` and `window` once it was looked at."""


class Answer:
    """The answer to one question."""

    def __init__(
        self, index: tuple[OpenSearch, str], collection: Collection, request: Request, plan: Plan, average: float
    ) -> None:
        self._client, self._name = index
        self._collection = collection
        self._request = request
        self._plan = plan
        self._asker = Asker(collection)
        self._scale = Scale(plan, average, [field.weight for field in collection.of_kind(Kind.TEXT)])
        self._size = min(max(request.size, 1), LARGEST_PAGE)
        self._sort = sort_of(request, collection, asked=bool(plan.text or plan.phrases))
        self._cursor = cursor_of(request, self._sort)
        self._chosen = self._asker.chosen(request)
        facets = {str(n): self._facet(name) for n, name in enumerate(request.facets)}
        self._aggregations = {**facets, _UNCHOSEN: {"filter": {"match_all": {}}}}

    def results(self, stamp: Stamp) -> Results:
        """The page that was asked for, and what is true of the whole."""
        steps = levels(self._request, self._plan)
        level, (total, unchosen, facets) = steps[0], self._counts(steps[0])
        for wider in steps[1:]:
            if unchosen >= self._size:
                break
            if (more := self._counts(wider))[1] > unchosen:
                level, (total, unchosen, facets) = wider, more
        page, after = self._page(level)
        counted = bool(self._request.counted or self._request.facets)
        return Results(
            hits=tuple(self._shown(page)),
            total=total if counted else -1,
            facets=facets,
            widened=level is not steps[0],
            whole=(total if level is steps[0] else self._whole()) if counted else -1,
            shortened=self._plan.shortened,
            after=after,
            stamp=stamp,
        )

    def _counts(self, level: Level) -> tuple[int, int, Mapping[str, tuple[Count, ...]]]:
        """The total, how many there were if nothing were chosen (a choice does not widen), and the facets."""
        query = self._asker.query(self._plan, self._request, level, ranked=False)
        body = {"size": 0, "track_total_hits": True, "query": query, "post_filter": self._chosen, "aggs": self._aggregations}
        told = self._client.search(index=self._name, body=body)
        facets = told.get("aggregations", {})
        counted = {name: self._counted(facets[str(n)]["values"], name) for n, name in enumerate(self._request.facets)}
        return told["hits"]["total"]["value"], facets[_UNCHOSEN]["doc_count"], counted

    def _whole(self) -> int:
        query = self._asker.query(self._plan.strict(), self._request, Level.WHOLE, ranked=False)
        body = {"size": 0, "track_total_hits": True, "query": query, "post_filter": self._chosen}
        return int(self._client.search(index=self._name, body=body)["hits"]["total"]["value"])

    def _facet(self, name: str) -> dict[str, Any]:
        field = self._collection.get(name)
        if not field.facet or field.kind is Kind.TEXT:
            raise BadRequest(f"字段“{name}”不能分面统计。")
        values = (years_of if field.kind is Kind.DATE else values_of)(name)
        return {
            "filter": self._asker.chosen(self._request, name),
            "aggs": {"values": {"terms": {"field": values, "size": _MOST_VALUES}}},
        }

    def _counted(self, told: Mapping[str, Any], name: str) -> tuple[Count, ...]:
        found = [Count(str(bucket["key"]), bucket["doc_count"]) for bucket in told["buckets"]]
        known = {count.value for count in found}
        found += [Count(value, 0) for value in self._request.chosen.get(name, ()) if value not in known]
        if self._collection.get(name).kind is Kind.DATE:
            return tuple(sorted(found, key=lambda count: count.value))
        return tuple(sorted(found, key=lambda count: (-count.documents, count.value)))

    def _page(self, level: Level) -> tuple[list[list[Candidate]], str]:
        skip = self._cursor.skip
        if self._cursor.at is None and skip >= DEEPEST:
            return [], ""
        if self._sort and not self._request.grouped:
            return self._in_order(level, self._sort)
        groups = self._groups(level, skip + self._size + 1)
        more = len(groups) > skip + self._size and skip + self._size < DEEPEST
        return groups[skip : skip + self._size], Cursor(skip + self._size).told() if more else ""

    def _groups(self, level: Level, number: int) -> list[list[Candidate]]:
        asked = number if not self._request.grouped else number * _FIRST_GUESS
        while True:
            asked = min(asked, DEEPEST)
            found = self._asked(level, asked, sort=_order(self._sort)) if self._sort else self._ranked(level, asked)
            groups: dict[str, list[Candidate]] = {}
            for one in found:
                groups.setdefault(one["_source"][GROUP] if self._request.grouped else one["_id"], []).append(one)
            if len(groups) >= number or len(found) < asked or asked == DEEPEST:
                return list(groups.values())
            asked *= _FIRST_GUESS

    def _ranked(self, level: Level, number: int) -> list[Candidate]:
        """The first `depth` looked at closely, the rest in OpenSearch's order."""
        depth = min(max(self._request.depth, 1), DEEPEST)
        near = self._asked(level, depth)
        for one in near:
            kept = one["_source"]["kept"]
            weighed = self._scale.weigh(kept["folded"], one["_score"] or 0.0, kept["quality"])
            one["score"], one["window"] = weighed.score, weighed.window
        near.sort(key=lambda one: (-one["score"], one["_id"]))
        far = self._asked(level, number - depth, skip=depth, source=[GROUP]) if number > depth else []
        return [*near, *far][:number]

    def _asked(
        self, level: Level, number: int, *, skip: int = 0, source: Sequence[str] = _WEIGHED, **more: Any
    ) -> list[Candidate]:
        query = self._asker.query(self._plan, self._request, level, ranked="sort" not in more)
        body = {"query": query, "post_filter": self._chosen, "size": number, "_source": list(source), **more}
        if skip:
            body["from"] = skip
        return list(self._client.search(index=self._name, body=body)["hits"]["hits"])

    def _in_order(self, level: Level, sort: Sort) -> tuple[list[list[Candidate]], str]:
        """Walks by search_after: the cursor holds the last value and, as `skip`, the tie breaker of the last document."""
        cursor = self._cursor
        after: dict[str, Any] = {} if cursor.at is None else {"search_after": [cursor.at, cursor.skip]}
        skip = cursor.skip if cursor.at is None else 0
        found = self._asked(level, self._size + 1, skip=skip, sort=_order(sort), **after)
        page = found[: self._size]
        if len(found) <= self._size:
            return [[one] for one in page], ""
        at, tie = page[-1]["sort"]
        return [[one] for one in page], Cursor(tie, sort.field, at).told()

    def _shown(self, page: list[list[Candidate]]) -> list[Hit]:
        keys = [one["_id"] for group in page for one in group]
        if not keys:
            return []
        told = self._client.mget(index=self._name, body={"ids": keys}, _source=["kept"])["docs"]
        kept = {one["_id"]: one["_source"]["kept"] for one in told if one.get("found")}
        marks = sought(self._plan) if self._request.marked else Marks()
        hits = ([self._hit(one, kept[one["_id"]], marks) for one in group if one["_id"] in kept] for group in page)
        return [replace(group[0], others=tuple(group[1:])) for group in hits if group]

    def _hit(self, one: Candidate, kept: Mapping[str, Any], marks: Marks) -> Hit:
        window = one.get("window")
        if window is None:
            window = self._scale.weigh(kept["folded"], 0.0, 1.0).window if marks else -1
        score = float(one.get("score") or one["_score"] or 0.0)
        return hit_of(found_of(kept, score, window), self._collection, marks, self._scale)


def found_of(kept: Mapping[str, Any], score: float, window: int) -> Found:
    """A document with what was stored of it."""
    return Found(score, window, kept["folded"], kept["told"], kept["texts"].__getitem__)


def _order(sort: Sort) -> list[dict[str, Any]]:
    way = "desc" if sort.descending else "asc"
    return [{values_of(sort.field): {"order": way, "missing": "_last"}}, {TIE: "asc"}]
