"""Django's SQLite, whose writers take turns.

Whoever waits for SQLite's one writer looks again after ever longer pauses, so one who writes without a pause comes first again
and again, and another may give up after the whole `timeout`. Here one looks at a time: before a transaction begins its writer
locks the folder of the database (flock: the kernel takes it back from the dead) and lets go once it has begun. So whoever
waited is next.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db.backends.sqlite3 import base

_LOOK = 0.005  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that begins its transactions in turn with those of other processes and threads."""

    def _start_transaction_under_autocommit(self) -> None:
        folder, patience = Path(self.settings_dict["NAME"]).parent, self.settings_dict["OPTIONS"].get("timeout", 5)
        with nullcontext() if self.is_in_memory_db() else _turn(folder, patience):
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's, which its types leave out


@contextmanager
def _turn(folder: Path, patience: float) -> Iterator[None]:
    """Nobody else has the turn meanwhile; after `patience` seconds it is taken as it comes, for SQLite to say what is wrong."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # the folder has gone, or is not ours to read: SQLite says so
        yield
        return
    try:
        deadline = time.monotonic() + patience
        while not _taken(place) and time.monotonic() < deadline:
            time.sleep(_LOOK)
        yield
    finally:
        fcntl.flock(place, fcntl.LOCK_UN)  # a process that was forked meanwhile holds the same lock
        os.close(place)


def _taken(place: int) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
