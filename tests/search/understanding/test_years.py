"""Years and days in a query."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.search.understanding.years import ranges

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年 补贴", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023 补贴", date(2023, 1, 1), date(2023, 12, 31)),
        ("二〇二三年预算", date(2023, 1, 1), date(2023, 12, 31)),
        ("23年的文件", date(2023, 1, 1), date(2023, 12, 31)),
        ("去年", date(2025, 1, 1), date(2025, 12, 31)),
        ("前年的公报", date(2024, 1, 1), date(2024, 12, 31)),
        ("今年招生", date(2026, 1, 1), date(2026, 12, 31)),
        ("2020年到2023年", date(2020, 1, 1), date(2023, 12, 31)),
        ("2020-2023 规划", date(2020, 1, 1), date(2023, 12, 31)),
        ("2023年5月", date(2023, 5, 1), date(2023, 5, 31)),
        ("近三年", date(2024, 1, 1), date(2026, 11, 26)),
        ("上个月", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_stretch_of_time_is_told_by_its_first_and_last_day(text: str, first: date, last: date) -> None:
    assert [(one.from_on, one.until_on) for one in ranges(text, TODAY)] == [(first, last)]


@pytest.mark.parametrize("text", ["12023", "2023元", "工作10年以上", "30年承包期", "1800年", "2023号", "0599-20231", "9999年"])
def test_amounts_terms_and_far_times_are_no_years(text: str) -> None:
    assert ranges(text, TODAY) == []


def test_the_month_before_january_is_december_of_last_year() -> None:
    (found,) = ranges("上个月", date(2026, 1, 5))
    assert (found.from_on, found.until_on) == (date(2025, 12, 1), date(2025, 12, 31))
