"""A question without results given to an organ to see to, and what it did about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Max, Q, QuerySet

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.doing import Doing
from gongkai.core.finding.curating.entries import STREAM
from gongkai.core.finding.models import Task
from gongkai.core.ledger.append import Happening, Overtaken, Stream, append
from gongkai.core.ledger.projections import Recorded, recorded
from gongkai.core.scope import Viewer, may, reach
from gongkai.core.staff.queries import names_of
from gongkai.core.workbench import SHOWN, Section, Waiting
from gongkai.core.writing import writing

PREFIX = "task-"
ASKED, ANSWERED = "task_asked", "task_answered"
LONGEST = 200


class Answer(StrEnum):
    """What was done about a question without results."""

    SYNONYM = "synonym"
    BEST = "best"
    PAPER = "paper"
    NOTHING = "nothing"


ANSWERS: Mapping[str, str] = {
    Answer.SYNONYM: "添加了同义词", Answer.BEST: "添加了编辑推荐", Answer.PAPER: "公开了有关文件", Answer.NOTHING: "不需要处理",
}  # fmt: skip


class UnfitTask(Exception):
    """A task that cannot be given or answered like this."""


@dataclass(frozen=True, slots=True)
class Row:
    """A task as a page shows it. `agency` is the organ's key; `answer` "" while nothing was done."""

    number: int
    question: str
    agency: int
    organ: str
    note: str
    asked_by: str
    asked_at: datetime
    answer: str
    told: str
    answered_by: str
    answered_at: datetime | None


@writing()
def give(question: str, agency: int, note: str, doing: Doing) -> int:
    """Let an organ see to a question; returns the task's number. Raises UnfitTask where one about it is still open."""
    if Task.objects.filter(question=question, answer="").exists():
        raise UnfitTask(f"“{question}”已经有一项还没有办完的任务。")
    code = Agency.objects.filter(pk=agency).values_list("code", flat=True).first()
    if code is None:
        raise UnfitTask("没有这个机构，请重新选择。")
    number = (Task.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    _record(number, Happening(ASKED, {"question": question, "agency": code, "note": note}), doing, expected=0)
    return number


@writing()
def answer(number: int, how: Answer, told: str, doing: Doing) -> None:
    """A task is done. Raises UnfitTask for one that is done already, or that is none."""
    task = Task.objects.filter(number=number).first()
    if task is None or task.answer:
        raise UnfitTask("这项任务已经办完了。")
    _record(number, Happening(ANSWERED, {"answer": str(how), "told": told}), doing, expected=1)


def _record(number: int, happening: Happening, doing: Doing, *, expected: int) -> None:
    stream = Stream(STREAM, f"{PREFIX}{number}")
    try:
        append(stream, [happening], actor=doing.actor, at=doing.at, expected=expected)
    except Overtaken as error:
        raise UnfitTask(str(error)) from error
    rebuild_task(stream, recorded(stream), doing.today)


def rebuild_task(stream: Stream, happened: Sequence[Recorded], today: date) -> list[str]:
    """Fold a task's events and write its row; returns what had been different."""
    del today
    said: dict[str, Any] = {}
    for event in happened:
        if event.kind == ASKED:
            agency = Agency.objects.get(code=event.payload["agency"]).pk
            said |= {"question": event.payload["question"], "agency_id": agency, "note": event.payload["note"]}
            said |= {"asked_by": event.actor, "asked_at": event.happened_at}
        else:
            said |= {"answer": event.payload["answer"], "told": event.payload["told"]}
            said |= {"answered_by": event.actor, "answered_at": event.happened_at}
    number = int(stream.id.removeprefix(PREFIX))
    row = Task.objects.filter(number=number).first()
    if row is not None and all(getattr(row, name) == value for name, value in said.items()):
        return []
    Task.objects.update_or_create(number=number, defaults=said)
    return [f"检索任务 {number}"]


def tasks(viewer: Viewer, *, done: bool = False, size: int = 200) -> list[Row]:
    """The tasks that this person may see, the oldest open ones or the last done ones first."""
    found = _seen(viewer).exclude(answer="") if done else _seen(viewer).filter(answer="")
    return list(_rows(found.order_by("-answered_at" if done else "number")[:size]))


def task(number: int, viewer: Viewer) -> Row | None:
    """One task; None where there is none that this person may see."""
    return next(_rows(_seen(viewer).filter(number=number)), None)


def open_questions() -> set[str]:
    """Questions about which there is an open task."""
    return set(Task.objects.filter(answer="").values_list("question", flat=True))


def _seen(viewer: Viewer) -> QuerySet[Task]:
    """Of one's organs, and for who curates the search, all."""
    if may(viewer, "search.curate"):
        return Task.objects.all()
    organs = reach(viewer, "documents.upload")
    return Task.objects.all() if organs is None else Task.objects.filter(Q(agency__in=organs))


def _rows(found: Iterable[Task]) -> Iterator[Row]:
    listed = list(found)
    who = names_of(actor for one in listed for actor in (one.asked_by, one.answered_by) if actor)
    for one in listed:
        yield Row(
            one.number,
            one.question,
            one.agency_id,
            present_names().get(one.agency_id, ""),
            one.note,
            who[one.asked_by],
            one.asked_at,
            one.answer,
            one.told,
            who.get(one.answered_by, ""),
            one.answered_at,
        )


def _waiting(viewer: Viewer) -> QuerySet[Task]:
    """What waits for this very person: tasks of the organs for which they write papers; for others, of none."""
    organs = reach(viewer, "documents.upload")
    if organs is None:  # who may all still has an organ of their own; the tasks of others are in the list of tasks
        organs = frozenset({viewer.agency}) if viewer.agency else frozenset()
    return Task.objects.filter(answer="", agency__in=organs)


def sections(viewer: Viewer, today: date) -> Iterator[Section]:
    """Questions of the public that this person's organ is to see to."""
    del today
    if total := waiting(viewer, date.min):
        things = [
            Waiting(f"“{row.question}”没有查到结果", ("desk-search-task", (row.number,)), organ=row.organ, why=row.note)
            for row in _rows(_waiting(viewer).order_by("number")[:SHOWN])
        ]
        yield Section("search", "群众查不到的", 1, total, things, listed="desk-search-tasks", more="open=1")


def waiting(viewer: Viewer, today: date) -> int:
    """How many of these there are."""
    del today
    return _waiting(viewer).count()
