"""What went wrong, told to a program (RFC 9457). No Django: the rate limiter tells it too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/problem+json"
METHODS = "GET, HEAD, OPTIONS"
SHARED = (  # headers of every answer: anybody's page may read it, nothing in it may be run
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name, which is its place on the page about the API, and its words where nothing more is known."""

    name: str
    status: int
    title: str
    detail: str

    @property
    def type(self) -> str:
        """Where a person reads about it."""
        return f"/api/#{self.name}"


MALFORMED = Kind("malformed-request", 400, "请求有误", "请求无法识别。请检查域名、地址的编码（UTF-8）和参数的个数。")
NOT_FOUND = Kind("not-found", 404, "没有找到", "没有这个资源，或者它已不再公开。资源清单见 /api/v1/。")
NO_SUCH_PAGE = Kind("no-such-page", 404, "没有这一页", "")
NOT_ALLOWED = Kind("method-not-allowed", 405, "不支持这种方法", "开放接口只供读取，只支持 GET、HEAD 和 OPTIONS。")
TOO_LONG = Kind("too-long", 414, "请求地址太长", "")
INVALID = Kind("invalid-parameters", 422, "参数不符合要求", "")
TOO_MANY = Kind("too-many-requests", 429, "请求太频繁", "")
BROKEN = Kind("internal-error", 500, "内部错误", "本站出错了，已经记录。请稍后再试；仍不行请告诉我们响应头 X-Request-Id 的值。")
AWAY = Kind("unavailable", 503, "暂时不能回答", "数据库暂时没有回答。请按响应头 Retry-After 的秒数稍后再试。")
KINDS = (MALFORMED, NOT_FOUND, NO_SUCH_PAGE, NOT_ALLOWED, TOO_LONG, INVALID, TOO_MANY, BROKEN, AWAY)
BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter, and which values (or names) there are to choose from, if they can be told."""

    parameter: str
    detail: str
    allowed: Sequence[str] = ()


def body(kind: Kind, detail: str = "", faults: Iterable[Fault] = ()) -> bytes:
    """The problem as JSON."""
    said: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail or kind.detail}
    if errors := [_told(fault) for fault in faults]:
        said["errors"] = errors
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def _told(fault: Fault) -> dict[str, Any]:
    told: dict[str, Any] = {"parameter": fault.parameter, "detail": fault.detail}
    return told | {"allowed": list(fault.allowed)} if fault.allowed else told
