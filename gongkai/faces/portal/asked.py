"""Telling the counters that somebody asked, or opened something. Whom they are told of is forgotten with the request."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.counting.here import count_asked, count_opened
from gongkai.ui.addresses import address

_GROUP = "HTTP_X_GONGKAI_GROUP"  # set by the server in front, which keeps visitors' addresses to itself
_LOOPBACK = ("127.0.0.1", "::1", "")
_PAGE = re.compile(r"/[A-Za-z0-9\-._~/%]{0,119}")


def note_asked(request: HttpRequest, question: Question, *, found: bool) -> None:
    """Count a question that was asked by words alone; turning pages, narrowing, and fetching ahead are no asking."""
    plain = question.words and not question.is_narrowed and question.page == 1 and not question.as_typed
    if plain and request.method == "GET" and "HTTP_SEC_PURPOSE" not in request.META:
        count_asked(question.words, _asker(request), timezone.localdate(), found=found, before=_before(request))


@csrf_exempt  # changes nothing but a figure; the page that sends it carries no token, so that it may be the same for all
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """A page was opened from results: `q` and `to`, as the browser says while it is leaving. Anything else is not counted."""
    words, to = request.POST.get("q", "")[:200], urlsplit(request.POST.get("to", "")[:200]).path
    here = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if here and words and _PAGE.fullmatch(to):
        count_opened(words, to, _asker(request), timezone.localdate())
    return HttpResponse(status=204)


def _asker(request: HttpRequest) -> tuple[str, str]:
    """Who asks, as far as it takes to tell one from another: an address or its group, and what the browser calls itself."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    group = str(request.META.get(_GROUP, ""))[:20] if remote in _LOOPBACK else ""
    return group or remote, request.headers.get("User-Agent", "")[:300]


def _before(request: HttpRequest) -> str:
    """The question on whose page this one was typed: browsers say from which page of the same site they come."""
    came = urlsplit(request.headers.get("Referer", "")[:3000])
    if came.netloc != request.get_host() or came.path != address("search"):
        return ""
    return parse_qs(came.query).get("q", [""])[0][:200]
