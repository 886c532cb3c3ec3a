"""The workbench, the list of documents and a document's page, as officials use them and as strangers try to."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.core.agencies.queries import find_agency
from gongkai.core.doing import Doing
from gongkai.core.ledger.models import Event
from gongkai.core.staff.actions import set_roles
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.publishing import publish_as_already_public, withdraw
from gongkai.domains.library.models import Document
from tests.domains.library.papers import content, filed, fresh, notice
from tests.faces.console.conftest import SignedIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
SIGNED = {"ground": "signed_off_on_paper", "signed_by": "王县长", "signed_on": "2026年11月18日", "signed_number": "青政签18号"}


def act(document: Document, code: str) -> str:
    return reverse("desk-act", args=[document.pk, code])


def do(client: Client, document: Document, code: str, **said: Any) -> Any:
    """Send the form of an act as its page gives it, with what a person fills in."""
    current = fresh(document).current
    return client.post(act(document, code), {"seen": current.digest if current else "", **said})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# The workbench and the list -------------------------------------------------------------------------------


def test_what_waits_stands_on_the_workbench_with_its_number_beside_the_door(signed_in: SignedIn, doing: Doing) -> None:
    filed(notice(1, year=2026), doing, public=False)
    client = signed_in("disclosure_clerk")
    page = text(client.get("/console/"))
    assert "逾期未公开 1" in page
    assert re.search(r"逾期 \d+ 天 2026年5月29日（星期五）", page)
    assert re.search(r"我的待办 1 件", page)


def test_an_empty_workbench_says_where_to_go(signed_in: SignedIn) -> None:
    page = text(signed_in("editor").get("/console/"))
    assert "现在没有等您办理的事" in page
    assert "上传和导入" in page


def test_the_list_shows_own_papers_only_and_keeps_its_filters_in_the_address(signed_in: SignedIn, doing: Doing) -> None:
    filed(notice(1, "停车办法"), doing)
    filed(notice(2, "供水办法"), doing, public=False)
    client = signed_in("editor")
    page = client.get("/console/documents/?words=停车&status=published")
    assert "1 份" in text(page)
    assert "停车办法" in text(page)
    assert "供水办法" not in text(page)
    assert '<option value="published" selected>' in page.content.decode()
    assert "0 份" in text(signed_in("editor", organ="青禾县民政局").get("/console/documents/"))


def test_from_a_document_one_comes_back_to_the_list_as_it_was(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    client.get("/console/documents/?status=published&sort=oldest")
    page = client.get(reverse("desk-document", args=[document.pk])).content.decode()
    assert 'href="/console/documents/?status=published&amp;sort=oldest"' in page


@pytest.mark.parametrize(
    "query",
    ["status=gone", "organ=999999999999999999999", "year=12", "page=0", "page=x", "page=99999999", "due=x", "standing=x", "sort=x", "words=%00", "words=" + "长" * 200, "kind=a&kind=b"],
)  # fmt: skip
def test_a_filter_that_cannot_be_right_is_named_and_shows_nothing(signed_in: SignedIn, doing: Doing, query: str) -> None:
    filed(notice(1), doing)
    for address in ("/console/documents/?", "/console/documents/sheet/?"):
        answer = signed_in("editor").get(address + query)
        assert answer.status_code == 400
        assert "请改正以下内容" in text(answer)


def test_the_list_can_be_taken_along_as_a_table_without_formulas(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "=HYPERLINK(1)"}, doing)
    publish_as_already_public(document.pk, doing)
    answer = signed_in("editor").get("/console/documents/sheet/?status=published")
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert [c.value for c in rows[0]][:3] == ["标题", "文号", "机构"]
    assert (rows[1][0].value, rows[1][0].data_type) == ("=HYPERLINK(1)", "s")


def test_a_table_of_too_many_says_so(signed_in: SignedIn, doing: Doing, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.faces.console.views import papers

    monkeypatch.setattr(papers, "MOST", 1)
    filed(notice(1), doing)
    filed(notice(2, "乙办法"), doing)
    answer = signed_in("editor").get("/console/documents/sheet/")
    assert answer.status_code == 400
    assert "分几次导出" in text(answer)


# A document's page ----------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_what_happened_and_what_may_be_done(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    withdraw(document.pk, "个人信息未隐去", doing)
    page = text(signed_in("disclosure_clerk").get(reverse("desk-document", args=[document.pk])))
    assert "青财〔2020〕1号" in page
    assert "为规范管理，制定本办法。" in page
    assert "命令行" in page
    assert "个人信息未隐去" in page
    assert "没有待核对的问题。" in page
    assert "公众页面" not in page, "the public sees nothing of it"


def test_who_may_only_look_sees_why(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    page = text(signed_in("legal_reviewer").get(reverse("desk-document", args=[document.pk])))
    assert "须由编辑、政务公开专员、政务公开主管办理。" in page


@pytest.mark.parametrize("number", ["0", "99999", str(10**12), str(10**20)])
def test_a_number_that_names_nothing_is_not_found(signed_in: SignedIn, number: str) -> None:
    client = signed_in("disclosure_office")
    for rest in ("", "edit/", "revisions/", "revisions/1/", "compare/", "publish/", "edit/draft/", "edit/merge/"):
        send = client.post if "draft" in rest or "merge" in rest else client.get
        assert send(f"/console/documents/{number}/{rest}").status_code == 404, rest


def test_another_organs_paper_is_not_there_at_all(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    stranger = signed_in("disclosure_clerk", "editor", organ="青禾县民政局")
    for code in ("confirm", "publish", "withdraw", "replace", "restore", "reinstate", "seal", "unseal"):
        assert stranger.get(act(document, code)).status_code == 404
        assert do(stranger, document, code, reason="试", revision=1, successor=document.pk).status_code == 404
    assert fresh(document).editorial == "published"


def test_an_act_that_does_not_exist_is_not_found(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    for code in ("destroy", "edit-all", "__class__"):
        assert signed_in("disclosure_clerk").get(f"/console/documents/{document.pk}/{code}/").status_code == 404


# Acts -----------------------------------------------------------------------------------------------------


def test_a_paper_signed_off_on_paper_goes_out(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    client = signed_in("disclosure_clerk")
    answer = do(client, document, "publish", **SIGNED)
    assert answer["Location"] == reverse("desk-document", args=[document.pk])
    page = text(client.get(answer["Location"]))
    assert "已发布，公众现在可以看到。" in page
    assert "签发人：王县长；签发日期：2026-11-18；文号或签批单号：青政签18号" in page
    assert client.get(f"/library/{document.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "请选择依据"),
        ({"ground": "because"}, "请选择依据"),
        ({**SIGNED, "signed_by": ""}, "请填写签发人"),
        ({**SIGNED, "signed_on": "去年"}, "不是一个日期"),
        ({**SIGNED, "signed_on": "2099-01-01"}, "在今天之后"),
        ({**SIGNED, "signed_number": " "}, "签批单号"),
        ({**SIGNED, "signed_by": "王\x00"}, "不允许"),
        ({"ground": "already_public_elsewhere"}, "请写明公开在哪里"),
    ],
)
def test_a_ground_that_is_not_complete_is_asked_for_again(
    signed_in: SignedIn, doing: Doing, said: dict[str, str], told: str
) -> None:
    document = filed(notice(1), doing, public=False)
    answer = do(signed_in("disclosure_clerk"), document, "publish", **said)
    assert answer.status_code == 400
    assert told in text(answer)
    assert fresh(document).published is None


def test_whoever_wrote_it_is_asked_why_they_publish_it(signed_in: SignedIn, doing: Doing) -> None:
    client = signed_in("disclosure_clerk")
    own = Doing(f"staff:{client.person.pk}", doing.at, doing.today)
    document = filed(notice(1), own, public=False)
    assert "应由另一人发布" in text(client.get(act(document, "publish")))
    answer = do(client, document, "publish", **SIGNED)
    assert (answer.status_code, fresh(document).published) == (400, None)
    do(client, document, "publish", **SIGNED, own_work_because="专员休假")
    assert fresh(document).overridden
    auditor = text(signed_in("auditor", organ="青禾县人民政府").get("/console/documents/?standing=own"))
    assert "1 份" in auditor
    assert "本人起草本人发布" in auditor


def test_another_persons_override_field_is_nothing(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    do(signed_in("disclosure_clerk"), document, "publish", **SIGNED, own_work_because="不需要的")
    assert not fresh(document).overridden


def test_what_has_changed_since_the_page_was_opened_does_not_go_out(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    client = signed_in("disclosure_clerk")
    seen = fresh(document).current.digest
    correct(document.pk, {"summary": "改"}, doing)
    answer = client.post(act(document, "publish"), {"seen": seen, **SIGNED})
    assert "又有改动" in text(answer)
    assert fresh(document).published is None
    for forged in ("", "0" * 64, "x\x00"):
        assert client.post(act(document, "publish"), {"seen": forged, **SIGNED}).status_code == 400
    assert fresh(document).published is None


def test_a_form_sent_twice_happens_once(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("disclosure_clerk")
    for _ in range(2):
        assert do(client, document, "withdraw", reason="有误").status_code == 302
    assert Event.objects.filter(kind="withdrawn").count() == 1
    assert "没有办理“撤下”" in text(client.get(reverse("desk-document", args=[document.pk])))


@pytest.mark.parametrize("code", ["withdraw", "replace", "seal"])
def test_a_reason_is_asked_for(signed_in: SignedIn, doing: Doing, code: str) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"summary": "改"}, doing)
    publish_as_already_public(document.pk, doing)
    answer = do(signed_in("disclosure_clerk"), document, code, reason=" ", revision=1, successor="1")
    assert answer.status_code == 400
    assert "请写明理由" in text(answer)


def test_a_replaced_paper_leads_the_public_to_the_new_one(signed_in: SignedIn, doing: Doing) -> None:
    old, new = filed(notice(1), doing), filed(notice(2, "新停车办法"), doing)
    client = signed_in("disclosure_clerk")
    do(client, old, "replace", reason="重新制定", successor=f"https://www.qinghe.gov.cn/library/{new.pk}/")
    answer = Client().get(f"/library/{old.pk}/")
    assert answer.status_code == 410
    assert f'href="/library/{new.pk}/"' in answer.content.decode()
    assert "新停车办法" in text(answer)
    assert old.title not in text(answer)
    assert Client().get(f"/library/{old.pk}/print/").status_code == 404
    do(client, old, "restore", reason="仍然适用")
    assert Client().get(f"/library/{old.pk}/").status_code == 200


@pytest.mark.parametrize("successor", ["", "abc", "0", "-3", str(10**20), "１２", "1e3", "/library//", "x" * 300])
def test_a_successor_that_is_none_is_asked_for_again(signed_in: SignedIn, doing: Doing, successor: str) -> None:
    document = filed(notice(1), doing)
    answer = do(signed_in("disclosure_clerk"), document, "replace", reason="重新制定", successor=successor)
    assert answer.status_code == 400
    assert fresh(document).editorial == "published"


def test_an_earlier_text_is_taken_back_from_the_public_history(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "青禾县财政局关于印发新办法的通知"}, doing)
    publish_as_already_public(document.pk, doing)
    client = signed_in("disclosure_clerk")
    assert "封存这一版" in text(client.get(reverse("desk-revisions", args=[document.pk])))
    assert "第1次公开的文本" in text(Client().get(f"/library/{document.pk}/history/"))
    do(client, document, "seal", reason="含个人信息", revision=1)
    assert "第1次公开的文本" not in text(Client().get(f"/library/{document.pk}/history/"))
    assert Client().get(f"/library/{document.pk}/compare/?with=r1").status_code == 404
    assert "解除封存" in text(client.get(reverse("desk-revisions", args=[document.pk])))
    do(client, document, "unseal", reason="已处理", revision=1)
    assert "第1次公开的文本" in text(Client().get(f"/library/{document.pk}/history/"))


@pytest.mark.parametrize("revision", ["2", "0", "-1", "7", str(10**20), "x", ""])
def test_a_tampered_revision_is_refused(signed_in: SignedIn, doing: Doing, revision: str) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "新标题"}, doing)
    publish_as_already_public(document.pk, doing)
    client = signed_in("disclosure_clerk")
    for code in ("seal", "reinstate"):
        assert do(client, document, code, reason="试", revision=revision).status_code == 400
    assert fresh(document).sealed == []


def test_an_old_revision_comes_back_as_a_new_one(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "改错了的标题"}, doing)
    do(signed_in("editor"), document, "reinstate", reason="改错了", revision=1)
    assert fresh(document).current.number == 3
    assert fresh(document).current.metadata["title"] == document.title


def test_two_revisions_stand_beside_one_another(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "另一个标题", "summary": "另一个概述"}, doing)
    client = signed_in("legal_reviewer")
    page = text(client.get(reverse("desk-compare", args=[document.pk]), {"one": 1, "other": 2}))
    assert "标题、概述有变化；正文没有变化。" in page
    for odd in ({"one": 1, "other": 1}, {"one": 1, "other": 99}):
        answer = client.get(reverse("desk-compare", args=[document.pk]), odd, follow=True)
        assert "请重新选择" in text(answer)
    assert client.get(reverse("desk-compare", args=[document.pk]), {"one": "x"}).status_code == 404
    assert client.get(f"/console/documents/{document.pk}/revisions/99/").status_code == 404


def test_a_role_taken_away_stops_the_next_act(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("disclosure_clerk")
    assert client.get(act(document, "withdraw")).status_code == 200
    set_roles(client.person.pk, ["editor"], doing)
    answer = do(client, document, "withdraw", reason="有误")
    assert answer.status_code == 403
    assert "须由政务公开专员、政务公开主管办理" in text(answer)
    assert fresh(document).editorial == "published"


def test_a_confirmation_answers_the_questions(signed_in: SignedIn, doing: Doing) -> None:
    document = file_document(content(notice(1)).asking("unsure_title"), None, find_agency("B"), doing)
    client = signed_in("editor")
    assert "标题可能不完整" in text(client.get(reverse("desk-document", args=[document.pk])))
    do(client, document, "confirm")
    assert fresh(document).editorial == "draft"


@pytest.mark.parametrize("code", ["publish", "withdraw", "replace"])
def test_a_body_too_large_is_refused_unread(signed_in: SignedIn, doing: Doing, code: str) -> None:
    document = filed(notice(1), doing)
    answer = do(signed_in("disclosure_clerk"), document, code, reason="长" * 1_200_000)
    assert answer.status_code == 413
    assert fresh(document).editorial == "published"
