"""Editing fields and text by hand: what is saved, what is refused, what two editors get."""

from __future__ import annotations

import pytest

from gongkai.core.scope import Viewer
from gongkai.core.staff.models import Person
from gongkai.domains.library.actions.correcting import add_theme, correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.drafting import discard_draft, keep_draft
from gongkai.domains.library.actions.editing import Edit, edit
from gongkai.domains.library.actions.errors import MovedOn, NotForDisclosure, UnfitValue
from gongkai.domains.library.actions.fields import FIELDS, as_written
from gongkai.domains.library.actions.publishing import publish_as_already_public
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document, Draft
from gongkai.domains.library.queries.editing import clash, draft_of, start_of
from gongkai.domains.library.queries.past import past_of
from gongkai.text.written import Written, written_in_html
from tests.domains.library.papers import county, filed, fresh, notice

pytestmark = pytest.mark.django_db
REPEAL = "《青禾县旧办法》（青财〔2015〕3号）同时废止。"


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


def text_of(document: Document) -> list[Written]:
    return written_in_html(fresh(document).current.body.html)


def with_line(document: Document, old: str, new: str) -> list[Written]:
    return [Written(w.text.replace(old, new), w.look, w.anchor, w.table, w.cells) for w in text_of(document)]


def as_in_the_form(document: Document) -> dict[str, str]:
    return as_written(fresh(document).current.metadata)


def anchors(clauses: list) -> list[str]:
    return [a for c in clauses for a in (c["anchor"], *anchors(c["children"]))]


def test_a_form_sent_back_as_it_was_changes_nothing(doing: Doing) -> None:
    document = filed(notice(1), doing)
    with pytest.raises(UnfitValue, match="相同"):
        edit(document.pk, Edit(as_in_the_form(document), text_of(document), base=1), doing)
    assert fresh(document).current.number == 1


def test_a_word_of_the_text_is_a_new_revision_with_the_same_anchors(doing: Doing) -> None:
    document = filed(notice(1), doing)
    before = fresh(document).current
    revision = edit(document.pk, Edit({}, with_line(document, "为规范管理", "为加强管理")), doing)
    assert revision.number == 2
    assert anchors(revision.body.clauses) == anchors(before.body.clauses)
    assert revision.body.text == before.body.text.replace("为规范管理", "为加强管理")
    assert revision.text_digest != before.text_digest
    assert revision.digest != before.digest
    assert fresh(document).published.number == 1
    assert fresh(document).waiting


def test_the_reason_stands_beside_the_ledger(doing: Doing) -> None:
    document = filed(notice(1), doing)
    edit(document.pk, Edit({"summary": "改"}, reason="领导批示"), doing)
    assert past_of(document.pk)[0].remark == "领导批示"


def test_a_repeal_that_is_written_in_acts_once_it_is_public_and_one_struck_out_no_longer_does(doing: Doing) -> None:
    old = filed(notice(3, "旧办法", year=2015), doing)
    document = filed(notice(1), doing)
    edit(document.pk, Edit({}, with_line(document, "起施行。", f"起施行。{REPEAL}")), doing)
    assert fresh(old).legal == "in_force"
    publish_as_already_public(document.pk, doing)
    assert fresh(old).legal == "repealed"
    edit(document.pk, Edit({}, with_line(document, REPEAL, "")), doing)
    publish_as_already_public(document.pk, doing)
    assert fresh(old).legal == "in_force"


def test_relations_that_the_edit_does_not_touch_stay(doing: Doing) -> None:
    document = filed(notice(1, closing=f"本办法自印发之日起施行。{REPEAL}"), doing)
    before = fresh(document).current.metadata["relations"]
    assert before
    revision = edit(document.pk, Edit({}, with_line(document, "为规范管理", "为加强管理")), doing)
    assert revision.metadata["relations"] == before


def test_a_term_changed_in_the_text_is_changed_in_the_fields_unless_a_person_says_otherwise(doing: Doing) -> None:
    document = filed(notice(1, closing="本办法自印发之日起施行，有效期5年。"), doing)
    fields = as_in_the_form(document)
    revision = edit(document.pk, Edit(fields, with_line(document, "有效期5年", "有效期3年")), doing)
    assert revision.metadata["term_years"] == 3
    other = filed(notice(2, "乙办法", closing="本办法自印发之日起施行，有效期5年。"), doing)
    typed = {**as_in_the_form(other), "term_years": "2"}
    revision = edit(other.pk, Edit(typed, with_line(other, "有效期5年", "有效期3年")), doing)
    assert revision.metadata["term_years"] == 2


@pytest.mark.parametrize("attribute", ["依申请公开", "不予公开"])
def test_not_disclosing_needs_a_reason_that_is_kept(doing: Doing, attribute: str) -> None:
    document = filed(notice(1), doing, public=False)
    with pytest.raises(UnfitValue, match="理由") as refused:
        correct(document.pk, {"attribute": attribute}, doing)
    assert refused.value.field == "attribute_reason"
    revision = correct(document.pk, {"attribute": attribute, "attribute_reason": "条例第十五条，商业秘密"}, doing)
    assert revision.metadata["attribute_reason"] == "条例第十五条，商业秘密"
    with pytest.raises(NotForDisclosure):
        publish_as_already_public(document.pk, doing)
    again = correct(document.pk, {"attribute": "主动公开"}, doing)
    assert "attribute_reason" not in again.metadata


def test_what_was_kept_from_the_start_needs_no_reason_for_another_change(doing: Doing) -> None:
    document = filed(notice(1).replace("（此件公开发布）", "（此件依申请公开）"), doing, public=False)
    assert fresh(document).attribute == "on_request"
    assert correct(document.pk, {"summary": "改"}, doing).number == 2


@pytest.mark.parametrize(("field", "written"), [("title", "长" * 501), ("organs", "某局" * 80), ("registration_number", "1" * 41), ("document_number", "青" * 121)])  # fmt: skip
def test_a_value_too_long_for_its_place_is_refused_and_not_cut(doing: Doing, field: str, written: str) -> None:
    document = filed(notice(1), doing)
    with pytest.raises(UnfitValue, match="太长") as refused:
        correct(document.pk, {field: written}, doing)
    assert refused.value.field == field


def test_the_second_editor_is_told_and_loses_nothing(doing: Doing) -> None:
    document = filed(notice(1), doing)
    mine = {**as_in_the_form(document), "summary": "我的概述"}
    correct(document.pk, {"summary": "别人的概述", "registration_number": "QH-2020-1"}, doing)
    with pytest.raises(MovedOn, match="第 2 版") as moved:
        edit(document.pk, Edit(mine, text_of(document), base=1), doing)
    assert moved.value.current == 2
    found = clash(fresh(document), 1, mine, text_of(document))
    told = {f.name: (f.theirs, f.mine, f.both) for f in found.fields}
    assert told == {"summary": ("别人的概述", "我的概述", True), "registration_number": ("QH-2020-1", "", False)}
    assert found.stretches == []


def test_two_texts_are_shown_beside_one_another(doing: Doing) -> None:
    document = filed(notice(1), doing)
    mine = with_line(document, "为规范管理", "为加强管理")
    edit(document.pk, Edit({}, with_line(document, "为规范管理", "为改进管理")), doing)
    found = clash(fresh(document), 1, {}, mine)
    assert found.text_both
    changed = [p for s in found.stretches for p in s.passages if p.kind == "changed"]
    assert [p.label for p in changed] == ["第一条"]


def test_a_form_sent_twice_is_one_revision(doing: Doing) -> None:
    document = filed(notice(1), doing)
    wanted = Edit({**as_in_the_form(document), "summary": "改"}, with_line(document, "为规范管理", "为加强管理"), base=1)
    first = edit(document.pk, wanted, doing)
    again = edit(document.pk, wanted, doing)
    assert (first.pk, first.number) == (again.pk, 2)
    assert fresh(document).current.number == 2


def test_a_base_that_does_not_exist_is_refused(doing: Doing) -> None:
    from gongkai.domains.library.actions.errors import Refused

    document = filed(notice(1), doing)
    with pytest.raises(Refused, match="没有第 7 版"):
        edit(document.pk, Edit({"summary": "改"}, base=7), doing)


def test_every_field_of_the_form_is_taken_back_as_it_was_written(doing: Doing) -> None:
    set_themes([{"slug": "tingche", "name": "停车"}])
    document = filed(notice(1), doing)
    wanted = {
        "title": "新标题", "document_number": "青财〔2021〕5号", "organs": "青禾县财政局、青禾县民政局", "issued_on": "2021-02-03",
        "effective_on": "2021-03-01", "expires_on": "2026-02-28", "term_years": "", "kind": "policy", "topic": "综合政务/政务公开",
        "themes": "停车", "attribute": "proactive", "attribute_reason": "", "registration_number": "QH-1", "summary": "概述",
    }  # fmt: skip
    assert wanted.keys() == FIELDS.keys()
    edit(document.pk, Edit(wanted), doing)
    assert as_in_the_form(document) == wanted


def test_a_theme_is_added_once(doing: Doing) -> None:
    set_themes([{"slug": "tingche", "name": "停车"}])
    document = filed(notice(1), doing)
    assert add_theme(document.pk, "tingche", doing).metadata["themes"] == ["tingche"]
    with pytest.raises(UnfitValue, match="已经在"):
        add_theme(document.pk, "tingche", doing)


def test_a_draft_is_one_persons_and_the_last_one_counts(doing: Doing) -> None:
    document = filed(notice(1), doing)
    people = [Person.objects.create(username=f"p{n}", name="某", joined_at=doing.at) for n in (1, 2)]
    one, other = (Viewer(p.pk, p.name, None, frozenset()) for p in people)
    keep_draft(document.pk, one, 1, {"summary": "甲"}, doing)
    keep_draft(document.pk, one, 1, {"summary": "乙"}, doing)
    keep_draft(document.pk, other, 1, {"summary": "丙"}, doing)
    assert Draft.objects.count() == 2
    kept = draft_of(document, one)
    assert (kept.base, kept.typed, kept.saved_at) == (1, {"summary": "乙"}, doing.at)
    assert discard_draft(document.pk, one)
    assert not discard_draft(document.pk, one)
    assert draft_of(document, other) is not None


def test_an_editor_begins_with_the_current_revision_or_the_one_it_names(doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"summary": "改"}, doing)
    assert start_of(fresh(document)).revision == 2
    assert start_of(fresh(document), 1).revision == 1
    assert start_of(fresh(document), 9) is None
