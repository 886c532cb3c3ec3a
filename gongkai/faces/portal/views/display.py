"""Choosing how pages are drawn."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongkai.core.display import COOKIE, HOME, way_back
from gongkai.core.freshness.noting import MODES

_LARGEST = 2 * 1024 * 1024  # bytes
_YEAR = 365 * 24 * 60 * 60


# No token guards this form: it changes nothing but the asker's own type size and colours, and a token would
# stand on every page, where kept copies are shared by all visitors.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the chosen mode and lead back to where the visitor was; an unknown mode changes nothing."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        raise RequestDataTooBig("a form with two fields is short")
    answer = HttpResponse(status=303, headers={"Location": HOME, "Cache-Control": "no-store"})
    if request.method != "POST":
        return answer
    answer.headers["Location"] = way_back(request.POST.get("next", ""))
    mode = request.POST.get("display")
    if mode == "":
        answer.delete_cookie(COOKIE, path="/", samesite="Lax")
    elif mode in MODES:
        answer.set_cookie(COOKIE, mode, max_age=_YEAR, path="/", samesite="Lax", httponly=True, secure=request.is_secure())
    return answer
