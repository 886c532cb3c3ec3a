"""The public list of the library: filters, facets with true counts, sorting, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, reduce
from operator import and_
from typing import Any

from django.db.models import Q

from gongkai.core.agencies.models import Authority
from gongkai.core.freshness.touching import kept
from gongkai.domains.library.models import Document, DocumentOrgan, DocumentQuerySet, DocumentTheme, Kind, Legal, Theme
from gongkai.domains.library.queries.entries import ENTRY, Entry, entry_of
from gongkai.domains.library.queries.ordered import FEW, NEWEST, by, page_of
from gongkai.domains.library.queries.sets import facet_sets, public_set, set_of, union
from gongkai.domains.library.queries.statements import Statement
from gongkai.domains.library.queries.titled import titled
from gongkai.text.keys import number_key

PAGE_SIZE = 20
MAX_PAGE = 5_000
FACET_LIMIT = 12
_NUMERIC = ("organ", "year")
SORTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "newest": ("成文日期由近到远", NEWEST),
    "oldest": ("成文日期由远到近", ("issued_on", "id")),
    "published": ("发布时间由近到远", ("-published_at", "-id")),
}
FACETS: Mapping[str, str] = {
    "status": "效力状态",
    "kind": "文件类别",
    "organ": "发文机关",
    "topic": "主题分类",
    "theme": "特色主题",
    "year": "成文年份",
}


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a visitor asked for. Values that do not exist simply match nothing."""

    words: str = ""
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    organ: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    in_force_on: date | None = None
    index_number: str = ""
    document_number: str = ""
    sort: str = "newest"
    page: int = 1

    @property
    def by_facets_alone(self) -> bool:
        """Whether nothing but facets was chosen, so that the table's indexes can answer."""
        return not (self.words or self.in_force_on or self.index_number or self.document_number)

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen in one facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def toggled(self, facet: str, value: str) -> ListRequest:
        """The same request with one value of a facet added or taken away, on its first page."""
        chosen = self.chosen(facet)
        now = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        changes: dict[str, Any] = {facet: now, "page": 1}
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet with the number of documents it would give."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its choices; `more` of them are not shown."""

    name: str
    label: str
    values: list[FacetValue]
    more: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of results."""

    total: int
    entries: list[Entry]
    facets: list[Facet]
    page: int
    pages: int
    in_force_on: date | None = None
    chosen: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents a request matches, as a set; and for each facet those that fit all its other conditions."""

    documents: int
    beside: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a request matches, whatever the page and the order: the set, how many, and the facets."""

    documents: int
    total: int
    facets: list[Facet]
    chosen: list[tuple[str, str, str]]


def listing(request: ListRequest) -> Listing:
    """What the public library shows for `request`."""
    found = _found(replace(request, page=1, sort="newest"))
    pages = max(1, -(-found.total // PAGE_SIZE))
    page = min(max(request.page, 1), pages, MAX_PAGE)
    entries = _entries(request, found, (page - 1) * PAGE_SIZE)
    return Listing(found.total, entries, found.facets, page, pages, request.in_force_on, found.chosen)


@kept(2000)
def _found(request: ListRequest) -> Found:
    sets, found = facet_sets(), matches(request)
    facets = [_facet(name, request, sets.get(name, {}), found.beside[name]) for name in FACETS]
    return Found(found.documents, found.documents.bit_count(), facets, _chosen(request))


@kept(2000)
def matches(request: ListRequest) -> Matches:
    """Which documents a request matches, in whatever order and on whatever page."""
    sets = facet_sets()
    of_facet = {name: union(sets.get(name, {}), request.chosen(name)) for name in FACETS if request.chosen(name)}
    common = _common(request)

    def matching(without: str = "") -> int:
        return reduce(and_, (bits for name, bits in of_facet.items() if name != without), common)

    return Matches(matching(), {name: matching(name) for name in FACETS})


def _common(request: ListRequest) -> int:
    """The public documents that fit the words and the day."""
    documents: DocumentQuerySet = Document.objects.public().filter(titled(request.words))
    if request.in_force_on is not None:
        documents = documents.in_force_on(request.in_force_on)
    if request.index_number:
        documents = documents.filter(index_number=request.index_number)
    if request.document_number:
        documents = documents.filter(number_key=number_key(request.document_number) or None)
    if request.by_facets_alone:
        return public_set()
    return public_set() & set_of(documents.values_list("pk", flat=True))


def _entries(request: ListRequest, found: Found, first: int) -> list[Entry]:
    """One page. Of many documents that facets alone have chosen, an index that has their order gives it at once."""
    order = SORTS.get(request.sort, SORTS["newest"])[1]
    if found.total <= FEW or not request.by_facets_alone:
        return page_of(found.documents, order, first, PAGE_SIZE)
    chosen = tuple((name, len(values)) for name in FACETS if (values := values_of(name, request.chosen(name))))
    values = [value for name, _ in chosen for value in values_of(name, request.chosen(name))]
    return [entry_of(row) for row in _statement(order, chosen).rows(*values, PAGE_SIZE, first)]


_OF_ORGAN = {  # one organ's papers stand in their order in an index of their own
    SORTS["newest"][1]: ("-document_organs__issued_on", "-document_organs__document"),
    SORTS["oldest"][1]: ("document_organs__issued_on", "document_organs__document"),
}


@lru_cache(maxsize=500)
def _statement(order: tuple[str, ...], chosen: tuple[tuple[str, int], ...]) -> Statement:
    """The list in an order, with so many values chosen in these facets."""

    def written(*values: Any) -> Any:
        if chosen == (("organ", 1),) and order in _OF_ORGAN:
            return (
                Document.objects.public()
                .filter(document_organs__authority=values[0])
                .order_by(*by(*_OF_ORGAN[order]))
                .values_list(*ENTRY)
            )
        documents, left = Document.objects.public(), list(values)
        for name, number in chosen:
            documents = documents.filter(condition(name, left[:number]))
            del left[:number]
        return documents.order_by(*by(*order)).values_list(*ENTRY)

    return Statement(written, stand_ins_of(chosen), paged=True)


def stand_ins_of(chosen: Iterable[tuple[str, int]]) -> list[Any]:
    """Values to compile a statement with, for so many values chosen in these facets."""
    return [n if name in _NUMERIC else str(n) for name, number in chosen for n in range(number)]


def values_of(facet: str, chosen: tuple[str, ...]) -> list[Any]:
    """What to look for in the table: numbers where it holds numbers, -1 for what can be none."""
    return [int(v) if v.isdecimal() and len(v) < 10 else -1 for v in chosen] if facet in _NUMERIC else list(chosen)


def condition(facet: str, values: Sequence[Any]) -> Q:
    """That a document has one of these values of a facet, as `values_of` gives them."""
    if facet == "organ":
        return Q(pk__in=DocumentOrgan.objects.filter(authority__in=values).values("document"))
    if facet == "theme":
        return Q(pk__in=DocumentTheme.objects.filter(theme__slug__in=values).values("document"))
    column = "legal" if facet == "status" else facet
    if len(values) == 1:  # an index that begins with the column then gives the rows in their order
        return Q(**{column: values[0]})
    return Q(**{f"{column}__in": values})


def _facet(name: str, request: ListRequest, sets: Mapping[str, int], matching: int) -> Facet:
    chosen = request.chosen(name)
    labels = labels_of(name)
    counts = [(value, (bits & matching).bit_count()) for value, bits in sets.items()]
    found = [(v, n) for v, n in counts if v in labels and (n or v in chosen)]
    found += [(v, 0) for v in chosen if v not in sets and v in labels]
    found.sort(key=_ORDER.get(name, lambda count: (-count[1], count[0])))
    values = [FacetValue(v, labels[v], n, v in chosen) for v, n in found]
    shown = [v for i, v in enumerate(values) if i < FACET_LIMIT or v.chosen]
    return Facet(name, FACETS[name], shown, len(values) - len(shown))


@kept(len(FACETS))
def labels_of(name: str) -> Mapping[str, str]:
    """What each value of a facet is called; a value without a name is not shown."""
    if name == "status":
        return {str(v): str(label) for v, label in Legal.choices if str(v) != "none"}
    if name == "kind":
        return {str(v): str(label) for v, label in Kind.choices}
    if name == "organ":
        return {str(pk): title for pk, title in Authority.objects.values_list("pk", "name")}
    if name == "theme":
        return dict(Theme.objects.values_list("slug", "name"))
    if name == "year":
        return {value: f"{value}年" for value in facet_sets().get("year", {})}
    return {value: value for value in facet_sets().get(name, {})}


_ORDER: Mapping[str, Callable[[tuple[str, int]], tuple[Any, ...]]] = {
    "year": lambda count: (-int(count[0]),),
    "theme": lambda count: (list(labels_of("theme")).index(count[0]),),
}


def _chosen(request: ListRequest) -> list[tuple[str, str, str]]:
    """The chosen values as (facet, value, label), for showing and taking back one by one."""
    return [(name, v, labels_of(name).get(v, v)) for name in FACETS for v in request.chosen(name)]
