"""The editor's page: saving, drafts, and two people over one document."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.core.doing import Doing
from gongkai.core.ledger.models import Event
from gongkai.core.staff.actions import leave, set_roles
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document, Draft
from tests.domains.library.papers import filed, fresh, notice
from tests.faces.console.conftest import SignedIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
FIELD = re.compile(r'<(?:input|textarea|select)[^>]* name="(?P<name>[^"]+)"')


def address(document: Document, rest: str = "") -> str:
    return f"/console/documents/{document.pk}/edit/{rest}"


def form_on(page: Any) -> dict[str, Any]:
    """What the editor's form would send as it stands, read from the page as a browser would."""
    source = page.content.decode()
    source = source[source.index('<form class="editor"') :].split("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", source):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") == "checkbox":
            sent.setdefault(told["name"], [])
            if " checked" in tag:
                sent[told["name"]].append(html.unescape(told["value"]))
        elif "name" in told:
            sent[told["name"]] = html.unescape(told.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', source, re.S):
        sent[name] = html.unescape(value)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', source, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = html.unescape(chosen[1]) if chosen else html.unescape(re.findall(r'value="([^"]*)"', options)[0])
    return sent


def opened(client: Client, document: Document) -> dict[str, Any]:
    page = client.get(address(document))
    assert page.status_code == 200
    return form_on(page)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# Saving ---------------------------------------------------------------------------------------------------


def test_the_form_as_it_stands_changes_nothing(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    answer = client.post(address(document), opened(client, document))
    assert answer.status_code == 400
    assert "没有保存" in text(answer)
    assert fresh(document).current.number == 1


def test_fields_and_text_are_saved_as_a_new_revision_without_scripts(signed_in: SignedIn, doing: Doing) -> None:
    set_themes([{"slug": "tingche", "name": "停车"}])
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    sent |= {
        "title": "青禾县财政局关于印发\r\n新办法的通知", "issued_on": "二〇二一年三月二日", "effective_on": "20210401", "organ_1": "青禾县民政局",
        "topic": "综合政务", "subtopic": "综合政务/政务公开", "themes": ["停车"], "summary": "一\r\n二", "reason": "核对了原件",
        "text": sent["text"].replace("为规范管理", "为加强管理"),
    }  # fmt: skip
    answer = client.post(address(document), sent)
    assert answer["Location"] == f"/console/documents/{document.pk}/?saved=1"
    said = fresh(document).current
    assert said.number == 2
    assert said.metadata["title"] == "青禾县财政局关于印发新办法的通知"
    assert (said.metadata["issued_on"], said.metadata["effective_on"]) == ("2021-03-02", "2021-04-01")
    assert said.metadata["organs"] == ["青禾县财政局", "青禾县民政局"]
    assert (said.metadata["topic"], said.metadata["subtopic"], said.metadata["themes"]) == ("综合政务", "政务公开", ["tingche"])
    assert "为加强管理" in said.body.text
    assert 'id="art-1"' in said.body.html
    assert "核对了原件" in text(client.get(f"/console/documents/{document.pk}/"))


def test_the_editors_html_is_saved_clean(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    wicked = '<p class="text">第一条 甲<script>alert(1)</script></p><p onclick="x()" style="color:red">第二条 <a href="javascript:x">乙</a><img src=x></p><iframe></iframe>'
    client.post(address(document), {**sent, "text_form": "html", "text": wicked})
    saved = fresh(document).current.body
    assert saved.html == (
        '<p id="art-1" class="clause clause-article"><span class="clause-label">第一条</span> 甲</p>\n'
        '<p id="art-2" class="clause clause-article"><span class="clause-label">第二条</span> 乙</p>'
    )
    assert [c["anchor"] for c in saved.clauses] == ["art-1", "art-2"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"title": " "}, "标题不能为空"),
        ({"title": "长" * 501}, "500"),
        ({"issued_on": "2023-02-30"}, "不是一个日期"),
        ({"organ_0": "", "organ_1": ""}, "发文机关不能为空"),
        ({"organ_0": "某" * 121}, "120"),
        ({"kind": "诗歌"}, "诗歌"),
        ({"attribute": "secret"}, "secret"),
        ({"attribute": "withheld"}, "须写明理由"),
        ({"topic": "财政、金融、审计", "subtopic": "综合政务/政务公开"}, "不在所选的主题下"),
        ({"topic": "天文"}, "天文"),
        ({"themes": ["没有"]}, "不在可用的选项中"),
        ({"term_years": "abc"}, "整数年"),
        ({"summary": "甲\x00"}, "空字符"),
        ({"base": "0"}, "1"),
        ({"base": str(10**20)}, "1073741824"),
        ({"text_form": "exe"}, "exe"),
    ],
)
def test_what_cannot_be_right_is_named_and_what_was_typed_is_kept(
    signed_in: SignedIn, doing: Doing, said: dict[str, Any], told: str
) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "registration_number": "QH-2026-1", **said}
    answer = client.post(address(document), sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert told in html.unescape(page)
    assert 'value="QH-2026-1"' in page
    assert fresh(document).current.number == 1


def test_a_reason_makes_it_withheld_and_the_page_says_so(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    client = signed_in("editor")
    sent = opened(client, document)
    client.post(address(document), {**sent, "attribute": "withheld", "attribute_reason": "条例第十五条"})
    page = text(client.get(f"/console/documents/{document.pk}/"))
    assert "不主动公开的理由 条例第十五条" in page
    assert "公开属性是“不予公开”，不能主动公开。" in text(signed_in("disclosure_clerk").get(f"/console/documents/{document.pk}/"))


def test_a_form_sent_twice_is_one_revision(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "summary": "改"}
    for _ in range(3):
        assert client.post(address(document), sent).status_code == 302
    assert fresh(document).current.number == 2
    assert Event.objects.filter(kind="revised").count() == 1


def test_a_text_of_any_length_that_fits_is_taken_and_a_larger_one_refused(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    long = sent["text"] + "\n" + "\n".join(f"第{n}段，{'很长的正文' * 40}。" for n in range(3_000))
    assert client.post(address(document), {**sent, "text": long}).status_code == 302
    assert client.post(address(document), {**sent, "text": "长" * 3_000_000}).status_code == 413
    assert fresh(document).current.number == 2


# Drafts ---------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_offered_again(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "summary": "写到一半", "issued_on": "还没想好"}
    answer = client.post(address(document, "draft/"), sent).json()
    assert re.fullmatch(r"\d\d:\d\d", answer["saved"])
    assert answer["moved"] == ""
    page = client.get(address(document))
    assert "接着写您" in text(page)
    assert form_on(page)["summary"] == "写到一半"
    assert form_on(page)["issued_on"] == "还没想好"
    assert "没写完的草稿 1" in text(client.get("/console/"))
    other = signed_in("editor")
    assert form_on(other.get(address(document)))["summary"] != "写到一半"
    assert "也在编辑这份文件" in text(other.get(f"/console/documents/{document.pk}/"))


def test_a_draft_of_the_editors_html_can_be_gone_on_with_without_scripts(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    markup = '<p class="text">第一条 甲<script>1</script></p><table><tbody><tr><td>子</td><td>丑</td></tr></tbody></table>'
    client.post(address(document, "draft/"), {**sent, "text_form": "html", "text": markup})
    page = client.get(address(document))
    assert form_on(page)["text"] == "第一条 甲\n子\t丑"
    assert form_on(page)["text_form"] == "lines"
    assert "<script>1" not in page.content.decode()


def test_saving_or_discarding_ends_the_draft(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "summary": "改"}
    client.post(address(document, "draft/"), sent)
    client.post(address(document), sent)
    assert not Draft.objects.exists()
    client.post(address(document, "draft/"), {**sent, "base": "2", "summary": "又改"})
    answer = client.post(address(document, "draft/"), {"discard": "1"}, follow=True)
    assert "草稿已丢弃" in text(answer)
    assert not Draft.objects.exists()


def test_a_refused_form_is_kept_as_a_draft(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    client.post(address(document), {**opened(client, document), "title": "", "summary": "写了很多"})
    assert form_on(client.get(address(document)))["summary"] == "写了很多"


def test_the_autosave_says_when_somebody_else_has_saved(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    correct(document.pk, {"summary": "别人的"}, doing)
    answer = client.post(address(document, "draft/"), {**sent, "summary": "我的"}).json()
    assert re.search(r"命令行已在 \d\d:\d\d 保存了第 2 版", answer["moved"])
    assert "保存了第 2 版" in text(client.get(address(document)))


@pytest.mark.parametrize("base", ["", "0", "-1", "2", "x", str(10**20), "１"])
def test_a_draft_from_no_revision_is_refused(signed_in: SignedIn, doing: Doing, base: str) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    answer = client.post(address(document, "draft/"), {**opened(client, document), "base": base})
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_nul_characters_and_unknown_fields_are_not_kept(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    client.post(address(document, "draft/"), {**opened(client, document), "summary": "甲\x00乙", "is_admin": "1"})
    typed = Draft.objects.get().typed
    assert typed["summary"] == "甲乙"
    assert "is_admin" not in typed


def test_a_role_taken_away_while_typing_is_told_and_the_draft_stays(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "summary": "写到一半"}
    client.post(address(document, "draft/"), sent)
    set_roles(client.person.pk, ["legal_reviewer"], doing)
    refused = client.post(address(document, "draft/"), sent)
    assert (refused.status_code, "办理" in refused.json()["why"]) == (403, True)
    answer = client.post(address(document), sent)
    assert answer.status_code == 403
    assert "您的草稿还在" in text(answer)
    assert Draft.objects.get().typed["summary"] == "写到一半"
    set_roles(client.person.pk, ["editor"], doing)
    assert form_on(client.get(address(document)))["summary"] == "写到一半"


def test_a_session_that_ended_while_typing_loses_nothing_that_was_kept(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = {**opened(client, document), "summary": "写到一半"}
    client.post(address(document, "draft/"), sent)
    who = client.person
    client.logout()
    assert client.post(address(document, "draft/"), sent).status_code == 401
    assert client.post(address(document), sent).status_code == 401
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert form_on(client.get(address(document)))["summary"] == "写到一半"


def test_who_has_left_keeps_no_door_open(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    sent = opened(client, document)
    leave(client.person.pk, doing)
    assert client.post(address(document, "draft/"), sent).status_code in (401, 403)
    assert not Draft.objects.exists()


def test_a_token_that_is_missing_is_refused(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(signed_in("editor").person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(address(document, "draft/"), {"base": "1"}).status_code == 403
    assert strict.post(address(document), {"base": "1"}).status_code == 403


# Two editors ----------------------------------------------------------------------------------------------


def clashing(signed_in: SignedIn, doing: Doing) -> tuple[Client, Document, Any, dict[str, Any]]:
    """Two people opened revision 1; the other saved first. The second client, the document, what it was told, what it sent."""
    document = filed(notice(1), doing)
    first, second = signed_in("editor", name="张三"), signed_in("editor", name="李四")
    one, other = opened(first, document), opened(second, document)
    changed = one["text"].replace("为规范管理", "为改进管理")
    first.post(address(document), {**one, "summary": "张三的概述", "registration_number": "QH-1", "text": changed})
    sent = {
        **other,
        "summary": "李四的概述",
        "term_years": "3",
        "text": other["text"].replace("起施行。", "起施行，废止旧办法。"),
    }
    return second, document, second.post(address(document), sent), sent


def hidden_on(answer: Any) -> dict[str, Any]:
    source = answer.content.decode()
    source = source[source.index("/edit/merge/") :]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', source):
        sent[name] = html.unescape(value)
    return sent


def test_the_second_editor_sees_who_saved_what_when_and_both_versions(signed_in: SignedIn, doing: Doing) -> None:
    _, document, answer, _ = clashing(signed_in, doing)
    assert answer.status_code == 409
    page = text(answer)
    assert re.search(r"张三在 \d{4}-\d\d-\d\d \d\d:\d\d 保存了第 2 版", page)
    assert "用我的：李四的概述" in page
    assert "用对方的：张三的概述" in page
    assert "两边都改了" in page
    assert "正文用哪一边的" in page
    assert fresh(document).current.number == 2


def test_field_by_field_mine_or_theirs_and_nothing_is_lost(signed_in: SignedIn, doing: Doing) -> None:
    client, document, answer, _ = clashing(signed_in, doing)
    taken = {"take_summary": "mine", "take_registration_number": "theirs", "take_term_years": "mine", "take_text": "theirs"}
    merged = client.post(address(document, "merge/"), {**hidden_on(answer), **taken}, follow=True)
    form = form_on(merged)
    assert "还没有保存" in text(merged)
    assert (form["summary"], form["registration_number"], form["term_years"]) == ("李四的概述", "QH-1", "3")
    assert "为改进管理" in form["text"]
    assert form["base"] == "2"
    assert client.post(address(document), form).status_code == 302
    assert fresh(document).current.number == 3
    assert fresh(document).current.metadata["registration_number"] == "QH-1"


def test_what_only_one_of_them_changed_is_chosen_beforehand(signed_in: SignedIn, doing: Doing) -> None:
    _, _, answer, _ = clashing(signed_in, doing)
    page = answer.content.decode()
    checked = set(re.findall(r'id="(take-[\w-]+)"[^>]* checked', page))
    assert {"take-registration_number-theirs", "take-term_years-mine"} <= checked


def test_the_second_editors_work_is_a_draft_until_they_decide(signed_in: SignedIn, doing: Doing) -> None:
    client, document, _, sent = clashing(signed_in, doing)
    assert form_on(client.get(address(document)))["summary"] == sent["summary"]
    again = client.post(address(document), sent)
    assert again.status_code == 409


def test_a_merge_of_nonsense_is_asked_again(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    assert client.post(address(document, "merge/"), {"take_title": "theirs"}).status_code == 400
    sent = {**opened(client, document), "base": "7", "summary": "改"}
    assert client.post(address(document), sent).status_code == 400
    assert fresh(document).current.number == 1


def test_a_merge_for_another_organ_is_not_there(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    sent = opened(signed_in("editor"), document)
    stranger = signed_in("editor", organ="青禾县民政局")
    for rest in ("", "draft/", "merge/"):
        assert stranger.post(address(document, rest), {**sent, "title": "篡改"}).status_code == 404
    assert fresh(document).current.number == 1
    assert not Draft.objects.exists()


def test_the_page_of_a_paper_tells_the_browser_to_forget_what_was_saved(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    assert (
        f'data-saved="draft:{client.person.pk}:{document.pk}"'
        in client.get(f"/console/documents/{document.pk}/?saved=1").content.decode()
    )
    assert "data-saved" not in client.get(reverse("desk-document", args=[document.pk])).content.decode()


def test_old_drafts_say_when_they_were_kept(signed_in: SignedIn, doing: Doing) -> None:
    document = filed(notice(1), doing)
    client = signed_in("editor")
    client.post(address(document, "draft/"), {**opened(client, document), "summary": "改"})
    Draft.objects.update(saved_at=doing.at - timedelta(days=3))
    assert "2026年11月17日 10:00" in text(client.get(address(document)))
