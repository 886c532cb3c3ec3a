"""Feeds of every list: the library in any filter state, an organ, a theme, a column of the disclosure platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import NoGovernment, authorities_of, organ_page, site
from gongkai.core.freshness.marks import tagged
from gongkai.domains.catalogue.queries.papers import papers_in
from gongkai.domains.catalogue.queries.platform import Platform, platform
from gongkai.domains.catalogue.queries.themes import themes
from gongkai.domains.library.queries.listing import ListRequest
from gongkai.domains.library.queries.outlines import FEED_SIZE, Latest, Outline, latest, outlines_of
from gongkai.faces.portal.asking import asked_list, list_query
from gongkai.faces.portal.feeds import TYPE, Feed, atom
from gongkai.ui.words import day

_NOBODY = "0"  # no authority has this number


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The list in any filter state; order and page make no difference."""
    asked = replace(asked_list(request)[0], page=1, sort="newest")
    query = list_query(asked)
    found = latest(asked)
    feed = Feed(_title(asked, found), _with(reverse("library-feed"), query), _with(reverse("library"), query))
    return tagged(_answer(feed, found.outlines), ["library"], query)


@require_safe
def organ(request: HttpRequest, code: str) -> HttpResponse:
    """What one organ issued, under all its names."""
    del request
    found = organ_page(code, timezone.localdate())
    if found is None:
        raise Http404
    authorities = tuple(str(authority.pk) for authority in authorities_of(found.agency))
    feed = Feed(f"{found.name}发布的文件", reverse("organ-feed", args=[code]), reverse("organ", args=[code]))
    papers = latest(ListRequest(organ=authorities or (_NOBODY,)))
    return tagged(_answer(feed, papers.outlines), ["library", f"organ:{code}", "agencies"])


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of a featured theme."""
    del request
    name = {card.slug: card.name for card in themes()}.get(slug)
    if name is None:
        raise Http404
    feed = Feed(f"特色主题：{name}", reverse("theme-feed", args=[slug]), reverse("theme", args=[slug]))
    return tagged(_answer(feed, latest(ListRequest(theme=(slug,))).outlines), ["library"])


@require_safe
def column(request: HttpRequest, entry: str, slug: str, code: str | None = None) -> HttpResponse:
    """The papers of a column of the disclosure platform, of the whole government or of one organ."""
    del request
    here = _platform(code)
    shown = next((c for e in here.entries if e.key == entry for c in e.columns if c.slug == slug), None)
    if shown is None or shown.count is None:  # a column of text has no papers
        raise Http404
    where = [entry, slug] if code is None else [code, entry, slug]
    kind = "disclosure-column" if code is None else "disclosure-organ-column"
    title = f"{here.owner.name}：{shown.name}" if code else shown.name
    feed = Feed(title, reverse(f"{kind}-feed", args=where), reverse(kind, args=where))
    papers = papers_in(slug, code, size=FEED_SIZE)
    return tagged(_answer(feed, outlines_of([e.number for e in papers.entries])), ["library", "columns", "agencies"])


def _platform(code: str | None) -> Platform:
    try:
        found = platform(code, timezone.localdate())
    except NoGovernment as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _answer(feed: Feed, outlines: Sequence[Outline]) -> HttpResponse:
    """The feed; on a site without a domain of its own nothing could be named for good."""
    here = site()
    if not here.origin:
        raise Http404
    return HttpResponse(atom(feed, outlines, here), content_type=TYPE)


def _title(asked: ListRequest, found: Latest) -> str:
    conditions = [f"“{asked.words}”"] if asked.words else []
    conditions += found.conditions
    if asked.in_force_on is not None:
        conditions.append(f"{day(asked.in_force_on)}有效")
    return "政府文件库" + (f"（{'、'.join(conditions)}）" if conditions else "")


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
