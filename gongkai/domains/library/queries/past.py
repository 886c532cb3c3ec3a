"""What happened to one document, as the ledger tells it to officials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongkai.core.ledger.projections import Recorded, recorded
from gongkai.core.staff.queries import names_of
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import stream_of
from gongkai.domains.library.models import Document, Remark, Revision

LABELS: Mapping[str, str] = {
    events.FILED: "归档",
    events.REVISED: "改稿",
    events.CONFIRMED: "核对无误",
    events.QUESTIONED_AGAIN: "撤回“核对无误”",
    events.APPROVED: "核准公开",
    events.PUBLISHED: "发布",
    events.UNPUBLISHED: "收回发布，退回原来公开的文本",
    events.WITHDRAWN: "撤下",
    events.REPLACED: "由新文件替代",
    events.RESTORED: "恢复公开",
    events.SEALED: "封存历次文本",
    events.UNSEALED: "解除封存",
    events.RENDITION_ADDED: "增加另一格式",
    events.LEGAL_TURNED: "效力变化",
    events.LEGAL_LIFTED: "撤销效力变化",
    events.EXPIRED: "有效期届满失效",
}
GROUNDS: Mapping[str, str] = {events.ALREADY_PUBLIC: "已在别处公开", events.SIGNED_OFF: "线下已审签"}
_TURNS: Mapping[str, str] = {"amended": "被修改", "superseded": "改用新文本", "repealed": "被废止", "voided": "被宣布失效"}
_REVISION_GROUNDS: Mapping[str, str] = {str(value): str(label) for value, label in Revision.Ground.choices}


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that happened: when, by whom, what, and what they wrote about it.

    `revision` is the number of the revision that it concerns, `other` that of another document.
    """

    at: datetime
    who: str
    what: str
    detail: str
    remark: str
    revision: int | None
    other: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made a revision, when, on what ground and why."""

    who: str
    actor: str
    at: datetime
    ground: str
    remark: str


def past_of(number: int) -> list[Passed]:
    """What happened to a document, the latest first."""
    happened = recorded(stream_of(number))
    people, remarks, titles = names_of(e.actor for e in happened), _remarks(happened), _titles(happened)
    told = [_passed(event, people, remarks, titles) for event in happened]
    return told[::-1]


def authors_of(number: int) -> dict[int, Authorship]:
    """Who made each revision of a document."""
    made = [e for e in recorded(stream_of(number)) if e.kind in (events.FILED, events.REVISED)]
    people, remarks = names_of(e.actor for e in made), _remarks(made)
    return {
        e.payload["revision"]: Authorship(
            people[e.actor],
            e.actor,
            e.happened_at,
            _REVISION_GROUNDS.get(e.payload.get("ground", "imported"), ""),
            remarks.get(e.payload.get("remark", 0), ""),
        )
        for e in made
    }


def _passed(event: Recorded, people: Mapping[str, str], remarks: Mapping[int, str], titles: Mapping[int, str]) -> Passed:
    said = event.payload
    other = int(said.get("by") or 0) if event.kind in (events.REPLACED, events.LEGAL_TURNED) else 0
    told = [remarks.get(said.get("remark", 0), ""), remarks.get((said.get("override") or {}).get("remark", 0), "")]
    return Passed(
        event.happened_at,
        people[event.actor],
        LABELS.get(event.kind, event.kind),
        _detail(event),
        "；".join(t for t in told if t),
        said.get("revision"),
        (other, titles[other]) if other in titles else None,
    )


def _detail(event: Recorded) -> str:
    said = event.payload
    if event.kind == events.APPROVED:
        return GROUNDS.get(said["ground"], said["ground"])
    if event.kind == events.PUBLISHED and "override" in said:
        return "本人起草本人发布"
    if event.kind == events.REVISED:
        return _REVISION_GROUNDS.get(said["ground"], "")
    if event.kind in (events.LEGAL_TURNED, events.LEGAL_LIFTED):
        on = f"，自{_day(said['on'])}起" if "on" in said else ""
        return f"{_TURNS.get(said['kind'], said['kind'])}{on}"
    return ""


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def _remarks(happened: Sequence[Recorded]) -> dict[int, str]:
    referred: list[Mapping[str, Any]] = [e.payload for e in happened]
    referred += [e.payload["override"] for e in happened if "override" in e.payload]
    numbers = {said["remark"] for said in referred if "remark" in said}
    return dict(Remark.objects.filter(pk__in=numbers).values_list("pk", "text")) if numbers else {}


def _titles(happened: Sequence[Recorded]) -> dict[int, str]:
    numbers = {e.payload["by"] for e in happened if e.payload.get("by")}
    return dict(Document.objects.filter(pk__in=numbers).values_list("pk", "title")) if numbers else {}
