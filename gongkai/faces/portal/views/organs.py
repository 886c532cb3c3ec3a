"""Organs of this government."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import organ_page, organs_by_kind, site
from gongkai.domains.library.queries.front import counts_by_agency, papers_of
from gongkai.faces.portal.shown import page
from gongkai.faces.portal.structured import embedded, organ_graph


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All organs, grouped by their kind."""
    context = {"groups": organs_by_kind(timezone.localdate()), "counts": counts_by_agency()}
    return page(request, "organs.jinja", context, tags=["agencies", "library"])


@require_safe
def organ(request: HttpRequest, code: str) -> HttpResponse:
    """One organ: how to reach it, its names, what is below it, what it issued."""
    found = organ_page(code, timezone.localdate())
    if found is None:
        raise Http404
    linked = embedded(organ_graph(found, site()))
    context = {"organ": found, "papers": papers_of(found.agency), "linked": linked}
    return page(request, "organ.jinja", context, tags=["agencies", "library"])
