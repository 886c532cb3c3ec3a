"""What shapes are made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from gongkai.domains.library.queries.entries import KINDS, STATUSES
from gongkai.faces.api.asking import OneOf, named
from gongkai.faces.api.strict import HIGHEST

Status = Annotated[str, OneOf(STATUSES), Field(description=f"效力状态：{named(STATUSES)}。")]
KindOf = Annotated[str, OneOf(KINDS), Field(description=f"文件类别：{named(KINDS)}。")]
Address = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Number = Annotated[int, Field(ge=1, le=HIGHEST)]
Count = Annotated[int, Field(ge=0)]


class Shape(Schema):
    """What every object of the answers is: complete, and nothing more than its description says."""

    model_config = ConfigDict(extra="forbid")


def told(description: str, *examples: Any, **more: Any) -> Any:
    """A field with what it means."""
    return Field(description=description, examples=list(examples) or None, **more)


class Issuer(Shape):
    """发文机关。"""

    name: Annotated[str, told("文件上的名称。", "青禾县人民政府办公室")]
    code: Annotated[str | None, told("统一代码；不是本级政府机关的为 null。", "11399928043982366X")]


class Named(Shape):
    """提到的另一份文件。"""

    number: Annotated[Number | None, told("在本站的编号；本站没有公开的为 null。", 12)]
    title: Annotated[str | None, told("标题。")]
    document_number: Annotated[str | None, told("发文字号。", "青政办发〔2023〕7号")]
    url: Annotated[Address | None, told("在本站的网页；本站没有公开的为 null。")]
    api_url: Annotated[Address | None, told("在本接口的地址；本站没有公开的为 null。")]


class Keeper(Shape):
    """一个机关。"""

    code: Annotated[str, told("统一代码。", "11399928043982366X")]
    name: Annotated[str, told("现在的名称，或者最后的名称。", "青禾县人民政府办公室")]
    api_url: Annotated[Address, told("本接口中的地址。")]


class ThemeName(Shape):
    """特色主题。"""

    slug: Annotated[str, told("用作参数 `theme` 的值。", "sannong")]
    name: Annotated[str, told("名称。", "三农服务")]


class StatusOn(Shape):
    """某一天的效力状态。"""

    on: Annotated[date, told("哪一天。")]
    status: Status
