"""Whether a worker lives: on this machine a lock tells, elsewhere its silence.

A worker holds a lock on a file of its own for as long as it lives, whatever ends it. Who shares
its folder and its kernel can see at once that it is gone. Of workers on other machines only the
time is known when they last said that they live.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from gongkai.core.jobs.models import Worker

SILENCE = timedelta(seconds=60)  # a worker elsewhere that says nothing for so long is held for dead
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Presence:
    """A worker's own lock in `folder`. Raises OSError where that cannot be written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.id = uuid.uuid4().hex
        self._folder = folder
        self._lock = os.open(self._path(self.id), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        at = folder.stat()
        self.place = f"{_BOOT.read_text(encoding='ascii').strip()} {at.st_dev} {at.st_ino}"

    def lives(self, worker: Worker, at: datetime) -> bool:
        """Whether another worker lives, as far as can be told from here."""
        if worker.place != self.place:
            return at - worker.seen_at <= SILENCE
        if worker.pk == self.id:
            return True
        try:
            lock = os.open(self._path(worker.pk), os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        self._path(worker.pk).unlink(missing_ok=True)
        return False

    def leave(self) -> None:
        """Give the lock up."""
        self._path(self.id).unlink(missing_ok=True)
        os.close(self._lock)

    def _path(self, worker: str) -> Path:
        return self._folder / f"{worker}.lock"
