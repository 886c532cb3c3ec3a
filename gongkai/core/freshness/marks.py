"""How an answer says what it shows, so that the byte cache may keep it until that changes. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.http import HttpResponse

    R = TypeVar("R", bound=HttpResponse)

TAGS, QUERY, AWAY = "X-Page-Tags", "X-Page-Query", "X-Database-Away"  # what Django tells the cache; never sent on


def tagged(response: R, tags: Iterable[str], query: str = "") -> R:
    """The same answer, marked with what it shows, so that it may be kept until that changes; see `core.shown.page`."""
    response.headers[TAGS] = " ".join(("site", *tags))
    if query:
        response.headers[QUERY] = query
    return response
