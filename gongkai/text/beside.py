"""What stands beside the paper: a portal's metadata, a header of `key: value` lines, the file name.

It fills what the paper leaves open and never overrules it; where both speak and differ, the
difference is kept as a conflict.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from gongkai.text import dates, numbers, organs, tail
from gongkai.text.blanks import squeeze
from gongkai.text.head import tidy_title
from gongkai.text.keys import title_key
from gongkai.text.model import Block, Conflict, Found, Metadatum, Raw
from gongkai.text.reading import Reading

_KEYS = {
    "title": ("标题", "名称", "信息名称", "文件名称", "ArticleTitle"),
    "document_number": ("发文字号", "文号", "文件编号"),
    "organs": ("发文机关", "发文机构", "制发机关", "发布机关"),
    "issued_on": ("成文日期", "生成日期", "发文日期"),
    "published_on": ("发布日期", "公开日期", "发布时间", "发表时间", "PubDate"),
    "attribute": ("公开方式",),
    "registration_number": ("统一编号", "登记号", "规范性文件编号"),
    "index_number": ("索引号",),
    "topic": ("主题分类", "分类"),
    "effective_on": ("实施日期", "施行日期", "生效日期"),
    "expires_on": ("失效日期", "废止日期"),
}
_HEADER = re.compile(r"^(?P<key>title|source|meta|date|url|number|organ|标题|来源)\s*[：:]\s*(?P<value>\S.*)$")
_NAME_DATE = re.compile(r"[（(](?P<day>(?:19|20)\d\d-\d\d-\d\d)[)）]$")
_NO_INFO = {"", "无", "-", "--", "/", "暂无", "null", "None"}


def strip_header(raw: Raw) -> None:
    """Move a leading header of `key: value` lines from the text into the metadata."""
    taken: list[tuple[str, str]] = []
    for block in raw.blocks[:6]:
        match = _HEADER.match(block.text.strip())
        if not match:
            break
        taken.append((match["key"], match["value"]))
    if len(taken) < 2:
        return
    del raw.blocks[: len(taken)]
    for key, value in taken:
        for inner, text in _pairs(key, value):
            raw.metadata.append(Metadatum(inner, text, f"header:{inner}"))


def _pairs(key: str, value: str) -> list[tuple[str, str]]:
    if key == "meta" and value.startswith("{"):
        try:
            return [(str(k), str(v)) for k, v in json.loads(value).items() if str(v).strip()]
        except (ValueError, AttributeError):
            return [(key, value)]
    return [("标题" if key == "title" else key, value)]


def drop_imitation_rows(blocks: list[Block]) -> list[Block]:
    """The portal's own metadata rows, when they were saved as part of the text."""
    labels = {k for keys in _KEYS.values() for k in keys} | {"主题词", "有效性", "组配分类", "发布机构", "关键词", "信息来源"}
    return [b for b in blocks if not (b.kind == "row" and b.cells and squeeze(b.cells[0].text).rstrip("：:") in labels)]


def complete(reading: Reading) -> None:
    """Fill the open fields of `reading` from its metadata and file name; note conflicts."""
    told = {m.key: m for m in reversed(reading.metadata) if m.value.strip() not in _NO_INFO}
    _title(reading, told)
    _number(reading, told)
    _organs(reading, told)
    _dates(reading, told)
    if reading.attribute is None and (m := _first(told, "attribute")) and (value := tail.attribute_of(m.value)):
        reading.attribute = Found(value, 0.9, None, m.origin)
    for name in ("registration_number", "index_number", "topic"):
        if getattr(reading, name) is None and (m := _first(told, name)):
            setattr(reading, name, Found(squeeze(m.value), 0.95, None, m.origin))


def _first(told: dict[str, Metadatum], name: str) -> Metadatum | None:
    return next((told[key] for key in _KEYS[name] if key in told), None)


def _title(reading: Reading, told: dict[str, Metadatum]) -> None:
    m = _first(told, "title")
    if m is None:
        return
    value = tidy_title(m.value)
    if reading.title is None or reading.title.confidence < 0.6:
        reading.title = Found(value, 0.85, None, m.origin)
    elif title_key(reading.title.value) != title_key(_NAME_DATE.sub("", value)):
        reading.conflicts.append(Conflict("title", reading.title.value, value))


def _number(reading: Reading, told: dict[str, Metadatum]) -> None:
    m = _first(told, "document_number")
    value = numbers.whole(m.value) if m else None
    if m is None or value is None:
        return
    if reading.document_number is None:
        reading.document_number = Found(value, 0.85, None, m.origin)
    elif reading.document_number.value != value:
        reading.conflicts.append(Conflict("document_number", reading.document_number.value, value))


def _organs(reading: Reading, told: dict[str, Metadatum]) -> None:
    m = _first(told, "organs")
    names = organs.split(m.value.replace(",", "、")) if m else []
    if m is None or not names:
        return
    if not reading.organs:
        reading.organs = [Found(n, 0.8, None, m.origin) for n in names]
    elif {organs.canonical(o.value) for o in reading.organs} != {organs.canonical(n) for n in names}:
        reading.conflicts.append(Conflict("organs", "、".join(o.value for o in reading.organs), "、".join(names)))


def _dates(reading: Reading, told: dict[str, Metadatum]) -> None:
    if (m := _first(told, "issued_on")) and (day := dates.parse(m.value)):
        if reading.issued_on is None:
            reading.issued_on = Found(day.isoformat(), 0.85, None, m.origin)
        elif reading.issued_on.value != day.isoformat():
            reading.conflicts.append(Conflict("issued_on", reading.issued_on.value, day.isoformat()))
    if reading.published_on is None and (m := _first(told, "published_on")) and (day := dates.parse(m.value)):
        reading.published_on = Found(day.isoformat(), 0.95, None, m.origin)
    if (
        reading.issued_on is None
        and (named := _NAME_DATE.search(PurePath(reading.file).stem))
        and (day := dates.parse(named["day"]))
    ):
        reading.issued_on = Found(day.isoformat(), 0.6, None, "file name")


def declared_validity(reading: Reading) -> tuple[str | None, str | None]:
    """The days of coming into and going out of force that a portal's metadata names, as ISO strings."""
    told = {m.key: m for m in reversed(reading.metadata) if m.value.strip() not in _NO_INFO}
    starts, ends = _first(told, "effective_on"), _first(told, "expires_on")
    days = [dates.parse(m.value) if m else None for m in (starts, ends)]
    return (days[0].isoformat() if days[0] else None, days[1].isoformat() if days[1] else None)
