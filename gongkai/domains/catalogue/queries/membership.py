"""Which public papers each column takes, as sets of their numbers; worked out for all columns together.

Kinds, topics, themes and organs come from the library's facet sets; words of titles and subtopics
from one pass over the titles. Kept until anything public changes, so that a page asks nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial, reduce
from operator import and_, or_

from django.db.models import Q

from gongkai.core.agencies.models import Agency, Authority
from gongkai.core.freshness.touching import kept
from gongkai.domains.catalogue.events import ColumnData, Selection
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.queries.titles import title_sets, words_in
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.sets import facet_sets, public_set, set_of, union


@kept(1)
def column_sets() -> Mapping[str, int]:
    """Column → the public papers in it."""
    defined = columns()
    select = _Selecting([s for data in defined.values() for s in data["selection"]])
    found = {slug: reduce(or_, map(select, data["selection"]), 0) for slug, data in defined.items()}
    return found | _rests(defined, found)


def _rests(defined: Mapping[str, ColumnData], found: Mapping[str, int]) -> dict[str, int]:
    """Columns that also take what no other column of their entry does."""
    out = {}
    for slug, data in defined.items():
        if any(s["rest"] for s in data["selection"]):
            others = (found[s] for s, other in defined.items() if other["entry"] == data["entry"] and s != slug)
            out[slug] = found[slug] | public_set() & ~reduce(or_, others, 0)
    return out


class _Selecting:
    """Turns selections into sets, having looked up together what all of them need."""

    def __init__(self, selections: Collection[Selection]) -> None:
        self._facets = facet_sets()
        self._public = public_set()
        words = words_in(v for s in selections for v in (*s["words"], *s["without"]))
        self._titles = title_sets(words, {name for s in selections for name in s["subtopics"]})
        self._organs = _authorities({code for s in selections for code in s["organs"]})
        self._numbers = _by_index_number({number for s in selections for number in s["index_numbers"]})

    def __call__(self, selection: Selection) -> int:
        if selection["rest"]:
            return 0
        conditions: list[tuple[Collection[str], Callable[[Collection[str]], int]]] = [
            (selection["kinds"], partial(self._of_facet, "kind")),
            (selection["topics"], partial(self._of_facet, "topic")),
            (selection["themes"], partial(self._of_facet, "theme")),
            (selection["subtopics"], self._titles.of_subtopics),
            (selection["words"], self._any_words),
            (selection["organs"], self._issued_by),
            (selection["index_numbers"], self._numbered),
        ]
        found = reduce(and_, (take(values) for values, take in conditions if values), self._public)
        return found & ~self._any_words(selection["without"])

    def _of_facet(self, facet: str, values: Collection[str]) -> int:
        return union(self._facets.get(facet, {}), values)

    def _any_words(self, values: Collection[str]) -> int:
        return reduce(or_, map(self._titles.with_words, values), 0)

    def _issued_by(self, codes: Collection[str]) -> int:
        return union(self._facets.get("organ", {}), (a for code in codes for a in self._organs.get(code, [])))

    def _numbered(self, values: Collection[str]) -> int:
        return set_of(self._numbers[value] for value in values if value in self._numbers)


def _by_index_number(wanted: Collection[str]) -> dict[str, int]:
    if not wanted:
        return {}
    return dict(Document.objects.public().filter(index_number__in=wanted).values_list("index_number", "pk"))


def _authorities(codes: Collection[str]) -> dict[str, list[str]]:
    """Under which authorities each of these organs, with those it took over, has issued papers: facet values by code."""
    out: dict[str, list[str]] = {}
    if codes:
        issued = Authority.objects.filter(Q(agency__code__in=codes) | Q(agency__succeeded_by__code__in=codes))
        for pk, own, heir in issued.values_list("pk", "agency__code", "agency__succeeded_by__code"):
            for code in {own, heir} & set(codes):
                out.setdefault(code, []).append(str(pk))
    return out


@kept(500)
def organ_set(code: str) -> int:
    """The public papers an organ has issued, alone or with others, under all its names."""
    return union(facet_sets().get("organ", {}), _authorities({code}).get(code, []))


@kept(1)
def organ_counts() -> Mapping[str, int]:
    """How many public papers each organ with a platform has issued, by code."""
    codes = set(Agency.objects.values_list("code", flat=True))
    issued, organs = _authorities(codes), facet_sets().get("organ", {})
    return {code: n for code in codes if (n := union(organs, issued.get(code, [])).bit_count())}
