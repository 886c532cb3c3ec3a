"""A plan as tantivy's queries: which documents answer, and in what order they are candidates. Nothing is parsed, ever."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

import tantivy
from tantivy import Occur, Query

from gongkai.search.analysis.fold import whole
from gongkai.search.analysis.grams import pairs
from gongkai.search.engines.embedded.fields import CHARACTERS, PAIRS, characters_of, pairs_of, values_of, years_of
from gongkai.search.levels import Level
from gongkai.search.planning import Concept, Plan
from gongkai.search.port import BadRequest, Collection, Kind, Range, Request, Sort

_LONGEST_PHRASE = 60
_TITLE_CHARACTER = 5.0
_MOST_CHOICES = 21


class Asker:
    """Makes the queries for one collection."""

    def __init__(self, schema: tantivy.Schema, collection: Collection) -> None:
        self._schema = schema
        self._collection = collection
        self._titles = [(field.name, field.weight) for field in collection.of_kind(Kind.TEXT)]

    def answering(self, plan: Plan, level: Level) -> list[Query]:
        """What a document must all fulfil to answer, filters aside."""
        must = [self._either(self._phrase(form) for form in phrase) for phrase in plan.phrases]
        if plan.text and level is Level.ANY:
            found = [self._term(PAIRS, pair) for pair in plan.pairs]
            must.append(_any(found) if found or len(plan.text) > 1 else self._character(plan.text))
        elif plan.text:
            must.append(_some([self._concept(concept, level) for concept in plan.concepts], plan.least))
        return must

    def without(self, plan: Plan) -> list[Query]:
        """What no document may hold."""
        return [self._phrase(phrase) for phrase in plan.excluded]

    def ranking(self, plan: Plan) -> list[Query]:
        """What makes a document a better candidate: pairs anywhere, and in titles again."""
        if len(plan.text) == 1 and not plan.pairs:
            named = [(self._character(plan.text, characters_of(name)), weight) for name, weight in self._titles]
            return [Query.const_score_query(query, weight * _TITLE_CHARACTER) for query, weight in named]
        found = [self._boosted(PAIRS, pair, weight) for pair, weight in plan.pairs.items()]
        return found + [
            self._boosted(pairs_of(name), pair, weight * factor)
            for name, factor in self._titles
            for pair, weight in plan.pairs.items()
        ]

    def titled(self, typed: str) -> Query:
        """Documents with `typed` (folded, not empty) standing in a title, exactly."""
        name, _ = self._titles[0]
        return self._character(typed, characters_of(name)) if len(typed) == 1 else self._phrase(typed, pairs_of(name))

    def filters(self, request: Request, leaving: str = "") -> list[Query]:
        """What was chosen and the ranges, but for the field `leaving`. Raises BadRequest."""
        chosen = [self._chosen(name, values) for name, values in request.chosen.items() if values and name != leaving]
        return chosen + [self._range(name, span) for name, span in request.ranges.items() if span != Range()]

    def beyond(self, sort: Sort, at: float | str) -> Query:
        """Documents from a value on, in an order. Raises BadRequest."""
        if not isinstance(at, int | float):
            raise BadRequest("翻页标记无效。请从第一页重新查起。")
        day = self._collection.get(sort.field).kind is Kind.DATE
        kind, bound = (tantivy.FieldType.Integer, int(at)) if day else (tantivy.FieldType.Float, float(at))
        low, high = (None, bound) if sort.descending else (bound, None)
        return Query.range_query(self._schema, values_of(sort.field), kind, low, high)

    def _chosen(self, name: str, values: Iterable[str]) -> Query:
        field = self._collection.get(name)
        if field.kind is Kind.KEYWORD:
            return _any([self._term(values_of(name), whole(value)) for value in values])
        if field.kind is Kind.DATE:
            years = [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) <= 4]
            return _any([Query.term_query(self._schema, years_of(name), year) for year in years])
        raise BadRequest(f"字段“{name}”不能按值筛选。")

    def _range(self, name: str, span: Range) -> Query:
        field = self._collection.get(name)
        if field.kind is Kind.DATE:
            low, high = (bound.toordinal() if isinstance(bound, date) else None for bound in (span.low, span.high))
            return Query.range_query(self._schema, values_of(name), tantivy.FieldType.Integer, low, high)
        if field.kind is Kind.NUMBER:
            lowest, highest = (None if isinstance(b, date) or b is None else float(b) for b in (span.low, span.high))
            return Query.range_query(self._schema, values_of(name), tantivy.FieldType.Float, lowest, highest)
        raise BadRequest(f"字段“{name}”不能按范围筛选。")

    def _concept(self, concept: Concept, level: Level) -> Query:
        return self._either(self._form(form, level) for form in concept)

    def _form(self, form: str, level: Level) -> Query:
        if len(form) == 1:
            return self._character(form)
        terms = [self._term(PAIRS, pair) for pair in pairs(form)]
        return _all(terms) if level is Level.WHOLE else _any(terms)

    def _phrase(self, form: str, field: str = PAIRS) -> Query:
        """`form` (folded) exactly as it is; a long one in pieces that overlap."""
        if len(form) == 1:
            return self._character(form)
        terms = pairs(form)
        starts = range(0, len(terms), _LONGEST_PHRASE)
        return _all([self._standing(terms[max(0, start - 1) : start + _LONGEST_PHRASE], field) for start in starts])

    def _standing(self, terms: list[str], field: str) -> Query:
        return self._term(field, terms[0]) if len(terms) == 1 else Query.phrase_query(self._schema, field, list(terms))

    def _character(self, character: str, field: str = CHARACTERS) -> Query:
        return self._term(field, character)

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term, "freq" if field == PAIRS else "basic")

    def _boosted(self, field: str, term: str, weight: float) -> Query:
        query = Query.term_query(self._schema, field, term, "freq")
        return query if math.isclose(weight, 1.0) else Query.boost_query(query, weight)

    @staticmethod
    def _either(queries: Iterable[Query]) -> Query:
        return _any(list(queries))


def together(must: Sequence[Query], out: Sequence[Query], should: Sequence[Query] = ()) -> Query:
    """Documents that fulfil all of `must` and none of `out`, scored by `should` alone where that is given."""
    clauses = [(Occur.Must, Query.const_score_query(query, 0.0) if should else query) for query in must]
    clauses += [(Occur.MustNot, query) for query in out]
    clauses += [(Occur.Should, query) for query in should]
    if not must and (out or not should):
        clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
    return Query.boolean_query(clauses)


def _any(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def _all(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _some(queries: list[Query], least: int) -> Query:
    """At least so many of the queries; of few, each choice of them: tantivy is quicker at what must all be there."""
    if least >= len(queries):
        return _all(queries) if queries else Query.empty_query()
    if math.comb(len(queries), least) <= _MOST_CHOICES:
        return _any([_all(list(chosen)) for chosen in combinations(queries, least)])
    return Query.boolean_query([(Occur.Should, query) for query in queries], least)
