"""What the site says of itself: privacy, accessibility."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.faces.portal.shown import page


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes known of visitors: next to nothing."""
    return page(request, "about_privacy.jinja", {})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """For whom the site works, how that was tried, and what to do where it does not."""
    return page(request, "about_accessibility.jinja", {})
