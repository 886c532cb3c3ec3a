"""Organs in the console: the tree, renaming, abolishing, and a whole government from a table."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from gongkai.core.agencies.models import Agency, AgencyName
from gongkai.core.agencies.queries import bearer_of, find_agency, name_on
from gongkai.core.ledger.models import Event
from gongkai.core.sheets.models import Sheet
from gongkai.core.staff.models import Person
from tests.faces.console.conftest import SignedIn
from tests.faces.console.test_settings import form_of, text

pytestmark = pytest.mark.django_db
ORGANS = "/console/settings/organs/"
HEADINGS = ("代码", "名称", "类型", "上级", "名称启用日期", "撤销日期", "接替机构", "电话", "发文代字")
PAGES = ("", "add/", "import/", "of/B/", "of/B/edit/", "of/B/rename/", "of/B/abolish/")


@pytest.fixture
def admin(county: None, signed_in: SignedIn) -> Client:
    return signed_in("administrator", organ=None, username="admin")


def names() -> dict[str, str]:
    return {a.code: name_on(a, None).name for a in Agency.objects.all()}


def send(admin: Client, *rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS):
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return admin.post(f"{ORGANS}import/", {"file": SimpleUploadedFile("机构.xlsx", kept.getvalue())})


def checked(admin: Client, *rows: tuple[object, ...]) -> tuple[str, str]:
    """The address of the page that shows what a table would do, and the page."""
    answer = send(admin, *rows)
    assert answer.status_code == 302, text(answer)
    return str(answer.url), text(admin.get(answer.url))


def confirm(admin: Client, address: str, page: str):
    return admin.post(address, {"mark": re.findall(r'name="mark" value="(\w+)"', page)[0]})


# one by one


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_administrator_only(admin: Client, signed_in: SignedIn, page: str) -> None:
    assert admin.get(f"{ORGANS}{page}").status_code == 200
    assert signed_in("disclosure_office").get(f"{ORGANS}{page}").status_code == 403


def test_the_head_of_the_page_still_says_whose_desk_it_is(county: None, signed_in: SignedIn) -> None:
    admin = signed_in("administrator", organ="青禾县民政局", name="何立新")
    assert "何立新　青禾县民政局" in text(admin.get(f"{ORGANS}of/B/"))


NEW = {"seen": 0, "code": "W", "name": "青禾县水利局", "kind": "department", "parent": "A", "order": ""}


def test_an_organ_is_added_below_another_and_the_public_sees_it(admin: Client) -> None:
    assert (
        admin.post(f"{ORGANS}add/", {**NEW, "document_prefixes": "青水、青水规", "since": "2019年3月18日"}).url
        == f"{ORGANS}of/W/"
    )
    made = Agency.objects.get(code="W")
    assert (made.parent.code, made.document_prefixes) == ("A", ["青水", "青水规"])
    assert made.names.get().from_on == date(2019, 3, 18)
    assert "青禾县水利局" in text(Client().get("/organs/"))
    assert Event.objects.get(stream_kind="agency", stream_id="W").kind == "added"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"code": "机构"}, "不能用"),
        ({"code": "b"}, "已经有机构在用"),
        ({"code": "x" * 33}, "32"),
        ({"name": " "}, "请填写机构名称"),
        ({"name": "青禾县财政局"}, "已经有机构叫"),
        ({"kind": "ministry"}, "ministry"),
        ({"parent": ""}, "请选上级机构"),
        ({"parent": "nowhere"}, "nowhere"),
        ({"kind": "government", "parent": ""}, "请选上级机构"),
        ({"since": "2099-01-01"}, "不能晚于今天"),
        ({"since": "昨天"}, "不是一个日期"),
        ({"order": "-1"}, "0"),
        ({"document_prefixes": "、".join(f"青{n}" for n in range(21))}, "最多 20 个"),
    ],
)
def test_an_organ_that_cannot_be_is_refused(admin: Client, told: dict[str, str], said: str) -> None:
    answer = admin.post(f"{ORGANS}add/", {**NEW, **told})
    assert answer.status_code == 400
    assert said in text(answer)
    assert Agency.objects.count() == 8


def test_an_organ_is_renamed_from_a_day_on_and_its_old_name_stays_known(admin: Client) -> None:
    told = {"seen": 0, "name": "青禾县财政和国资局", "short_name": "县财政国资局", "on": "2024-03-01"}
    assert admin.post(f"{ORGANS}of/B/rename/", told).status_code == 302
    organ = find_agency("青禾县财政和国资局")
    assert bearer_of(["青禾县财政局"], date(2020, 1, 1)) == organ
    assert name_on(organ, date(2024, 2, 29)).name == "青禾县财政局"
    assert name_on(organ, date(2024, 3, 1)).name == "青禾县财政和国资局"
    again = admin.post(f"{ORGANS}of/B/rename/", {**told, "seen": 1, "name": "再改", "on": "2023-01-01"})
    assert "更名日期要在这以后" in text(again)
    assert AgencyName.objects.filter(agency=organ).count() == 2


def test_mending_a_slip_of_the_pen_is_no_renaming(admin: Client) -> None:
    told = form_of(admin, f"{ORGANS}of/B/edit/")
    assert (
        admin.post(f"{ORGANS}of/B/edit/", {**told, "name": "青禾县财政局（本级）", "telephone": "0599-7220701"}).status_code
        == 302
    )
    organ = Agency.objects.get(code="B")
    assert [n.name for n in organ.names.all()] == ["青禾县财政局（本级）"]
    said = json.loads(Event.objects.get(stream_kind="agency", stream_id="B").payload)
    assert said["before"]["telephone"] == ""
    assert said["after"]["telephone"] == "0599-7220701"


def test_an_organ_cannot_stand_below_what_stands_below_it(admin: Client) -> None:
    told = form_of(admin, f"{ORGANS}of/B/edit/")
    answer = admin.post(f"{ORGANS}of/B/edit/", {**told, "parent": "B-01"})
    assert answer.status_code == 400
    assert "成环" in text(answer)


def test_two_people_over_one_organ(admin: Client) -> None:
    told = form_of(admin, f"{ORGANS}of/B/edit/")
    admin.post(f"{ORGANS}of/B/edit/", {**told, "telephone": "1"})
    second = admin.post(f"{ORGANS}of/B/edit/", {**told, "telephone": "2"})
    assert second.status_code == 409
    assert "别人刚改成：1" in text(second)
    assert 'value="2"' in text(second)
    assert Agency.objects.get(code="B").telephone == "1"


def test_an_organ_goes_into_another(admin: Client) -> None:
    answer = admin.post(f"{ORGANS}of/M/abolish/", {"seen": 0, "on": "2026-01-01", "successor": "B"})
    assert answer.status_code == 302
    gone = Agency.objects.get(code="M")
    assert (gone.abolished_on, gone.succeeded_by.code) == (date(2026, 1, 1), "B")
    assert "由青禾县财政局接替" in re.sub("<[^>]+>", "", text(admin.get(f"{ORGANS}of/M/")))
    assert "青禾县民政局" not in re.sub(r"<h2>已撤销的.*", "", text(admin.get(ORGANS)), flags=re.S)
    admin.post(f"{ORGANS}of/M/reinstate/")
    assert Agency.objects.get(code="M").abolished_on is None


@pytest.mark.parametrize(
    ("code", "told", "said"),
    [
        ("B", {}, "下面还有 1 个机构（青禾县财政局办公室）"),
        ("A", {}, "本级人民政府不能撤销"),
        ("M", {"successor": "M"}, "应当是另一个"),
        ("M", {"on": "2099-01-01"}, "不能晚于今天"),
        ("M", {"on": ""}, "请填写日期"),
    ],
)
def test_what_still_hangs_on_an_organ_keeps_it_from_being_abolished(
    admin: Client, code: str, told: dict[str, str], said: str
) -> None:
    answer = admin.post(f"{ORGANS}of/{code}/abolish/", {"seen": 0, "on": "2026-01-01", "successor": "", **told})
    assert answer.status_code == 400
    assert said in text(answer)
    assert not Agency.objects.exclude(abolished_on=None).exists()


def test_people_are_moved_before_their_organ_goes(admin: Client, person: Callable[..., Person]) -> None:
    person("editor", organ="青禾县民政局")
    answer = admin.post(f"{ORGANS}of/M/abolish/", {"seen": 0, "on": "2026-01-01", "successor": "B"})
    assert "还有 1 位人员" in text(answer)


@pytest.mark.parametrize("address", ["of/nowhere/", "of/nowhere/edit/", "of/nowhere/rename/", "of/nowhere/abolish/"])
def test_an_organ_that_is_not_there(admin: Client, address: str) -> None:
    assert admin.get(f"{ORGANS}{address}").status_code == 404


# from a table


def test_a_whole_government_comes_from_one_table_with_children_before_parents(db, signed_in: SignedIn) -> None:
    admin = signed_in("administrator", organ=None)
    address, page = checked(
        admin,
        ("BL04-01", "苇塘镇东滩村民委员会", "村", "白鹭县苇塘镇人民政府"),
        ("BL02", "白鹭县财政局", "部门", "BL01", "2019-03-18", "", "", "0123-1", "白财"),
        ("BL04", "白鹭县苇塘镇人民政府", "乡镇", "BL01"),
        ("BL01", "白鹭县人民政府", "人民政府", ""),
    )
    assert "新增 <strong>4</strong>" in page
    assert Agency.objects.count() == 0
    assert not Event.objects.filter(stream_kind="agency").exists()
    assert confirm(admin, address, page).url == address
    assert {a.code: a.parent.code if a.parent else "" for a in Agency.objects.all()} == {
        "BL01": "", "BL02": "BL01", "BL04": "BL01", "BL04-01": "BL04",
    }  # fmt: skip
    assert Event.objects.filter(stream_kind="agency").count() == 4
    assert "白鹭县财政局" in text(Client().get("/organs/"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("X", "甲局", "部门", "Y"), ("Y", "乙局", "部门", "X")], ["上下级成环：X → Y → X", "上下级成环：Y → X → Y"]),
        ([("X", "甲局", "部门", "X")], ["上下级成环：X → X"]),
        ([("X", "甲局", "部门", "Y"), ("Y", "乙局", "部门", "Z"), ("Z", "丙局", "部门", "X")], ["X → Y → Z → X"]),
        ([("X", "甲局", "部门", "没有的局")], ["上级“没有的局”不在表里"]),
        ([("X", "甲局", "部门", "A"), ("X", "乙局", "部门", "A")], ["代码和第 2 行重复"]),
        ([("X", "", "部门", "A")], ["没有填名称"]),
        ([("X", "甲局", "", "A")], ["没有填类型"]),
        ([("", "甲局", "部门", "A")], ["没有填代码"]),
        ([("X", "甲局", "什么", "A")], ["类型“什么”不认识"]),
        ([("X", "青禾县财政局", "部门", "A")], ["已经有机构叫"]),
        ([("X", "甲局", "部门", "A"), ("Y", "甲局", "部门", "A")], ["已经有机构叫“甲局”"]),
        ([("X", "甲局", "部门", "")], ["请选上级机构"]),
        ([("X", "甲局", "部门", "A", "昨天")], ["不是日期"]),
        ([("X Y", "甲局", "部门", "A")], ["不能用"]),
        ([("B", "青禾县财经局")], ["现在叫“青禾县财政局”"]),
        ([("B", "", "", "B-01")], ["成环"]),
        ([("B", "", "", "", "", "2026-01-01")], ["下面还有 1 个机构"]),
        ([("M", "", "", "", "", "2026-01-01", "没有的局")], ["没有代码为 没有的局 的接替机构"]),
        ([("X", "甲局", "什么", "A"), ("Y", "乙科", "内设机构", "X")], ["类型“什么”不认识", "上级（第 2 行）有误"]),
    ],
    ids=[
        "a cycle of two", "its own parent", "a cycle of three", "no such parent", "a code twice", "no name", "no kind", "no code",
        "unknown kind", "a name that is taken", "a name twice", "no parent", "no date", "an odd code", "another name without a day",
        "below its own child", "abolished with a child", "no such successor", "below a wrong line",
    ],
)  # fmt: skip
def test_a_wrong_line_is_told_and_nothing_at_all_is_taken_in(
    admin: Client, rows: list[tuple[object, ...]], said: list[str]
) -> None:
    before = list(Agency.objects.order_by("pk").values())
    address, page = checked(admin, ("G", "好的局", "部门", "A"), *rows) if rows[0][0] != "X" else checked(admin, *rows)
    for words in said:
        assert words in page
    assert "确认，全部导入" not in page
    assert admin.post(address, {"mark": "any"}).status_code == 409
    assert list(Agency.objects.order_by("pk").values()) == before
    assert not Event.objects.filter(stream_kind="agency").exists()


def test_a_table_changes_renames_merges_and_leaves_the_rest_alone(admin: Client) -> None:
    rows = (
        ("B", "青禾县财政和国资局", "", "", "2024-03-01", "", "", "0599-1"),
        ("M", "", "", "", "", "2024-03-01", "青禾县民政和人社局"),
        ("N", "青禾县民政和人社局", "部门", "A"),
        ("T",),
    )
    address, page = checked(admin, *rows)
    for told in ("青禾县财政局 → 青禾县财政和国资局（2024-03-01 起）", "由 N 接替", "不变 <strong>1</strong>"):
        assert told in page
    confirm(admin, address, page)
    assert names()["B"] == "青禾县财政和国资局"
    assert Agency.objects.get(code="M").succeeded_by.code == "N"
    assert Agency.objects.get(code="B").telephone == "0599-1"
    before = list(Agency.objects.order_by("pk").values())
    assert "不变 <strong>4</strong>" in checked(admin, *rows)[1]
    assert list(Agency.objects.order_by("pk").values()) == before


def test_confirming_twice_does_it_once(admin: Client) -> None:
    address, page = checked(admin, ("X", "甲局", "部门", "A"))
    assert [confirm(admin, address, page).status_code for _ in range(2)] == [302, 200]
    assert Event.objects.filter(stream_kind="agency").count() == 1


def test_what_has_changed_in_the_meantime_is_shown_before_it_is_done(admin: Client) -> None:
    address, page = checked(admin, ("B", "", "", "", "", "", "", "0599-1"), ("X", "甲局", "部门", "M"))
    admin.post(f"{ORGANS}of/M/abolish/", {"seen": 0, "on": "2026-01-01", "successor": ""})
    answer = confirm(admin, address, page)
    assert answer.status_code == 409
    assert "这期间有人改过机构" in text(answer)
    assert "青禾县民政局已经撤销" in text(answer)
    assert Agency.objects.get(code="B").telephone == ""
    assert "青禾县民政局已经撤销" in text(admin.get(address))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空"), (b"PK\x05\x06" + b"\0" * 18, "XLSX"), ("名称\n甲局\n".encode(), "没有找到表头")],
    ids=["empty", "an empty archive", "no heading"],
)
def test_a_file_that_is_no_table_of_organs(admin: Client, content: bytes, said: str) -> None:
    answer = admin.post(f"{ORGANS}import/", {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 400
    assert said in text(answer)
    assert not Sheet.objects.exists()


def test_fifty_megabytes_are_refused_before_they_are_read(admin: Client) -> None:
    answer = admin.post(f"{ORGANS}import/", {"file": SimpleUploadedFile("a.xlsx", b"PK" + b"\0" * 50_000_000)})
    assert answer.status_code == 413


def test_codes_that_a_spreadsheet_has_spoilt_are_told(admin: Client) -> None:
    assert "末几位已经丢失" in text(send(admin, (113999280435568502, "甲局", "部门", "A")))


def test_the_template_is_read_by_the_import_itself(db, signed_in: SignedIn) -> None:
    admin = signed_in("administrator", organ=None)
    template = admin.get(f"{ORGANS}import/template.xlsx").content
    answer = admin.post(f"{ORGANS}import/", {"file": SimpleUploadedFile("a.xlsx", template)})
    assert "新增 <strong>3</strong>" in text(admin.get(answer.url))


def test_nobody_else_sees_an_uploaded_table(admin: Client, signed_in: SignedIn) -> None:
    address, _ = checked(admin, ("X", "甲局", "部门", "A"))
    assert signed_in("administrator", organ=None).get(address).status_code == 404
