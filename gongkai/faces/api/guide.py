"""The API explained: to people on a page, to programs as OpenAPI."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import site
from gongkai.core.shown import page
from gongkai.faces.api import openapi as document
from gongkai.faces.api import problems
from gongkai.faces.api.answers import answered, refused
from gongkai.faces.api.asking import MOST_DOCUMENTS
from gongkai.faces.api.door import LONGEST_QUERY
from gongkai.faces.api.strict import strict
from gongkai.faces.api.telling import place


@require_safe
def page_about_the_api(request: HttpRequest) -> HttpResponse:
    """How to use the API, its limits and terms."""
    context = {
        "root": place("v1:api-root"),
        "operations": _operations(),
        "problems": problems.KINDS,
        "most": {"documents": MOST_DOCUMENTS, "query": LONGEST_QUERY, "a_minute": settings.API_RATE},
    }
    return page(request, "api/api_guide.jinja", context)


def _operations() -> list[tuple[str, str, str]]:
    """Every resource as (address, what it is, what it says of itself)."""
    paths = document.document()["paths"]
    return [(f"{site().origin}{path}", item["get"]["summary"], item["get"]["description"]) for path, item in paths.items()]


def missing(request: HttpRequest) -> HttpResponse:
    """404 for every address below the API's own that is none."""
    del request
    return refused(problems.NOT_FOUND)


@require_safe
@strict()
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    del request
    return answered(document.document(), [])
