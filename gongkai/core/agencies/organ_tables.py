"""Organs from a table: what a file would do line by line, and doing it, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.core.agencies import arranging
from gongkai.core.agencies.arranging import OrganData, UnfitOrgan
from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.doing import Doing
from gongkai.core.ledger.chain import canonical, digest
from gongkai.core.writing import writing
from gongkai.text.tables import Column, Row, Table

MOST = 1_000
COLUMNS = (
    Column("代码", needed=True, also=("统一社会信用代码", "机构代码")),
    Column("名称", also=("机构名称", "全称")),
    Column("简称"),
    Column("类型", also=("机构类型",)),
    Column("上级", also=("上级代码", "上级机构")),
    Column("名称启用日期", also=("启用日期", "更名日期")),
    Column("撤销日期"),
    Column("接替机构", also=("接替机构代码",)),
    Column("发文代字"),
    Column("电话", also=("联系电话",)),
    Column("传真"),
    Column("地址", also=("办公地址",)),
    Column("办公时间"),
    Column("职责", also=("机构职能", "主要职责")),
)
ADD, CHANGE, RENAME, ABOLISH = "新增", "修改", "更名", "撤销"
KINDS: Mapping[str, str] = {
    **{str(label): str(value) for value, label in Agency.Kind.choices},
    **{str(value): str(value) for value in Agency.Kind.values},
    "乡": "town",
    "镇": "town",
    "街道办事处": "subdistrict",
    "村": "village",
    "社区": "village",
    "科室": "internal_office",
    "政府": "government",
    "企事业单位": "public_enterprise",
}
_CONTACT = {"电话": "telephone", "传真": "fax", "地址": "address", "办公时间": "hours", "职责": "duties"}


@dataclass(frozen=True, slots=True)
class Line:
    """What one row would do: `steps` as (kind, words), none where nothing is different; or the problem with it."""

    number: int
    code: str
    name: str
    steps: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Plan:
    """What a file would do, or did. `mark` changes with anything that would be done otherwise."""

    lines: list[Line] = field(default_factory=list)

    def worst_first(self) -> list[Line]:
        """The lines with a problem, then the others, each in their order."""
        return sorted(self.lines, key=lambda line: not line.problem)

    @property
    def problems(self) -> int:
        """How many lines cannot be done."""
        return sum(bool(line.problem) for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        """How often each thing would be done, and how many lines change nothing."""
        kinds = [kind for line in self.lines for kind, _ in line.steps]
        same = sum(not line.steps and not line.problem for line in self.lines)
        return {**{k: kinds.count(k) for k in (ADD, CHANGE, RENAME, ABOLISH) if k in kinds}, **({"不变": same} if same else {})}

    @property
    def acts(self) -> bool:
        """Whether anything would be done."""
        return any(line.steps for line in self.lines)

    @property
    def mark(self) -> str:
        """The same for the same plan."""
        return digest([canonical({"lines": self.written()})])

    def written(self) -> list[list[Any]]:
        """The lines as JSON."""
        return [[n.number, n.code, n.name, [list(step) for step in n.steps], n.problem] for n in self.lines]

    @classmethod
    def of(cls, written: list[list[Any]]) -> Plan:
        """What `written` gave."""
        return cls(
            [Line(number, code, name, tuple((k, w) for k, w in steps), problem) for number, code, name, steps, problem in written]
        )


class Otherwise(Exception):
    """Carried out now, a file would do something else than was shown, or cannot be done; `plan` says what."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("这期间有人改过机构，会发生的事和刚才看到的不一样了。")


@dataclass(frozen=True, slots=True)
class _Told:
    """A row as it is meant: `data` is how the organ is to stand."""

    number: int
    code: str
    data: OrganData
    since: date | None
    abolished_on: date | None
    successor: str
    standing: bool


class _Undone(Exception):
    """Ends a trial: everything is rolled back."""


def plan(table: Table, doing: Doing) -> Plan:
    """What this file would do to the organs as they stand. It is tried out, and all of it taken back."""
    found = Plan()
    with suppress(_Undone), writing():
        _work_through(table, found, doing)
        raise _Undone
    return found


@writing()
def carry_out(table: Table, mark: str, doing: Doing) -> Plan:
    """Do what a file says, if it is still what `mark` stood for. Raises Otherwise, with nothing done."""
    found = Plan()
    _work_through(table, found, doing)
    if found.problems or found.mark != mark:
        raise Otherwise(found)
    return found


def _work_through(table: Table, found: Plan, doing: Doing) -> None:
    told = [_read(row, found) for row in table.rows]
    _refuse_twice(told, found)
    ordered = _parents_first([t for t in told if t is not None], found)
    steps: dict[str, list[tuple[str, str]]] = {t.code: [] for t in ordered}
    below = {line.code: _below(line.number) for line in found.lines}
    wrong: dict[str, str] = {}
    for act in (_do, _abolish):
        for row in ordered:
            try:
                _refuse_below(row, below)
                steps[row.code] += act(row, doing) if row.code not in wrong else []
            except UnfitOrgan as error:
                wrong[row.code] = str(error)
                below[row.code] = _below(row.number)
    for row in ordered:
        done = () if row.code in wrong else tuple(steps[row.code])
        found.lines.append(Line(row.number, row.code, row.data.name, done, wrong.get(row.code, "")))
    found.lines.sort(key=lambda line: line.number)


def _below(number: int) -> str:
    return f"上级（第 {number} 行）有误。"


def _refuse_below(told: _Told, problems: Mapping[str, str]) -> None:
    if told.data.parent in problems:
        raise UnfitOrgan("parent", problems[told.data.parent])


def _do(told: _Told, doing: Doing) -> list[tuple[str, str]]:
    if not told.standing:
        arranging.add_organ(told.code, told.data, doing, told.since)
        return [(ADD, f"{Agency.Kind(told.data.kind).label}，上级 {told.data.parent or '无'}")]
    before = arranging.data_of(arranging.organ(told.code))
    steps = []
    if told.data.name != before.name and told.since is not None:
        arranging.rename_organ(told.code, told.data.name, doing, on=told.since, short_name=told.data.short_name)
        steps.append((RENAME, f"{before.name} → {told.data.name}（{told.since} 起）"))
        before = replace(before, name=told.data.name, short_name=told.data.short_name)
    elif told.data.name != before.name:
        raise UnfitOrgan("name", f"现在叫“{before.name}”。更名请在“名称启用日期”一列写明从哪天起；只是写错字，请在机构页面改。")
    changed = [words for name, words in arranging.WORDS.items() if getattr(before, name) != getattr(told.data, name)]
    if changed:
        arranging.change_organ(told.code, told.data, doing)
        steps.append((CHANGE, "、".join(changed)))
    return steps


def _abolish(told: _Told, doing: Doing) -> list[tuple[str, str]]:
    """Last of all, when whatever takes over is there."""
    if told.abolished_on is None or arranging.organ(told.code).abolished_on == told.abolished_on:
        return []
    arranging.abolish_organ(told.code, told.abolished_on, told.successor, doing)
    return [(ABOLISH, f"{told.abolished_on} 起{f'，由 {told.successor} 接替' if told.successor else ''}")]


def _read(row: Row, found: Plan) -> _Told | None:
    """A row over what stands; what cannot be read is told on its line."""
    try:
        return _meant(row)
    except UnfitOrgan as error:
        found.lines.append(Line(row.number, row.cells["代码"], row.cells["名称"], problem=str(error)))
        return None


def _meant(row: Row) -> _Told:
    cells = row.cells
    if not cells["代码"]:
        raise UnfitOrgan("code", "没有填代码。")
    standing = arranging.organ_or_none(cells["代码"])
    if standing is not None:
        data = arranging.data_of(standing)
    elif not cells["名称"] or not cells["类型"]:
        raise UnfitOrgan("name", f"没有填{'名称' if not cells['名称'] else '类型'}。")
    else:
        data = OrganData(cells["名称"], "", "")
    told: dict[str, Any] = {name: cells[label] for label, name in _CONTACT.items() if cells[label]}
    told |= {name: cells[label] for label, name in (("名称", "name"), ("简称", "short_name"), ("上级", "parent")) if cells[label]}
    if cells["类型"]:
        told["kind"] = _kind(cells["类型"])
    if cells["发文代字"]:
        told["document_prefixes"] = tuple(p for p in cells["发文代字"].replace("，", "、").replace(" ", "、").split("、") if p)
    days = {label: _day(cells[label], label) for label in ("名称启用日期", "撤销日期")}
    code = standing.code if standing else cells["代码"]
    return _Told(
        row.number,
        code,
        replace(data, **told),
        days["名称启用日期"],
        days["撤销日期"],
        cells["接替机构"],
        standing is not None,
    )


def _kind(told: str) -> str:
    if told not in KINDS:
        raise UnfitOrgan("kind", f"类型“{told[:20]}”不认识，可以写：{'、'.join(str(label) for label in Agency.Kind.labels)}。")
    return KINDS[told]


def _day(told: str, label: str) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise UnfitOrgan("on", f"{label}“{told[:20]}”不是日期，请写成 2024-03-01。") from None


def _refuse_twice(told: list[_Told | None], found: Plan) -> None:
    seen: dict[str, int] = {}
    for at, row in enumerate(told):
        if row is None:
            continue
        if row.code in seen:
            found.lines.append(Line(row.number, row.code, row.data.name, problem=f"代码和第 {seen[row.code]} 行重复。"))
            told[at] = None
        seen.setdefault(row.code, row.number)


def _parents_first(told: list[_Told], found: Plan) -> list[_Told]:
    """In an order in which every parent is there before its child. Parents are told by code or by name.

    Cycles and parents that are nowhere are told on each line they stand on.
    """
    names = present_names()
    known = {a.code: a.code for a in Agency.objects.all()} | {names[a.pk]: a.code for a in Agency.objects.all() if a.pk in names}
    known |= {t.data.name: t.code for t in told} | {t.code: t.code for t in told}
    rows = {t.code: replace(t, data=replace(t.data, parent=known.get(t.data.parent, t.data.parent))) for t in told}
    rows = {code: replace(t, successor=known.get(t.successor, t.successor)) for code, t in rows.items()}
    wrong = {told: line.number for line in found.lines for told in (line.code, line.name)}
    placed: dict[str, _Told] = {}
    for row in rows.values():
        if row.data.parent and row.data.parent not in known.values():
            problem = f"上级“{row.data.parent[:40]}”不在表里，也不在现有机构里。"
            if row.data.parent in wrong:
                problem = _below(wrong[row.data.parent])
            found.lines.append(Line(row.number, row.code, row.data.name, problem=problem))
        elif cycle := _cycle(row, rows):
            found.lines.append(Line(row.number, row.code, row.data.name, problem=f"上下级成环：{' → '.join(cycle)}。"))
        else:
            for above in reversed(list(_upwards(row, rows))):
                placed.setdefault(above.code, above)
    return list(placed.values())


def _upwards(row: _Told, rows: Mapping[str, _Told]) -> Iterator[_Told]:
    """The row, and those above it that the file holds too; without end in a cycle."""
    at: _Told | None = row
    while at is not None:
        yield at
        at = rows.get(at.data.parent)


def _cycle(row: _Told, rows: Mapping[str, _Told]) -> list[str]:
    """The codes of the cycle that this row stands on or below; none where it stands on none."""
    way: list[str] = []
    for above in _upwards(row, rows):
        if above.code in way:
            return [*way[way.index(above.code) :], above.code]
        way.append(above.code)
    return []
