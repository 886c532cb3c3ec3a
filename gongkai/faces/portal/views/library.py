"""The library: list, document, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup

from gongkai.core.agencies.queries import site
from gongkai.core.freshness.touching import kept
from gongkai.domains.library.queries.listing import FACETS, SORTS, ListRequest, listing
from gongkai.domains.library.queries.page import document_page, public_file
from gongkai.domains.library.queries.replaced import successor_of
from gongkai.faces.portal.asking import asked_list, list_query
from gongkai.faces.portal.shown import page
from gongkai.faces.portal.structured import document_graph, embedded
from gongkai.ui.addresses import address
from gongkai.ui.pages import pagination


@require_safe
def listing_page(request: HttpRequest) -> HttpResponse:
    """The list with its filters; every state has its address."""
    asked, trouble = asked_list(request)
    found = listing(asked)
    return page(
        request,
        "library.jinja",
        {
            "found": found,
            "asked": asked,
            "trouble": trouble,
            "typed_day": request.GET.get("on", "")[:20],
            "sorts": [(key, label) for key, (label, _) in SORTS.items()],
            "toggle": _toggle(asked),
            "facets": _facets(replace(asked, page=1)),
            "pages": pagination(found.page, found.pages, lambda n: _address(replace(asked, page=n))),
            "feed_query": list_query(replace(asked, page=1, sort="newest")),
            "hidden": [(name, value) for name in FACETS for value in asked.chosen(name)],
        },
        tags=["library"],
        query=list_query(asked),
    )


def _address(asked: ListRequest) -> str:
    query = list_query(asked)
    return address("library") + (f"?{query}" if query else "")


def _toggle(asked: ListRequest) -> Callable[[str, str], str]:
    return lambda facet, value: _address(asked.toggled(facet, value))


@kept(500)
def _facets(asked: ListRequest) -> Markup:
    """The facets as drawn; they change with a publication, not with the page of the list."""
    template = engines["jinja2"].get_template("portal/facets.jinja")
    return Markup(template.render({"facets": listing(asked).facets, "toggle": _toggle(asked)}))  # noqa: S704 - escaped there


@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:
    """One document."""
    found = document_page(number, timezone.localdate())
    if found is None:
        return replaced(request, number)
    context = {"doc": found, "linked": embedded(document_graph(found, site()))}
    return page(request, "document.jinja", context, tags=found.tags)


def replaced(request: HttpRequest, number: int) -> HttpResponse:
    """410: withdrawn, with the document to read instead. Raises Http404 where there is none."""
    successor = successor_of(number)
    if successor is None:
        raise Http404
    tags = [f"document:{number}", f"document:{successor.number}"]
    return page(request, "replaced.jinja", {"successor": successor}, tags=tags, status=410)


@require_safe
def original(request: HttpRequest, number: int, sha256: str | None = None) -> FileResponse:
    """A file of a public document, always as a download, never as something the browser runs."""
    del request
    found = public_file(number, sha256)
    if found is None or not default_storage.exists(found[0].original.path):
        raise Http404
    rendition, name = found
    response = FileResponse(default_storage.open(rendition.original.path), as_attachment=True, filename=name)
    response.headers["Content-Type"] = _TYPES.get(rendition.original.format, "application/octet-stream")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
}
