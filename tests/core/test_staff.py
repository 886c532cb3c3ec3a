"""People join, move, change roles, leave and come back; the ledger knows all of it and nobody's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from axes.models import AccessAttempt
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.queries import find_agency
from gongkai.core.doing import Doing
from gongkai.core.ledger.append import Overtaken, Stream
from gongkai.core.ledger.happened import Happened
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.projections import rebuild, recorded
from gongkai.core.staff import actions, events
from gongkai.core.staff.actions import UnfitPerson
from gongkai.core.staff.locks import locked_until
from gongkai.core.staff.models import Person
from gongkai.core.staff.passwords import one_time, well_known
from gongkai.core.staff.queries import Asked, names_of, people, person, person_named
from gongkai.core.staff.roles import Role
from gongkai.core.staff.state import fold
from gongkai.core.staff.two_steps import demand_two_steps, demanding_roles
from tests.faces.console.conftest import COUNTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> None:
    establish(COUNTY)


def joined(
    doing: Doing, username: str = "li.na", organ: str | None = "B", roles: tuple[str, ...] = ("editor",), **more: str
) -> Person:
    agency = find_agency(organ) if organ else None
    return actions.join(username=username, name="李娜", agency=agency, roles=roles, doing=doing, **more)[0]


def test_somebody_joins_with_a_password_that_has_to_be_changed(county: None, doing: Doing) -> None:
    who, password = actions.join(
        username=" Li.Na ",
        name=" 李娜 ",
        agency=find_agency("B"),
        roles=["编辑", "领导", "编辑"],
        doing=doing,
        email="l@example.cn",
    )
    who.refresh_from_db()
    assert (who.username, who.name, who.roles, who.is_active) == ("li.na", "李娜", ["editor", "leader"], True)
    assert who.must_change_password
    assert who.check_password(password)
    assert len(password.replace("-", "")) == 12


def test_passwords_handed_over_are_all_different_and_easily_read_out() -> None:
    made = {one_time().plain for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0o1il")


def test_a_quickly_hashed_password_is_hashed_slowly_from_its_first_use_on(county: None, doing: Doing, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    who, password = actions.join(username="li.na", name="李娜", agency=find_agency("B"), roles=["editor"], doing=doing)
    before = int(who.password.split("$")[1])
    assert who.check_password(password)
    who.refresh_from_db()
    assert before < int(who.password.split("$")[1])
    assert who.check_password(password)


def test_the_password_of_the_sample_need_not_be_changed(county: None, doing: Doing) -> None:
    who, _ = actions.join(
        username="li.na", name="李娜", agency=find_agency("B"), roles=["editor"], doing=doing, password=well_known("qinghe-2026")
    )
    assert not who.must_change_password


def test_neither_name_nor_mail_nor_password_is_in_the_ledger(county: None, doing: Doing) -> None:
    who, password = actions.join(
        username="li.na",
        name="李娜",
        agency=find_agency("B"),
        roles=["editor"],
        doing=doing,
        email="l@example.cn",
        telephone="0599-1",
    )
    actions.change_details(who.pk, {"name": "李丽娜", "email": "ll@example.cn"}, doing)
    told = " ".join(Event.objects.filter(stream_kind="staff").values_list("payload", flat=True))
    for secret in ("李", "li.na", "example", "0599", password):
        assert secret not in told
    assert json.loads(Event.objects.get(kind="details_changed").payload) == {"fields": ["email", "name"]}


def test_what_a_person_is_follows_from_the_ledger_alone(county: None, doing: Doing) -> None:
    who = joined(doing)
    joined(doing, "admin", None, ("administrator",))
    actions.move(who.pk, find_agency("M"), doing)
    actions.set_roles(who.pk, ["政务公开专员"], doing)
    actions.leave(who.pk, doing)
    actions.come_back(who.pk, doing)
    before = list(Person.objects.order_by("pk").values())
    Person.objects.update(agency=None, roles=["leader"], is_active=False, sequence=0)
    assert len(rebuild(doing.today).differences) >= 2
    assert list(Person.objects.order_by("pk").values()) == before
    assert not [d for d in rebuild(doing.today).differences if d.startswith("人员")]


KINDS = st.sampled_from([
    (events.MOVED, {"agency": "M"}), (events.MOVED, {"agency": "B"}), (events.ROLES_SET, {"roles": ["leader"]}), (events.LEFT, {}),
    (events.RETURNED, {}), (events.PASSWORD_RENEWED, {}), (events.UNLOCKED, {}), (events.DETAILS_CHANGED, {"fields": ["name"]}),
])  # fmt: skip


@given(st.lists(KINDS, max_size=12))
def test_the_last_of_each_kind_counts(happened: list[tuple[str, dict[str, object]]]) -> None:
    class One:
        def __init__(self, sequence: int, kind: str, payload: dict[str, object]) -> None:
            self.sequence, self.kind, self.payload = sequence, kind, payload

    all_of = [(events.JOINED, {"agency": "B", "roles": ["editor"]}), *happened]
    told: list[Happened] = [One(n, kind, payload) for n, (kind, payload) in enumerate(all_of, 1)]  # type: ignore[misc]
    state = fold(told)
    last = {kind: payload for kind, payload in all_of}  # noqa: C416 - the last one of each kind
    assert state.sequence == len(all_of)
    assert state.agency == last.get(events.MOVED, last[events.JOINED])["agency"]
    assert list(state.roles) == last.get(events.ROLES_SET, last[events.JOINED])["roles"]
    here = [kind for kind, _ in all_of if kind in (events.JOINED, events.LEFT, events.RETURNED)]
    assert state.active == (here[-1] != events.LEFT)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"username": "ab"}, "不能用"),
        ({"username": "-ab-"}, "不能用"),
        ({"username": "a b c"}, "不能用"),
        ({"username": "a" * 61}, "不能用"),
        ({"username": "LI.NA"}, "已经有人用了"),
        ({"name": "  "}, "没有填姓名"),
        ({"name": "长" * 61}, "姓名最多 60 字"),
        ({"email": "x"}, "不是邮箱地址"),
        ({"telephone": "1" * 41}, "电话最多 40 字"),
        ({"roles": []}, "至少要有一个角色"),
        ({"roles": ["皇帝"]}, "没有“皇帝”这个角色"),
        ({"agency": None}, "没有填所在机构"),
        ({"agency": None, "roles": ["administrator", "editor"]}, "没有填所在机构"),
    ],
)
def test_whoever_cannot_be_is_refused_and_not_made(county: None, doing: Doing, told: dict[str, object], said: str) -> None:
    joined(doing)
    fine = {"username": "wang.wei", "name": "王伟", "agency": find_agency("B"), "roles": ["editor"], "doing": doing}
    with pytest.raises(UnfitPerson, match=said):
        actions.join(**{**fine, **told})
    assert Person.objects.count() == 1
    assert Event.objects.filter(stream_kind="staff").count() == 1


def test_an_administrator_without_an_organ_gets_no_other_role_before_they_have_one(county: None, doing: Doing) -> None:
    joined(doing, "other", None, ("administrator",))
    admin = joined(doing, "admin", None, ("administrator",))
    with pytest.raises(UnfitPerson, match="机构"):
        actions.set_roles(admin.pk, ["editor"], doing)
    actions.move(admin.pk, find_agency("B"), doing)
    assert actions.set_roles(admin.pk, ["editor"], doing).roles == ["editor"]


def test_the_last_administrator_stays_one(county: None, doing: Doing) -> None:
    admin = joined(doing, "admin", "B", ("administrator",))
    for refused in (lambda: actions.leave(admin.pk, doing), lambda: actions.set_roles(admin.pk, ["editor"], doing)):
        with pytest.raises(UnfitPerson, match="最后一位系统管理员"):
            refused()
    second = joined(doing, "second", None, ("administrator",))
    actions.leave(second.pk, doing)
    with pytest.raises(UnfitPerson, match="最后一位"):
        actions.leave(admin.pk, doing)
    actions.come_back(second.pk, doing)
    assert not actions.leave(admin.pk, doing).is_active


def test_doing_the_same_twice_is_told(county: None, doing: Doing) -> None:
    who = joined(doing)
    with pytest.raises(UnfitPerson, match="已经在这个机构"):
        actions.move(who.pk, find_agency("B"), doing)
    with pytest.raises(UnfitPerson, match="没有离开"):
        actions.come_back(who.pk, doing)
    actions.leave(who.pk, doing)
    with pytest.raises(UnfitPerson, match="已经离开"):
        actions.leave(who.pk, doing)
    with pytest.raises(UnfitPerson, match="没有锁定"):
        actions.unlock(who.pk, doing)
    with pytest.raises(UnfitPerson, match="没有启用两步验证"):
        actions.drop_two_steps(who.pk, doing)
    with pytest.raises(UnfitPerson, match="没有编号为 999"):
        actions.leave(999, doing)


def test_whoever_looked_before_somebody_else_changed_it_is_overtaken(county: None, doing: Doing) -> None:
    who = joined(doing)
    actions.move(who.pk, find_agency("M"), doing, expected=1)
    before = len(recorded(Stream("staff", str(who.pk))))
    for act in (
        lambda: actions.move(who.pk, find_agency("B"), doing, expected=1),
        lambda: actions.set_roles(who.pk, ["leader"], doing, expected=1),
        lambda: actions.leave(who.pk, doing, expected=1),
        lambda: actions.change_details(who.pk, {"name": "李丽"}, doing, expected=1),
        lambda: actions.revise(who.pk, {"name": "李丽"}, find_agency("B"), ["leader"], doing=doing, expected=1),
    ):
        with pytest.raises(Overtaken):
            act()
    who.refresh_from_db()
    assert (who.name, who.agency.code, len(recorded(Stream("staff", str(who.pk))))) == ("李娜", "M", before)


def test_a_change_of_several_things_happens_whole_or_not_at_all(county: None, doing: Doing) -> None:
    who = joined(doing)
    with pytest.raises(UnfitPerson, match="皇帝"):
        actions.revise(who.pk, {"name": "李丽"}, find_agency("M"), ["皇帝"], doing=doing, expected=1)
    who.refresh_from_db()
    assert (who.name, who.agency.code, who.sequence) == ("李娜", "B", 1)


def test_a_new_password_lifts_a_lock(county: None, doing: Doing) -> None:
    who = joined(doing)
    now = datetime.now(UTC)
    AccessAttempt.objects.create(username="li.na", failures_since_start=5, attempt_time=now)
    assert locked_until("li.na", now) is not None
    actions.renew_password(who.pk, doing)
    assert locked_until("li.na", now) is None


def test_demands_on_roles_are_recorded_once(db, doing: Doing) -> None:
    demand_two_steps(["leader", "administrator"], doing)
    demand_two_steps(["administrator", "leader"], doing)
    assert demanding_roles() == {"administrator", "leader"}
    assert Event.objects.filter(stream_kind="government").count() == 1
    demand_two_steps([], doing)
    assert demanding_roles() == frozenset()


def test_people_are_counted_and_paged(county: None, doing: Doing) -> None:
    for n in range(7):
        joined(doing, f"user{n}", roles=("editor",) if n % 2 else ("leader",))
    rows, total = people(Asked(), start=2, size=3)
    assert ([r.username for r in rows], total) == (["user2", "user3", "user4"], 7)
    assert people(Asked(role="leader"))[1] == 4
    assert people(Asked(role="lead"))[1] == 0
    assert people(Asked(agency="A"))[1] == 7
    assert people(Asked(agency="nowhere"))[1] == 0


def test_actors_of_the_ledger_are_called_by_name(county: None, doing: Doing) -> None:
    who = joined(doing)
    told = names_of([f"staff:{who.pk}", "staff:999", "command", "nightly", "console", "staff:x"])
    assert told[f"staff:{who.pk}"] == "李娜"
    assert (told["command"], told["console"], told["staff:999"]) == ("命令行", "工作台", "staff:999")


def test_nobody_is_found_where_nobody_is(db) -> None:
    assert person(1) is None
    assert person_named("nobody") is None


def test_every_role_has_a_name_and_says_what_it_allows() -> None:
    from gongkai.core.staff.roles import ABOUT, LABELS

    assert set(LABELS) == set(ABOUT) == set(Role)
