"""Who lets what out, on what ground; what takes its place; what is taken back."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from gongkai.core.ledger.models import Event
from gongkai.core.ledger.projections import rebuild
from gongkai.core.ledger.verify import verify
from gongkai.domains.library.actions.approving import SignedOff
from gongkai.domains.library.actions.correcting import confirm, correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.editing import reinstate
from gongkai.domains.library.actions.errors import NotApproved, OwnWork, Refused, UnfitValue, WrongStatus
from gongkai.domains.library.actions.filing import add_rendition, file_document
from gongkai.domains.library.actions.publishing import publish_as_already_public, publish_seen, replace, restore, withdraw
from gongkai.domains.library.actions.sealing import seal_revision, unseal_revision
from gongkai.domains.library.actions.undoing import question_again, unpublish
from gongkai.domains.library.models import Document, Original, Remark
from gongkai.domains.library.queries.compared import compared
from gongkai.domains.library.queries.history import history
from gongkai.domains.library.queries.page import public_file
from gongkai.domains.library.queries.past import past_of
from gongkai.domains.library.queries.replaced import successor_of
from tests.domains.library.papers import TODAY, content, county, filed, fresh, notice

pytestmark = pytest.mark.django_db
SIGNED = SignedOff("王县长", date(2026, 11, 18), "青政签〔2026〕18号")


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


@pytest.fixture
def author(doing: Doing) -> Doing:
    return but(doing, actor="staff:1")


@pytest.fixture
def colleague(doing: Doing) -> Doing:
    return but(doing, actor="staff:2")


def digest(document: Document) -> str:
    assert document.current is not None
    return fresh(document).current.digest


def everything_folds_to_the_same_rows() -> bool:
    before = list(Document.objects.order_by("pk").values())
    assert verify().faults == []
    differing = rebuild(TODAY).differences
    assert list(Document.objects.order_by("pk").values()) == before
    return differing == []


def twice_public(doing: Doing) -> Document:
    """A paper of which two texts were public."""
    document = filed(notice(1), doing)
    correct(document.pk, {"title": "青禾县财政局关于印发新办法的通知"}, doing)
    publish_as_already_public(document.pk, doing)
    return fresh(document)


def test_nobody_publishes_their_own_work(author: Doing, colleague: Doing) -> None:
    document = filed(notice(1), author, public=False)
    with pytest.raises(OwnWork, match="另一人"):
        publish_seen(document.pk, digest(document), SIGNED, author)
    assert fresh(document).published is None
    publish_seen(document.pk, digest(document), SIGNED, colleague)
    assert fresh(document).editorial == "published"
    assert not fresh(document).overridden


def test_only_the_author_of_this_very_revision_is_its_author(author: Doing, colleague: Doing) -> None:
    document = filed(notice(1), author, public=False)
    correct(document.pk, {"summary": "改过"}, colleague)
    with pytest.raises(OwnWork):
        publish_seen(document.pk, digest(document), SIGNED, colleague)
    publish_seen(document.pk, digest(document), SIGNED, author)
    assert fresh(document).author == "staff:2"


def test_commands_and_the_importer_are_nobody(doing: Doing, author: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    publish_seen(document.pk, digest(document), SIGNED, doing)
    assert fresh(document).editorial == "published"
    other = filed(notice(2, "第二办法"), doing, public=False)
    publish_seen(other.pk, digest(other), SIGNED, author)
    assert fresh(other).editorial == "published"


def test_an_author_who_must_publish_says_why_and_an_auditor_finds_it(author: Doing) -> None:
    document = filed(notice(1), author, public=False)
    publish_seen(document.pk, digest(document), SIGNED, author, own_work_because="专员休假，县长电话批准")
    assert fresh(document).overridden
    published = next(p for p in past_of(document.pk) if p.what == "发布")
    assert (published.detail, published.remark) == ("本人起草本人发布", "专员休假，县长电话批准")
    assert all("休假" not in payload for payload in Event.objects.values_list("payload", flat=True))
    assert everything_folds_to_the_same_rows()


@pytest.mark.parametrize("why", ["", "  \n"])
def test_an_empty_reason_is_none(author: Doing, why: str) -> None:
    document = filed(notice(1), author, public=False)
    with pytest.raises(OwnWork):
        publish_seen(document.pk, digest(document), SIGNED, author, own_work_because=why)


def test_a_reason_nobody_needs_is_not_kept_as_an_override(author: Doing, colleague: Doing) -> None:
    document = filed(notice(1), author, public=False)
    publish_seen(document.pk, digest(document), SIGNED, colleague, own_work_because="多余的理由")
    assert not fresh(document).overridden
    assert not Remark.objects.filter(text="多余的理由").exists()


def test_who_signed_on_paper_stands_beside_the_ledger(author: Doing, colleague: Doing) -> None:
    document = filed(notice(1), author, public=False)
    publish_seen(document.pk, digest(document), SIGNED, colleague)
    approved = next(p for p in past_of(document.pk) if p.what == "核准公开")
    assert approved.detail == "线下已审签"
    assert approved.remark == "签发人：王县长；签发日期：2026-11-18；文号或签批单号：青政签〔2026〕18号"
    assert all("王县长" not in payload for payload in Event.objects.values_list("payload", flat=True))
    assert everything_folds_to_the_same_rows()


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (SignedOff(" ", date(2026, 11, 18), "1"), "签发人"),
        (SignedOff("王", date(2026, 11, 18), ""), "签批单号"),
        (SignedOff("王", date(2026, 11, 21), "1"), "今天之后"),
    ],
)
def test_a_signature_that_cannot_be_right_is_refused(author: Doing, colleague: Doing, signed: SignedOff, said: str) -> None:
    document = filed(notice(1), author, public=False)
    with pytest.raises(UnfitValue, match=said):
        publish_seen(document.pk, digest(document), signed, colleague)


def test_only_what_a_person_has_seen_goes_out(author: Doing, colleague: Doing) -> None:
    document = filed(notice(1), author, public=False)
    seen = digest(document)
    correct(document.pk, {"summary": "改过"}, author)
    with pytest.raises(NotApproved):
        publish_seen(document.pk, seen, SIGNED, colleague)


def test_a_publication_sent_twice_happens_once(doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    publish_as_already_public(document.pk, doing)
    with pytest.raises(WrongStatus, match="已经公开"):
        publish_as_already_public(document.pk, doing)
    assert Event.objects.filter(kind="published").count() == 1


def test_a_replaced_paper_leads_to_the_new_one_until_it_is_restored(doing: Doing) -> None:
    old, new = filed(notice(1), doing), filed(notice(2, "新办法"), doing)
    replace(old.pk, new.pk, "重新制定", doing)
    assert fresh(old).editorial == "withdrawn"
    assert not Document.objects.public().filter(pk=old.pk).exists()
    found = successor_of(old.pk)
    assert found is not None
    assert found.number == new.pk
    assert everything_folds_to_the_same_rows()
    withdraw(new.pk, "误发", doing)
    assert successor_of(old.pk) is None
    restore(new.pk, "恢复", doing)
    restore(old.pk, "仍然适用", doing)
    assert successor_of(old.pk) is None
    assert fresh(old).replaced_by is None
    assert everything_folds_to_the_same_rows()


def test_only_a_public_paper_takes_the_place_of_another(doing: Doing) -> None:
    old, draft = filed(notice(1), doing), filed(notice(2, "新办法"), doing, public=False)
    for successor, said in ((old.pk, "自己"), (draft.pk, "没有公开"), (10**12, "没有公开")):
        with pytest.raises(Refused, match=said):
            replace(old.pk, successor, "理由", doing)
    with pytest.raises(Refused, match="理由"):
        replace(old.pk, filed(notice(3, "第三"), doing).pk, " ", doing)
    assert fresh(old).editorial == "published"


def test_two_papers_cannot_replace_one_another(doing: Doing) -> None:
    one, other = filed(notice(1), doing), filed(notice(2, "新办法"), doing)
    replace(one.pk, other.pk, "重新制定", doing)
    with pytest.raises(Refused, match="没有公开"):
        replace(other.pk, one.pk, "重新制定", doing)


def test_a_sealed_text_is_in_no_history_and_no_comparison(doing: Doing) -> None:
    document = twice_public(doing)
    assert [v.ref for v in history(document.pk).revisions] == ["r2", "r1"]
    assert compared(document.pk, "r1", "") is not None
    seal_revision(document.pk, 1, "其中有个人信息", doing)
    assert history(document.pk).revisions == []
    assert compared(document.pk, "r1", "") is None
    assert Document.objects.public().filter(pk=document.pk).exists()
    assert everything_folds_to_the_same_rows()
    unseal_revision(document.pk, 1, "已经处理", doing)
    assert [v.ref for v in history(document.pk).revisions] == ["r2", "r1"]
    assert everything_folds_to_the_same_rows()


@pytest.mark.parametrize(("revision", "said"), [(2, "现在公开"), (3, "没有公开过"), (99, "没有公开过"), (-1, "没有公开过")])
def test_what_is_shown_now_or_never_was_cannot_be_sealed(doing: Doing, revision: int, said: str) -> None:
    document = twice_public(doing)
    correct(document.pk, {"summary": "改"}, doing)
    with pytest.raises(Refused, match=said):
        seal_revision(document.pk, revision, "理由", doing)


def test_sealing_and_unsealing_want_a_reason_and_happen_once(doing: Doing) -> None:
    document = twice_public(doing)
    with pytest.raises(Refused, match="理由"):
        seal_revision(document.pk, 1, "", doing)
    seal_revision(document.pk, 1, "理由", doing)
    with pytest.raises(Refused, match="已经封存"):
        seal_revision(document.pk, 1, "理由", doing)
    with pytest.raises(Refused, match="没有封存"):
        unseal_revision(document.pk, 2, "理由", doing)


def file_of(name: str, doing: Doing) -> Original:
    return Original.objects.create(sha256=name * 32, size=1, name=f"{name}.txt", format="txt", received_at=doing.at)


def test_files_that_hold_a_sealed_text_and_no_other_go_with_it(doing: Doing) -> None:
    first = content(notice(1))
    document = file_document(first, file_of("aa", doing), filed(notice(9, "别的"), doing).agency, doing)
    publish_as_already_public(document.pk, doing)
    add_rendition(document, file_of("bb", doing), doing)
    from gongkai.domains.library.actions.editing import Edit, edit
    from gongkai.text.written import written_in_html

    edit(document.pk, Edit({}, written_in_html(first.html.replace("为规范管理", "为加强管理"))), doing)
    publish_as_already_public(document.pk, doing)
    assert public_file(document.pk, "aa" * 32) is not None
    seal_revision(document.pk, 1, "原文有误", doing)
    assert public_file(document.pk, "aa" * 32) is None
    assert public_file(document.pk, "bb" * 32) is None
    assert everything_folds_to_the_same_rows()
    unseal_revision(document.pk, 1, "更正", doing)
    assert public_file(document.pk, "bb" * 32) is not None
    assert everything_folds_to_the_same_rows()


def test_files_whose_words_another_public_text_has_stay(doing: Doing) -> None:
    document = file_document(content(notice(1)), file_of("aa", doing), filed(notice(9, "别的"), doing).agency, doing)
    publish_as_already_public(document.pk, doing)
    correct(document.pk, {"title": "更正了标题"}, doing)
    publish_as_already_public(document.pk, doing)
    seal_revision(document.pk, 1, "标题有误", doing)
    assert public_file(document.pk, "aa" * 32) is not None


def test_a_first_publication_taken_back_is_a_withdrawal(doing: Doing) -> None:
    document = filed(notice(1), doing)
    unpublish(document.pk, "误发", doing)
    assert fresh(document).editorial == "withdrawn"
    assert everything_folds_to_the_same_rows()


def test_a_later_publication_taken_back_shows_the_text_before_it(doing: Doing) -> None:
    document = twice_public(doing)
    unpublish(document.pk, "误发", doing)
    document = fresh(document)
    assert (document.editorial, document.published.number, document.waiting) == ("published", 1, True)
    assert history(document.pk).revisions == []
    assert everything_folds_to_the_same_rows()
    publish_as_already_public(document.pk, doing)
    assert [v.ref for v in history(document.pk).revisions] == ["r2", "r1"]
    assert everything_folds_to_the_same_rows()


def test_what_has_moved_on_cannot_be_taken_back(doing: Doing) -> None:
    document = twice_public(doing)
    correct(document.pk, {"summary": "又改"}, doing)
    with pytest.raises(Refused, match="又有变动"):
        unpublish(document.pk, "误发", doing)


def test_a_confirmation_taken_back_asks_again(doing: Doing) -> None:
    document = file_document(content(notice(1)).asking("unsure_title"), None, filed(notice(9, "别的"), doing).agency, doing)
    confirm(document.pk, doing)
    assert fresh(document).editorial == "draft"
    question_again(document.pk, doing)
    assert (fresh(document).editorial, fresh(document).questions) == ("questioned", ["unsure_title"])
    assert everything_folds_to_the_same_rows()
    with pytest.raises(Refused, match="又有变动"):
        question_again(document.pk, doing)


def test_an_old_revision_comes_back_as_a_new_one_with_its_reason(doing: Doing) -> None:
    document = twice_public(doing)
    with pytest.raises(Refused, match="理由"):
        reinstate(document.pk, 1, "", doing)
    revision = reinstate(document.pk, 1, "改错了", doing)
    assert revision.number == 3
    assert (revision.metadata["title"], revision.ground) == (filed_title(1), "reinstated")
    assert fresh(document).published.number == 2
    assert next(p for p in past_of(document.pk) if p.what == "改稿").remark == "改错了"
    with pytest.raises(UnfitValue, match="相同"):
        reinstate(document.pk, 1, "再来", doing)
    with pytest.raises(Refused, match="没有第 44 版"):
        reinstate(document.pk, 44, "再来", doing)
    assert everything_folds_to_the_same_rows()


def filed_title(number: int) -> str:
    return content(notice(number)).metadata["title"]
