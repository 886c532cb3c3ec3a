"""What workers write: taking a job up, how a try ended, and taking back what dead workers held."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import Error, transaction

from gongkai.core.jobs import kinds, tickets
from gongkai.core.jobs.actions import CANCELLED, WAITS, give_up, queue
from gongkai.core.jobs.models import Attempt, Job, Outcome, Status, Worker

_LOST = "办这个任务的进程意外中断（断电、内存不足或被强行结束）。"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a try ended; what went wrong, in a Chinese sentence and as the type of the error; what came out."""

    outcome: Outcome
    error: str = ""
    error_type: str = ""
    result: Any = None
    hopeless: bool = False


@transaction.atomic
def take_up(number: int, attempt: int, worker: str, at: datetime) -> Job | None:
    """The job, now run by `worker` and by nobody else; None where this try is void.

    A try is void when somebody else has taken it, or the job was cancelled.
    """
    job = Job.objects.select_for_update().filter(pk=number, attempts=attempt - 1, status__in=WAITS).first()
    if job is None:
        return None
    job.status, job.attempts, job.worker_id, job.tries = Status.RUNNING, attempt, worker, kinds.tries_of(job.kind)
    job.next_try_at, job.ticket, job.progress_done, job.progress_total = None, None, 0, None
    job.save()
    Attempt.objects.create(job=job, number=attempt, started_at=at)
    return job


@transaction.atomic
def end(number: int, attempt: int, ending: Ending, at: datetime) -> bool:
    """Write down how a try ended, and what follows; False where the job is no longer this try's to end."""
    job = Job.objects.select_for_update().filter(pk=number, attempts=attempt, status=Status.RUNNING).first()
    if job is None:
        return False
    if job.stop_asked and ending.outcome != Outcome.DONE:
        ending = Ending(Outcome.CANCELLED, CANCELLED, "cancelled", hopeless=True)
    job.worker, job.error, job.error_type = None, ending.error, ending.error_type
    _FOLLOWS[ending.outcome](job, ending, at)
    job.save()
    said = {"ended_at": at, "outcome": ending.outcome, "error": ending.error, "error_type": ending.error_type}
    Attempt.objects.filter(job=job, number=attempt).update(**said)
    return True


def _done(job: Job, ending: Ending, at: datetime) -> None:
    job.status, job.result, job.finished_at, job.stop_asked = Status.DONE, ending.result, at, False


def _failed(job: Job, ending: Ending, at: datetime) -> None:
    job.failures += 1
    if ending.hopeless or job.failures >= job.tries:
        give_up(job, at)
        return
    job.status = Status.FAILED
    # a worker that was killed once is no fault of the job's: it is taken up again at once
    pause = kinds.pause_after(job.kind, job.failures - (ending.outcome == Outcome.LOST))
    queue(job, at + pause if pause else None)


def _handed_back(job: Job, ending: Ending, at: datetime) -> None:
    del ending, at
    job.status = Status.WAITING
    queue(job, None)


_FOLLOWS: dict[Outcome, Callable[[Job, Ending, datetime], None]] = {
    Outcome.DONE: _done,
    Outcome.FAILED: _failed,
    Outcome.LOST: _failed,
    Outcome.CANCELLED: _failed,
    Outcome.HANDED_BACK: _handed_back,
}


def recover(at: datetime, lives: Callable[[Worker], bool]) -> int:
    """Take back what workers held that `lives` says are dead; returns how many jobs. Several may do so at once.

    What is looked for is what is missing: the end of a job whose worker has ended, the ticket of a
    job that waits.
    """
    for worker in Worker.objects.filter(ended_at=None):
        if not lives(worker):
            Worker.objects.filter(pk=worker.pk, ended_at=None).update(ended_at=at)
    lost = Job.objects.filter(status=Status.RUNNING, worker__ended_at__isnull=False).values_list("pk", "attempts")
    recovered = sum(end(number, attempt, Ending(Outcome.LOST, _LOST, "lost"), at) for number, attempt in list(lost))
    for number in list(Job.objects.filter(~tickets.ready, status__in=WAITS).values_list("pk", flat=True)):
        _queue_again(number)
    return recovered


@transaction.atomic
def _queue_again(number: int) -> None:
    """A job that waits without a ticket gets one, unless a living worker is just taking it up."""
    job = Job.objects.select_for_update().filter(pk=number, status__in=WAITS).first()
    if (
        job is None
        or tickets.is_ready(job.ticket)
        or Worker.objects.filter(pk=tickets.holder(job.ticket), ended_at=None).exists()
    ):
        return
    queue(job, job.next_try_at)
    job.save(update_fields=["ticket"])


def arrived(worker: str, place: str, at: datetime) -> None:
    """A worker has started."""
    Worker.objects.create(pk=worker, place=place, started_at=at, seen_at=at)


def seen(worker: str, at: datetime) -> bool:
    """A worker says that it lives; False where the others hold it for dead."""
    return bool(Worker.objects.filter(pk=worker, ended_at=None).update(seen_at=at))


def left(worker: str, at: datetime) -> None:
    """A worker has ended of its own accord, with nothing in hand."""
    Worker.objects.filter(pk=worker, ended_at=None).update(ended_at=at)


def failure(error: Exception) -> Ending:
    """A failed try in words that may be shown: our own errors speak for themselves, of others only the type and place."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return Ending(Outcome.FAILED, _explained(error), name[:200], hopeless=isinstance(error, kinds.Hopeless))


def _explained(error: Exception) -> str:
    if type(error).__module__.startswith("gongkai.") and str(error):
        return str(error)
    if isinstance(error, Error):
        return "数据库没有回答，或正被占用。"
    if isinstance(error, OSError) and error.strerror:
        return f"系统没有做到（{error.strerror}）。请检查磁盘空间、权限和网络后再试。"
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行" if frames else "未知位置"
    return f"程序出了没有料到的错误（{type(error).__name__}，{where}）。请把任务编号告诉维护人员。"
