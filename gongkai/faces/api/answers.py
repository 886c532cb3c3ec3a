"""Answers of the API: JSON made at once, marked with what it shows so that it is kept and void in time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import http_date

from gongkai.core.freshness.marks import tagged
from gongkai.faces.api import problems
from gongkai.faces.api.problems import Fault, Kind

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def answered(said: Any, tags: Iterable[str], query: str = "", *, changed_at: datetime | None = None) -> HttpResponse:
    """`said` as JSON. `tags` and `query` as in `core.shown.page`.

    `changed_at` only where nothing in the answer can change without it.
    """
    response = HttpResponse(_encoded(said).encode(), content_type="application/json")
    response.headers["Cache-Control"] = "public, no-cache"
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(changed_at.astimezone(UTC).timestamp())
    return tagged(response, tags, query)


def refused(kind: Kind, detail: str = "", faults: Iterable[Fault] = ()) -> HttpResponse:
    """A problem as an answer."""
    response = HttpResponse(problems.body(kind, detail, faults), status=kind.status, content_type=problems.MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
