"""The queue that workers take from: a ticket is one try of one job, a row of django-tasks-db."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

performer: ContextVar[Callable[[int, int], None]] = ContextVar("performer")  # set by the worker around each ticket
ready = Exists(DBTaskResult.objects.filter(pk=OuterRef("ticket"), status=TaskResultStatus.READY))


@task()
def perform(job: int, attempt: int) -> None:
    """Run one try of a job, in a worker of ours (`gongkai worker`)."""
    performer.get()(job, attempt)


def draw(job: int, attempt: int, not_before: datetime | None) -> UUID:
    """A new ticket, written in the caller's transaction: with it or not at all. Taken at `not_before` at the earliest."""
    return UUID(perform.using(run_after=not_before).enqueue(job, attempt).id)


def is_ready(ticket: UUID | None) -> bool:
    """Whether a ticket waits to be taken."""
    return ticket is not None and DBTaskResult.objects.filter(pk=ticket, status=TaskResultStatus.READY).exists()


def holder(ticket: UUID | None) -> str:
    """The worker that has taken a ticket and not struck it off; '' for any other ticket."""
    taken = DBTaskResult.objects.running().filter(pk=ticket).first() if ticket is not None else None
    return taken.worker_ids[-1] if taken is not None and taken.worker_ids else ""


def prune(before: datetime) -> None:
    """Forget tickets that were struck off before a moment, or taken before it by workers that died."""
    struck_off = Q(status__in=(TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED), finished_at__lt=before)
    DBTaskResult.objects.filter(struck_off | Q(status=TaskResultStatus.RUNNING, started_at__lt=before)).delete()
