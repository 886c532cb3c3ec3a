"""What waits for a person in the library, as sections of the workbench."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from gongkai.core.agencies.queries import present_names
from gongkai.core.calendar import PROVISIONAL, work_calendar
from gongkai.core.jobs import queries as jobs
from gongkai.core.scope import Viewer, may
from gongkai.core.staff.roles import Role
from gongkai.core.workbench import SHOWN, Figures, Section, Waiting
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.models import Attribute, Document, DocumentQuerySet, Draft, Editorial
from gongkai.domains.library.queries.ordered import by
from gongkai.domains.library.queries.papers import expired_yesterday, expiring, overdue
from gongkai.domains.library.queries.reach import within
from gongkai.law.disclosure import publication_due_on
from gongkai.law.normative import EVALUATION_MONTHS

_COLUMNS = (
    "pk", "title", "document_number", "agency_id", "issued_on", "filed_at", "term_ends_on", "questions", "attribute",
    "current__made_at",
)  # fmt: skip
Told = Mapping[str, Any]
Tell = Callable[[Told], tuple[date | None, int | None, str]]


def sections(viewer: Viewer, today: date) -> Iterator[Section | Figures]:
    """Everything of the library that waits for this person."""
    if not may(viewer, "documents.see"):
        return
    if may(viewer, "documents.edit") or may(viewer, "documents.publish"):
        yield from _to_do(viewer, today)
        yield from _unsaved(viewer)
        yield from _failed(viewer)
    if Role.LEADER in viewer.roles:
        yield from _figures(viewer, today)
    else:
        yield from _coming_up(viewer, today)


def waiting(viewer: Viewer, today: date) -> int:
    """How many papers a person is to check or to publish."""
    del today
    count = 0
    if may(viewer, "documents.edit"):
        count += _questioned(viewer).count()
    if may(viewer, "documents.publish"):
        count += _ready(viewer).count()
    return count


def _to_do(viewer: Viewer, today: date) -> Iterator[Section]:
    law = _by_law(today)
    late = within(viewer, "documents.edit").filter(overdue(today)).order_by(*by("issued_on", "pk"))
    yield _filled(Section("overdue", "逾期未公开", 0, hint=_law(), more="due=overdue", counts=False), late, law)
    if may(viewer, "documents.edit"):
        found = _questioned(viewer).order_by(*by("issued_on", "pk"))
        yield _filled(Section("questioned", "等人核对", 1, more="status=questioned"), found, _asking(today), "desk-review")
    if may(viewer, "documents.publish"):
        found = _ready(viewer).order_by(*by("issued_on", "pk"))
        yield _filled(Section("ready", "等着发布（别人写的）", 1, more="status=draft&standing=others"), found, law)
        behind = within(viewer, "documents.publish").filter(waiting=True).order_by("pk")
        yield _filled(Section("waiting", "改过的稿等着发布", 1, more="standing=waiting"), behind, _by_revision(today))
    mine = (
        within(viewer, "documents.edit").filter(author=viewer.actor, editorial=Editorial.DRAFT).order_by(*by("issued_on", "pk"))
    )
    hint = "应由另一人发布。" if may(viewer, "documents.publish") else "等政务公开专员发布。"
    yield _filled(Section("mine", "我写的，还没有发布", 3, hint=hint, more="status=draft&standing=mine", counts=False), mine, law)


def _coming_up(viewer: Viewer, today: date) -> Iterator[Section]:
    ending = within(viewer, "documents.see").filter(expiring(today)).order_by("term_ends_on", "pk")
    soon = Section("expiring", f"{EVALUATION_MONTHS}个月内到期", 2, more="due=expiring&sort=term", counts=False)
    yield _filled(soon, ending, _by_term(today, "应当评估"))
    ended = within(viewer, "documents.see").filter(expired_yesterday(today)).order_by("pk")
    yield _filled(Section("expired", "昨天失效", 2, more="due=expired", counts=False), ended, _by_term(today, "已自动标为失效"))


def _questioned(viewer: Viewer) -> DocumentQuerySet:
    return within(viewer, "documents.edit").filter(editorial=Editorial.QUESTIONED)


def _ready(viewer: Viewer) -> DocumentQuerySet:
    """Drafts that may be published as they are, by somebody other than their author."""
    ready = within(viewer, "documents.publish").filter(editorial=Editorial.DRAFT, attribute=Attribute.PROACTIVE)
    return ready.exclude(author=viewer.actor)


def _filled(section: Section, found: DocumentQuerySet, tell: Tell, link: str = "desk-document") -> Section:
    """The section with how many there are and the first of them."""
    total = found.count()
    things, names = [], present_names() if total else {}
    for row in _first(found) if total else ():
        due, left, why = tell(row)
        organ = names.get(row["agency_id"], "")
        things.append(Waiting(row["title"], (link, (row["pk"],)), row["document_number"], organ, due, left, why))
    return replace(section, total=total, things=things)


def _first(found: DocumentQuerySet) -> list[Told]:
    """The first of them: their numbers from an index, then these few, not the rows of all that wait."""
    numbers = list(found.values_list("pk", flat=True)[:SHOWN])
    rows: dict[int, Told] = {row["pk"]: row for row in Document.objects.filter(pk__in=numbers).values(*_COLUMNS)}
    return [rows[number] for number in numbers if number in rows]


def _law() -> str:
    provisional = "" if work_calendar().known else f"，{PROVISIONAL}"
    return f"主动公开的信息应自形成之日起 20 个工作日内公开（条例第二十六条{provisional}）。"


def _by_law(today: date) -> Tell:
    """Until when a draft has to be public."""

    def tell(row: Told) -> tuple[date | None, int | None, str]:
        if row["attribute"] != Attribute.PROACTIVE:
            return None, None, str(Attribute(row["attribute"]).label)
        made = row["issued_on"] or timezone.localdate(row["filed_at"])
        due = publication_due_on(made_on=made, calendar=work_calendar())
        return due, (due - today).days, ""

    return tell


def _asking(today: date) -> Tell:
    law = _by_law(today)

    def tell(row: Told) -> tuple[date | None, int | None, str]:
        due, left, _ = law(row)
        return due, left, "；".join(QUESTIONS.get(q, q) for q in row["questions"])

    return tell


def _by_revision(today: date) -> Tell:
    """Until when a change has to be public: counted from the day the revision was made."""

    def tell(row: Told) -> tuple[date | None, int | None, str]:
        due = publication_due_on(made_on=timezone.localdate(row["current__made_at"]), calendar=work_calendar())
        return due, (due - today).days, ""

    return tell


def _by_term(today: date, why: str) -> Tell:
    def tell(row: Told) -> tuple[date | None, int | None, str]:
        ends = row["term_ends_on"]
        return ends, (ends - today).days, why

    return tell


def _unsaved(viewer: Viewer) -> Iterator[Section]:
    """What the person was typing."""
    kept = Draft.objects.filter(person=viewer.person, document__in=within(viewer, "documents.edit")).order_by("-saved_at")
    rows = list(kept.values_list("document_id", "document__title", "document__document_number", "saved_at")[: SHOWN + 1])
    things = [
        Waiting(title, ("desk-edit", (pk,)), number, why=f"草稿保存于 {timezone.localtime(at):%m月%d日 %H:%M}")
        for pk, title, number, at in rows[:SHOWN]
    ]
    total = len(rows) if len(rows) <= SHOWN else kept.count()
    yield Section("unsaved", "没写完的草稿", 3, total, things, counts=False)


def _failed(viewer: Viewer) -> Iterator[Section]:
    """Background jobs that the person asked for and that went wrong."""
    counts = jobs.counts(asked_by=viewer.actor)
    total = counts["failed"] + counts["given_up"]
    if not total:
        return
    rows, _ = jobs.rows(status="failed", asked_by=viewer.actor, limit=SHOWN)
    more, _ = jobs.rows(status="given_up", asked_by=viewer.actor, limit=SHOWN)
    inside = may(viewer, "jobs.see")
    things = [
        Waiting(row.title, ("desk-job", (row.number,)) if inside else ("desk-imports", ()), why=row.error)
        for row in [*rows, *more][:SHOWN]
    ]
    listed = "desk-jobs" if inside else "desk-imports"
    yield Section("jobs", "没有做成的后台任务", 1, total, things, listed=listed, counts=False)


def _figures(viewer: Viewer, today: date) -> Iterator[Figures]:
    """For whoever leads organs: how many papers wait in each, the most overdue first."""
    unfinished = {
        "late": Count("pk", filter=overdue(today)),
        "questioned": Count("pk", filter=Q(editorial=Editorial.QUESTIONED)),
        "draft": Count("pk", filter=Q(editorial=Editorial.DRAFT)),
    }
    few = F("agency_id") + 0  # no index has it: the few unfinished papers are looked up, not the many of every organ read
    organs = within(viewer, "documents.see").order_by().values(organ=few)
    waiting = organs.filter(editorial__in=(Editorial.DRAFT, Editorial.QUESTIONED)).annotate(**unfinished)
    ending = dict(organs.filter(expiring(today)).annotate(ending=Count("pk")).values_list("organ", "ending"))
    numbers = {organ: [*counts, ending.pop(organ, 0)] for organ, *counts in waiting.values_list("organ", *unfinished)}
    numbers |= {organ: [0, 0, 0, count] for organ, count in ending.items()}
    names = present_names()
    told = [(organ, names.get(organ, ""), counts) for organ, counts in numbers.items() if any(counts)]
    told.sort(key=lambda t: (-t[2][0], -t[2][1], t[1]))
    asked = ("due=overdue", "status=questioned", "status=draft", "due=expiring")
    columns = list(zip(("逾期未公开", "等人核对", "待发布", "即将到期"), asked, strict=True))
    yield Figures("各机关的文件", columns, told)
