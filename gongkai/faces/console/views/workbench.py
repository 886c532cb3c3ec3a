"""The workbench: what waits for me, what is late, what I may do."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.workbench import workbench
from gongkai.faces.console.desk import Request, desk
from gongkai.faces.console.shown import page


@require_safe
@desk(None)
def bench(request: Request) -> HttpResponse:
    """What waits, soonest first."""
    return page(request, "workbench.jinja", {"bench": workbench(request.viewer, timezone.localdate())})
