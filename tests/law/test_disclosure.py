"""Until when papers have to be public: cases a lawyer can read (cases/publication.toml)."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.disclosure import overdue_if_made_before, publication_due_on
from gongkai.law.workdays import WEEKENDS, WorkCalendar

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("publication.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["made_on"]))
def test_a_paper_is_due_twenty_working_days_after_it_was_made(case: dict[str, Any]) -> None:
    calendar = WorkCalendar(frozenset(case.get("off", ())), frozenset(case.get("on", ())), known=True)
    assert publication_due_on(made_on=case["made_on"], calendar=calendar) == case["due_on"]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sets(st.integers(-60, 5), max_size=20))
def test_what_was_made_before_the_day_is_overdue_and_nothing_else(today: date, off: set[int]) -> None:
    calendar = WorkCalendar(frozenset(today + timedelta(days=n) for n in off))
    first = overdue_if_made_before(today=today, calendar=calendar)
    for made_on in (first - timedelta(days=n) for n in range(-3, 4)):
        assert (publication_due_on(made_on=made_on, calendar=calendar) < today) == (made_on < first)


def test_weekends_alone_are_said_to_be_provisional() -> None:
    assert not WEEKENDS.known
