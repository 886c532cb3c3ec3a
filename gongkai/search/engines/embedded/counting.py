"""How many documents answer, and how many of each value: one pass over the result set, one more for each field chosen in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from tantivy import Query, Searcher

from gongkai.search.engines.embedded.fields import PLACE, values_of, years_of
from gongkai.search.port import BadRequest, Collection, Count, Kind, Request

_MOST_VALUES = 1_000
_NO_YEAR = 0
_TOTAL = {"value_count": {"field": PLACE}}


def counts(
    searcher: Searcher, collection: Collection, request: Request, answering: Callable[[str], Query]
) -> tuple[int, Mapping[str, tuple[Count, ...]]]:
    """The total and the facets. `answering` gives the result set, leaving aside what was chosen in one field."""
    apart = [name for name in request.facets if request.chosen.get(name)]
    plain = {name: _values(collection, name) for name in request.facets if name not in apart}
    yearly = next((name for name in plain if collection.get(name).kind is Kind.DATE), None)
    told = searcher.aggregate(answering(""), plain if yearly else plain | {"": _TOTAL})
    for name in apart:
        told |= searcher.aggregate(answering(name), {name: _values(collection, name)})
    total = sum([bucket["doc_count"] for bucket in told[yearly]["buckets"]]) if yearly else int(told[""]["value"])
    return total, {name: _counted(told[name], collection, request, name) for name in request.facets}


def _values(collection: Collection, name: str) -> dict[str, Any]:
    """Years are counted with the documents that have none: each has one bucket, and the total needs no count of its own."""
    field = collection.get(name)
    if not field.facet or field.kind is Kind.TEXT:
        raise BadRequest(f"字段“{name}”不能分面统计。")
    if field.kind is Kind.DATE:
        return {"terms": {"field": years_of(name), "size": _MOST_VALUES, "missing": _NO_YEAR}}
    return {"terms": {"field": values_of(name), "size": _MOST_VALUES}}


def _counted(told: Mapping[str, Any], collection: Collection, request: Request, name: str) -> tuple[Count, ...]:
    """Years in order, other values the most first; a chosen value is told even where nothing has it."""
    found = [Count(str(bucket["key"]), bucket["doc_count"]) for bucket in told["buckets"] if bucket["key"] != _NO_YEAR]
    if chosen := set(request.chosen.get(name, ())) - {value for value, _ in found}:
        found += [Count(value, 0) for value in chosen]
    found.sort()
    if collection.get(name).kind is not Kind.DATE:
        found.sort(key=_documents, reverse=True)
    return tuple(found)


_documents = itemgetter(1)
