"""Adding, changing, renaming and abolishing one organ at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q

from gongkai.core.agencies import events
from gongkai.core.agencies.models import Agency, AgencyName, Authority
from gongkai.core.agencies.telling import CONTACT, present_name, snapshot
from gongkai.core.doing import Doing
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.writing import writing

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,31}")
LENGTHS: Mapping[str, tuple[str, int]] = {
    "name": ("名称", 100),
    "short_name": ("简称", 60),
    "telephone": ("电话", 60),
    "fax": ("传真", 60),
    "address": ("地址", 200),
    "hours": ("办公时间", 200),
    "duties": ("职责", 2000),
}
WORDS: Mapping[str, str] = {
    **{name: label for name, (label, _) in LENGTHS.items() if name != "name"},
    "kind": "类型",
    "parent": "上级",
    "document_prefixes": "发文代字",
}
_MOST_PREFIXES = 20


class UnfitOrgan(Exception):
    """What was said of an organ cannot be; `field` names what, `str()` says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class OrganData:
    """An organ as it stands. `parent` is a code, '' only for the government itself."""

    name: str
    kind: str
    parent: str
    short_name: str = ""
    document_prefixes: tuple[str, ...] = ()
    telephone: str = ""
    fax: str = ""
    address: str = ""
    hours: str = ""
    duties: str = ""
    order: int | None = None


@writing()
def add_organ(code: str, data: OrganData, doing: Doing, since: date | None = None) -> Agency:
    """A new organ, named so from `since` (None: from the beginning). Raises UnfitOrgan."""
    code = code.strip()
    if not _CODE.fullmatch(code):
        raise UnfitOrgan("code", f"代码“{code[:40]}”不能用。请填统一社会信用代码；内设机构和村在上级代码后加 -01、-02。")
    if Agency.objects.filter(code__iexact=code).exists():
        raise UnfitOrgan("code", f"代码 {code} 已经有机构在用。")
    _refuse_future("since", since, doing.today)
    values = _fit(data, None)
    if values["order"] is None:
        values["order"] = (Agency.objects.aggregate(last=Max("order"))["last"] or 0) + 1
    agency = Agency.objects.create(code=code, **values)
    AgencyName.objects.create(agency=agency, name=data.name.strip(), short_name=data.short_name.strip(), from_on=since)
    _record(agency, events.ADDED, {}, doing)
    return agency


@writing()
def change_organ(code: str, data: OrganData, doing: Doing, expected: int | None = None) -> Agency:
    """An organ stands like this from now on; another name here mends a slip of the pen, it is no renaming.

    `expected` is the number of changes the caller has seen. Raises UnfitOrgan, Overtaken.
    """
    agency = _locked(code)
    before = snapshot(agency)
    values = _fit(data, agency)
    if values["order"] is None:
        values["order"] = agency.order
    for name, value in values.items():
        setattr(agency, name, value)
    agency.save()
    present = present_name(agency)
    present.name, present.short_name = data.name.strip(), data.short_name.strip()
    present.save()
    _record(agency, events.CHANGED, before, doing, expected)
    return agency


@writing()
def rename_organ(code: str, name: str, doing: Doing, *, on: date, short_name: str = "", expected: int | None = None) -> Agency:
    """An organ bears another name from a day on; the old one stays known. Raises UnfitOrgan, Overtaken."""
    agency = _locked(code)
    before = snapshot(agency)
    present = present_name(agency)
    _refuse_future("on", on, doing.today)
    if present.from_on is not None and on <= present.from_on:
        raise UnfitOrgan("on", f"现在的名称从 {present.from_on} 起用，更名日期要在这以后。")
    if name.strip() == present.name:
        raise UnfitOrgan("name", "新名称和现在的一样。")
    _fit_name(name, short_name, agency)
    present.until_on = on
    present.save(update_fields=["until_on"])
    AgencyName.objects.create(agency=agency, name=name.strip(), short_name=short_name.strip(), from_on=on)
    _record(agency, events.RENAMED, before, doing, expected)
    return agency


@writing()
def abolish_organ(code: str, on: date, successor: str, doing: Doing, expected: int | None = None) -> Agency:
    """An organ is no more from a day on; `successor` is the code of the organ it went into, '' for none.

    Its papers stay where they are and its page stays readable. Raises UnfitOrgan, Overtaken.
    """
    agency = _locked(code)
    before = snapshot(agency)
    _refuse_future("on", on, doing.today)
    if agency.abolished_on is not None:
        raise UnfitOrgan("on", f"这个机构已于 {agency.abolished_on} 撤销。")
    if agency.parent is None:
        raise UnfitOrgan("on", "本级人民政府不能撤销。")
    if below := [name_of(child) for child in agency.children.filter(abolished_on=None)]:
        raise UnfitOrgan("on", f"下面还有 {len(below)} 个机构（{'、'.join(below[:5])}），请先把它们划到别的机构或撤销。")
    if staying := agency.people.filter(is_active=True).count():
        raise UnfitOrgan("on", f"还有 {staying} 位人员在这个机构，请先办理调动或离开。")
    agency.abolished_on = on
    agency.succeeded_by = _successor(successor, agency) if successor else None
    agency.save(update_fields=["abolished_on", "succeeded_by"])
    _record(agency, events.ABOLISHED, before, doing, expected)
    return agency


@writing()
def reinstate_organ(code: str, doing: Doing, expected: int | None = None) -> Agency:
    """An organ that was abolished by mistake stands again. Raises UnfitOrgan, Overtaken."""
    agency = _locked(code)
    before = snapshot(agency)
    if agency.abolished_on is None:
        raise UnfitOrgan("on", "这个机构没有撤销。")
    if agency.parent is not None and agency.parent.abolished_on is not None:
        raise UnfitOrgan("on", "它的上级已经撤销，请先恢复上级。")
    agency.abolished_on = agency.succeeded_by = None
    agency.save(update_fields=["abolished_on", "succeeded_by"])
    _record(agency, events.CHANGED, before, doing, expected)
    return agency


def data_of(agency: Agency) -> OrganData:
    """An organ as a form shows it."""
    present = present_name(agency)
    return OrganData(
        name=present.name,
        short_name=present.short_name,
        kind=agency.kind,
        parent=agency.parent.code if agency.parent else "",
        document_prefixes=tuple(agency.document_prefixes),
        order=agency.order,
        **{name: getattr(agency, name) for name in CONTACT},
    )


def organ_data(code: str) -> OrganData:
    """The organ of this code as a form shows it. Raises UnfitOrgan."""
    return data_of(organ(code))


def organ_or_none(code: str) -> Agency | None:
    """The organ of this code; None for none."""
    return Agency.objects.filter(code=code).first()


def organ(code: str) -> Agency:
    """The organ of this code. Raises UnfitOrgan."""
    found = organ_or_none(code)
    if found is None:
        raise UnfitOrgan("code", f"没有代码为 {code} 的机构。")
    return found


def name_of(agency: Agency) -> str:
    """What an organ is called now, or was called last."""
    return present_name(agency).name


def _record(agency: Agency, kind: str, before: dict[str, Any], doing: Doing, expected: int | None = None) -> None:
    """Nothing is written where nothing is different."""
    agency.refresh_from_db()
    told = events.difference(before, {k: v for k, v in snapshot(agency).items() if before or v})
    if told:
        append(Stream(events.AGENCY, agency.code), [Happening(kind, told)], actor=doing.actor, at=doing.at, expected=expected)
        Authority.objects.filter(agency=None, name__in=agency.names.values("name")).update(agency=agency)
        named = [] if told["after"].keys() <= set(CONTACT) else ["organ_names"]
        touch("site", "agencies", "library", *named)


def _locked(code: str) -> Agency:
    agency = Agency.objects.select_for_update(of=("self",)).filter(code=code).first()
    if agency is None:
        raise UnfitOrgan("code", f"没有代码为 {code} 的机构。")
    return agency


def _fit(data: OrganData, agency: Agency | None) -> dict[str, Any]:
    _fit_name(data.name, data.short_name, agency)
    said = asdict(data)
    for name, (label, longest) in LENGTHS.items():
        if len(said[name].strip()) > longest:
            raise UnfitOrgan(name, f"{label}最多 {longest} 字。")
    if data.kind not in Agency.Kind.values:
        raise UnfitOrgan("kind", f"类型只能是：{'、'.join(str(label) for label in Agency.Kind.labels)}。")
    prefixes = [p.strip() for p in data.document_prefixes if p.strip()]
    if len(prefixes) > _MOST_PREFIXES or any(len(p) > 20 for p in prefixes):
        raise UnfitOrgan("document_prefixes", f"发文代字最多 {_MOST_PREFIXES} 个，每个最多 20 字。")
    contact = {name: said[name].strip() for name in CONTACT}
    return {"kind": data.kind, "parent": _parent(data, agency), "document_prefixes": prefixes, "order": data.order, **contact}


def _fit_name(name: str, short_name: str, agency: Agency | None) -> None:
    if not name.strip():
        raise UnfitOrgan("name", "请填写机构名称。")
    others = AgencyName.objects.filter(until_on=None, agency__abolished_on=None)
    others = others.exclude(agency=agency) if agency else others
    for field, told in (("name", name.strip()), ("short_name", short_name.strip())):
        if told and others.filter(Q(name=told) | Q(short_name=told)).exists():
            raise UnfitOrgan(field, f"已经有机构叫“{told}”。")


def _parent(data: OrganData, agency: Agency | None) -> Agency | None:
    if not data.parent:
        roots = Agency.objects.filter(parent=None)
        others = roots.exclude(pk=agency.pk) if agency else roots
        if data.kind != Agency.Kind.GOVERNMENT or others.exists():
            raise UnfitOrgan("parent", "请选上级机构；只有本级人民政府没有上级。")
        return None
    parent = Agency.objects.filter(code=data.parent).first()
    if parent is None:
        raise UnfitOrgan("parent", f"没有代码为 {data.parent} 的上级机构。")
    if parent.abolished_on is not None and (agency is None or agency.parent_id != parent.pk):
        raise UnfitOrgan("parent", f"{name_of(parent)}已经撤销，不能作为上级。")
    above: Agency | None = parent
    while above is not None and agency is not None:
        if above.pk == agency.pk:
            raise UnfitOrgan("parent", f"{name_of(parent)}在这个机构下面，不能作为它的上级，否则上下级会成环。")
        above = above.parent
    return parent


def _successor(code: str, agency: Agency) -> Agency:
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise UnfitOrgan("successor", f"没有代码为 {code} 的接替机构。")
    if found.pk == agency.pk or found.abolished_on is not None:
        raise UnfitOrgan("successor", "接替机构应当是另一个没有撤销的机构。")
    return found


def _refuse_future(field: str, day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise UnfitOrgan(field, "日期不能晚于今天。请到那一天再办理。")
