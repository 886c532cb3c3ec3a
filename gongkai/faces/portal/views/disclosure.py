"""The disclosure platform (政府信息公开平台): the government's, and every organ's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import NoGovernment
from gongkai.domains.catalogue.events import ENTRIES
from gongkai.domains.catalogue.queries.papers import Papers, counts_in, papers_in
from gongkai.domains.catalogue.queries.platform import (
    ColumnView,
    EntryView,
    Platform,
    owners,
    platform,
    successor,
    text_of,
)
from gongkai.faces.portal.shown import page
from gongkai.ui.addresses import address
from gongkai.ui.pages import pagination

TAGS = ["columns", "library", "agencies"]
_FEW = 5  # papers shown of each column where several share a page
Trail = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Addresses within one platform."""

    code: str | None

    def front(self) -> str:
        """The platform's first page."""
        return address("disclosure-organ", args=[self.code]) if self.code else address("disclosure")

    def entry(self, key: str) -> str:
        """One of the five entries."""
        return address("disclosure-organ-entry", args=[self.code, key]) if self.code else address("disclosure-entry", args=[key])

    def column(self, key: str, slug: str) -> str:
        """A column of an entry."""
        if self.code:
            return address("disclosure-organ-column", args=[self.code, key, slug])
        return address("disclosure-column", args=[key, slug])


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page's own part; `papers` turn their pages at `address`."""

    platform: Platform
    heading: str
    trail: Trail = field(default_factory=list)
    papers: Papers | None = None
    address: str = ""


@require_safe
def organs(request: HttpRequest) -> HttpResponse:
    """Every organ that keeps a platform, to choose from."""
    return page(request, "disclosure_organs.jinja", {"groups": owners(timezone.localdate())}, tags=TAGS)


@require_safe
def front(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """The five entries, and what is disclosed by law."""
    found = _platform(code)
    if isinstance(found, HttpResponse):
        return found
    if found is None:
        return page(request, "disclosure_organs.jinja", {"groups": []}, tags=TAGS)
    return _answer(request, "disclosure.jinja", Frame(found, _heading(found)), {"entry": None})


@require_safe
def entry(request: HttpRequest, entry: str, code: str | None = None) -> HttpResponse:
    """One of the five entries: its columns, or its only column whole."""
    found = _platform(code)
    if entry not in ENTRIES or found is None:
        raise Http404
    if isinstance(found, HttpResponse):
        return found
    shown = found.entry(entry)
    frame = Frame(found, shown.name, [(shown.name, None)])
    if entry == "statutory":
        return _answer(request, "disclosure_statutory.jinja", frame, {"entry": shown})
    only = len(shown.columns) == 1
    sections = [_section(found, c, _asked_page(request) if only else 1, None if only else _FEW) for c in shown.columns]
    if only:
        frame = replace(frame, papers=sections[0]["papers"], address=Place(code).entry(entry))
    return _answer(request, "disclosure_entry.jinja", frame, {"entry": shown, "sections": sections, "only": only})


@require_safe
def column(request: HttpRequest, entry: str, slug: str, code: str | None = None) -> HttpResponse:
    """One column with its papers; the only column of an entry is the entry itself."""
    found = _platform(code)
    if isinstance(found, HttpResponse):
        return found
    if found is None:
        raise Http404
    shown, view = _found_column(found, entry, slug)
    place = Place(code)
    if entry != "statutory" and len(shown.columns) == 1:
        return HttpResponseRedirect(place.entry(entry))
    section = _section(found, view, _asked_page(request))
    trail: Trail = [(shown.name, place.entry(entry)), (view.name, None)]
    frame = Frame(found, view.name, trail, section["papers"], place.column(entry, slug))
    return _answer(request, "disclosure_column.jinja", frame, {"entry": shown, "column": view, "section": section})


def _platform(code: str | None) -> Platform | HttpResponse | None:
    """The platform asked for; a redirection for an organ that was taken over; None while nothing is set up."""
    try:
        found = platform(code, timezone.localdate())
    except NoGovernment:
        return None
    if found is not None:
        return found
    if code and (heir := successor(code)):
        return HttpResponseRedirect(Place(heir).front())
    raise Http404


def _found_column(found: Platform, entry: str, slug: str) -> tuple[EntryView, ColumnView]:
    if entry not in ENTRIES:
        raise Http404
    shown = found.entry(entry)
    view = shown.column(slug)
    if view is None:
        raise Http404
    return shown, view


def _section(found: Platform, view: ColumnView, number: int, few: int | None = None) -> dict[str, Any]:
    """A column's text and papers (none where it holds text only), and how many papers all organs have in it."""
    papers, everywhere, code = None, 0, found.owner.code
    if view.count is not None:
        papers = papers_in(view.slug, code, number) if few is None else papers_in(view.slug, code, size=few)
        everywhere = counts_in([view.slug])[view.slug]
    return {"column": view, "blocks": text_of(view.slug, found.owner), "papers": papers, "everywhere": everywhere}


def _asked_page(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1


def _heading(found: Platform) -> str:
    return f"{found.owner.name}信息公开" if found.owner.code else "政府信息公开"


def _answer(request: HttpRequest, template: str, frame: Frame, context: dict[str, Any]) -> HttpResponse:
    """A page of a platform: its crumbs, side navigation and, where papers are listed, the turning of pages."""
    owner, papers = frame.platform.owner, frame.papers
    place = Place(owner.code)
    number = papers.page if papers else 1

    def address(n: int) -> str:
        return frame.address if n == 1 else f"{frame.address}?page={n}"

    around = {
        "platform": frame.platform,
        "owner": owner,
        "place": place,
        "heading": frame.heading,
        "trail": _whole_trail(frame, place),
        "number": number,
        "pages": pagination(number, papers.pages, address) if papers else None,
    }
    return page(request, template, {**around, **context}, tags=TAGS, query=f"page={number}" if number > 1 else "")


def _whole_trail(frame: Frame, place: Place) -> Trail:
    owner = frame.platform.owner
    root: Trail = [("首页", address("home")), ("信息公开", address("disclosure"))]
    if owner.code:
        root.append((owner.name, place.front()))
    return [*root, *frame.trail] if frame.trail else [*root[:-1], (root[-1][0], None)]
