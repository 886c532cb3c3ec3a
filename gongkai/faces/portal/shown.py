"""Rendering a page of the portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from gongkai.core import shown


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    tags: Iterable[str] = (),
    query: str = "",
    status: int = 200,
) -> HttpResponse:
    """One of the portal's templates as an answer; the rest as in `core.shown.page`."""
    return shown.page(request, f"portal/{template}", context, tags=tags, query=query, status=status)
