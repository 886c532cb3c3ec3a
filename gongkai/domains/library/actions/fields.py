"""The fields of a document that people correct: how each is written in a form and kept in a revision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from gongkai.domains.library.actions.errors import UnfitValue
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Attribute, Kind, Theme
from gongkai.text import dates, topics
from gongkai.text.numbers import normalise

FIELDS: Mapping[str, str] = {
    "title": "标题",
    "document_number": "发文字号",
    "organs": "发文机关（多个用、隔开）",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "有效期至",
    "term_years": "有效期（年）",
    "kind": "文件类别",
    "topic": "主题分类",
    "themes": "特色主题（多个用、隔开）",
    "attribute": "公开属性",
    "attribute_reason": "不主动公开的理由",
    "registration_number": "登记号",
    "summary": "概述",
}


_LONGEST: Mapping[str, int] = {"title": 500, "document_number": 120, "registration_number": 40, "organs": 120}


def as_written(metadata: Metadata) -> dict[str, str]:
    """Every field of FIELDS as a form shows it; what a person leaves as it is, they do not change."""
    said = cast("Mapping[str, Any]", metadata)
    names = dict(Theme.objects.values_list("slug", "name")) if metadata["themes"] else {}
    special = {
        "organs": "、".join(metadata["organs"]),
        "themes": "、".join(names.get(slug, slug) for slug in metadata["themes"]),
        "topic": "/".join(part for part in (metadata["topic"], metadata["subtopic"]) if part),
    }
    return {field: special[field] if field in special else str(said.get(field) or "") for field in FIELDS}


def with_corrections(metadata: Metadata, written: Mapping[str, str]) -> Metadata:
    """What a revision says once these fields are written like this. Raises UnfitValue.

    A document that is made other than proactive needs the reason; one that is proactive has none.
    """
    before = as_written(metadata)
    changes = {field: value.strip() for field, value in written.items() if value.strip() != before.get(field)}
    said = dict(cast("dict[str, Any]", metadata))
    for field, value in changes.items():
        said |= corrected(field, value)
    if said["attribute"] == Attribute.PROACTIVE:
        said.pop("attribute_reason", None)
    elif "attribute" in changes and not said.get("attribute_reason"):
        label = Attribute(said["attribute"]).label
        raise UnfitValue(
            f"公开属性改为“{label}”的，须写明理由（{FIELDS['attribute_reason']}，attribute_reason）。", "attribute_reason"
        )
    return cast("Metadata", said)


def corrected(field: str, written: str) -> dict[str, Any]:
    """One corrected field in the form a revision keeps. Raises UnfitValue."""
    if field not in FIELDS:
        raise UnfitValue(f"没有“{field}”这一项。可以更正的有：{'、'.join(f'{k}（{v}）' for k, v in FIELDS.items())}")
    if any(len(part) > _LONGEST.get(field, 2_000) for part in (_parts(written) if field == "organs" else [written])):
        raise UnfitValue(f"{FIELDS[field]}太长了，最多 {_LONGEST.get(field, 2_000)} 个字。", field)
    if field in ("issued_on", "effective_on", "expires_on"):
        return {field: _day(field, written)}
    if field in ("organs", "themes"):
        return {field: _several(field, written)}
    if field == "title" and not written:
        raise UnfitValue("标题不能为空。", field)
    if field == "document_number":
        return {field: normalise(written) if written else None}
    if field == "term_years":
        return {field: _years(written), "term_months": None}
    if field == "topic":
        return _topic(written)
    if field in ("kind", "attribute"):
        return {field: _choice(field, written)}
    return {field: written or (None if field == "registration_number" else "")}


def _day(field: str, written: str) -> str | None:
    if not written:
        return None
    mention = dates.whole(written)
    if mention is None or mention.day is None:
        raise UnfitValue(f"{FIELDS[field]}“{written}”不是一个存在的日期。请写成 2023-07-31 或 2023年7月31日。", field)
    return date.isoformat(mention.day)


def _parts(written: str) -> list[str]:
    return [p.strip() for p in written.replace("，", "、").split("、") if p.strip()]


def _several(field: str, written: str) -> list[str]:
    parts = _parts(written)
    if field == "organs":
        if not parts:
            raise UnfitValue("发文机关不能为空。", field)
        return parts
    known = {name: slug for slug, name in Theme.objects.values_list("slug", "name")}
    unknown = [p for p in parts if p not in known and p not in known.values()]
    if unknown:
        raise UnfitValue(f"没有特色主题“{unknown[0]}”。现有：{'、'.join(known)}", field)
    return [known.get(p, p) for p in parts]


def _years(written: str) -> int | None:
    if not written:
        return None
    if not written.isdecimal() or not 0 < int(written) <= 50:
        raise UnfitValue(f"有效期“{written}”应是 1 到 50 之间的整数年。", "term_years")
    return int(written)


def _topic(written: str) -> dict[str, str]:
    named = topics.named_topic(written)
    if named is None:
        raise UnfitValue(f"没有主题分类“{written}”。请写成“综合政务/政务公开”这样的形式。", "topic")
    return {"topic": named.topic, "subtopic": named.subtopic}


def _choice(field: str, written: str) -> str:
    choices = Kind if field == "kind" else Attribute
    found = next((str(value) for value, label in choices.choices if written in (value, label)), None)
    if found is None:
        raise UnfitValue(
            f"{FIELDS[field]}“{written}”不在可选范围内：{'、'.join(str(label) for _, label in choices.choices)}", field
        )
    return found
