"""A document's life: filing, approval, publication, correction, and what papers do to one another."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.agencies.queries import find_agency
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.projections import rebuild
from gongkai.core.ledger.verify import verify
from gongkai.domains.library.actions.correcting import confirm, correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.errors import (
    NoSuchDocument,
    NotApproved,
    NotForDisclosure,
    Refused,
    StillQuestioned,
    UnfitValue,
    WrongStatus,
)
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.passing_days import due_for_evaluation, pass_days
from gongkai.domains.library.actions.publishing import already_public, publish, publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document, LegalEvent
from gongkai.domains.library.queries.listing import ListRequest, listing
from gongkai.domains.library.state import LegalLife, Turn
from tests.domains.library.papers import TODAY, content, county, filed, fresh, notice
from tests.soaking import often

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


def test_an_approval_is_bound_to_exactly_what_may_go_out(doing: Doing) -> None:
    document = filed(notice(1), doing, public=False)
    approval = already_public(document.current.digest, doing)
    correct(document.pk, {"title": "青禾县财政局关于印发新办法的通知"}, doing)
    with pytest.raises(NotApproved, match="重新审批"):
        publish(document.pk, approval, doing)
    assert fresh(document).published is None
    publish_as_already_public(document.pk, doing)
    assert fresh(document).published == fresh(document).current


def test_what_is_public_stays_until_the_correction_is_published_too(doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"summary": "新的概述"}, doing)
    now = fresh(document)
    assert now.editorial == "published"
    assert now.published.number == 1
    assert now.current.number == 2
    assert now.summary != "新的概述"
    publish_as_already_public(document.pk, doing)
    assert fresh(document).summary == "新的概述"


def test_a_document_with_open_questions_is_not_published_until_a_person_has_looked(doing: Doing) -> None:
    asked = content(notice(1).replace("青禾县财政局\n2020年5月1日\n", "").replace("青禾县财政局关于", "关于"))
    assert {"no_organ", "no_date"} <= set(asked.questions)
    document = file_document(asked, None, find_agency("B"), doing)
    assert fresh(document).editorial == "questioned"
    with pytest.raises(StillQuestioned, match="confirm"):
        publish_as_already_public(document.pk, doing)
    correct(document.pk, {"organs": "青禾县财政局", "issued_on": "2020年5月1日"}, doing)
    publish_as_already_public(document.pk, doing)
    assert fresh(document).editorial == "published"
    assert fresh(document).issued_on == date(2020, 5, 1)


def test_confirming_takes_what_was_read_as_it_is(doing: Doing) -> None:
    document = file_document(content("关于某事的通知\n请各单位抓好落实，不得延误。\n"), None, find_agency("B"), doing)
    confirm(document.pk, doing)
    assert fresh(document).editorial == "draft"
    with pytest.raises(WrongStatus):
        confirm(document.pk, doing)


def test_what_is_not_for_proactive_disclosure_never_goes_out(doing: Doing) -> None:
    text = notice(1).replace("此件公开发布", "此件依申请公开")
    with pytest.raises(NotForDisclosure, match="依申请公开"):
        filed(text, doing)
    document = filed(notice(1), doing)
    correct(document.pk, {"attribute": "不予公开", "attribute_reason": "涉及商业秘密"}, doing)
    with pytest.raises(NotForDisclosure):
        publish_as_already_public(document.pk, doing)


def test_withdrawing_needs_a_reason_and_restoring_brings_the_same_back(doing: Doing) -> None:
    document = filed(notice(1), doing)
    with pytest.raises(Refused, match="理由"):
        withdraw(document.pk, "  ", doing)
    withdraw(document.pk, "含有错误", doing)
    assert not Document.objects.public().filter(pk=document.pk).exists()
    with pytest.raises(WrongStatus):
        withdraw(document.pk, "再撤一次", doing)
    with pytest.raises(WrongStatus, match="restore"):
        publish_as_already_public(document.pk, doing)
    restore(document.pk, "已更正", doing)
    assert fresh(document).published.number == 1
    assert Document.objects.public().filter(pk=document.pk).exists()


def test_a_reason_stands_beside_the_ledger_and_not_in_it(doing: Doing) -> None:
    document = filed(notice(1), doing)
    withdraw(document.pk, "张三举报内容有误", doing)
    assert all("张三" not in p for p in Event.objects.values_list("payload", flat=True))
    assert all("青禾县" not in p for p in Event.objects.values_list("payload", flat=True))


def test_an_unknown_number_is_refused_by_name(doing: Doing) -> None:
    with pytest.raises(NoSuchDocument, match="404404"):
        withdraw(404404, "无", doing)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("issued_on", "2023年2月30日", "不存在|不是一个存在"),
        ("issued_on", "去年", "2023-07-31"),
        ("title", " ", "不能为空"),
        ("organs", "、", "不能为空"),
        ("kind", "诗歌", "可选范围"),
        ("attribute", "机密", "可选范围"),
        ("topic", "天文", "主题分类"),
        ("themes", "没有的主题", "特色主题"),
        ("term_years", "五十一", "整数"),
        ("colour", "red", "没有“colour”"),
    ],
)
def test_a_correction_that_cannot_be_right_is_refused_and_nothing_is_lost(
    doing: Doing, field: str, written: str, said: str
) -> None:
    document = filed(notice(1), doing)
    with pytest.raises(UnfitValue, match=said):
        correct(document.pk, {"summary": "改", field: written}, doing)
    assert fresh(document).current.number == 1


def repeal(number: int, of: int, *, year: int = 2023) -> str:
    return notice(
        number,
        "新管理办法",
        year=year,
        closing=f"本办法自{year}年9月8日起施行，有效期5年。《青禾县某某管理办法》（青财〔2020〕{of}号）同时废止。",
    )


def test_a_repeal_ends_the_old_paper_on_the_day_the_new_one_commences(doing: Doing) -> None:
    old = filed(notice(1), doing)
    new = filed(repeal(2, 1), doing)
    old = fresh(old)
    assert old.legal == "repealed"
    assert old.in_force_until == date(2023, 9, 8)
    event = LegalEvent.objects.get(document=old, kind="repealed")
    assert (event.on, event.by_id) == (date(2023, 9, 8), new.pk)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_in_which_papers_come_in_makes_no_difference(doing: Doing, order: tuple[int, ...]) -> None:
    papers = [
        notice(1),
        repeal(2, 1),
        notice(3, "某某管理办法的修改", year=2021, body="对《青禾县某某管理办法》（青财〔2020〕1号）作如下修改：删去第三条。"),
        notice(9, "最新管理办法", year=2025, closing="本办法自印发之日起施行。《青禾县新管理办法》（青财〔2023〕2号）同时废止。"),
    ]
    for index in order:
        filed(papers[index], doing)
    told = {
        d.document_number: (d.legal, d.in_force_until, sorted((e.kind, e.on) for e in d.legal_events.exclude(kind="commenced")))
        for d in Document.objects.all()
    }
    assert told == {
        "青财〔2020〕1号": ("repealed", date(2023, 9, 8), [("amended", date(2021, 5, 1)), ("repealed", date(2023, 9, 8))]),
        "青财〔2023〕2号": ("repealed", date(2025, 5, 1), [("repealed", date(2025, 5, 1))]),
        "青财〔2021〕3号": ("in_force", None, []),
        "青财〔2025〕9号": ("in_force", None, []),
    }
    assert rebuild(TODAY).differences == []
    assert verify().faults == []


def test_a_draft_repeals_nothing_and_a_withdrawn_paper_no_longer_does(doing: Doing) -> None:
    old = filed(notice(1), doing)
    new = filed(repeal(2, 1), doing, public=False)
    assert fresh(old).legal == "in_force"
    publish_as_already_public(new.pk, doing)
    assert fresh(old).legal == "repealed"
    withdraw(new.pk, "发布有误", doing)
    assert fresh(old).legal == "in_force"
    assert fresh(old).in_force_until is None
    restore(new.pk, "恢复", doing)
    assert fresh(old).legal == "repealed"


@pytest.mark.parametrize("order", list(itertools.permutations((0, 1))))
def test_a_repeal_that_names_its_own_day_holds_from_that_day(doing: Doing, order: tuple[int, ...]) -> None:
    closing = "本办法自2024年1月1日起施行。《青禾县某某管理办法》（青财〔2020〕1号）自2024年7月1日起废止。"
    papers = [notice(1), notice(2, "乙办法", year=2023, closing=closing)]
    for index in order:
        filed(papers[index], doing)
    old = Document.objects.get(document_number="青财〔2020〕1号")
    assert (old.legal, old.in_force_until) == ("repealed", date(2024, 7, 1))


def law(year: int) -> str:
    return f"# 中华人民共和国某某条例\n\n{year}年3月1日 中华人民共和国国务院令第{year}号公布\n\n第一条 为了规范某事，制定本条例。\n\n第二条 第{year}年的规定。\n"


@pytest.mark.parametrize("years", list(itertools.permutations((2010, 2016, 2023))))
def test_consolidated_versions_of_a_law_give_way_to_the_next_one(doing: Doing, years: tuple[int, ...]) -> None:
    for year in years:
        said = content(law(year), f"某某条例({year}-03-01).md")
        file_document(said, None, find_agency("A"), doing, already_public(said.digest, doing))
    documents = {d.year: d for d in Document.objects.all()}
    assert len({d.work_id for d in documents.values()}) == 1
    assert [documents[y].legal for y in (2010, 2016, 2023)] == ["superseded", "superseded", "in_force"]
    assert documents[2010].in_force_until == date(2016, 3, 1)
    assert [n.number for n in listing(ListRequest(in_force_on=date(2018, 1, 1))).entries] == [documents[2016].pk]


def test_which_were_in_force_on_a_day_is_answered_from_the_timeline(doing: Doing) -> None:
    filed(notice(1, closing="本办法自2020年6月1日起施行，有效期3年。"), doing)
    filed(notice(2, "乙办法", year=2022), doing)
    assert [e.document_number for e in listing(ListRequest(in_force_on=date(2021, 1, 1))).entries] == ["青财〔2020〕1号"]
    assert len(listing(ListRequest(in_force_on=date(2023, 5, 31))).entries) == 2
    assert [e.document_number for e in listing(ListRequest(in_force_on=date(2023, 6, 1))).entries] == ["青财〔2022〕2号"]
    assert listing(ListRequest(in_force_on=date(2020, 5, 31))).entries == []


def test_the_nightly_job_expires_what_ran_out_and_catches_up_on_missed_days(doing: Doing) -> None:
    from dataclasses import replace

    early = replace(doing, today=date(2022, 1, 1))
    ending = filed(notice(1, closing="本办法自2020年6月1日起施行，有效期3年。"), early)
    coming = filed(notice(2, "乙办法", closing="本办法自2023年1月1日起施行。"), early)
    assert (fresh(ending).legal, fresh(coming).legal) == ("in_force", "not_yet")
    late = replace(doing, today=date(2026, 11, 20))
    work = pass_days(late)
    assert work.expired == [ending.pk]
    assert work.turned == [coming.pk]
    assert (fresh(ending).legal, fresh(coming).legal) == ("expired", "in_force")
    assert Event.objects.filter(kind="expired").count() == 1
    again = pass_days(late)
    assert (again.expired, again.turned) == ([], [])
    assert Event.objects.filter(kind="expired").count() == 1


def test_papers_ending_within_six_months_are_listed_for_evaluation(doing: Doing) -> None:
    soon = filed(notice(1, closing="本办法自印发之日起施行，有效期至2026年12月31日。"), doing)
    filed(notice(2, "乙办法", closing="本办法自印发之日起施行，有效期至2027年12月31日。"), doing)
    edge = filed(notice(3, "丙办法", closing="本办法自印发之日起施行，有效期至2027年5月20日。"), doing)
    filed(notice(4, "丁办法", closing="本办法自印发之日起施行，有效期至2025年12月31日。"), doing)
    assert due_for_evaluation(TODAY) == [soon.pk, edge.pk]


turns = st.lists(
    st.builds(
        Turn,
        st.dates(date(2000, 1, 1), date(2030, 1, 1)),
        st.sampled_from(["amended", "superseded", "repealed", "voided"]),
        st.none(),
    ),
    max_size=4,
)


@given(
    st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    turns,
    st.dates(date(1999, 1, 1), date(2031, 1, 1)),
)
def test_the_interval_and_the_status_of_a_day_never_disagree(
    starts: date | None, ends: date | None, told: list[Turn], day: date
) -> None:
    life = LegalLife(starts, ends, tuple(sorted(told, key=lambda t: t.on)))
    first, last = life.in_force
    assert first is not None
    inside = first <= day and (last is None or day < last)
    assert inside == (life.status_on(day) in ("in_force", "amended"))


@given(st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)), turns, st.dates(date(1999, 1, 1), date(2031, 1, 1)))
def test_what_has_ended_stays_ended(starts: date | None, told: list[Turn], day: date) -> None:
    life = LegalLife(starts, None, tuple(sorted(told, key=lambda t: t.on)))
    if life.status_on(day) in ("repealed", "expired", "superseded"):
        later = {life.status_on(day + timedelta(days=n)) for n in (1, 30, 4000)}
        assert later == {life.status_on(day)}


steps = st.lists(st.sampled_from(["correct", "publish", "withdraw", "restore", "other", "repeal", "night"]), max_size=9)


@pytest.mark.soak
@settings(max_examples=often(30, 3_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_after_any_history_the_ledger_verifies_and_rebuilds_the_same_rows(doing: Doing, history: list[str]) -> None:
    with transaction.atomic():
        document = filed(notice(1), doing, public=False)
        acts = {
            "correct": lambda n: correct(document.pk, {"summary": f"第{n}次"}, doing),
            "publish": lambda n: publish_as_already_public(document.pk, doing),
            "withdraw": lambda n: withdraw(document.pk, "理由", doing),
            "restore": lambda n: restore(document.pk, "理由", doing),
            "other": lambda n: filed(notice(50 + n, f"其他{n}办法"), doing),
            "repeal": lambda n: filed(repeal(70 + n, 1), doing),
            "night": lambda n: pass_days(doing),
        }
        for number, step in enumerate(history):
            try:
                acts[step](number)
            except (WrongStatus, NotForDisclosure):
                continue
        before = list(Document.objects.order_by("pk").values())
        assert verify().faults == []
        assert rebuild(doing.today).differences == []
        Document.objects.update(title="改", legal="expired", editorial="withdrawn", in_force_until=date(2000, 1, 1))
        assert rebuild(doing.today).differences
        assert list(Document.objects.order_by("pk").values()) == before
        transaction.set_rollback(True)
