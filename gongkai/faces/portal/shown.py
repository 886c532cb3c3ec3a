"""Rendering a public page: the site around it is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines

from gongkai.core.agencies.queries import NoGovernment, government
from gongkai.ui.site import Site

TAGS_HEADER = "X-Page-Tags"


def site() -> Site:
    """What every page says of the site; neutral words while nothing is set up."""
    try:
        found = government()
    except NoGovernment:
        return Site.unset()
    return Site(found.name, found.short_name, found.site_name, found.site_code, found.footer)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, tags: Iterable[str] = (), status: int = 200
) -> HttpResponse:
    """One of the portal's templates as an answer.

    `tags` name what the page shows (`library`, `document:12`, `organ:CODE`, `agencies`, `columns`):
    a change of any of them makes kept copies of the page void. The site's own name and foot are
    always among them.
    """
    rendered = engines["jinja2"].get_template(f"portal/{template}").render({"site": site(), "path": request.path, **context})
    return tagged(HttpResponse(rendered, status=status), tags)


def tagged(response: HttpResponse, tags: Iterable[str]) -> HttpResponse:
    """The same answer, marked with what it shows, so that it may be kept until that changes."""
    response.headers[TAGS_HEADER] = " ".join(("site", *tags))
    return response
