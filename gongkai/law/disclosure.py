"""Until when information that is to be made public has to be public."""

from __future__ import annotations

from datetime import date, timedelta

from gongkai.law.sources import REGULATION, rule
from gongkai.law.workdays import WorkCalendar

PUBLICATION_WORKING_DAYS = 20


@rule(REGULATION.article(26))
def publication_due_on(*, made_on: date, calendar: WorkCalendar) -> date:
    """主动公开的最后一日。

    原文  属于主动公开范围的政府信息，应当自该政府信息形成或者变更之日起20个工作日内及时公开。
          法律、法规对政府信息公开的期限另有规定的，从其规定。
    口径  形成之日不计入，次一工作日为第一日；形成之日取成文日期（docs/readings/day-of-publication.md）。

    Returns the last day on which publishing is in time.
    """
    return calendar.after(made_on, PUBLICATION_WORKING_DAYS)


def overdue_if_made_before(*, today: date, calendar: WorkCalendar) -> date:
    """The day before which papers were made that are overdue today: those made on it are not yet.

    So that a list can be asked for by the day a paper was made.
    """
    day = today - timedelta(days=PUBLICATION_WORKING_DAYS)
    while publication_due_on(made_on=day, calendar=calendar) >= today:
        day -= timedelta(days=1)
    return day + timedelta(days=1)
