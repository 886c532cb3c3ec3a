"""What a government looks like: its emblem and its colour, at addresses that never show anything else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from gongkai.core.agencies.colour import sheet
from gongkai.core.agencies.queries import emblem_named, site

_FOREVER = "public, max-age=31536000, immutable"
_NOTHING_ACTS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _tag(request: HttpRequest, name: str) -> str:
    del request
    return f'"{name}"'


@require_safe
@condition(etag_func=_tag)
def emblem(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of this digest; opened by itself it can run nothing."""
    del request
    found = emblem_named(name)
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.media)
    answer.headers["Cache-Control"] = _FOREVER
    answer.headers["Content-Security-Policy"] = _NOTHING_ACTS
    return answer


@require_safe
@condition(etag_func=_tag)
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet with the government's own colour."""
    del request
    if name != site().theme:
        raise Http404
    answer = HttpResponse(sheet(site().colour), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = _FOREVER
    return answer
