"""A public page: the site around it is the same in every face that has pages for visitors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines

from gongkai.core.agencies.queries import site
from gongkai.core.display import display_of, way_back
from gongkai.core.freshness.marks import tagged


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What the layout needs of a request, without the database: path, address to come back to, display mode."""
    cookie = request.META.get("HTTP_COOKIE", "")
    return {"path": request.path, "address": way_back(request.get_full_path()), "display": display_of(cookie)}


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    tags: Iterable[str] = (),
    query: str = "",
    status: int = 200,
) -> HttpResponse:
    """A template, named with its face (`portal/home.jinja`), as an answer.

    `tags` name what the page shows (`library`, `document:12`, `organ:CODE`, `agencies`, `columns`):
    a change of any of them makes kept copies of the page void. The site's own name and foot are
    always among them. `query` is the one query string of this state of the page: asked for in any
    other way, the page is answered and not kept, so that nobody fills the cache with variations.
    """
    around = {"site": site(), "query": query, **surroundings(request)}
    rendered = engines["jinja2"].get_template(template).render({**around, **context})
    return tagged(HttpResponse(rendered, status=status), tags, query)
