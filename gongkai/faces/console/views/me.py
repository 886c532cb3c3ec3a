"""One's own account: what I may do here, my password, my second step, where I am signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.staff import presence
from gongkai.core.staff.queries import person
from gongkai.core.staff.roles import ABOUT, LABELS
from gongkai.core.staff.two_steps import has_two_steps
from gongkai.faces.console.desk import Request, desk
from gongkai.faces.console.shown import page


@require_safe
@desk(None)
def me(request: Request) -> HttpResponse:
    """Who I am here."""
    found = person(request.viewer.person)
    roles = [(label, ABOUT[role]) for role, label in LABELS.items() if role in request.viewer.roles]
    here = presence.presences(request.viewer.person, request.session.session_key or "")
    told = {"me": found, "roles": roles, "two_steps": has_two_steps(request.viewer.person), "presences": here}
    return page(request, "me.jinja", told)


@require_POST
@desk(None)
def end_presence(request: Request, number: int) -> HttpResponse:
    """Sign me out in one browser."""
    if number >= 1 << 62 or not presence.end_presence(request.viewer.person, number):
        raise Http404
    messages.success(request, "那里的登录已退出。")
    return redirect("desk-me")


@require_POST
@desk(None)
def end_others(request: Request) -> HttpResponse:
    """Sign me out everywhere but here."""
    ended = presence.end_other_presences(request.viewer.person, request.session.session_key or "")
    messages.success(request, f"已退出别处的 {ended} 个登录。" if ended else "没有别处的登录。")
    return redirect("desk-me")
