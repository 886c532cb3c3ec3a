"""Pages of the ledger as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from gongkai.core.agencies import events as agencies
from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.finding.told import STREAM as SEARCH
from gongkai.core.finding.told import called
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.projections import Recorded, as_recorded
from gongkai.core.scope import Viewer, narrowed
from gongkai.core.staff.events import STREAM as STAFF
from gongkai.core.staff.models import Person
from gongkai.core.staff.queries import names_of
from gongkai.domains.catalogue.models import Column
from gongkai.domains.library.models import Document
from gongkai.domains.monitor.queries.journal.asking import Asked, chosen
from gongkai.domains.monitor.queries.journal.changes import Beside, Line, lines_of

STREAMS: Mapping[str, str] = {
    "document": "文件", "staff": "人员", "column": "栏目", "search": "检索", "government": "政府设置", "agency": "机构",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "document/filed": "归档",
    "document/revised": "改稿",
    "document/confirmed": "核对无误",
    "document/approved": "核准",
    "document/published": "发布",
    "document/withdrawn": "撤下",
    "document/restored": "恢复",
    "document/replaced": "由新文件替代",
    "document/sealed": "封存历次文本",
    "document/unsealed": "解除封存",
    "document/unpublished": "收回发布",
    "document/questioned_again": "撤回“核对无误”",
    "document/rendition_added": "增加另一格式",
    "document/legal_turned": "效力变化",
    "document/legal_lifted": "撤销效力变化",
    "document/expired": "届满失效",
    "staff/joined": "加入",
    "staff/moved": "调动",
    "staff/roles_set": "改变角色",
    "staff/left": "离开",
    "staff/returned": "回来",
    "staff/password_renewed": "重发密码",
    "staff/details_changed": "改联系方式",
    "staff/unlocked": "解锁",
    "staff/two_steps_dropped": "停用两步验证",
    **agencies.KINDS,
    "column/defined": "新设",
    "column/redefined": "改写",
    "column/removed": "撤销",
    "search/changed": "改检索词",
    "search/gate_changed": "换检验集",
    "search/task_asked": "交办",
    "search/task_answered": "办结",
}
_SIZE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a person reads it. `document` is the number of the paper it belongs to, where it is one."""

    number: int
    at: datetime
    who: str
    stream: str
    record: str
    name: str
    document: int | None
    kind: str
    lines: list[Line]
    hash: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A page of the ledger, newest first. `older` is where the next page begins, None on the last."""

    entries: list[Entry]
    older: int | None


def journal(asked: Asked, viewer: Viewer, size: int = _SIZE) -> Journal:
    """What happened, as far as this person may read it."""
    events = list(chosen(asked, viewer)[: size + 1])
    shown = events[:size]
    return Journal(_entries(shown), shown[-1].pk if len(events) > size else None)


def actors(viewer: Viewer) -> list[tuple[str, str]]:
    """Whose acts may be asked for, as (reference, name)."""
    people = narrowed(Person.objects.order_by("username"), viewer, "ledger.read").values_list("pk", "name", "username")
    return [(f"staff:{pk}", f"{name}（{username}）") for pk, name, username in people]


def organs(viewer: Viewer) -> list[tuple[str, str]]:
    """Whose records may be asked for, as (code, name), in the order of the tree."""
    rows = narrowed(Agency.objects.order_by("order", "id"), viewer, "ledger.read", "pk").values_list("pk", "code")
    names = present_names()
    return [(code, names.get(pk, code)) for pk, code in rows]


def _entries(events: Sequence[Event]) -> list[Entry]:
    told, names, who = _histories(events), _names(events), names_of(e.actor for e in events)
    beside, out = Beside.of(told), []
    for event in events:
        key = (event.stream_kind, event.stream_id)
        happened = [h for h in told[key] if h.sequence <= event.sequence]
        out.append(
            Entry(
                event.pk,
                event.happened_at,
                who[event.actor],
                STREAMS.get(event.stream_kind, event.stream_kind),
                event.stream_id,
                names.get(key, event.stream_id),
                int(event.stream_id) if event.stream_kind == "document" else None,
                KINDS.get(f"{event.stream_kind}/{event.kind}", event.kind),
                lines_of(event.stream_kind, event.stream_id, happened, beside),
                event.hash,
            )
        )
    return out


def _histories(events: Iterable[Event]) -> dict[tuple[str, str], list[Recorded]]:
    """All events of the records that these belong to, read together: a change is seen against what was before it."""
    keys = {(e.stream_kind, e.stream_id) for e in events}
    wanted = Q(pk__in=())
    for kind in {k for k, _ in keys}:
        wanted |= Q(stream_kind=kind, stream_id__in=[i for k, i in keys if k == kind])
    found: dict[tuple[str, str], list[Recorded]] = {key: [] for key in keys}
    for event in Event.objects.filter(wanted).order_by("stream_kind", "stream_id", "sequence"):
        found[event.stream_kind, event.stream_id].append(as_recorded(event))
    return found


def _names(events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """What the records are called."""
    keys = {(e.stream_kind, e.stream_id) for e in events}
    of = {kind: [i for k, i in keys if k == kind] for kind in STREAMS}
    named: dict[tuple[str, str], str] = {}
    for pk, title in Document.objects.filter(pk__in=of["document"]).values_list("pk", "title"):
        named["document", str(pk)] = title
    for pk, name in Person.objects.filter(pk__in=of[STAFF]).values_list("pk", "name"):
        named[STAFF, str(pk)] = name
    for slug, name in Column.objects.filter(slug__in=of["column"]).values_list("slug", "definition__content__name"):
        named["column", slug] = name
    for pk, code in Agency.objects.filter(code__in=of["agency"]).values_list("pk", "code"):
        named["agency", code] = present_names().get(pk, code)
    named |= {(SEARCH, part): called(part) for part in of[SEARCH]}
    named |= {(agencies.GOVERNMENT, part): label for part, label in agencies.PARTS.items()}
    return named
