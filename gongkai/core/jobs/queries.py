"""What may be asked about jobs and workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from gongkai.core.jobs.models import Attempt, Job, Outcome, Status, Worker
from gongkai.core.jobs.presence import SILENCE

STATUSES: Mapping[str, str] = {str(value): str(label) for value, label in Status.choices}


@dataclass(frozen=True, slots=True)
class Row:
    """A job in a list. `status` is one of STATUSES; `error` what went wrong last, with what to do."""

    number: int
    kind: str
    title: str
    status: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    attempts: int
    failures: int
    tries: int
    next_try_at: datetime | None
    finished_at: datetime | None
    done: int
    total: int | None
    stopping: bool
    error: str
    error_type: str

    @property
    def may_try_again(self) -> bool:
        """Whether `try_again` would take it."""
        return self.status in (Status.FAILED, Status.GIVEN_UP)

    @property
    def may_cancel(self) -> bool:
        """Whether `cancel` would take it."""
        return self.status not in (Status.DONE, Status.GIVEN_UP) and not self.stopping


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a job: its outcome in Chinese, and what went wrong."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    error: str
    error_type: str


@dataclass(frozen=True, slots=True)
class Card:
    """A job with what it was asked, what came out, and all its tries."""

    row: Row
    arguments: dict[str, Any]
    result: dict[str, Any] | None
    tries: list[Try]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the work goes: jobs by status, when a worker last said that it lives, and whether that is lately enough."""

    counts: dict[str, int]
    seen_at: datetime | None
    attended: bool


def rows(
    *, status: str | None = None, kind: str | None = None, asked_by: str | None = None, offset: int = 0, limit: int = 50
) -> tuple[list[Row], int]:
    """The newest jobs that fit, and how many fit in all."""
    found = _fitting(status, kind, asked_by)
    return [_row(job) for job in found.order_by("-id")[offset : offset + limit]], found.count()


def one(number: int) -> Card | None:
    """One job; None where there is none."""
    job = Job.objects.filter(pk=number).first()
    if job is None:
        return None
    return Card(_row(job), job.arguments, job.result, [_try(attempt) for attempt in job.history.all()])


def kinds_asked() -> list[str]:
    """The kinds of which there are jobs, for a filter."""
    return list(Job.objects.order_by("kind").values_list("kind", flat=True).distinct())


def counts(*, asked_by: str | None = None) -> dict[str, int]:
    """How many jobs stand where; every status is named."""
    found = _fitting(None, None, asked_by).order_by().values_list("status").annotate(count=Count("pk"))
    return dict.fromkeys(STATUSES, 0) | {str(status): int(count) for status, count in found}


def standing(at: datetime) -> Standing:
    """How the work goes at a moment."""
    seen_at = Worker.objects.filter(ended_at=None).aggregate(last=Max("seen_at"))["last"]
    return Standing(counts(), seen_at, seen_at is not None and at - seen_at <= SILENCE)


def _fitting(status: str | None, kind: str | None, asked_by: str | None) -> QuerySet[Job]:
    wanted = {"status": status, "kind": kind, "asked_by": asked_by}
    return Job.objects.filter(**{name: value for name, value in wanted.items() if value})


def _row(job: Job) -> Row:
    return Row(
        job.pk, job.kind, job.title, job.status, job.asked_by, job.asked_at, job.decided_by,
        job.attempts, job.failures, job.tries, job.next_try_at, job.finished_at, job.progress_done, job.progress_total,
        job.stop_asked, job.error, job.error_type,
    )  # fmt: skip


def _try(attempt: Attempt) -> Try:
    label = Outcome(attempt.outcome).label
    return Try(attempt.number, attempt.started_at, attempt.ended_at, label, attempt.error, attempt.error_type)
