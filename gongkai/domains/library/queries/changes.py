"""What changed between two public texts, in words: which particulars, and how many clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Attribute, Kind
from gongkai.domains.library.queries.listing import labels_of
from gongkai.text.comparing import Tally

_FIELDS: Mapping[str, str] = {
    "title": "标题",
    "document_number": "发文字号",
    "organs": "发文机关",
    "issued_on": "成文日期",
    "printed_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "有效期截止日",
    "term_years": "有效期（年）",
    "term_months": "有效期（月）",
    "addressees": "主送",
    "copies_to": "抄送",
    "signature": "落款",
    "note": "附注",
    "attachments": "附件",
    "registration_number": "登记号",
    "kind": "文件类别",
    "topic": "主题分类",
    "subtopic": "主题子类",
}
_OF_THE_DESK: Mapping[str, str] = {
    "attribute": "公开属性",
    "attribute_reason": "不主动公开的理由",
    "themes": "特色主题",
    "summary": "概述",
}
_DAYS = {"issued_on", "printed_on", "effective_on", "expires_on"}
_VERBS = {"changed": "修改", "added": "新增", "removed": "删去", "moved": "移动"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A particular that differs; '' where a text has none."""

    label: str
    old: str
    new: str


def field_changes(old: Metadata, new: Metadata, *, desk: bool = False) -> list[FieldChange]:
    """The particulars in which two texts differ, in the order a paper gives them; at the desk also what only it shows."""
    before, after = cast("dict[str, Any]", old), cast("dict[str, Any]", new)
    fields = {**_FIELDS, **_OF_THE_DESK} if desk else _FIELDS
    told = [FieldChange(label, _told(name, before.get(name)), _told(name, after.get(name))) for name, label in fields.items()]
    return [change for change in told if change.old != change.new]


def _told(name: str, value: Any) -> str:
    if not value:
        return ""
    if name in _DAYS:
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    if name in ("kind", "attribute"):
        return str((Kind if name == "kind" else Attribute)(value).label)
    if name == "themes":
        return "、".join(labels_of("theme").get(slug, slug) for slug in value)
    if isinstance(value, list):
        return "、".join(item["name"] if isinstance(item, dict) else str(item) for item in value)
    return str(value)


def change_sentence(fields: list[FieldChange], tally: Tally) -> str:
    """One sentence: 标题、施行日期有变化；条文修改3条、新增1条、删去2条，另有4条只改了序号。"""
    parts = [f"{'、'.join(f.label for f in fields)}有变化"] if fields else []
    parts += _clauses_told(tally)
    if not any(tally.articles[k] or tally.others[k] for k in ("renumbered", *_VERBS)):
        parts.append("正文没有变化")
    return "；".join(parts) + "。"


def _clauses_told(tally: Tally) -> list[str]:
    articles = _counted(tally.articles, "条")
    renumbered = tally.articles["renumbered"]
    if renumbered:
        articles = f"{articles}，另有{renumbered}条只改了序号" if articles else f"{renumbered}条只改了序号"
    if not tally.has_articles:
        others = _counted(tally.others + Counter(changed=tally.others["renumbered"]), "段")
        return [f"正文{others}"] if others else []
    rest = sum(tally.others[k] for k in ("renumbered", *_VERBS))
    told = [f"条文{articles}"] if articles else []
    return told + ([f"章节标题、题注等其他内容改动{rest}处"] if rest else [])


def _counted(counts: Counter[str], unit: str) -> str:
    return "、".join(f"{verb}{counts[kind]}{unit}" for kind, verb in _VERBS.items() if counts[kind])
