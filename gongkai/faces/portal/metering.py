"""Counting requests and saying what became of each, without a word about who asked."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter, time

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from gongkai.core.logs import request_id

_log = logging.getLogger("gongkai.request")
_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_QUIET = frozenset(("live", "ready", "metrics"))
_NO_ROUTE = "unmatched"

_PATTERN = logging.LogRecord(_log.name, logging.INFO, __file__, 0, "request", (), None).__dict__

_REQUESTS = Counter("gongkai_requests", "Requests that Django answered", ["method", "status", "route"])
_DURATION = Histogram("gongkai_request_seconds", "How long Django took", ["route"], buckets=_SECONDS)
_PAGES = Counter("gongkai_byte_cache", "Answers of the byte cache", ["result"])
hit: Callable[[], None] = _PAGES.labels("hit").inc
miss: Callable[[], None] = _PAGES.labels("miss").inc


class Metering:
    """The outermost middleware: a request gets its number, is counted, and leaves one line in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        request_id.set(number := os.urandom(6).hex())
        response = self._get_response(request)
        seconds = perf_counter() - started
        found = request.resolver_match
        route = (found.url_name or _NO_ROUTE) if found is not None else _NO_ROUTE
        method = request.method if request.method in _METHODS else "other"
        _counted(method or "other", response.status_code // 100, route)()
        _timed(route)(seconds)
        if response.status_code >= 400:
            response.headers["X-Request-Id"] = number
        if route not in _QUIET:
            _tell(route, method or "other", response.status_code, seconds)
        return response


def _tell(route: str, method: str, status: int, seconds: float) -> None:
    """One line. The record is copied from a pattern: making one anew finds out much that no line says."""
    level = logging.ERROR if status >= 500 else logging.INFO
    if not _log.isEnabledFor(level):
        return
    now = time()
    record = logging.LogRecord.__new__(logging.LogRecord)
    record.__dict__ = _PATTERN | {
        "levelno": level, "levelname": logging.getLevelName(level), "created": now, "msecs": now % 1 * 1000,
        "route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1),
    }  # fmt: skip
    _log.handle(record)


@lru_cache(maxsize=1000)
def _counted(method: str, hundreds: int, route: str) -> Callable[[], None]:
    counted: Callable[[], None] = _REQUESTS.labels(method, f"{hundreds}xx", route).inc
    return counted


@lru_cache(maxsize=200)
def _timed(route: str) -> Callable[[float], None]:
    timed: Callable[[float], None] = _DURATION.labels(route).observe
    return timed
