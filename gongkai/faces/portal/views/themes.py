"""Featured themes (特色主题)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.domains.catalogue.queries.themes import theme_page, themes
from gongkai.faces.portal.shown import page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All themes of this government."""
    return page(request, "themes.jinja", {"themes": themes()}, tags=["library"])


@require_safe
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """One theme: policies that hold, interpretations, guides."""
    found = theme_page(slug)
    if found is None:
        raise Http404
    return page(request, "theme.jinja", {"theme": found}, tags=["library"])
