"""Who may open a page of the console: signed in, with a role that may do what the page is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.scope import OutOfScope, Viewer, require, viewer_of
from gongkai.core.staff.two_steps import must_set_up
from gongkai.faces.console.views import refused

DESK = "desk"  # how a page tells which verb it needs; tests read it
LARGEST = "largest_body"  # bytes a page takes; the middleware refuses more before it reads any


class Request(HttpRequest):
    """A request of somebody who may be here."""

    viewer: Viewer


class Page(Protocol):
    """A view of the console."""

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def desk(verb: str | None, *, megabytes: int | None = None) -> Callable[[Page], Page]:
    """Let in whoever may do `verb` for some organ at least; None: everybody who is signed in.

    `megabytes` is how much may be sent to the page, where that is more than a form without files.

    Whether they may do it for the very thing the page shows, the page asks `core.scope` itself;
    OutOfScope becomes 403 here.
    """

    def decorate(view: Page) -> Page:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return refused.signed_out(request)
            person: Any = request.user
            if person.must_change_password:
                return redirect("account_change_password")
            if must_set_up(person):
                messages.warning(request, "您的角色须用两步验证。请先设置好，再办理别的事。")
                return redirect("mfa_activate_totp")
            asked = cast(Request, request)
            asked.viewer = viewer_of(person)
            try:
                if verb is not None:
                    require(asked.viewer, verb)
                return view(asked, *args, **kwargs)
            except OutOfScope as error:
                return refused.out_of_scope(request, error)

        setattr(opened, DESK, verb)
        if megabytes is not None:
            setattr(opened, LARGEST, megabytes * 1024 * 1024)
        return opened

    return decorate


def doing_of(request: Request) -> Doing:
    """The person at the desk does something now."""
    now = datetime.now(UTC)
    return Doing(request.viewer.actor, now, timezone.localdate(now))
