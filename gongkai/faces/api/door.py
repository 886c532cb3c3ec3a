"""The door of the API: what every request must be like, and what every answer looks like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from gongkai.core.freshness.marks import AWAY
from gongkai.faces.api import problems
from gongkai.faces.api.answers import refused
from gongkai.faces.api.limiting import PREFIX

LONGEST_QUERY = 8_192
_HALF_AN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT_OF_A_REFUSAL = ("Retry-After", AWAY)


class Door:
    """Reads only; answers preflight questions; and turns every refusal, whoever made it, into a problem told in JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"{PREFIX}/"):
            return self._get_response(request)
        if request.method == "HEAD":
            request.method = "GET"  # the same answer; its body is not sent
        response = _trouble(request) or _told_about(request) or _as_problem(self._get_response(request))
        for name, value in problems.SHARED:
            response.headers[name] = value
        if response.status_code == problems.NOT_ALLOWED.status:
            response.headers["Allow"] = problems.METHODS
        return response


def _trouble(request: HttpRequest) -> HttpResponse | None:
    """What is wrong with an address before anything is looked up."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        return refused(problems.TOO_LONG, f"问号后面的部分不能超过 {LONGEST_QUERY} 个字符。请减少参数，或者分几次查询。")
    if "%" in query and (_HALF_AN_ESCAPE.search(query) or not _is_utf8(query)):
        return refused(problems.MALFORMED, "问号后面的部分不是百分号编码的 UTF-8。例如“停车”应写成 %E5%81%9C%E8%BD%A6。")
    return None


def _is_utf8(query: str) -> bool:
    try:
        unquote_to_bytes(query.encode("latin-1", "replace")).decode()
    except UnicodeDecodeError:
        return False
    return True


def _told_about(request: HttpRequest) -> HttpResponse | None:
    """The answer to OPTIONS."""
    if request.method != "OPTIONS":
        return None
    if resolve(request.path_info).url_name == "api-missing":
        return refused(problems.NOT_FOUND)
    response = HttpResponse(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = problems.METHODS
    response.headers["Access-Control-Allow-Headers"] = "*"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    if response.status_code < 400 or response.headers.get("Content-Type") == problems.MEDIA_TYPE:
        return response
    kind = problems.BY_STATUS.get(response.status_code) or replace(problems.MALFORMED, status=response.status_code)
    told = refused(kind)
    for name in _KEPT_OF_A_REFUSAL:
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told
