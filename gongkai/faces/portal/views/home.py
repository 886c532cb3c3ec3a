"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.domains.library.queries.front import front
from gongkai.faces.portal.shown import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search box, doors, newest papers."""
    return page(request, "home.jinja", {"front": front(timezone.localdate())}, tags=["library"])
