"""How long administrative normative documents (行政规范性文件) hold, and when they are evaluated."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from gongkai.law.sources import NORMATIVE_MEASURES, rule

EVALUATION_MONTHS = 6  # secondary source; a lawyer may change it, with its date


@rule(NORMATIVE_MEASURES.article(11))
def last_day_of_term(*, effective_on: date, years: int = 0, months: int = 0) -> date:
    """有效期的最后一日。

    大意  （二手材料，未见原文）规范性文件应当规定有效期；有效期一般为三至五年，“暂行”“试行”的一至二年。
    口径  自施行之日起算，届满前一日为最后一日：2019年7月1日起施行、有效期5年的，
          有效至2024年6月30日（docs/readings/term-of-validity.md）。

    Returns the last day on which the document is in force.
    Raises ValueError when the term is not positive or ends after the year 9999.
    """
    total = years * 12 + months
    if total <= 0:
        raise ValueError("有效期必须大于零")
    return months_later(effective_on, total) - timedelta(days=1)


@rule(NORMATIVE_MEASURES.article(11))
def evaluation_opens_on(last_day: date) -> date:
    """有效期届满前的评估自哪一日起。

    大意  （二手材料，未见原文）有效期届满前六个月，由制定机关组织评估，需要继续执行的，重新登记公布。
    口径  六个月按月倒推，当日含在内。

    Returns the first day of the evaluation window.
    """
    return months_later(last_day, -EVALUATION_MONTHS)


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
