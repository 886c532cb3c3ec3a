"""The people of the console: one by one and from a table."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from gongkai.core.doing import Doing
from gongkai.core.ledger.models import Event
from gongkai.core.sheets.models import Sheet
from gongkai.core.staff import actions
from gongkai.core.staff.models import Person
from tests.faces.console.conftest import SignedIn

pytestmark = pytest.mark.django_db
HEADINGS = ("用户名", "姓名", "机构", "角色", "邮箱", "电话", "状态")


@pytest.fixture
def admin(county: None, signed_in: SignedIn) -> Client:
    return signed_in("administrator", organ=None, username="admin")


def text(answer) -> str:
    return answer.content.decode()


def xlsx(*rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def send(admin: Client, content: bytes, name: str = "人员.xlsx"):
    return admin.post("/console/people/import/", {"file": SimpleUploadedFile(name, content)})


def uploaded(admin: Client, *rows: tuple[object, ...]) -> str:
    """The address of the page that shows what a table would do."""
    answer = send(admin, xlsx(*rows))
    assert answer.status_code == 302, text(answer)
    return str(answer.url)


def mark(page: str) -> str:
    return re.findall(r'name="mark" value="(\w+)"', page)[0]


def confirm(admin: Client, address: str):
    return admin.post(address, {"mark": mark(text(admin.get(address)))})


NEW = {"username": "zhang.wei", "name": "张伟", "agency": "B", "roles": ["editor"], "email": "", "telephone": ""}


# who may


@pytest.mark.parametrize("address", ["", "add/", "import/", "1/", "1/edit/", "1/leave/"])
@pytest.mark.parametrize("role", ["editor", "disclosure_office", "leader", "auditor"])
def test_only_administrators_see_people(county: None, signed_in: SignedIn, role: str, address: str) -> None:
    assert signed_in(role).get(f"/console/people/{address}").status_code == 403


def test_an_administrator_who_is_none_any_more_is_refused_in_the_middle_of_it(
    admin: Client, signed_in: SignedIn, doing: Doing
) -> None:
    address = uploaded(admin, ("a.new", "新人", "青禾县财政局", "编辑"))
    shown = mark(text(admin.get(address)))
    signed_in("administrator", organ=None)
    actions.move(admin.person.pk, actions.Agency.objects.get(code="B"), doing)
    actions.set_roles(admin.person.pk, ["editor"], doing)
    assert admin.post(address, {"mark": shown}).status_code == 403
    assert not Person.objects.filter(username="a.new").exists()


# one by one


def test_somebody_joins_and_their_password_is_shown_once(admin: Client) -> None:
    answer = admin.post("/console/people/add/", NEW)
    assert answer.status_code == 302
    first, second = text(admin.get(answer.url)), text(admin.get(answer.url))
    (password,) = re.findall(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){2})</code>", first)
    assert password not in second
    browse = Client()
    assert browse.post("/console/account/login/", {"login": "zhang.wei", "password": password}).status_code == 302
    assert browse.get("/console/").url == "/console/account/password/change/"


def test_a_password_handed_over_is_nowhere_readable(admin: Client) -> None:
    url = admin.post("/console/people/add/", NEW).url
    session = str(dict(admin.session.items()))
    (password,) = re.findall(r"<code>([a-z0-9-]{14})</code>", text(admin.get(url)))
    assert password not in session
    assert not Event.objects.filter(payload__contains=password).exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"username": "张伟"}, "用户名“张伟”不能用"),
        ({"username": "x" * 61}, "60"),
        ({"username": "admin"}, "已经有人用了"),
        ({"name": " "}, "请填写姓名"),
        ({"roles": []}, "至少选一个角色"),
        ({"roles": ["emperor"]}, "emperor"),
        ({"agency": ""}, "没有填所在机构"),
        ({"agency": "nowhere"}, "nowhere"),
        ({"email": "not a mail"}, "邮箱应写成"),
        ({"name": "长" * 61}, "60"),
    ],
    ids=["odd name", "too long", "taken", "no name", "no role", "unknown role", "no organ", "unknown organ", "no mail", "long"],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_made(admin: Client, told: dict[str, object], said: str) -> None:
    answer = admin.post("/console/people/add/", {**NEW, **told})
    assert answer.status_code == 400
    assert said in text(answer)
    assert Person.objects.count() == 1


def test_the_form_sent_twice_makes_one_person(admin: Client) -> None:
    statuses = [admin.post("/console/people/add/", NEW).status_code for _ in range(2)]
    assert statuses == [302, 400]
    assert Person.objects.filter(username="zhang.wei").count() == 1


def test_details_organ_and_roles_change_together(admin: Client, person: Callable[..., Person]) -> None:
    who = person("editor", username="li.na")
    told = {"name": "李娜", "agency": "M", "roles": ["disclosure_clerk", "leader"], "email": "l@example.cn", "telephone": "1"}
    assert admin.post(f"/console/people/{who.pk}/edit/", {**told, "seen": who.sequence}).status_code == 302
    who.refresh_from_db()
    assert (who.name, who.agency.code, who.roles, who.email) == ("李娜", "M", ["disclosure_clerk", "leader"], "l@example.cn")
    assert [e.kind for e in Event.objects.filter(stream_kind="staff", stream_id=str(who.pk))] == [
        "joined", "details_changed", "moved", "roles_set",
    ]  # fmt: skip


def test_of_two_administrators_the_second_is_told_what_stands_now_and_loses_nothing(
    admin: Client, person: Callable[..., Person]
) -> None:
    who = person("editor", username="li.na", name="李娜")
    told = {"name": "李娜", "agency": "B", "roles": ["editor"], "email": "", "telephone": "", "seen": who.sequence}
    assert admin.post(f"/console/people/{who.pk}/edit/", {**told, "agency": "M"}).status_code == 302
    second = admin.post(f"/console/people/{who.pk}/edit/", {**told, "telephone": "0599-7220019"})
    assert second.status_code == 409
    assert "别人刚改成：青禾县民政局" in text(second)
    assert "0599-7220019" in text(second)
    who.refresh_from_db()
    assert (who.agency.code, who.telephone) == ("M", "")
    sequence = re.findall(r'name="seen" value="(\d+)"', text(second))[0]
    again = admin.post(f"/console/people/{who.pk}/edit/", {**told, "telephone": "0599-7220019", "seen": sequence})
    assert again.status_code == 302


def test_leaving_and_coming_back_ask_first(admin: Client, person: Callable[..., Person]) -> None:
    who = person("editor", username="li.na", name="李娜")
    assert "李娜：办理离开？" in text(admin.get(f"/console/people/{who.pk}/leave/"))
    assert Person.objects.get(pk=who.pk).is_active
    admin.post(f"/console/people/{who.pk}/leave/")
    assert not Person.objects.get(pk=who.pk).is_active
    answer = admin.post(f"/console/people/{who.pk}/leave/", follow=True)
    assert "已经离开" in text(answer)
    admin.post(f"/console/people/{who.pk}/return/")
    assert Person.objects.get(pk=who.pk).is_active


def test_the_last_administrator_stays(admin: Client) -> None:
    number = admin.person.pk
    assert "最后一位系统管理员" in text(admin.post(f"/console/people/{number}/leave/", follow=True))
    told = {"name": "甲", "agency": "B", "roles": ["editor"], "email": "", "telephone": "", "seen": admin.person.sequence}
    answer = admin.post(f"/console/people/{number}/edit/", told)
    assert "最后一位系统管理员" in text(answer)
    assert Person.objects.get(pk=number).roles == ["administrator"]


def test_a_lock_is_seen_and_lifted(admin: Client, person: Callable[..., Person]) -> None:
    who = person("editor", username="li.na")
    for _ in range(5):
        Client().post("/console/account/login/", {"login": "li.na", "password": "错" * 12})
    assert "账户锁定到" in text(admin.get(f"/console/people/{who.pk}/"))
    assert "已解锁" in text(admin.post(f"/console/people/{who.pk}/unlock/", follow=True))
    assert not AccessAttempt.objects.exists()
    assert Event.objects.filter(kind="unlocked").exists()


def test_a_new_password_ends_the_old_sessions(admin: Client, signed_in: SignedIn) -> None:
    them = signed_in("editor", username="li.na")
    assert them.get("/console/").status_code == 200
    answer = admin.post(f"/console/people/{them.person.pk}/password/", follow=True)
    assert re.search(r"<code>[a-z0-9-]{14}</code>", text(answer))
    assert them.get("/console/").status_code == 302


@pytest.mark.parametrize("address", ["999999", "99999999999999999999999"])
def test_nobody_of_that_number_is_not_found(admin: Client, address: str) -> None:
    assert admin.get(f"/console/people/{address}/").status_code == 404
    assert admin.post(f"/console/people/{address}/leave/").status_code == 404


def test_people_are_found_by_words_organ_role_and_status(admin: Client, person: Callable[..., Person], doing: Doing) -> None:
    li = person("editor", username="li.na", name="李娜", organ="青禾县财政局办公室")
    person("leader", username="wang.wei", name="王伟", organ="青禾县民政局")
    gone = person("editor", username="zhao.min", name="赵敏")
    actions.leave(gone.pk, doing)

    def found(query: str) -> set[str]:
        return set(re.findall(r'<a href="/console/people/\d+/">([^<]+)</a>', text(admin.get(f"/console/people/?{query}"))))

    assert found("words=李") == {"李娜"}
    assert found("words=WANG") == {"王伟"}
    assert found("agency=B") == {"李娜"}
    assert found("role=leader") == {"王伟"}
    assert found("active=gone") == {"赵敏"}
    assert found("active=all&agency=B") == {"李娜", "赵敏"}
    assert li.name in found("page=1")
    assert admin.get("/console/people/?role=emperor").status_code == 400
    assert admin.get("/console/people/?page=9999999999").status_code == 200


# from a table


def test_nothing_happens_before_the_confirmation_and_all_of_it_at_once_after(
    admin: Client, person: Callable[..., Person]
) -> None:
    person("editor", username="li.na", name="李娜")
    person("editor", username="zhao.min", name="赵敏")
    address = uploaded(
        admin,
        ("zhang.wei", "张伟", "青禾县人民政府办公室", "编辑、政务公开专员", "z@example.cn", "0599-1"),
        ("li.na", "", "青禾县民政局", "领导"),
        ("zhao.min", "", "", "", "", "", "离开"),
        ("admin",),
    )
    page = text(admin.get(address))
    assert "加入 <strong>1</strong>" in page
    assert "青禾县财政局 → 青禾县民政局" in page
    assert "编辑 → 领导" in page
    assert not Person.objects.filter(username="zhang.wei").exists()
    assert confirm(admin, address).url == address
    li = Person.objects.get(username="li.na")
    assert (li.agency.code, li.roles) == ("M", ["leader"])
    assert not Person.objects.get(username="zhao.min").is_active
    assert Person.objects.get(username="zhang.wei").roles == ["editor", "disclosure_clerk"]


def test_the_one_time_passwords_can_be_taken_along_once(admin: Client) -> None:
    address = uploaded(admin, ("zhang.wei", "张伟", "青禾县财政局", "编辑"))
    confirm(admin, address)
    answer = admin.post(f"{address}passwords.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("用户名", "姓名", "机构", "一次性密码")
    assert rows[1][:3] == ("zhang.wei", "张伟", "青禾县财政局")
    signed = Client().post("/console/account/login/", {"login": "zhang.wei", "password": rows[1][3]})
    assert signed.status_code == 302
    assert admin.post(f"{address}passwords.xlsx").status_code == 404
    assert "已经下载" in text(admin.get(address))
    kept = Sheet.objects.get()
    assert (bytes(kept.content), kept.outcome) == (b"", "")


def test_the_same_file_again_changes_nothing(admin: Client) -> None:
    rows = (("zhang.wei", "张伟", "青禾县财政局", "编辑、领导", "z@example.cn"), ("li.na", "李娜", "B-01", "leader"))
    confirm(admin, uploaded(admin, *rows))
    before = list(Person.objects.order_by("pk").values())
    page = text(admin.get(uploaded(admin, *rows)))
    assert "不变 <strong>2</strong>" in page
    assert "确认，全部办理" not in page
    assert list(Person.objects.order_by("pk").values()) == before


def test_confirming_twice_does_it_once(admin: Client) -> None:
    address = uploaded(admin, ("zhang.wei", "张伟", "青禾县财政局", "编辑"))
    shown = mark(text(admin.get(address)))
    assert [admin.post(address, {"mark": shown}).status_code for _ in range(2)] == [302, 200]
    assert Person.objects.filter(username="zhang.wei").count() == 1


def test_what_has_changed_in_the_meantime_is_shown_again_before_it_is_done(
    admin: Client, person: Callable[..., Person], doing: Doing
) -> None:
    li = person("editor", username="li.na")
    address = uploaded(admin, ("li.na", "", "青禾县民政局", "领导"))
    shown = mark(text(admin.get(address)))
    actions.set_roles(li.pk, ["leader"], doing)
    answer = admin.post(address, {"mark": shown})
    assert answer.status_code == 409
    assert "不一样了" in text(answer)
    assert Person.objects.get(pk=li.pk).agency.code == "B"
    assert confirm(admin, address).status_code == 302
    assert Person.objects.get(pk=li.pk).agency.code == "M"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("张伟", "张伟", "青禾县财政局", "编辑"), "不能用"),
        (("zhang.wei", "", "青禾县财政局", "编辑"), "没有填姓名"),
        (("zhang.wei", "张伟", "", "编辑"), "没有填所在机构"),
        (("zhang.wei", "张伟", "青禾县财政局", ""), "没有填角色"),
        (("zhang.wei", "张伟", "青禾县财政", "编辑"), "是不是“青禾县财政局”"),
        (("zhang.wei", "张伟", "青禾县财政局", "皇帝"), "没有“皇帝”这个角色"),
        (("zhang.wei", "张伟", "青禾县财政局", "编辑", "邮箱"), "不是邮箱地址"),
        (("zhang.wei", "张伟", "青禾县财政局", "编辑", "", "", "休假"), "状态写"),
        (("nobody", "", "", "", "", "", "离开"), "没有这个用户名"),
        (("admin", "", "", "", "", "", "离开"), "没有系统管理员"),
        (("admin", "", "青禾县财政局", "编辑"), "没有系统管理员"),
    ],
    ids=["name", "no name", "no organ", "no role", "organ", "role", "mail", "status", "nobody", "last leaves", "last changes"],
)
def test_a_line_that_cannot_be_done_says_why_and_keeps_all_others_from_being_done(
    admin: Client, row: tuple[str, ...], said: str
) -> None:
    address = uploaded(admin, ("good.one", "好人", "青禾县财政局", "编辑"), row)
    page = text(admin.get(address))
    assert said in page
    assert "确认，全部办理" not in page
    assert admin.post(address, {"mark": "any"}).status_code == 409
    assert not Person.objects.filter(username="good.one").exists()


def test_the_same_user_name_twice_in_a_file_is_told(admin: Client) -> None:
    page = text(admin.get(uploaded(admin, ("a.b", "甲", "B", "编辑"), ("A.B", "乙", "B", "编辑"))))
    assert "和第 2 行是同一个用户名" in page


def test_an_administrator_may_be_replaced_in_one_file(admin: Client) -> None:
    address = uploaded(admin, ("new.admin", "新人", "", "系统管理员"), ("admin", "", "", "", "", "", "离开"))
    assert confirm(admin, address).status_code == 302
    assert not Person.objects.get(username="admin").is_active


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"", "文件是空的"),
        ("a.xlsx", b"PK\x03\x04 nothing", "压缩结构"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 XLS"),
        ("a.docx", b"\x00\x01\x02\x03" * 50, "不是表格文件"),
        ("a.csv", "姓名,机构\n张伟,财政局\n".encode(), "没有找到表头"),
        ("a.csv", "用户名,姓名\n".encode(), "表头下面没有内容"),
        ("a.xlsx", xlsx(("a.b", "=1+1", "B", "编辑")), "是公式"),
        ("a.xlsx", xlsx(*[(f"u{n}x", "甲", "B", "编辑") for n in range(2001)]), "超过 2000 行"),
    ],
    ids=["empty", "damaged", "old", "no table", "no heading", "no rows", "formula", "too many"],
)
def test_a_file_that_is_no_table_of_people_is_refused_with_a_reason(admin: Client, name: str, content: bytes, said: str) -> None:
    answer = send(admin, content, name)
    assert answer.status_code == 400
    assert said in text(answer)
    assert not Sheet.objects.exists()


def test_fifty_megabytes_are_refused_before_they_are_read(admin: Client) -> None:
    assert send(admin, b"PK" + b"\0" * 50_000_000).status_code == 413


def test_a_table_of_six_megabytes_is_refused_in_the_form(admin: Client) -> None:
    answer = send(admin, b"PK" + b"\0" * 6_000_000)
    assert answer.status_code == 400
    assert "最多 5 MB" in text(answer)


def test_gbk_csv_from_an_old_spreadsheet_is_read(admin: Client) -> None:
    answer = send(admin, "用户名,姓名,机构,角色\nzhang.wei,张伟,青禾县财政局,编辑\n".encode("gbk"), "人员.csv")
    assert "青禾县财政局，编辑" in text(admin.get(answer.url))


def test_nobody_else_sees_an_uploaded_table(admin: Client, signed_in: SignedIn) -> None:
    address = uploaded(admin, ("zhang.wei", "张伟", "青禾县财政局", "编辑"))
    other = signed_in("administrator", organ=None)
    assert other.get(address).status_code == 404
    assert other.post(f"{address}passwords.xlsx").status_code == 404


def test_the_template_is_read_by_the_import_itself(admin: Client) -> None:
    template = admin.get("/console/people/import/template.xlsx").content
    answer = send(admin, template)
    assert answer.status_code == 302
    assert "没有叫" in text(admin.get(answer.url))


def test_what_people_typed_never_becomes_a_formula(admin: Client) -> None:
    address = uploaded(admin, ("zhang.wei", "'=HYPERLINK(1)", "青禾县财政局", "编辑"))
    confirm(admin, address)
    cell = load_workbook(io.BytesIO(admin.post(f"{address}passwords.xlsx").content)).active["B2"]
    assert cell.data_type == "s"
