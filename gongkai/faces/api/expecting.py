"""What a parameter must be, said in Chinese from its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PRINTABLE = r"^[^\u0000-\u001f\u007f]+$"
SLUG = "^[A-Za-z0-9_-]+$"
_WORDS = {PRINTABLE: "，不含控制字符", SLUG: "，只用字母、数字、“-”和“_”"}
_SCALARS = {"boolean": "应为 true 或 false", "date": "应为 2024-03-01 这样的日期"}


def expected(schema: Mapping[str, Any]) -> str:
    """For instance 应为 1 到 100 的整数。"""
    schema = plain(schema)
    if schema.get("type") == "array":
        return f"最多 {schema['maxItems']} 个值，每个{_one(plain(schema['items']))}"
    return f"{_one(schema)}"


def allowed(schema: Mapping[str, Any]) -> list[str]:
    """The values there are to choose from; none where they cannot be listed."""
    schema = plain(schema)
    values: list[str] = plain(schema.get("items", schema)).get("enum", [])
    return values


def plain(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without the possibility of nothing, which a query has no way to write."""
    found: Mapping[str, Any] = next((s for s in schema.get("anyOf", ()) if s.get("type") != "null"), schema)
    return found


def _one(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"只能是 {'、'.join(schema['enum'])} 之一"
    if told := _SCALARS.get(schema.get("format", schema["type"])):
        return told
    if schema["type"] == "integer":
        return f"应为 {schema['minimum']} 到 {schema['maximum']} 的整数"
    if "maxLength" not in schema:
        return "应为上一次答复给出的值，原样带回"
    return f"应为 {schema['minLength']} 到 {schema['maxLength']} 个字符{_WORDS[schema['pattern']]}"
