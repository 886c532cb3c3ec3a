"""Pages for what is not there and for what went wrong."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.template import engines

from gongkai.faces.portal.shown import page
from gongkai.ui.site import Site

_log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: say what to do instead."""
    del exception
    return page(request, "not_found.jinja", {}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself was malformed."""
    del exception
    return _plain(request, "bad_request.jinja", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the database, which may be what failed."""
    return _plain(request, "server_error.jinja", 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"site": Site.unset(), "path": request.path}
    return HttpResponse(engines["jinja2"].get_template(f"portal/{template}").render(context), status=status)
