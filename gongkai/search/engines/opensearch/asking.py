"""A plan as OpenSearch's query language: the same clauses as the embedded engine's, so that both find the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from gongkai.search.analysis.fold import whole
from gongkai.search.analysis.grams import pairs
from gongkai.search.engines.opensearch.naming import PAIRS, WORDS, pairs_of, values_of, years_of
from gongkai.search.levels import Level
from gongkai.search.planning import Concept, Plan
from gongkai.search.port import BadRequest, Collection, Kind, Range, Request

Clause = dict[str, Any]

_NOTHING: Clause = {"match_none": {}}
_TITLE_CHARACTER = 5.0


class Asker:
    """Makes the clauses for one collection."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._titles = [(pairs_of(field.name), field.weight) for field in collection.of_kind(Kind.TEXT)]

    def query(self, plan: Plan, request: Request, level: Level, *, ranked: bool) -> Clause:
        """The result set but for what was chosen, scored where it is ranked."""
        ranges = [self._range(name, span) for name, span in request.ranges.items() if span != Range()]
        return {
            "bool": {
                "filter": [*self._answering(plan, level), *ranges],
                "must_not": [_phrase(form) for form in plan.excluded],
                "should": self.ranking(plan) if ranked else [],
                "minimum_should_match": 0,
            }
        }

    def _answering(self, plan: Plan, level: Level) -> list[Clause]:
        must = [_any([_phrase(form) for form in phrase]) for phrase in plan.phrases]
        if plan.text and level is Level.ANY:
            found = [_term(PAIRS, pair) for pair in plan.pairs]
            must.append(_any(found) if found or len(plan.text) > 1 else _character(PAIRS, plan.text))
        elif plan.text:
            concepts = [_concept(concept, level) for concept in plan.concepts]
            must.append(_any(concepts, min(plan.least, len(concepts))))
        return must

    def ranking(self, plan: Plan) -> list[Clause]:
        """What makes a document a better candidate."""
        if len(plan.text) == 1 and not plan.pairs:
            return [_character(field, plan.text, weight * _TITLE_CHARACTER) for field, weight in self._titles]
        found = [_term(PAIRS, pair, weight) for pair, weight in plan.pairs.items()]
        found += [_term(WORDS, word, weight) for word, weight in plan.words.items()]
        return found + [
            _term(field, pair, weight * factor) for field, factor in self._titles for pair, weight in plan.pairs.items()
        ]

    def titled(self, typed: str) -> Clause:
        """Documents with `typed` (folded, not empty) standing in a title, exactly."""
        field, _ = self._titles[0]
        return _character(field, typed) if len(typed) == 1 else _phrase(typed, field)

    def chosen(self, request: Request, leaving: str = "") -> Clause:
        """What was chosen, but for the field `leaving`. Raises BadRequest."""
        clauses = [self._chosen(name, values) for name, values in request.chosen.items() if values and name != leaving]
        return {"bool": {"filter": clauses}}

    def _chosen(self, name: str, values: Iterable[str]) -> Clause:
        kind = self._collection.get(name).kind
        if kind is Kind.KEYWORD:
            return {"terms": {values_of(name): [whole(value) for value in values]}}
        if kind is Kind.DATE:
            years = [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) <= 4]
            return {"terms": {years_of(name): years}}
        raise BadRequest(f"字段“{name}”不能按值筛选。")

    def _range(self, name: str, span: Range) -> Clause:
        if self._collection.get(name).kind not in (Kind.DATE, Kind.NUMBER):
            raise BadRequest(f"字段“{name}”不能按范围筛选。")
        ends = {
            end: bound.toordinal() if isinstance(bound, date) else bound
            for end, bound in (("gte", span.low), ("lte", span.high))
            if bound is not None
        }
        return {"range": {values_of(name): ends}}


def _concept(concept: Concept, level: Level) -> Clause:
    return _any([_form(form, level) for form in concept])


def _form(form: str, level: Level) -> Clause:
    if len(form) == 1:
        return _character(PAIRS, form)
    terms = [_term(PAIRS, pair) for pair in pairs(form)]
    return {"bool": {"filter": terms}} if level is Level.WHOLE else _any(terms)


def _phrase(form: str, field: str = PAIRS) -> Clause:
    if len(form) == 1:
        return _character(field, form)
    return {"match_phrase": {field: {"query": " ".join(pairs(form)), "analyzer": "whitespace"}}}


def _character(field: str, character: str, weight: float = 1.0) -> Clause:
    return {"prefix": {field: {"value": character, "boost": weight}}}


def _term(field: str, term: str, weight: float = 1.0) -> Clause:
    return {"term": {field: {"value": term, "boost": weight}}}


def _any(clauses: list[Clause], least: int = 1) -> Clause:
    if not clauses:
        return _NOTHING
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": least}}
