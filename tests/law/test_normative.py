"""How long documents hold: cases a lawyer can read (cases/term.toml)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.normative import evaluation_opens_on, last_day_of_term, months_later

CASES = tomllib.loads(Path(__file__).with_name("cases").joinpath("term.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['effective_on']}+{c.get('years', 0)}y{c.get('months', 0)}m")
def test_a_term_ends_on_the_day_before_its_anniversary(case: dict[str, Any]) -> None:
    last = last_day_of_term(effective_on=case["effective_on"], years=case.get("years", 0), months=case.get("months", 0))
    assert last == case["last_day"]
    assert evaluation_opens_on(last) == case["evaluation_opens_on"]


@pytest.mark.parametrize(("years", "months"), [(0, 0), (-1, 0), (0, -3)])
def test_a_term_of_nothing_is_refused(years: int, months: int) -> None:
    with pytest.raises(ValueError, match="大于零"):
        last_day_of_term(effective_on=date(2024, 1, 1), years=years, months=months)


@given(st.dates(date(1950, 1, 1), date(2200, 1, 1)), st.integers(1, 600))
def test_going_on_and_back_by_months_never_passes_the_day(day: date, months: int) -> None:
    later = months_later(day, months)
    assert later > day
    assert months_later(later, -months) <= day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
