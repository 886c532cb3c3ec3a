"""The OpenAPI document: what the routers say, made exact where the library that reads them is not."""

from __future__ import annotations

from functools import cache
from typing import Any

from gongkai.faces.api import problems, shapes
from gongkai.faces.api.asking import Listed
from gongkai.faces.api.documents import OnADay
from gongkai.faces.api.expecting import plain
from gongkai.faces.api.version1 import api

Node = dict[str, Any]
PATH_PREFIX = "api/v1/"
DESCRIPTION = """\
已公开的政府文件、它们的条款和效力沿革、发布它们的机关、主题分类。数据与网站上的完全相同：公开了的都在，撤下的立即不在。

- 只读。支持 GET、HEAD，以及浏览器跨域所需的 OPTIONS；不需要登录，不使用 Cookie。
- 严格：不认识的参数、重复的单值参数、不合要求的值一律回答 422，并逐个说明。
- 每个 GET 的答复都有 ETag；带上 If-None-Match 再问，没有变化就回答 304。
- 没有办成的，答复是 `application/problem+json`（RFC 9457）。
- 大批量、增量的采集请用 OAI-PMH（`/oai`）。
"""


def _header(told: str, *, always: bool = True, example: str = "", **schema: Any) -> Node:
    more = {"examples": [example]} if example else {}
    return {"description": told, "required": always, "schema": {"type": "string", **schema, **more}}


_HEADERS: Node = {
    "ETag": _header("这份答复的标识，内容一变就变。", pattern='^(W/)?"[0-9a-f]{32}"$'),
    "Cache-Control": _header("可以保存，但每次使用前都要核对。"),
    "Last-Modified": _header("正文最近一次变化的时刻。", example="Tue, 24 Nov 2026 02:00:00 GMT"),
    "Access-Control-Allow-Origin": _header("任何网站的网页都可以读取。", enum=["*"]),
    "RateLimit-Policy": _header(
        "每个网络地址在 `w` 秒内最多 `q` 次；没有限额时没有这一项。", always=False, example='"address";q=6000;w=60'
    ),
    "RateLimit": _header(
        "还可以问 `r` 次，`t` 秒后重新计算；没有限额时没有这一项。", always=False, example='"address";r=5999;t=42'
    ),
    "Retry-After": _header("多少秒之后再试。", type="integer", minimum=1),
    "Allow": _header("支持的方法。", enum=[problems.METHODS]),
    "X-Request-Id": _header("这次请求的编号，报告问题时请提供。", always=False),
}
_VALUES = ("examples", "enum", "default", "const")  # parts of a schema that are values, not schemas
_ALWAYS = ("Access-Control-Allow-Origin", "RateLimit-Policy", "RateLimit")
_OF_STATUS = {405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",)}
_REFUSALS = {
    400: "地址的编码、域名或者参数的个数有误。",
    405: "用了不支持的方法。",
    414: "地址太长。",
    422: "参数不符合要求；`errors` 逐个说明。",
    429: "请求太频繁。",
    503: "暂时不能回答。",
}
_MISSING = {
    "getDocument": "没有这份文件，或者它已不再公开。",
    "getClauses": "没有这份文件，或者它已不再公开。",
    "getTimeline": "没有这份文件，或者它已不再公开。",
    "getOrgan": "没有这个机关。",
    "listDocuments": "没有这一页：游标不是本接口给出的，或者与其他条件不符。",
}
_CONDITION: Node = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "上一次答复的 ETag。内容没有变化时回答 304，没有正文。",
    "schema": {"type": "string"},
}


@cache
def document() -> Node:
    """The whole document, in OpenAPI 3.1."""
    made: Node = api.get_openapi_schema(path_prefix=PATH_PREFIX)
    schemas = _exact(made["components"]["schemas"] | _problem_schemas())
    for parameters in (Listed, OnADay):
        schemas.pop(parameters.__name__, None)  # told one by one where they are asked for
    for item in made["paths"].values():
        for operation in item.values():
            _finish(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": api.title,
            "version": "1.0.0",
            "summary": "已公开的政府文件，供程序读取。",
            "description": DESCRIPTION,
            "license": {"name": "可以自由使用、复制和再加工，须注明来源", "url": "/api/#terms"},
        },
        "servers": [{"url": "/", "description": "本站"}],
        "tags": [{"name": name} for name in ("总览", "文件", "机关", "分类")],
        "paths": made["paths"],
        "components": {"schemas": schemas, "headers": _HEADERS, "responses": _refusals()},
    }


def _problem_schemas() -> Node:
    schema = shapes.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _refusals() -> Node:
    """The refusals that any operation may meet with."""
    return {str(status): _refusal(status, told) for status, told in _REFUSALS.items()}


def _refusal(status: int, told: str) -> Node:
    kinds = [kind for kind in problems.KINDS if kind.status == status]
    examples = {kind.name: {"summary": kind.title, "value": _example(kind)} for kind in kinds}
    return {
        "description": told,
        "headers": _headers(*_ALWAYS, *_OF_STATUS.get(status, ()), "X-Request-Id"),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    }


def _example(kind: problems.Kind) -> Node:
    return {"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.detail or kind.title}


def _headers(*names: str) -> Node:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _finish(operation: Node) -> None:
    """Responses with their headers, and every refusal."""
    given = operation["responses"][200]
    modified = ("Last-Modified",) if operation["operationId"] == "getClauses" else ()
    given |= {"description": "成功。", "headers": _headers("ETag", "Cache-Control", *modified, *_ALWAYS)}
    unchanged = {"description": "没有变化。", "headers": _headers("ETag", *_ALWAYS)}
    operation["parameters"] = [_parameter(p) for p in operation["parameters"]] + [_CONDITION]
    operation["responses"] = {"200": given, "304": unchanged}
    if told := _MISSING.get(operation["operationId"]) or ("number" in str(operation["parameters"]) and _MISSING["getDocument"]):
        operation["responses"]["404"] = _refusal(404, told)
    operation["responses"] |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS}


def _parameter(found: Node) -> Node:
    """A parameter whose schema says only what a value may be; what it means stands beside it."""
    schema = {name: value for name, value in plain(found["schema"]).items() if name not in ("description", "examples")}
    if schema.get("default") in ("", [], None):
        schema.pop("default", None)
    made = {"name": found["name"], "in": found["in"], "required": found["required"], "description": found["description"]}
    examples = found["schema"].get("examples", [])
    more = {"examples": {str(n): {"value": value} for n, value in enumerate(examples, 1)}} if examples else {}
    repeated = {"style": "form", "explode": True} if schema["type"] == "array" else {}
    return {**made, **repeated, "schema": _exact(schema), **more}


def _exact(schema: Any) -> Any:
    """A schema in which null is a second type, as OpenAPI 3.1 has it; without titles that only repeat names."""
    if isinstance(schema, list):
        return [_exact(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    choices = schema.get("anyOf", ())
    if len(choices) == 2 and choices[1] == {"type": "null"} and "type" in choices[0]:
        schema = {**schema, **choices[0], "type": [choices[0]["type"], "null"]}
        del schema["anyOf"]
    return {
        name: value if name in _VALUES else _exact(value)
        for name, value in schema.items()
        if name != "title" or not isinstance(value, str)
    }
