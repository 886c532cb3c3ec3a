"""This site's questions, counted: what the search page calls. A thread of each worker writes, so that no page waits for it."""

from __future__ import annotations

import logging
import os
import threading
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from gongkai.core.finding.counting.actions import parts_of, write
from gongkai.core.finding.counting.marking import Salts
from gongkai.core.finding.counting.noting import Batch, Notes, folded, is_program
from gongkai.core.freshness.purging import PurgeFailed

_SECONDS = 15.0
_log = logging.getLogger(__name__)
_writing: list[int] = []  # the process whose thread is running


@lru_cache(maxsize=2)
def _notes(data: str) -> Notes:
    return Notes(Salts(Path(data) / "search"))


def notes() -> Notes:
    """What this process has counted."""
    return _notes(str(settings.DATA_FOLDER))


def count_asked(question: str, asker: tuple[str, str], day: date, *, found: bool, before: str = "") -> None:
    """Somebody asked; `asker` is their address and what their browser calls itself, neither of which is kept."""
    said = folded(question)
    if not said or is_program(asker[1]):
        return
    try:
        notes().asked(said, " ".join(asker), day, found=found, before=folded(before))
    except OSError as error:  # a full disk, say: the page matters, the figure does not
        _log.warning("a question was not counted: %s", error)
        return
    _see_to_writing()


def count_opened(question: str, address: str, asker: tuple[str, str], day: date) -> None:
    """Somebody opened a page from the results of a question."""
    said = folded(question)
    if not said or is_program(asker[1]):
        return
    try:
        notes().opened(said, address, " ".join(asker), day)
    except OSError as error:
        _log.warning("an opening was not counted: %s", error)
        return
    _see_to_writing()


def write_now() -> int:
    """Write what this process has counted; what cannot be written now is kept for the next time."""
    return sum(_written(part) for part in parts_of(notes().take()))


def _written(part: Batch) -> int:
    try:
        return write(part)
    except PurgeFailed as error:  # it was written all the same, and no cache in front shows any of it
        _log.warning("%s", error)
    except Error as error:
        notes().give_back(part)
        _log.warning("counted questions could not be written, they wait: %s", error)
    return 0


def _see_to_writing() -> None:
    """One thread in each process, begun with the first question: a process that was forked has none of its parent's."""
    if settings.WRITE_COUNTED and os.getpid() not in _writing:
        _writing[:] = [os.getpid()]
        threading.Thread(target=_go_on_writing, name="counting", daemon=True).start()


def _go_on_writing() -> None:
    waiting = threading.Event()
    try:
        while True:
            waiting.wait(_SECONDS)
            write_now()
            connection.close()
    finally:
        _writing.clear()  # the next question begins another thread
