"""What waits for whom on the workbench, what is late, and the list behind every section."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.core.agencies.queries import find_agency
from gongkai.core.scope import Viewer
from gongkai.core.staff.models import Person
from gongkai.core.workbench import Section, waiting_count, workbench
from gongkai.domains.library.actions.correcting import confirm, correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.drafting import keep_draft
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.passing_days import pass_days
from gongkai.domains.library.actions.publishing import publish_as_already_public
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.papers import DUE, SIZE, SORTS, STANDING, PaperList, Wanted, every_row, papers
from tests.domains.library.papers import TODAY, content, county, filed, fresh, notice

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


@pytest.fixture
def clerk(doing: Doing) -> Viewer:
    return viewer(doing, "disclosure_clerk")


def viewer(doing: Doing, *roles: str, organ: str | None = "B") -> Viewer:
    agency = find_agency(organ) if organ else None
    who = Person.objects.create(
        username=f"p{Person.objects.count()}", name="某", agency=agency, roles=list(roles), joined_at=doing.at
    )
    return Viewer(who.pk, who.name, who.agency_id, frozenset(roles))


def by(who: Viewer, doing: Doing) -> Doing:
    return but(doing, actor=who.actor)


def sections(who: Viewer) -> dict[str, Section]:
    return {s.code: s for s in workbench(who, TODAY).sections}


def titles(section: Section) -> list[str]:
    return [thing.title for thing in section.things]


def made(number: int, name: str, on: date, doing: Doing, *, public: bool = False) -> Document:
    return filed(notice(number, name, year=on.year, month=on.month), doing, public=public)


def test_what_is_late_comes_first_and_the_latest_at_the_top(clerk: Viewer, doing: Doing) -> None:
    made(1, "甲办法", date(2026, 5, 1), doing)
    made(2, "乙办法", date(2025, 5, 1), doing)
    made(3, "丙办法", date(2026, 11, 1), doing)  # 20 working days are not over
    found = workbench(clerk, TODAY).sections
    assert found[0].code == "overdue"
    assert [t.number for t in found[0].things] == ["青财〔2025〕2号", "青财〔2026〕1号"]
    assert [t.due_on for t in found[0].things] == [date(2025, 5, 29), date(2026, 5, 29)]
    assert found[0].things[1].days_left == (date(2026, 5, 29) - TODAY).days
    assert "第二十六条" in found[0].hint
    assert "暂按双休日计算" in found[0].hint


def test_what_was_published_or_is_not_for_disclosure_is_not_late(clerk: Viewer, doing: Doing) -> None:
    made(1, "甲办法", date(2026, 5, 1), doing, public=True)
    document = made(2, "乙办法", date(2026, 5, 1), doing)
    correct(document.pk, {"attribute": "不予公开", "attribute_reason": "国家秘密"}, doing)
    assert "overdue" not in sections(clerk)


def test_questions_wait_for_whoever_may_answer_them(clerk: Viewer, doing: Doing) -> None:
    document = file_document(content(notice(1)).asking("unsure_title"), None, find_agency("B"), doing)
    (waiting,) = sections(clerk)["questioned"].things
    assert (waiting.link, waiting.why) == (("desk-review", (document.pk,)), "标题可能不完整")
    for role in ("leader", "auditor", "legal_reviewer"):
        assert "questioned" not in sections(viewer(doing, role))
    confirm(document.pk, doing)
    assert "questioned" not in sections(clerk)


def test_a_draft_waits_for_another_than_its_author(clerk: Viewer, doing: Doing) -> None:
    editor, colleague = viewer(doing, "editor"), viewer(doing, "disclosure_clerk")
    filed(notice(1), by(clerk, doing), public=False)
    assert "ready" not in sections(clerk)
    assert titles(sections(clerk)["mine"]) == titles(sections(colleague)["ready"])
    assert "ready" not in sections(editor), "an editor publishes nothing"


def test_a_revision_behind_a_public_text_waits_with_the_day_it_is_due(clerk: Viewer, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"summary": "改"}, doing)
    (waiting,) = sections(clerk)["waiting"].things
    assert waiting.due_on == date(2026, 12, 18)  # 20 working days after 2026-11-20
    publish_as_already_public(document.pk, doing)
    assert "waiting" not in sections(clerk)


def test_another_organs_papers_wait_for_nobody_here(doing: Doing) -> None:
    filed(notice(1), doing, public=False)
    stranger = viewer(doing, "disclosure_clerk", "editor", organ="A")
    assert sections(stranger) == {}
    assert waiting_count(stranger, TODAY) == 0


def test_papers_about_to_end_and_ended_yesterday_are_told(clerk: Viewer, doing: Doing) -> None:
    soon = filed(notice(1, closing="本办法自印发之日起施行，有效期至2026年12月31日。"), doing)
    ended = filed(notice(2, "乙办法", closing="本办法自印发之日起施行，有效期至2026年11月19日。"), doing)
    filed(notice(3, "丙办法", closing="本办法自印发之日起施行，有效期至2027年12月31日。"), doing)
    pass_days(doing)
    found = sections(clerk)
    assert [t.link for t in found["expiring"].things] == [("desk-document", (soon.pk,))]
    assert found["expiring"].things[0].days_left == 41
    assert [t.link for t in found["expired"].things] == [("desk-document", (ended.pk,))]


def test_what_one_was_typing_waits_for_oneself_only(clerk: Viewer, doing: Doing) -> None:
    document = filed(notice(1), doing)
    keep_draft(document.pk, clerk, 1, {}, doing)
    assert [t.link for t in sections(clerk)["unsaved"].things] == [("desk-edit", (document.pk,))]
    assert "unsaved" not in sections(viewer(doing, "disclosure_clerk"))


def test_a_leader_sees_the_numbers_of_the_organs_below(doing: Doing) -> None:
    made(1, "甲办法", date(2026, 5, 1), doing)
    file_document(content(notice(2, "乙办法")).asking("no_date"), None, find_agency("B"), doing)
    bench = workbench(viewer(doing, "leader", organ="A"), TODAY)
    ((_, name, numbers),) = bench.figures[0].rows
    assert name == "青禾县财政局"
    assert dict(zip((c for c, _ in bench.figures[0].columns), numbers, strict=True)) == {
        "逾期未公开": 2, "等人核对": 1, "待发布": 1, "即将到期": 0,
    }  # fmt: skip


def test_the_number_beside_the_door_is_what_waits_for_one(clerk: Viewer, doing: Doing) -> None:
    filed(notice(1), doing, public=False)
    file_document(content(notice(2, "乙办法")).asking("no_date"), None, find_agency("B"), doing)
    assert waiting_count(clerk, TODAY) == 2
    assert waiting_count(viewer(doing, "editor"), TODAY) == 1
    assert waiting_count(viewer(doing, "auditor"), TODAY) == 0
    assert waiting_count(viewer(doing, "administrator", organ=None), TODAY) == 0


def test_an_empty_bench_is_empty_for_everybody(doing: Doing) -> None:
    for role in ("editor", "disclosure_clerk", "disclosure_office", "leader", "administrator", "auditor"):
        bench = workbench(viewer(doing, role), TODAY)
        assert (bench.sections, bench.figures) == ([], [])


def test_however_much_waits_the_bench_asks_a_bounded_number_of_questions(doing: Doing) -> None:
    office = viewer(doing, "disclosure_office", "leader", organ="A")
    for n in range(1, 12):
        document = made(n, f"第{n}办法", date(2026, 5, 1), doing, public=n % 3 == 0)
        if n % 3 == 0:
            correct(document.pk, {"summary": "改"}, doing)
    with CaptureQueriesContext(connection) as queries:
        workbench(office, TODAY)
    assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("code", ["overdue", "questioned", "ready", "waiting", "expiring", "expired", "mine"])
def test_behind_every_section_stands_the_list_of_exactly_its_papers(clerk: Viewer, doing: Doing, code: str) -> None:
    made(1, "甲办法", date(2026, 5, 1), doing)
    filed(notice(2, "乙办法", year=2026, month=11), by(clerk, doing), public=False)
    file_document(content(notice(3, "丙办法")).asking("no_date"), None, find_agency("B"), doing)
    correct(made(4, "丁办法", date(2026, 5, 1), doing, public=True).pk, {"summary": "改"}, doing)
    filed(notice(5, "戊办法", closing="本办法自印发之日起施行，有效期至2026年12月31日。"), doing)
    filed(notice(6, "己办法", closing="本办法自印发之日起施行，有效期至2026年11月19日。"), doing)
    pass_days(doing)
    section = sections(clerk)[code]
    wanted = Wanted(**dict(pair.split("=") for pair in section.more.split("&")))
    assert section.total > 0
    assert papers(wanted, clerk, TODAY).total == section.total
    assert {t.link[1][0] for t in section.things} == {r.number for r in papers(wanted, clerk, TODAY).rows}


def numbers(found: PaperList) -> list[int]:
    return [row.number for row in found.rows]


@pytest.fixture
def several(doing: Doing) -> list[Document]:
    return [
        filed(notice(1, "停车管理办法"), doing),
        filed(notice(2, "供水管理办法", year=2021), doing, public=False),
        filed(notice(3, "停车收费标准", year=2022), doing),
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [2, 1, 0]),
        (Wanted(sort="newest"), [2, 1, 0]),
        (Wanted(sort="oldest"), [0, 1, 2]),
        (Wanted(words="停车"), [2, 0]),
        (Wanted(words="停车 办法"), [0]),
        (Wanted(words="青财[2021]2号"), [1]),
        (Wanted(words="〔2022〕3"), [2]),
        (Wanted(words="没有"), []),
        (Wanted(words="%"), []),
        (Wanted(words="\x00停车"), [2, 0]),
        (Wanted(status="draft"), [1]),
        (Wanted(status="published", words="收费"), [2]),
        (Wanted(year="2021"), [1]),
        (Wanted(year="9" * 30), []),
        (Wanted(organ="9" * 30), []),
        (Wanted(organ="x"), []),
        (Wanted(question="no_date"), []),
        (Wanted(due="never"), []),
        (Wanted(standing="nobody"), []),
        (Wanted(sort="odd"), [2, 1, 0]),
        (Wanted(page=9), [2, 1, 0]),
        (Wanted(page=-1), [2, 1, 0]),
    ],
)
def test_a_filter_finds_what_fits(clerk: Viewer, several: list[Document], wanted: Wanted, found: list[int]) -> None:
    assert numbers(papers(wanted, clerk, TODAY)) == [several[n].pk for n in found]


def test_every_choice_of_a_filter_can_be_asked_for(clerk: Viewer, several: list[Document]) -> None:
    for due in DUE:
        papers(Wanted(due=due), clerk, TODAY)
    for standing in STANDING:
        papers(Wanted(standing=standing), clerk, TODAY)
    for sort in SORTS:
        assert papers(Wanted(sort=sort), clerk, TODAY).total == 3


def test_pages_follow_one_another_and_leave_nothing_out(clerk: Viewer, doing: Doing) -> None:
    one = filed(notice(1), doing)
    rows = [Document(**{**plain(one), "index_number": f"X{n}", "title": f"第{n}份"}) for n in range(SIZE * 2 + 7)]
    Document.objects.bulk_create(rows)
    for sort in SORTS:
        found = [papers(Wanted(sort=sort, page=page), clerk, TODAY) for page in (1, 2, 3)]
        assert [len(f.rows) for f in found] == [SIZE, SIZE, 8]
        assert len({n for f in found for n in numbers(f)}) == SIZE * 2 + 8
        assert [r.number for r in every_row(Wanted(sort=sort), clerk, TODAY, 1_000)] == [n for f in found for n in numbers(f)]


def plain(document: Document) -> dict:
    names = [f.attname for f in Document._meta.concrete_fields if f.name != "id"]
    return {name: getattr(fresh(document), name) for name in names}


def test_a_list_of_many_is_walked_from_the_nearer_end_and_is_the_same(
    clerk: Viewer, several: list[Document], monkeypatch
) -> None:
    from gongkai.domains.library.queries import papers as room

    few = [numbers(papers(Wanted(sort=sort), clerk, TODAY)) for sort in SORTS]
    monkeypatch.setattr(room, "_FEW", 0)
    monkeypatch.setattr(room, "SIZE", 1)
    assert [
        [n for page in (1, 2, 3) for n in numbers(papers(Wanted(sort=sort, page=page), clerk, TODAY))] for sort in SORTS
    ] == few


def test_marks_say_what_is_to_be_done(clerk: Viewer, doing: Doing) -> None:
    document = filed(notice(1, closing="本办法自印发之日起施行，有效期至2026年12月31日。"), doing)
    correct(document.pk, {"summary": "改"}, doing)
    (row,) = papers(Wanted(), clerk, TODAY).rows
    assert row.marks == ["有改稿等着发布", "2026年12月31日到期，应当评估"]
