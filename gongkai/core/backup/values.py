"""Values of a table in a form that belongs to no database, and loses nothing."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models


class UnknownKind(TypeError):
    """A column of a kind that nobody has said how to save."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a column are written as JSON (`written`) and read again (`read`).

    `read` raises ValueError or TypeError for what `written` never gives. NULL is no concern of theirs.
    """

    name: str
    written: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _only(*types: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError(f"{type(value).__name__} instead of {types[0].__name__}")
        return value

    return check


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)  # JSON has no word for infinity


_MOMENT = timedelta(microseconds=1)
_text, _integer, _boolean = _only(str), _only(int), _only(bool)
_KINDS = {
    kind.name: kind
    for kind in (
        Kind("text", _text, _text),
        Kind("integer", _integer, _integer),
        Kind("boolean", _boolean, _boolean),
        Kind("real", _number, float),
        Kind("decimal", str, Decimal),
        Kind("date", date.isoformat, date.fromisoformat),
        Kind("time", time.isoformat, time.fromisoformat),
        Kind("moment", datetime.isoformat, datetime.fromisoformat),
        Kind("duration", lambda value: value // _MOMENT, lambda value: _integer(value) * _MOMENT),
        Kind(
            "bytes", lambda value: base64.b64encode(value).decode("ascii"), lambda value: base64.b64decode(value, validate=True)
        ),
        Kind("uuid", str, UUID),
        Kind("json", _text, _text),  # as the text the database holds: parsing it would mix up null and NULL
    )
}
_OF_FIELDS = {
    "AutoField": "integer",
    "BigAutoField": "integer",
    "SmallAutoField": "integer",
    "IntegerField": "integer",
    "BigIntegerField": "integer",
    "SmallIntegerField": "integer",
    "PositiveIntegerField": "integer",
    "PositiveBigIntegerField": "integer",
    "PositiveSmallIntegerField": "integer",
    "BooleanField": "boolean",
    "CharField": "text",
    "TextField": "text",
    "SlugField": "text",
    "FileField": "text",
    "FilePathField": "text",
    "GenericIPAddressField": "text",
    "FloatField": "real",
    "DecimalField": "decimal",
    "DateField": "date",
    "TimeField": "time",
    "DateTimeField": "moment",
    "DurationField": "duration",
    "BinaryField": "bytes",
    "UUIDField": "uuid",
    "JSONField": "json",
}


def kind_of(field: models.Field[Any, Any]) -> Kind:
    """The kind of a field's column; a reference is of the kind of what it refers to. Raises UnknownKind."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    try:
        return _KINDS[_OF_FIELDS[field.get_internal_type()]]
    except KeyError:
        raise UnknownKind(f"{field} ({field.get_internal_type()}) has no form in gongkai/core/backup/values.py") from None
