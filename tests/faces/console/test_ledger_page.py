"""The ledger as people read it: whose records they see, what changed, taking it along."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from gongkai.core.doing import Doing
from gongkai.core.staff.actions import set_roles
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.publishing import withdraw
from tests.domains.library.papers import TODAY, filed, notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def text(client, query: str = "") -> str:
    """The ledger page."""
    return client.get(f"/console/ledger/{query}").content.decode()


def test_a_change_is_shown_as_it_was_and_as_it_is(signed_in, doing) -> None:
    document = filed(notice(3), doing)
    correct(document.pk, {"title": "青禾县财政局关于印发《青禾县另一办法》的通知"}, doing)
    withdraw(document.pk, "标题有误", doing)
    page = text(signed_in("disclosure_office", organ="青禾县人民政府办公室"))
    assert "<del>青禾县财政局关于印发《青禾县某某管理办法》的通知</del>" in page
    assert "<ins>青禾县财政局关于印发《青禾县另一办法》的通知</ins>" in page
    assert "<del>已发布</del> → <ins>已撤下</ins>" in page
    assert "<ins>标题有误</ins>" in page


def test_a_clerk_reads_of_the_own_organ_only(signed_in, doing) -> None:
    document = filed(notice(3), doing)
    assert document.title in text(signed_in("disclosure_clerk"))
    stranger = signed_in("disclosure_clerk", organ="青禾县民政局")
    assert document.title not in text(stranger)
    assert document.title not in text(stranger, "?agency=B")
    assert document.title not in text(stranger, f"?stream=document&record={document.pk}")


def test_a_leader_of_the_county_reads_of_every_organ_below(signed_in, doing) -> None:
    document = filed(notice(3), doing)
    assert document.title in text(signed_in("leader", organ="青禾县人民政府"))


@pytest.mark.parametrize("role", ["editor", "confidentiality_reviewer", "legal_reviewer", "administrator"])
def test_other_roles_do_not_read_the_ledger(signed_in, role: str) -> None:
    assert signed_in(role).get("/console/ledger/").status_code == 403
    assert signed_in(role).get("/console/ledger/sheet/").status_code == 403


def test_it_is_narrowed_by_person_record_and_day(signed_in, person, doing) -> None:
    somebody = person("editor")
    early, late = filed(notice(3), doing), filed(notice(4, "第二个办法"), doing)
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    withdraw(late.pk, "重复", Doing(f"staff:{somebody.pk}", at, TODAY))
    auditor = signed_in("auditor")
    by_person = text(auditor, f"?actor=staff:{somebody.pk}")
    assert late.title in by_person
    assert early.title not in by_person
    by_record = text(auditor, f"?stream=document&record={early.pk}")
    assert early.title in by_record
    assert late.title not in by_record
    assert "撤下" in text(auditor, "?since=2026年11月22日&until=20261122")
    assert "没有符合条件的记录" in text(auditor, "?since=2026-11-23")
    assert late.title not in text(auditor, "?until=2026-11-19")


def test_what_people_may_do_is_in_it_and_their_names_are_not(signed_in, person, doing) -> None:
    somebody = person("editor", name="李某某")
    set_roles(somebody.pk, ["leader"], doing)
    assert "<del>编辑</del> → <ins>领导</ins>" in text(signed_in("auditor"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?since=2026-13-01", "不是一个日期"),
        ("?agency=nobody", "nobody"),
        ("?actor=staff:99999", "staff:99999"),
        ("?before=99999999999999999999999", "小于或等于"),
        ("?before=x", "整数"),
        ("?record=" + "9" * 70, "64"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_what_is_wrong(signed_in, query: str, told: str) -> None:
    answer = signed_in("auditor").get(f"/console/ledger/{query}")
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_it_goes_on_backwards_without_gap_or_repetition(signed_in, doing) -> None:
    for number in range(30):
        filed(notice(number, f"第{number}号办法"), doing)
    auditor, query, seen = signed_in("auditor"), "", []
    while True:
        page = text(auditor, query)
        seen += [int(n) for n in re.findall(r'<td class="narrow">(\d+) <code', page)]
        older = re.findall(r'href="/console/ledger/(\?before=\d+)"', page)
        if not older:
            break
        query = older[0]
    assert seen == list(range(max(seen), 0, -1))


def test_the_sheet_holds_the_same_and_no_formula(signed_in, doing) -> None:
    document = filed(notice(3), doing)
    withdraw(document.pk, "=1+1", doing)
    answer = signed_in("auditor").get("/console/ledger/sheet/?stream=document")
    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert document.title in {c.value for c in cells}
    (reason,) = [c for c in cells if c.value == "=1+1"]
    assert reason.data_type == "s"
