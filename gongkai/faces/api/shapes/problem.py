"""What went wrong."""

from __future__ import annotations

from typing import Annotated

from gongkai.faces.api.shapes.parts import Address, Shape, told


class FaultShape(Shape):
    """一个参数的问题。"""

    parameter: Annotated[str, told("参数名。", "limit")]
    detail: Annotated[str, told("应当怎样。", "应为 1 到 100 的整数。")]
    allowed: Annotated[tuple[str, ...], told("可以选的值（或者参数名）；列不出来时没有这一项。")] = ()


class Problem(Shape):
    """没有办成的原因（RFC 9457）。"""

    type: Annotated[Address, told("这一类问题的说明。", "/api/#invalid-parameters")]
    title: Annotated[str, told("这一类问题的名称。", "参数不符合要求")]
    status: Annotated[int, told("状态码，与答复的相同。", 422, ge=400, le=599)]
    detail: Annotated[str, told("这一次是怎么回事，该怎么办。")]
    errors: Annotated[tuple[FaultShape, ...], told("逐个参数的问题；与参数无关时没有这一项。")] = ()
