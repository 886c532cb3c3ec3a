"""The public list of the library: filters, facets with true counts, sorting, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Q

from gongkai.core.agencies.models import Authority
from gongkai.domains.library.models import Document, DocumentOrgan, DocumentQuerySet, DocumentTheme, Kind, Legal, Theme
from gongkai.text.keys import number_key

PAGE_SIZE = 20
MAX_PAGE = 5_000
FACET_LIMIT = 12
SORTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "newest": ("成文日期由近到远", ("-issued_on", "-id")),
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
    sort: str = "newest"
    page: int = 1

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
class Entry:
    """A document as a list shows it."""

    number: int
    title: str
    document_number: str
    organs: str
    issued_on: date | None
    status: str
    status_label: str
    kind_label: str
    summary: str


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


def listing(request: ListRequest) -> Listing:
    """What the public library shows for `request`."""
    matching = _matching(request)
    total = matching.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(request.page, 1), pages, MAX_PAGE)
    order = SORTS.get(request.sort, SORTS["newest"])[1]
    first = (page - 1) * PAGE_SIZE
    numbers = list(matching.order_by(*order).values_list("pk", flat=True)[first : first + PAGE_SIZE])
    facets = [_facet(name, request) for name in FACETS]
    return Listing(total, entries_of(numbers), facets, page, pages, request.in_force_on, _chosen(request))


def _matching(request: ListRequest, *, without: str = "") -> DocumentQuerySet:
    """Public documents that fit the request, one facet left out of account."""
    documents: DocumentQuerySet = Document.objects.public()
    documents = documents.filter(_words(request.words))
    if request.in_force_on is not None:
        documents = documents.in_force_on(request.in_force_on)
    for name in FACETS:
        values = request.chosen(name)
        if values and name != without:
            documents = documents.filter(_condition(name, values))
    return documents


def _words(written: str) -> Q:
    """Every word must stand in the title, or the whole be part of the document number."""
    words = written.split()[:8]
    if not words:
        return Q()
    in_title = reduce(and_, (Q(title__icontains=word) for word in words))
    number = number_key(written[:60])
    return in_title | Q(number_key__icontains=number) if number else in_title


def _condition(facet: str, values: tuple[str, ...]) -> Q:
    numeric = [int(v) for v in values if v.isdecimal() and len(v) < 10]
    if facet == "organ":
        return Q(pk__in=DocumentOrgan.objects.filter(authority__in=numeric).values("document"))
    if facet == "theme":
        return Q(pk__in=DocumentTheme.objects.filter(theme__slug__in=values).values("document"))
    if facet == "year":
        return Q(year__in=numeric)
    return Q(**{f"{'legal' if facet == 'status' else facet}__in": values})


def _facet(name: str, request: ListRequest) -> Facet:
    chosen = request.chosen(name)
    counts = _counts(name, _matching(request, without=name))
    labels = _labels(name, [value for value, _ in counts] + list(chosen))
    known = {value for value, _ in counts}
    counts += [(value, 0) for value in chosen if value not in known and value in labels]
    values = [FacetValue(v, labels[v], n, v in chosen) for v, n in counts if v in labels]
    shown = [v for i, v in enumerate(values) if i < FACET_LIMIT or v.chosen]
    return Facet(name, FACETS[name], shown, len(values) - len(shown))


def _counts(name: str, documents: DocumentQuerySet) -> list[tuple[str, int]]:
    rows: Iterable[tuple[Any, int]]
    if name == "organ":
        organs = DocumentOrgan.objects.filter(document__in=documents)
        rows = organs.values_list("authority").annotate(n=Count("id")).order_by("-n", "authority")
    elif name == "theme":
        through = DocumentTheme.objects.filter(document__in=documents)
        rows = through.values_list("theme__slug").annotate(n=Count("id")).order_by("theme__order")
    else:
        column = "legal" if name == "status" else name
        order = ("-year",) if name == "year" else ("-n",)
        rows = documents.values_list(column).annotate(n=Count("id")).order_by(*order)
    return [(str(value), count) for value, count in rows if value not in (None, "")]


def _labels(name: str, values: list[str]) -> dict[str, str]:
    if name == "status":
        return {str(v): str(label) for v, label in Legal.choices if str(v) != "none"}
    if name == "kind":
        return {str(v): str(label) for v, label in Kind.choices}
    if name == "organ":
        numbers = [int(v) for v in values if v.isdecimal() and len(v) < 10]
        return {str(pk): title for pk, title in Authority.objects.filter(pk__in=numbers).values_list("pk", "name")}
    if name == "theme":
        return dict(Theme.objects.values_list("slug", "name"))
    if name == "year":
        return {v: f"{v}年" for v in values if v.isdecimal() and len(v) == 4}
    return {v: v for v in values}


def _chosen(request: ListRequest) -> list[tuple[str, str, str]]:
    """The chosen values as (facet, value, label), for showing and taking back one by one."""
    out = []
    for name in FACETS:
        labels = _labels(name, list(request.chosen(name)))
        out += [(name, v, labels.get(v, v)) for v in request.chosen(name)]
    return out


def entries_of(numbers: list[int]) -> list[Entry]:
    """The list entries of these documents, in this order."""
    documents = Document.objects.in_bulk(numbers)
    organs: dict[int, list[str]] = {}
    rows = DocumentOrgan.objects.filter(document__in=numbers).order_by("order").values_list("document_id", "authority__name")
    for document, name in rows:
        organs.setdefault(document, []).append(name)
    return [_entry(documents[n], organs.get(n, [])) for n in numbers if n in documents]


def _entry(document: Document, organs: list[str]) -> Entry:
    return Entry(
        document.pk,
        document.title,
        document.document_number,
        "、".join(organs),
        document.issued_on,
        document.legal,
        Legal(document.legal).label,
        Kind(document.kind).label,
        document.summary,
    )
