"""What a job's function is told while it runs, and what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.jobs.models import Job, Status

Clock = Callable[[], datetime]
_SELDOM = 0.5  # seconds between two times that progress is written down


class Interrupted(BaseException):
    """The worker must stop, a person cancelled the job, or another worker has it: let this pass."""


@dataclass(slots=True)
class Run:
    """One try of one job. `doing` is whoever asked for it, at the moment this try began."""

    job: int
    attempt: int
    doing: Doing
    clock: Clock
    stopping: Callable[[], bool] = lambda: False
    _told: float = field(default=0.0)

    def now(self) -> Doing:
        """Whoever asked for the job, at this moment: for the actions of a job that takes a while."""
        at = self.clock()
        return Doing(self.doing.actor, at, timezone.localdate(at))

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how much is done, and of how much where that is known. Call it often: it is written down now and then.

        This is where a job that must stop does so: its transaction is undone, the job goes back
        into the queue. Raises Interrupted.
        """
        if self.stopping():
            raise Interrupted
        if done != total and time.monotonic() - self._told < _SELDOM:
            return
        self._told = time.monotonic()
        mine = Job.objects.filter(pk=self.job, attempts=self.attempt, status=Status.RUNNING, stop_asked=False)
        if not mine.update(progress_done=done, progress_total=total):
            raise Interrupted
