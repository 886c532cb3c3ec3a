"""What one event changed, as lines of before and after in the words of a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.core.agencies.events import LABELS as SAID
from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.finding.told import STREAM as SEARCH
from gongkai.core.finding.told import lines_of as search_lines
from gongkai.core.ledger.projections import Recorded
from gongkai.core.staff import events as staff
from gongkai.core.staff.roles import LABELS, Role
from gongkai.core.staff.state import fold as fold_person
from gongkai.domains.catalogue import events as catalogue
from gongkai.domains.catalogue.models import Definition
from gongkai.domains.library import events as library
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.actions.correcting import FIELDS
from gongkai.domains.library.models import Attribute, Editorial, Kind, Remark, Revision
from gongkai.domains.library.queries.past import GROUNDS
from gongkai.domains.library.state import fold as fold_document

TURNS: Mapping[str, str] = {"amended": "修改", "superseded": "改用新文本", "repealed": "废止", "voided": "宣布失效"}
_LABELLED: Mapping[str, Mapping[str, str]] = {
    "kind": {str(v): str(label) for v, label in Kind.choices},
    "attribute": {str(v): str(label) for v, label in Attribute.choices},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is different: what it is called, what it was, what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the ledger and is needed to read a page of it, fetched together.

    Reasons by their key, what revisions say and the digest of their text by document and number,
    definitions of columns by digest, names of organs by code.
    """

    remarks: Mapping[int, str]
    revisions: Mapping[tuple[int, int], tuple[Mapping[str, Any], str]]
    definitions: Mapping[str, Mapping[str, Any]]
    organs: Mapping[str, str]

    @classmethod
    def of(cls, histories: Mapping[tuple[str, str], Sequence[Recorded]]) -> Beside:
        """For the events of these records (kind of stream, identifier)."""
        events = [event for happened in histories.values() for event in happened]
        revised = {int(i) for (k, i), hs in histories.items() if k == library.STREAM for h in hs if h.kind == library.REVISED}
        texts = Revision.objects.filter(document__in=revised).values_list("document_id", "number", "metadata", "text_digest")
        digests = {str(e.payload["digest"]) for e in events if "digest" in e.payload}
        names = present_names()
        return cls(
            dict(Remark.objects.filter(pk__in={_remark_of(e) for e in events} - {0}).values_list("pk", "text")),
            {(document, number): (metadata, digest) for document, number, metadata, digest in texts},
            dict(Definition.objects.filter(digest__in=digests).values_list("digest", "content")),
            {code: names.get(pk, code) for pk, code in Agency.objects.values_list("pk", "code")},
        )


def _remark_of(event: Recorded) -> int:
    return int(event.payload.get("remark") or (event.payload.get("override") or {}).get("remark") or 0)


def lines_of(stream: str, record: str, happened: Sequence[Recorded], beside: Beside) -> list[Line]:
    """What the last of these events, all of one record in order, changed. An event of a kind unknown here shows its payload."""
    last = happened[-1]
    if stream == library.STREAM:
        reason = beside.remarks.get(_remark_of(last))
        changed = _differing(_document(happened[:-1]), _document(happened)) + _revised(record, last, beside)
        return [*changed, Line("理由", "", reason)] if reason else changed
    if stream == staff.STREAM:
        return _differing(_person(happened[:-1], beside), _person(happened, beside)) + _fields(last)
    if stream == catalogue.STREAM:
        return _differing(_definition(happened[-2:-1], beside), _definition(happened[-1:], beside))
    if stream == SEARCH:
        return [Line(*line) for line in search_lines(happened, beside.organs)]
    return _told(last.payload)


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[Line]:
    names = dict.fromkeys([*before, *after])
    return [Line(n, before.get(n, ""), after.get(n, "")) for n in names if before.get(n, "") != after.get(n, "")]


def _document(happened: Sequence[Recorded]) -> dict[str, str]:
    if not happened:
        return {}
    state = fold_document(happened)
    return {
        "编辑状态": Editorial(state.editorial).label,
        "待核对": "；".join(QUESTIONS.get(q, q) for q in state.questions),
        "现行稿": f"第 {state.current} 版",
        "公开的是": f"第 {state.published} 版" if state.published else "",
        "审批依据": GROUNDS.get(state.approval.ground, state.approval.ground) if state.approval else "",
        "效力变化": "；".join(f"{t.on:%Y-%m-%d} {TURNS.get(t.kind, t.kind)}" for t in state.turns),
        "届满失效": "是" if state.expired else "",
        "文件（原件）": f"{len(state.renditions)} 个" if state.renditions else "",
    }


def _revised(record: str, event: Recorded, beside: Beside) -> list[Line]:
    """Field by field, what a new revision says otherwise than the one before it."""
    if event.kind != library.REVISED:
        return []
    number, document = event.payload["revision"], int(record)
    if not {(document, number - 1), (document, number)} <= beside.revisions.keys():
        return []
    (old, old_text), (new, new_text) = beside.revisions[document, number - 1], beside.revisions[document, number]
    differing = [(field, label.partition("（")[0]) for field, label in FIELDS.items() if old.get(field) != new.get(field)]
    lines = [Line(label, _value(field, old), _value(field, new)) for field, label in differing]
    return [*lines, Line("正文", "原文字", "有改动")] if old_text != new_text else lines


def _value(field: str, metadata: Mapping[str, Any]) -> str:
    value = metadata.get(field)
    if isinstance(value, list):
        return "、".join(str(v) for v in value)
    return _LABELLED.get(field, {}).get(value, str(value)) if value not in (None, "") else ""


def _person(happened: Sequence[Recorded], beside: Beside) -> dict[str, str]:
    if not happened:
        return {}
    state = fold_person(happened)
    return {
        "机构": beside.organs.get(state.agency or "", state.agency or ""),
        "角色": "、".join(LABELS[Role(r)] for r in state.roles),
        "能否登录": "能" if state.active else "不能",
    }


def _fields(event: Recorded) -> list[Line]:
    called = {"name": "姓名", "email": "邮箱", "telephone": "电话"}
    return [Line(called.get(f, f), "（不记入台账）", "有改动") for f in event.payload.get("fields", ())]


def _definition(happened: Sequence[Recorded], beside: Beside) -> dict[str, str]:
    found = beside.definitions.get(str(happened[0].payload.get("digest"))) if happened else None
    return {label: _plain(found.get(name)) for name, label in _COLUMN.items()} if found else {}


_COLUMN: Mapping[str, str] = {
    "name": "名称",
    "entry": "入口",
    "group": "分组",
    "source": "依据",
    "about": "说明",
    "elsewhere": "空时提示",
    "organ_kinds": "适用机构",
    "selection": "收哪些文件",
    "text": "正文",
    "texts": "各机构正文",
}


def _told(payload: Mapping[str, Any]) -> list[Line]:
    """What an event without a reader of its own says: `before` and `after` side by side, else its words."""
    before, after = payload.get("before"), payload.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        told = [{SAID.get(k, k): _plain(v) for k, v in (side or {}).items()} for side in (before, after)]
        return _differing(told[0], told[1])
    return [Line(name, "", _plain(value)) for name, value in payload.items()]


def _plain(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
