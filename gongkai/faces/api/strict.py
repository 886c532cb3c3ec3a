"""Refusing a request that asks for anything the API does not know, before its values are looked at and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import ValidationError

from gongkai.faces.api import problems
from gongkai.faces.api.answers import refused
from gongkai.faces.api.expecting import PRINTABLE, allowed, expected
from gongkai.faces.api.problems import Fault

HIGHEST = (1 << 53) - 1  # what every reader of JSON takes for a whole number
_LONGEST_NAME = 60
_INVALID = "有参数不符合要求，见 errors。"
_IN_PATHS = {
    "number": {"type": "integer", "minimum": 1, "maximum": HIGHEST},
    "code": {"type": "string", "minLength": 1, "maxLength": 32, "pattern": PRINTABLE},
}
Run = Callable[..., HttpResponse]


def strict(parameters: type[Schema] | None = None) -> Callable[[Run], Run]:
    """An operation that takes these parameters and no others, each once unless it is a list."""
    schemas: dict[str, Any] = parameters.model_json_schema()["properties"] if parameters else {}

    def decorate(run: Run) -> Run:
        @wraps(run)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            faults = [fault for name, values in request.GET.lists() for fault in _faults(schemas, name, len(values))]
            if faults:
                return refused(problems.INVALID, _INVALID, faults)
            request.parameters = schemas  # type: ignore[attr-defined]
            return run(request, *args, **kwargs)

        return checked

    return decorate


def _faults(schemas: dict[str, Any], name: str, times: int) -> Iterable[Fault]:
    if name not in schemas:
        return [Fault(name[:_LONGEST_NAME], "没有这个参数。" if schemas else "这个资源没有参数。", [*schemas])]
    if times > 1 and schemas[name].get("type") != "array":
        return [Fault(name, "只能出现一次。")]
    return []


def explain(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """422 for values that do not fit: what each should be, by the schemas of the operation's parameters."""
    schemas: dict[str, Any] = _IN_PATHS | getattr(request, "parameters", {})
    names = dict.fromkeys(part for told in getattr(error, "errors", ()) for part in told["loc"][1:] if part in schemas)
    faults = [Fault(name, f"{expected(schemas[name])}。", allowed(schemas[name])) for name in names]
    return refused(problems.INVALID, _INVALID, faults)
