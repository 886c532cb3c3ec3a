"""Locking out whoever guesses: wrong passwords and wrong codes of the second step are counted together, per user name.

Axes counts, in the database, so that all processes see the same; `AXES_*` in the settings say how many and how long.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

_LONGEST = 60  # characters of a user name


class LockedOut(Exception):
    """Too many wrong tries for one user name."""


def username_of(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """The user name that an attempt is counted for; axes asks. Written as it is kept, so that case changes nothing."""
    told = (credentials or {}).get("username") or (credentials or {}).get("login")
    if not told and request is not None:
        told = request.POST.get("login")
    return str(told or "").replace("\0", "").strip().lower()[:_LONGEST]


def locked_until(username: str, now: datetime) -> datetime | None:
    """Until when nobody can sign in under this name; None where it is not locked."""
    since = now - settings.AXES_COOLOFF_TIME
    counted = AccessAttempt.objects.filter(username=username, attempt_time__gte=since).aggregate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    locked = (counted["failures"] or 0) >= settings.AXES_FAILURE_LIMIT
    return counted["last"] + settings.AXES_COOLOFF_TIME if locked else None


def refuse_locked(request: HttpRequest, username: str) -> None:
    """Before a code is looked at: raises LockedOut, and the answer becomes the page that says so."""
    if not AxesProxyHandler.is_allowed(request, {"username": username}):
        request.axes_locked_out = True  # type: ignore[attr-defined]
        raise LockedOut


def count_failure(request: HttpRequest, username: str) -> None:
    """A wrong code; the one that reaches the limit locks."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": username}, request=request)


def forget_failures(username: str) -> bool:
    """Let somebody try again at once; whether anything had been counted."""
    return bool(AxesProxyHandler.reset_attempts(username=username))
