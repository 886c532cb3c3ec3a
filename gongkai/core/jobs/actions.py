"""Asking for jobs, trying them again, cancelling them, and forgetting the old ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gongkai.core.doing import Doing
from gongkai.core.jobs import tickets
from gongkai.core.jobs.models import Job, Status, Worker

KEPT = timedelta(days=90)
ENDED = (Status.DONE, Status.GIVEN_UP)
WAITS = (Status.WAITING, Status.FAILED)
CANCELLED = "已由工作人员取消。"


class NoSuchJob(Exception):
    """There is no job of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"没有编号为 {number} 的任务。完成或放弃满 90 天的任务不再保留。")


class NotNow(Exception):
    """The job is not where it would have to be."""

    def __init__(self, job: Job, action: str) -> None:
        super().__init__(f"任务“{job.title}”目前是“{Status(job.status).label}”，不能{action}。请刷新后核对。")


@transaction.atomic
def ask(kind: str, arguments: dict[str, Any], *, key: str, title: str, doing: Doing, not_before: datetime | None = None) -> int:
    """Ask for something to be done; returns the job's number.

    Call it inside the transaction of the change that wants it: both are kept, or neither. Asking
    again with the same kind and key gives the job there is, wherever it stands.

    Args:
        kind: the name under which the function is registered (`@job`).
        arguments: what it is given, as JSON: references and figures, no personal data.
        key: what makes two askings the same one, at most 200 characters.
        title: what people read, in Chinese, without personal data; cut at 200 characters.
        doing: who asks, and when; the job acts in that person's name.
        not_before: the earliest moment of its first try.
    """
    asked = {
        "title": title[:200],
        "arguments": arguments,
        "asked_by": doing.actor,
        "asked_at": doing.at,
        "next_try_at": not_before,
    }
    job, new = Job.objects.get_or_create(kind=kind, key=key, defaults=asked)
    if new:
        queue(job, not_before)
        job.save(update_fields=["ticket"])
    return job.pk


@transaction.atomic
def try_again(number: int, doing: Doing) -> None:
    """Try a job that failed or was given up again, now, and with all its tries. Raises NoSuchJob, NotNow."""
    job = _locked(number)
    if job.status not in (Status.FAILED, Status.GIVEN_UP):
        raise NotNow(job, "重试")
    job.status, job.failures, job.decided_by = Status.WAITING, 0, doing.actor
    job.error, job.error_type, job.finished_at = "", "", None
    queue(job, None)
    job.save()


@transaction.atomic
def cancel(number: int, doing: Doing) -> None:
    """Give up a job. One that is running ends when it next tells its progress. Raises NoSuchJob, NotNow."""
    job = _locked(number)
    if job.status in ENDED:
        raise NotNow(job, "取消")
    job.decided_by = doing.actor
    if job.status == Status.RUNNING:
        job.stop_asked = True
    else:
        give_up(job, doing.at)
        job.error, job.error_type = CANCELLED, "cancelled"
    job.save()


def _locked(number: int) -> Job:
    job = Job.objects.select_for_update().filter(pk=number).first()
    if job is None:
        raise NoSuchJob(number)
    return job


def queue(job: Job, not_before: datetime | None) -> None:
    """Give a job a ticket for its next try; the caller saves it."""
    job.next_try_at = not_before
    job.ticket = tickets.draw(job.pk, job.attempts + 1, not_before)


def give_up(job: Job, at: datetime) -> None:
    """A job waits no longer; the caller saves it."""
    job.status, job.finished_at, job.next_try_at, job.ticket, job.stop_asked = Status.GIVEN_UP, at, None, None, False


def prune(at: datetime) -> int:
    """Forget what ended 90 days before `at`: jobs done or given up, tickets, workers. Returns how many jobs."""
    before = at - KEPT
    old = Job.objects.filter(status__in=ENDED, finished_at__lt=before)
    count = old.count()
    old.delete()
    tickets.prune(before)
    Worker.objects.filter(ended_at__lt=before, jobs=None).delete()
    return count
