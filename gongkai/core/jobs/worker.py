"""The worker: takes tickets from the queue, runs their jobs, says that it lives, and takes back what the dead held."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import DatabaseError, Error, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from gongkai.core.away import is_away
from gongkai.core.doing import Doing
from gongkai.core.jobs import kinds, running, tickets
from gongkai.core.jobs.models import Job, Outcome
from gongkai.core.jobs.presence import Presence
from gongkai.core.jobs.run import Clock, Interrupted, Run
from gongkai.core.jobs.running import Ending

Chore = Callable[[datetime], None]
_IDLE = 0.5  # seconds between two looks into an empty queue
_BEAT = 5.0  # seconds between two signs of life
_PATIENCE = (1.0, 5.0)  # seconds to wait before an outcome is written down once more
_AWAY = 2.0  # seconds that a database which does not answer is left alone
_log = logging.getLogger(__name__)


class Unwritten(Exception):
    """What became of a job could not be written down: whoever recovers it will try it again."""

    def __init__(self) -> None:
        super().__init__("数据库没有回答，任务的结果没有记下来。工作进程重新启动后会再做一次。")


class JobWorker(TaskWorker):
    """A worker of django-tasks-db that knows jobs. `in_hand`: it has a job whose outcome is not written down yet."""

    def __init__(self, presence: Presence, clock: Clock, *, once: bool) -> None:
        super().__init__(
            queue_names=["*"], excluded_queue_names=[], interval=_IDLE, batch=once, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=presence.id,
        )  # fmt: skip
        self._clock = clock
        self.in_hand = False

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Take up nothing more; a job that is running stops when it next tells its progress, at the second signal at once."""
        del signum, frame
        if not self.running:
            sys.exit(1)
        self.running = False

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run the job of one ticket. Raises Unwritten."""
        token = tickets.performer.set(self._perform)
        try:
            super().run_task(db_task_result)
        finally:
            tickets.performer.reset(token)
        if self.in_hand:  # the queue has swallowed why
            raise Unwritten

    def _perform(self, number: int, attempt: int) -> None:
        self.in_hand = True
        job = running.take_up(number, attempt, self.worker_id, at := self._clock())
        if job is not None:
            doing = Doing(job.asked_by, at, timezone.localdate(at))
            ending = _outcome(job, Run(number, attempt, doing, self._clock, lambda: not self.running))
            self._write_down(number, attempt, ending)
        self.in_hand = False

    def _write_down(self, number: int, attempt: int, ending: Ending) -> None:
        """What was done should not be done again because the database was busy for a moment."""
        for patience in (*_PATIENCE, None):
            try:
                mine = running.end(number, attempt, ending, self._clock())
            except Error as error:
                if patience is None or not is_away(error):
                    raise
                connection.close()
                time.sleep(patience)
            else:
                _log.info("job %d, try %d: %s", number, attempt, ending.outcome if mine else "taken over by another worker")
                return

    def run(self) -> None:
        """Work until told to stop, or, for a worker that runs once, until nothing is ready.

        A database that does not answer is waited for, unless a job is in hand: what became of it
        cannot be written down then, so this worker ends, and another takes the job up again.
        """
        while self.running:
            try:
                super().run()
            except Error as error:
                if self.in_hand or self.batch or not is_away(error):
                    raise
                _log.warning("the queue does not answer", exc_info=error)
                connection.close()
                time.sleep(_AWAY)
            else:
                return


def _outcome(job: Job, run: Run) -> Ending:
    try:
        result = kinds.named(job.kind).work(job.arguments, run)
        json.dumps(result)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is that job's failure, and stands in its row
        _log.warning("job %d failed at try %d", job.pk, job.attempts, exc_info=error)
        return running.failure(error)
    except Interrupted:
        return Ending(Outcome.HANDED_BACK)
    return Ending(Outcome.DONE, result=result)


class Keeper(threading.Thread):
    """Beside the worker, also while a job runs: says that it lives, takes back what the dead held, sees to `chores`."""

    def __init__(self, worker: JobWorker, presence: Presence, clock: Clock, chores: Sequence[Chore]) -> None:
        super().__init__(name="keeper", daemon=True)
        self._worker, self._presence, self._clock, self._chores = worker, presence, clock, chores
        self._over = threading.Event()
        self.disowned = False

    def run(self) -> None:
        """Beat until told to stop."""
        while not self._over.is_set():
            try:
                self._beat(self._clock())
            except (DatabaseError, InterfaceError, OSError) as error:
                _log.warning("a worker's upkeep failed", exc_info=error)
                connection.close()
            self._over.wait(_BEAT)
        connection.close()

    def _beat(self, at: datetime) -> None:
        close_old_connections()
        if not running.seen(self._presence.id, at):  # silent for so long that others took it for dead
            self.disowned, self._worker.running = True, False
            return
        running.recover(at, lambda worker: self._presence.lives(worker, at))
        for chore in self._chores:
            chore(at)

    def stop(self) -> None:
        """End with the present beat."""
        self._over.set()
        self.join()


def work(folder: Path, clock: Clock, *, chores: Sequence[Chore] = (), once: bool = False, heed_signals: bool = True) -> bool:
    """Be a worker until told to stop, or with `once` until nothing is ready to run.

    `folder` is where workers keep their locks; `chores` are called now and then with the present
    moment. Returns False where other workers took this one for dead. Raises OSError where the
    folder cannot be written, DatabaseError where the database is not there.
    """
    kinds.load()
    presence = Presence(folder)
    worker = JobWorker(presence, clock, once=once)
    if heed_signals:
        worker.configure_signals()
    try:
        running.arrived(presence.id, presence.place, at := clock())
        running.recover(at, lambda other: presence.lives(other, at))
        keeper = Keeper(worker, presence, clock, chores)
        keeper.start()
        try:
            worker.run()
        finally:
            keeper.stop()
        running.left(presence.id, clock())
    finally:
        presence.leave()
    return not keeper.disowned
