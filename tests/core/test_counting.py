"""Counting what is asked: of many people together, never of one, and never so that a page waits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.finding.counting import queries
from gongkai.core.finding.counting.actions import forget, write
from gongkai.core.finding.counting.marking import WINDOW, Salts, as_bits, as_kept, window_of
from gongkai.core.finding.counting.noting import Notes, folded, is_program
from gongkai.core.finding.counting.queries import Report, learned, past_questions, report
from gongkai.core.finding.curating.actions import put
from gongkai.core.finding.curating.entries import Entry, Kind
from gongkai.core.finding.models import Crowd, Opening, Tally

DAY = date(2026, 11, 20)
ASKED = "养犬证怎么办"


class Clock:
    """Tells the time it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notes(tmp_path: Path, clock: Clock) -> Notes:
    return Notes(Salts(tmp_path), clock)


def many(notes: Notes, people: int, question: str = ASKED, *, found: bool = True, day: date = DAY) -> None:
    """So many people ask the same; more of them than are wanted, for two may fall on one bit of 64."""
    for person in range(people):
        notes.asked(question, f"person {person}", day, found=found)


def figures(which: Report, days: int = 28, today: date = DAY) -> list[tuple[object, ...]]:
    return [(f.question, f.askings, f.empty, f.opened, f.anew) for f in report(which, today, days)]


@pytest.mark.django_db
def test_what_few_people_ask_is_nowhere_in_clear(notes: Notes) -> None:
    many(notes, 4)
    assert write(notes.take()) == 0
    assert Crowd.objects.get().question == ""
    assert (figures(Report.MOST), past_questions(), learned()) == ([], (), [])
    if connection.vendor == "sqlite":
        whole = "\n".join(connection.connection.iterdump())
        assert Crowd.objects.get().mark in whole
        assert "养犬" not in whole


@pytest.mark.django_db
def test_one_person_who_asks_the_same_all_month_stays_one(notes: Notes, clock: Clock) -> None:
    start = date.fromordinal(window_of(DAY) * WINDOW)
    for day in range(WINDOW):
        clock.now += 86_400
        notes.asked(ASKED, "one person", start + timedelta(days=day), found=True)
        write(notes.take())
    assert Crowd.objects.get().question == ""
    assert figures(Report.MOST, 90, start + timedelta(days=WINDOW)) == []


@pytest.mark.django_db
def test_once_enough_people_asked_the_question_and_its_figures_are_told(notes: Notes) -> None:
    many(notes, 12, found=False)
    assert write(notes.take()) == 1
    assert figures(Report.EMPTY) == [(ASKED, 12, 12, 0, 0)]
    assert past_questions() == (ASKED,)
    many(notes, 12, "停车", found=True)
    write(notes.take())
    assert [row[0] for row in figures(Report.UNOPENED)] == ["停车"]
    assert [row[0] for row in figures(Report.EMPTY)] == [ASKED]
    assert figures(Report.MOST, 7, DAY + timedelta(days=7)) == []


@pytest.mark.django_db
def test_a_figure_of_fewer_than_five_is_not_told(notes: Notes) -> None:
    many(notes, 12)
    for person in range(3):
        notes.opened(ASKED, "/library/1/", f"person {person}", DAY)
    write(notes.take())
    assert figures(Report.MOST) == [(ASKED, 12, 0, None, 0)]


@pytest.mark.django_db
def test_asked_anew_in_other_words_counts_for_the_words_before(notes: Notes) -> None:
    many(notes, 12)
    for person in range(12):
        notes.asked("养犬登记", f"person {person}", DAY, found=True, before=ASKED)
    write(notes.take())
    assert [row[0] for row in figures(Report.ANEW)] == [ASKED]


def test_pages_reloads_and_repetitions_of_one_person_are_one_asking_an_hour(notes: Notes, clock: Clock) -> None:
    assert [notes.asked(ASKED, "a", DAY, found=True) for _ in range(3)] == [True, False, False]
    clock.now = 3_700
    assert notes.asked(ASKED, "a", DAY, found=True)
    ((counted),) = notes.take().values()
    assert (counted.askings, counted.bits.bit_count()) == (2, 1)


def test_a_program_that_asks_without_end_counts_as_little_as_somebody_who_asks_a_lot(notes: Notes) -> None:
    taken = sum(notes.asked(f"问题{n}", "one", DAY, found=True) for n in range(1_000))
    assert taken == 40
    assert notes.asked("问题0", "another", DAY, found=True), "who comes after it is heard"


def test_a_flood_from_everywhere_fills_no_memory(notes: Notes) -> None:
    for n in range(6_000):
        notes.asked(f"问题{n}", f"person {n}", DAY, found=True)
    assert notes.left_out == 1_000
    assert len(notes.take()) == 5_000
    assert notes.asked("问题", "somebody", DAY, found=True)


def test_what_could_not_be_written_is_not_lost(notes: Notes) -> None:
    many(notes, 3)
    notes.give_back(notes.take())
    many(notes, 5)
    ((counted),) = notes.take().values()
    assert counted.askings == 5


@pytest.mark.django_db
def test_with_the_window_go_its_salt_and_what_never_became_many_peoples(notes: Notes, tmp_path: Path) -> None:
    many(notes, 3)
    many(notes, 12, "停车")
    write(notes.take())
    later = DAY + timedelta(days=WINDOW)
    forget(later)
    assert list(Crowd.objects.values_list("question", flat=True)) == ["停车"]
    notes.asked("停车", "somebody", later, found=True)
    assert [p.name for p in tmp_path.iterdir()] == [f"salt-{window_of(later)}"]
    forget(DAY + timedelta(days=500))
    assert (Crowd.objects.count(), Tally.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_what_many_open_is_learned_unless_an_editor_has_decided(notes: Notes, doing) -> None:
    many(notes, 12)
    for person in range(12):
        notes.opened(ASKED, "/library/1/", f"person {person}", DAY)
        notes.opened(ASKED, f"/library/{100 + person}/", f"person {person}", DAY)
    write(notes.take())
    assert [(one.question, one.address) for one in learned()] == [(ASKED, "/library/1/")]
    assert Opening.objects.count() == 13
    put(Entry(Kind.REFUSED, "养犬证，怎么办？", "/library/1/"), doing)
    assert learned() == []


@pytest.mark.django_db
def test_what_is_blocked_is_in_no_report(notes: Notes, doing) -> None:
    many(notes, 12)
    write(notes.take())
    put(Entry(Kind.BLOCKED, "养犬"), doing)
    assert queries.report(Report.MOST, DAY, 28) == []


@given(st.integers(0, (1 << 64) - 1))
def test_bits_come_back_from_the_database_as_they_were(bits: int) -> None:
    assert -(1 << 63) <= as_kept(bits) < 1 << 63
    assert as_bits(as_kept(bits)) == bits


def test_the_same_words_are_the_same_question_and_long_stories_are_none() -> None:
    assert folded("養犬證  怎麼辦？") == folded("养犬证 怎么办")
    assert folded("我家住在某某小区" * 20) == ""
    assert [folded(one) for one in ("查一下 138 0000 0000", "身份证11010119900101001X")] == ["", ""]
    assert folded("青政办规〔2022〕123号")


def test_programs_that_say_so_are_not_people() -> None:
    people = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
    assert [is_program(agent) for agent in (people, "", "Googlebot/2.1", "python-requests/2", "curl/8")] == [
        False, True, True, True, True,
    ]  # fmt: skip
