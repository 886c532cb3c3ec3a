"""The library: list, document, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.domains.library.queries.listing import FACETS, SORTS, ListRequest, listing
from gongkai.domains.library.queries.page import document_page, public_file
from gongkai.faces.portal.shown import page
from gongkai.text import dates
from gongkai.ui.pages import pagination

MAX_WORDS = 100
MAX_VALUES = 20


@require_safe
def listing_page(request: HttpRequest) -> HttpResponse:
    """The list with its filters; every state has its address."""
    asked, trouble = _asked(request)
    found = listing(asked)

    def address(changed: ListRequest) -> str:
        query = _query(changed)
        return reverse("library") + (f"?{query}" if query else "")

    return page(
        request,
        "library.jinja",
        {
            "found": found,
            "asked": asked,
            "trouble": trouble,
            "typed_day": request.GET.get("on", "")[:20],
            "sorts": [(key, label) for key, (label, _) in SORTS.items()],
            "toggle": lambda facet, value: address(asked.toggled(facet, value)),
            "pages": pagination(found.page, found.pages, lambda n: address(replace(asked, page=n))),
            "hidden": [(name, value) for name in FACETS for value in asked.chosen(name)],
        },
    )


def _asked(request: HttpRequest) -> tuple[ListRequest, str]:
    """The request as typed, and what was wrong with it, in words for the visitor."""
    get = request.GET
    typed = get.get("on", "").strip()
    day = _typed_day(typed)
    trouble = f"“{typed[:20]}”不是一个日期，请写成 2024-03-01 或 2024年3月1日。" if typed and day is None else ""
    sort = get.get("sort", "newest")
    number = get.get("page", "1")
    facets = {name: tuple(dict.fromkeys(v[:80] for v in get.getlist(name) if v))[:MAX_VALUES] for name in FACETS}
    asked = ListRequest(
        words=" ".join(get.get("q", "").replace("\x00", "").split())[:MAX_WORDS],
        in_force_on=day,
        sort=sort if sort in SORTS else "newest",
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        **facets,
    )
    return asked, trouble


def _typed_day(typed: str) -> date | None:
    if len(typed) == 8 and typed.isdecimal():
        typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    mention = dates.whole(typed) if typed else None
    return mention.day if mention else None


def _query(asked: ListRequest) -> str:
    """The address of a state: only what differs from the plain list, in a fixed order."""
    pairs = [("q", asked.words)] if asked.words else []
    pairs += [(name, value) for name in FACETS for value in asked.chosen(name)]
    if asked.in_force_on is not None:
        pairs.append(("on", asked.in_force_on.isoformat()))
    if asked.sort != "newest":
        pairs.append(("sort", asked.sort))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:
    """One document."""
    found = document_page(number, timezone.localdate())
    if found is None:
        raise Http404
    return page(request, "document.jinja", {"doc": found})


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
