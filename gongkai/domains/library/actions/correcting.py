"""Confirming and correcting what was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.db import transaction

from gongkai.core.ledger.append import Happening, append
from gongkai.domains.library import events
from gongkai.domains.library.actions.content import Content, digest_of
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.errors import UnfitValue, WrongStatus
from gongkai.domains.library.actions.filing import revise
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.actions.publishing import locked
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Attribute, Document, Kind, Revision, Theme
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
    "kind": "文种类别",
    "topic": "主题分类",
    "themes": "特色主题（多个用、隔开）",
    "attribute": "公开属性",
    "registration_number": "登记号",
    "summary": "概述",
}


@transaction.atomic
def confirm(number: int, doing: Doing) -> Document:
    """A person has looked at what was unclear and takes it as it is. Raises WrongStatus when nothing was."""
    document = locked(number)
    state = state_of(document)
    if not state.questions:
        raise WrongStatus(document.title, "没有待核对的问题", "确认")
    confirmed = Happening(events.CONFIRMED, {"revision": state.current})
    append(stream_of(number), [confirmed], actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    return document


@transaction.atomic
def correct(number: int, changes: Mapping[str, str], doing: Doing) -> Revision:
    """Correct fields of a document by hand: a new revision with the same text, its questions answered.

    `changes` maps names in `FIELDS` to what was typed; '' clears a field. Raises UnfitValue.
    """
    document = locked(number)
    revision = Revision.objects.select_related("body", "original").get(document=document, number=state_of(document).current)
    metadata = dict(cast("dict[str, Any]", revision.metadata))
    for field, written in changes.items():
        metadata |= corrected(field, written.strip())
    said = cast("Metadata", metadata)
    if said == revision.metadata:
        raise UnfitValue("更正后的内容与现有内容相同，没有保存。")
    content = Content(
        said,
        revision.readings,
        revision.body.text,
        revision.body.html,
        revision.body.clauses,
        digest_of(said, revision.body.text),
        revision.text_digest,
        (),
    )
    return revise(document, content, None, Revision.Ground.CORRECTED, doing)


def corrected(field: str, written: str) -> dict[str, Any]:
    """One corrected field in the form a revision keeps. Raises UnfitValue."""
    if field not in FIELDS:
        raise UnfitValue(f"没有“{field}”这一项。可以更正的有：{'、'.join(f'{k}（{v}）' for k, v in FIELDS.items())}")
    if field in ("issued_on", "effective_on", "expires_on"):
        return {field: _day(field, written)}
    if field in ("organs", "themes"):
        return {field: _several(field, written)}
    if field == "title" and not written:
        raise UnfitValue("标题不能为空。")
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
        raise UnfitValue(f"{FIELDS[field]}“{written}”不是一个存在的日期。请写成 2023-07-31 或 2023年7月31日。")
    return date.isoformat(mention.day)


def _several(field: str, written: str) -> list[str]:
    parts = [p.strip() for p in written.replace("，", "、").split("、") if p.strip()]
    if field == "organs":
        if not parts:
            raise UnfitValue("发文机关不能为空。")
        return parts
    known = {name: slug for slug, name in Theme.objects.values_list("slug", "name")}
    unknown = [p for p in parts if p not in known and p not in known.values()]
    if unknown:
        raise UnfitValue(f"没有特色主题“{unknown[0]}”。现有：{'、'.join(known)}")
    return [known.get(p, p) for p in parts]


def _years(written: str) -> int | None:
    if not written:
        return None
    if not written.isdecimal() or not 0 < int(written) <= 50:
        raise UnfitValue(f"有效期“{written}”应是 1 到 50 之间的整数年。")
    return int(written)


def _topic(written: str) -> dict[str, str]:
    named = topics.named_topic(written)
    if named is None:
        raise UnfitValue(f"没有主题分类“{written}”。请写成“综合政务/政务公开”这样的形式。")
    return {"topic": named.topic, "subtopic": named.subtopic}


def _choice(field: str, written: str) -> str:
    choices = Kind if field == "kind" else Attribute
    found = next((str(value) for value, label in choices.choices if written in (value, label)), None)
    if found is None:
        raise UnfitValue(f"{FIELDS[field]}“{written}”不在可选范围内：{'、'.join(str(label) for _, label in choices.choices)}")
    return found
