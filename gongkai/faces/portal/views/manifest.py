"""The signed manifest of what was published, for those who check the site from outside."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.freshness.marks import tagged
from gongkai.core.signing import KEY_FILE, signed, signing_key
from gongkai.domains.monitor.queries.entries import Spending, TooManyAtOnce
from gongkai.domains.monitor.queries.keeping import Shelf
from gongkai.domains.monitor.queries.manifest import index, listed, part

AT_ONCE = 1_000  # papers that one visit may cause to be read anew, about a second's work
_TAGS = ("library", "agencies")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The index, signed; 503 with the time to come again while parts are still being made."""
    del request
    data = Path(settings.DATA_FOLDER)
    try:
        made = listed(Shelf(data / "manifest"), Spending(AT_ONCE))
    except TooManyAtOnce as error:
        return _later(error)
    return _json(signed(index(made, timezone.now()), signing_key(data / KEY_FILE)))


@require_safe
def manifest_part(request: HttpRequest, number: int) -> HttpResponse:
    """One part; its digest stands in the index."""
    del request
    try:
        made = part(number, Shelf(Path(settings.DATA_FOLDER) / "manifest"), Spending(AT_ONCE)) if number < 10**9 else None
    except TooManyAtOnce as error:
        return _later(error)
    if made is None:
        raise Http404
    return _json(made.data)


def _json(data: bytes) -> HttpResponse:
    return tagged(HttpResponse(data, content_type="application/json"), _TAGS)


def _later(error: TooManyAtOnce) -> HttpResponse:
    return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "5"})
