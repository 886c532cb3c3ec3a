"""How many documents answer, and how many of each value: one pass over the result set, one more for each field chosen in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tantivy import Query, Searcher

from gongkai.search.engines.embedded.fields import PLACE, values_of, years_of
from gongkai.search.port import BadRequest, Collection, Count, Kind, Request

_MOST_VALUES = 1_000
_TOTAL = {"value_count": {"field": PLACE}}


def counts(
    searcher: Searcher, collection: Collection, request: Request, answering: Callable[[str], Query]
) -> tuple[int, Mapping[str, tuple[Count, ...]]]:
    """The total and the facets. `answering` gives the result set, leaving aside what was chosen in one field."""
    apart = [name for name in request.facets if request.chosen.get(name)]
    plain = {name: _values(collection, name) for name in request.facets if name not in apart}
    told = searcher.aggregate(answering(""), plain | {"": _TOTAL})
    for name in apart:
        told |= searcher.aggregate(answering(name), {name: _values(collection, name)})
    return int(told[""]["value"]), {name: _counted(told[name], collection, request, name) for name in request.facets}


def _values(collection: Collection, name: str) -> dict[str, Any]:
    field = collection.get(name)
    if not field.facet or field.kind is Kind.TEXT:
        raise BadRequest(f"字段“{name}”不能分面统计。")
    return {"terms": {"field": (years_of if field.kind is Kind.DATE else values_of)(name), "size": _MOST_VALUES}}


def _counted(told: Mapping[str, Any], collection: Collection, request: Request, name: str) -> tuple[Count, ...]:
    """Years in order, other values the most first; a chosen value is told even where nothing has it."""
    numbers = {str(bucket["key"]): bucket["doc_count"] for bucket in told["buckets"]}
    numbers = dict.fromkeys(request.chosen.get(name, ()), 0) | numbers
    if collection.get(name).kind is Kind.DATE:
        return tuple([Count(value, numbers[value]) for value in sorted(numbers)])
    return tuple([Count(value, -less) for less, value in sorted([(-number, value) for value, number in numbers.items()])])
