"""Rendering a public page: the site around it is the same everywhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines

from gongkai.core.agencies.queries import NoGovernment, government
from gongkai.ui.site import Site


def site() -> Site:
    """What every page says of the site; neutral words while nothing is set up."""
    try:
        found = government()
    except NoGovernment:
        return Site.unset()
    return Site(found.name, found.short_name, found.site_name, found.site_code, found.footer)


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One of the portal's templates as an answer."""
    rendered = engines["jinja2"].get_template(f"portal/{template}").render({"site": site(), "path": request.path, **context})
    return HttpResponse(rendered, status=status)
