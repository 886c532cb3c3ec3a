"""People from a table: what a file would do line by line, and doing it, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import partial

from gongkai.core.agencies.models import Agency, AgencyName
from gongkai.core.agencies.queries import present_names
from gongkai.core.doing import Doing
from gongkai.core.ledger.chain import canonical, digest
from gongkai.core.staff import actions
from gongkai.core.staff.actions import DETAILS, UnfitPerson
from gongkai.core.staff.models import Person
from gongkai.core.staff.passwords import HandedOver, one_time
from gongkai.core.staff.roles import LABELS, Role
from gongkai.core.writing import writing
from gongkai.text.tables import Column, Row, Table

MOST = 2_000
COLUMNS = (
    Column("用户名", needed=True, also=("登录名", "账号")),
    Column("姓名"),
    Column("机构", also=("单位", "部门", "所在机构")),
    Column("角色"),
    Column("邮箱", also=("电子邮箱",)),
    Column("电话", also=("手机", "联系电话")),
    Column("状态", also=("在岗状态",)),
)
HERE, GONE = ("在岗", "在职"), ("离开", "离岗", "离职", "停用")
JOIN, MOVE, ROLES, DETAILS_CHANGE, LEAVE, RETURN = "加入", "调动", "改角色", "改联系方式", "离开", "回来"
_SEPARATORS = "、，,；;/ "


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a line would do, and in words."""

    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of the file would do: steps, none where nothing is different; or the problem with it.

    `administers`: whether the person would be an administrator after it.
    """

    number: int
    username: str
    name: str
    steps: tuple[Step, ...] = ()
    problem: str = ""
    administers: bool = False


@dataclass(slots=True)
class Plan:
    """What a file would do. `mark` changes with anything that would be done otherwise."""

    lines: list[Line]
    acts: list[_Act] = field(default_factory=list)

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
        kinds = [step.kind for line in self.lines for step in line.steps]
        told = {kind: kinds.count(kind) for kind in (JOIN, MOVE, ROLES, DETAILS_CHANGE, LEAVE, RETURN) if kind in kinds}
        same = sum(not line.steps and not line.problem for line in self.lines)
        return {**told, **({"不变": same} if same else {})}

    @property
    def mark(self) -> str:
        """The same for the same plan."""
        told = [[n.number, n.username, *(f"{s.kind} {s.told}" for s in n.steps), n.problem] for n in self.lines]
        return digest([canonical({"lines": told})])


@dataclass(frozen=True, slots=True)
class _Act:
    """Something to do; `joins`: somebody new, of this organ, who needs a password."""

    username: str
    name: str
    do: Callable[[Doing, HandedOver | None], object]
    joins: bool = False
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody's one-time password, to hand over."""

    username: str
    name: str
    agency: str
    password: str


def plan(table: Table, today: date) -> Plan:
    """What this file would do to the people as they stand. Changes nothing."""
    organs = _Organs(today)
    standing = {p.username: p for p in Person.objects.select_related("agency")}
    found, seen = Plan([]), dict[str, int]()
    for row in table.rows:
        username = row.cells["用户名"].strip().lower()
        try:
            _refuse_twice(seen, username, row.number)
            line, acts = _line(row, username, standing.get(username), organs)
        except UnfitPerson as error:
            line, acts = Line(row.number, username, row.cells["姓名"], problem=str(error)), []
        found.lines.append(line)
        found.acts += acts
    _refuse_no_administrator(found, standing.values())
    return found


def _refuse_twice(seen: dict[str, int], username: str, number: int) -> None:
    if username in seen:
        raise UnfitPerson(f"和第 {seen[username]} 行是同一个用户名。")
    seen[username] = number


def carry_out(found: Plan, doing: Doing, one_times: Sequence[HandedOver]) -> list[Handed]:
    """Do all of a plan without problems; the passwords to hand over.

    `one_times` are as many as people join: made before the transaction, since each takes a while.
    Raises UnfitPerson, with nothing done.
    """
    if found.problems:
        raise UnfitPerson(f"有 {found.problems} 行不能办理，一行也没有办。")
    waiting, handed = list(one_times), []
    with writing():
        for act in found.acts:
            password = waiting.pop(0) if act.joins else None
            act.do(doing, password)
            if password is not None:
                handed.append(Handed(act.username, act.name, act.agency, password.plain))
    return handed


def passwords_for(found: Plan) -> list[HandedOver]:
    """One-time passwords for those who would join."""
    return [one_time() for act in found.acts if act.joins]


class _Organs:
    """Organs by what people write: present name, short name, code."""

    def __init__(self, today: date) -> None:
        self._by_code = {a.code: a for a in Agency.objects.all()}
        self._named: dict[str, set[str]] = {}
        self._former: dict[str, str] = {}
        by_pk = {a.pk: a for a in self._by_code.values()}
        self._present = present_names()
        for row in AgencyName.objects.all():
            organ = by_pk[row.agency_id]
            for told in filter(None, (row.name, row.short_name)):
                if row.until_on is None:
                    self._named.setdefault(told, set()).add(organ.code)
                else:
                    self._former[told] = organ.code
        self._today = today

    def name(self, organ: Agency | None) -> str:
        """What an organ is called now."""
        return self._present.get(organ.pk, organ.code) if organ else ""

    def find(self, told: str) -> Agency:
        """Raises UnfitPerson."""
        codes = {told} if told in self._by_code else self._named.get(told, set())
        if len(codes) > 1:
            raise UnfitPerson(f"有 {len(codes)} 个机构叫“{told}”，请写机构代码。")
        if not codes:
            if told in self._former:
                raise UnfitPerson(f"“{told}”已经更名，现在叫“{self.name(self._by_code[self._former[told]])}”。")
            near = get_close_matches(told, self._named, 1, 0.5)
            raise UnfitPerson(f"没有叫“{told[:40]}”的机构{f'，是不是“{near[0]}”' if near else ''}。")
        found = self._by_code[next(iter(codes))]
        if found.abolished_on is not None and found.abolished_on <= self._today:
            raise UnfitPerson(f"“{told}”已经撤销。")
        return found


def _line(row: Row, username: str, person: Person | None, organs: _Organs) -> tuple[Line, list[_Act]]:
    status = row.cells["状态"]
    if status and status not in (*HERE, *GONE):
        raise UnfitPerson(f"状态写“{HERE[0]}”或“{GONE[0]}”，不写就是不变。")
    organ = organs.find(row.cells["机构"]) if row.cells["机构"] else None
    roles = actions.known_roles(_split(row.cells["角色"])) if row.cells["角色"] else []
    details = {key: row.cells[label] for key, (label, _) in DETAILS.items() if row.cells[label]}
    if person is not None:
        changes = _Changes(person, organs)
        changes.work_out(status, organ, roles, actions.fit_details({**_standing(person), **details}))
        active = status in HERE or (person.is_active and status not in GONE)
        administers = active and Role.ADMINISTRATOR in (roles or person.roles)
        return Line(row.number, username, person.name, tuple(changes.steps), administers=administers), changes.acts
    if status in GONE:
        raise UnfitPerson("没有这个用户名，不能办理离开。")
    actions.fit_username(username)
    fit = actions.fit_details({"name": "", "email": "", "telephone": "", **details})
    if not roles:
        raise UnfitPerson("没有填角色。")
    actions.refuse_homeless(roles, organ.code if organ else None)

    def join(doing: Doing, password: HandedOver | None) -> object:
        return actions.join(username=username, **fit, agency=organ, roles=roles, doing=doing, password=password)

    step = Step(JOIN, f"{organs.name(organ) or '不属于任何机构'}，{_labels(roles)}")
    act = _Act(username, fit["name"], join, joins=True, agency=organs.name(organ))
    return Line(row.number, username, fit["name"], (step,), administers=Role.ADMINISTRATOR in roles), [act]


class _Changes:
    """What a line changes for somebody who is known."""

    def __init__(self, person: Person, organs: _Organs) -> None:
        self._person, self._organs = person, organs
        self.steps: list[Step] = []
        self.acts: list[_Act] = []

    def work_out(self, status: str, organ: Agency | None, roles: Sequence[str], details: Mapping[str, str]) -> None:
        """Coming back first, leaving last, so that every step is allowed where all together are."""
        person = self._person
        if status in HERE and not person.is_active:
            self._add(RETURN, "可以再登录", partial(actions.come_back, person.pk))
        if organ is not None and organ.pk != person.agency_id:
            told = f"{self._organs.name(person.agency) or '无'} → {self._organs.name(organ)}"
            self._add(MOVE, told, partial(actions.move, person.pk, organ))
        if roles and list(roles) != list(person.roles):
            home = organ or person.agency
            actions.refuse_homeless(roles, home.code if home else None)
            self._add(ROLES, f"{_labels(person.roles)} → {_labels(roles)}", partial(actions.set_roles, person.pk, roles))
        if changed := [label for key, (label, _) in DETAILS.items() if details[key] != getattr(person, key)]:
            self._add(DETAILS_CHANGE, "、".join(changed), partial(actions.change_details, person.pk, details))
        if status in GONE and person.is_active:
            self._add(LEAVE, "不能再登录", partial(actions.leave, person.pk))

    def _add(self, kind: str, told: str, do: Callable[[Doing], object]) -> None:
        self.steps.append(Step(kind, told))
        self.acts.append(_Act(self._person.username, self._person.name, lambda doing, _: do(doing)))


def _refuse_no_administrator(found: Plan, standing: Iterable[Person]) -> None:
    """A file after which nobody could manage the site is refused on the line that would do it."""
    left = {p.username for p in standing if p.is_active and Role.ADMINISTRATOR in p.roles}
    for at, line in enumerate(found.lines):
        if line.problem:
            continue
        before = len(left)
        (left.add if line.administers else left.discard)(line.username)
        if before and not left:
            told = "这样就没有系统管理员了。请在这一行前面先指定另一位。"
            found.lines[at] = Line(line.number, line.username, line.name, problem=told)
            left.add(line.username)


def _standing(person: Person) -> dict[str, str]:
    return {key: getattr(person, key) for key in DETAILS}


def _split(told: str) -> list[str]:
    for mark in _SEPARATORS:
        told = told.replace(mark, "\n")
    return [part for part in told.split("\n") if part]


def _labels(roles: Sequence[str]) -> str:
    return "、".join(LABELS[Role(role)] for role in roles)
