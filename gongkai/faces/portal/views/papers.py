"""A paper in other forms: printed, as a code to scan, as PDF and Word; its history and what changed."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

import gongkai.ui
from gongkai.core.agencies.queries import site
from gongkai.core.freshness.marks import TAGS, tagged
from gongkai.domains.library.queries.compared import compared
from gongkai.domains.library.queries.history import history
from gongkai.domains.library.queries.page import DocumentPage, document_page
from gongkai.faces.portal.papers.letterhead import MADE_HERE, letterhead
from gongkai.faces.portal.papers.press import Job, NotMade, made
from gongkai.faces.portal.shown import page

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_NO_FILE_NAME = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
_REFERENCE = re.compile(r"r?[1-9]\d{0,8}")


@require_safe
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """The paper on A4, with red head and page numbers, for the browser's own print command."""
    found = _found(number)
    return tagged(HttpResponse(_sheet(request, found, note="")), found.tags)


@require_safe
def code(request: HttpRequest, number: int) -> HttpResponse:
    """A QR code of the paper's address, as SVG."""
    found = _found(number)
    drawn = io.BytesIO()
    symbol = segno.make(_address(request, number), error="m")
    symbol.save(drawn, kind="svg", scale=4, border=4, light="#fff", svgclass=None, lineclass=None, title="本页网址的二维码")
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return tagged(response, found.tags)


@require_safe
def generated(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The paper as a PDF or Word file made here from its public text."""
    found = _found(number)
    content = b""
    if request.method != "HEAD":
        try:
            content = made(_job(request, found, kind))
        except NotMade as trouble:
            return _not_made(request, found, trouble)
    response = HttpResponse(content, content_type=_TYPES[kind])
    name = _NO_FILE_NAME.sub("", found.title)[:80]
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}（{MADE_HERE}）.{kind}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Robots-Tag"] = "noindex"
    return tagged(response, found.tags) if content else response


@require_safe
def history_page(request: HttpRequest, number: int) -> HttpResponse:
    """Every public text of a paper, with what changed each time."""
    found = history(number)
    if found is None:
        raise Http404
    return page(request, "history.jinja", {"history": found}, tags=found.tags)


@require_safe
def compare_page(request: HttpRequest, number: int) -> HttpResponse:
    """Two public texts compared: `with` names the one, `of` the other (left out: the one shown today)."""
    one, other = request.GET.get("with", ""), request.GET.get("of", "")
    if not one:
        if history(number) is None:
            raise Http404
        return redirect("document-history", number)
    asked = all(not ref or _REFERENCE.fullmatch(ref) for ref in (one, other))
    found = compared(number, one, other) if asked else None
    if found is None:
        raise Http404
    query = f"with={one}" + (f"&of={other}" if other else "")
    return page(request, "compare.jinja", {"found": found}, tags=found.tags, query=query)


def _found(number: int) -> DocumentPage:
    found = document_page(number, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _address(request: HttpRequest, number: int) -> str:
    """Where the public finds the paper; the government's own domain, not what the request's Host says."""
    path = reverse("document", args=[number])
    return f"{site().origin}{path}" if site().origin else request.build_absolute_uri(path)


def _sheet(request: HttpRequest, found: DocumentPage, *, note: str) -> str:
    address = _address(request, found.number)
    context = {
        "doc": found,
        "site": site(),
        "head": letterhead(found.organs, found.document_number, found.kind),
        "address": address,
        "code": segno.make(address, error="m").svg_data_uri(border=1, light="#fff"),
        "note": note,
    }
    return engines["jinja2"].get_template("portal/print.jinja").render(context)


def _job(request: HttpRequest, found: DocumentPage, kind: str) -> Job:
    if kind == "pdf":
        return Job(kind, found.title, _sheet(request, found, note=MADE_HERE), css=_official_styles())
    head = letterhead(found.organs, found.document_number, found.kind)
    return Job(
        kind,
        found.title,
        found.html,
        head=tuple(head.lines) if head else (),
        head_size=head.size if head else 0,
        number=found.document_number,
        organs="、".join(found.organs),
        notice=found.banner.text if found.banner else "",
        made_here=f"{MADE_HERE}，以公布的原件为准。来源：{_address(request, found.number)}",
    )


@lru_cache(maxsize=1)
def _official_styles() -> str:
    return (Path(gongkai.ui.__path__[0]) / "styles" / "official.css").read_text(encoding="utf-8")


def _not_made(request: HttpRequest, found: DocumentPage, trouble: NotMade) -> HttpResponse:
    """503 with what to do instead; never kept."""
    response = page(request, "not_made.jinja", {"doc": found, "why": str(trouble)}, status=503)
    response.headers["Retry-After"] = str(trouble.retry or 3600)
    del response.headers[TAGS]
    return response
