"""Pages for what is not there and for what went wrong."""

from __future__ import annotations

import logging
import sys

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines

from gongkai.core.away import is_away
from gongkai.core.freshness.marks import AWAY
from gongkai.core.shown import surroundings
from gongkai.faces.portal.shown import page
from gongkai.faces.portal.views.old_addresses import moved
from gongkai.ui.site import Site

_log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: lead on who comes by an older portal's address; else say what to do instead."""
    return moved(request, exception) or page(request, "not_found.jinja", {}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself was malformed."""
    del exception
    return _plain(request, "bad_request.jinja", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the database, which may be what failed, even in a page of ours that says what went wrong."""
    if is_away(sys.exc_info()[1]):
        return away(request)
    return _plain(request, "server_error.jinja", 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"site": Site.unset(), **surroundings(request)}
    return HttpResponse(engines["jinja2"].get_template(f"portal/{template}").render(context), status=status)


def away(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. Asks it nothing; kept pages still go out, and the next request tries anew."""
    connection.close()
    response = _plain(request, "away.jinja", 503)
    response.headers["Retry-After"] = "30"
    response.headers[AWAY] = "1"
    return response
