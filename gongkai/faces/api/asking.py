"""What the list of documents may be asked for, and the one address of each of its states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from ninja import Schema
from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from gongkai.core.agencies.queries import issuers
from gongkai.domains.library.queries.entries import KINDS, STATUSES
from gongkai.domains.library.queries.listing import SORTS, ListRequest
from gongkai.faces.api.cursors import PATTERN
from gongkai.faces.api.expecting import PRINTABLE, SLUG
from gongkai.text.topics import scheme

MOST_VALUES = 20
MOST_DOCUMENTS = 100
_NOBODY = "0"  # no issuer has this number
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)


def _integer(written: object) -> int:
    if not isinstance(written, str) or not _INTEGER.fullmatch(written):
        raise ValueError("no integer")
    return int(written)


def as_day(written: object) -> date:
    """A day as a parameter writes it: 2024-03-01. Raises ValueError."""
    if not isinstance(written, str) or not _ISO.fullmatch(written):
        raise ValueError("no day")
    return date.fromisoformat(written)


def _flag(written: object) -> bool:
    if written not in ("true", "false"):
        raise ValueError("no flag")
    return written == "true"


class OneOf:
    """A string that must be one of some values, for a field of a schema."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = list(values)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._among, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "enum": self._values}

    def _among(self, written: str) -> str:
        if written not in self._values:
            raise ValueError("not among the values")
        return written


def _text(longest: int, told: str = "", *examples: str) -> Any:
    shown = list(examples) or None
    return Field(min_length=1, max_length=longest, pattern=PRINTABLE, description=told or None, examples=shown)


def _several(told: str, *examples: Any) -> Any:
    shown = [list(examples)] if examples else None
    return Field(max_length=MOST_VALUES, description=f"{told}可以重复，各值之间是“或”。", examples=shown)


def named(values: Mapping[str, str]) -> str:
    """Values with what they mean."""
    return "；".join(f"`{value}` {label}" for value, label in values.items())


class Listed(Schema):
    """Parameters of the list of documents; what is repeated means any of the values."""

    q: Annotated[str, _text(100, "查找的词，空格隔开：每个词都在标题里，或者连起来是发文字号的一部分。", "停车")] = ""
    status: Annotated[
        tuple[Annotated[str, OneOf(STATUSES)], ...], _several(f"今天的效力状态：{named(STATUSES)}。", "in_force")
    ] = ()
    kind: Annotated[tuple[Annotated[str, OneOf(KINDS)], ...], _several(f"文件类别：{named(KINDS)}。", "normative")] = ()
    organ: Annotated[
        tuple[Annotated[str, _text(120)], ...],
        _several("发文机关：本级政府机关的统一代码（见 `/api/v1/organs`），或者任何发文机关的全称。"),
    ] = ()
    topic: Annotated[
        tuple[Annotated[str, OneOf(scheme())], ...],
        _several("主题分类：国务院主题分类的大类（见 `/api/v1/topics`）。", "综合政务"),
    ] = ()
    theme: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40, pattern=SLUG)], ...],
        _several("特色主题（见 `/api/v1/themes`）。"),
    ] = ()
    year: Annotated[
        tuple[Annotated[int, Field(ge=1000, le=9999), BeforeValidator(_integer)], ...], _several("成文年份。", 2024)
    ] = ()
    on: Annotated[
        date | None, Field(description="只要这一天有效（含已修改）的文件。", examples=["2024-03-01"]), BeforeValidator(as_day)
    ] = None
    index_number: Annotated[str, _text(80, "索引号，须完全一致。")] = ""
    document_number: Annotated[str, _text(120, "发文字号；括号、空格的写法可以不同。", "青政办发〔2023〕7号")] = ""
    sort: Annotated[
        str, OneOf(SORTS), Field(description="顺序：" + named({name: label for name, (label, _) in SORTS.items()}) + "。")
    ] = "newest"
    limit: Annotated[int, Field(ge=1, le=MOST_DOCUMENTS, description="一页最多多少份。"), BeforeValidator(_integer)] = 20
    cursor: Annotated[
        str,
        Field(pattern=PATTERN, description="从哪里接着列：取自上一次答复，其他条件须与那一次相同（`limit`、`facets` 除外）。"),
    ] = ""
    facets: Annotated[bool, Field(description="是否给出各分面的计数。"), BeforeValidator(_flag)] = False


_OF_THE_PAGE = ("limit", "cursor", "facets")  # what does not decide which documents are in the list


def list_request(asked: Listed) -> ListRequest:
    """The same in the words of the library, where issuers go by number."""
    numbers = issuers().numbers_of
    organs = sorted({str(n) for key in asked.organ for n in numbers.get(key, ())})
    return ListRequest(
        words=" ".join(asked.q.split()),
        status=_once(asked.status),
        kind=_once(asked.kind),
        organ=tuple(organs) or ((_NOBODY,) if asked.organ else ()),
        topic=_once(asked.topic),
        theme=_once(asked.theme),
        year=_once(map(str, asked.year)),
        in_force_on=asked.on,
        index_number=asked.index_number.strip(),
        document_number=asked.document_number.strip(),
        sort=asked.sort,
    )


def query_of(asked: Listed) -> str:
    """The one way to write a state of the list: what differs from the plain list, in a fixed order."""
    return "&".join(_pairs(asked, Listed.model_fields))


def conditions_of(asked: Listed) -> str:
    """The same without what only decides how much of the list is shown: what a cursor is bound to."""
    return "&".join(_pairs(asked, (name for name in Listed.model_fields if name not in _OF_THE_PAGE)))


def _pairs(asked: Listed, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = getattr(asked, name)
        if value == Listed.model_fields[name].default:
            continue
        for one in _once(map(_said, value)) if isinstance(value, tuple) else [_said(value)]:
            yield f"{name}={quote(one, safe='')}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
