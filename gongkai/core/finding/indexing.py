"""The one process that indexes: feeds the index from the outbox, and makes it anew where that is needed or asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from django.db import Error, connection
from django.utils import timezone

from gongkai.core.away import is_away
from gongkai.core.finding.feeding import Feeder
from gongkai.core.finding.models import Change
from gongkai.core.finding.opening import home
from gongkai.core.finding.outbox import REBUILD
from gongkai.core.finding.rebuilding import rebuild
from gongkai.core.finding.words import make_words
from gongkai.core.freshness.touching import board
from gongkai.search.port import EngineUnreachable, IndexDamaged, Indexer, IndexFull, IndexOutdated, Progress

_LOOK = 0.01  # seconds between two looks at the board; they cost next to nothing
_IDLE = 1.0  # seconds after which the outbox is looked into all the same: another machine may have written there
_AWAY = 2.0  # seconds that a database or an engine that does not answer is left alone
_FULL = 30.0  # seconds after which a full disk, or a damaged index, is tried again
_log = logging.getLogger(__name__)


_WORDS_EVERY = 600.0  # seconds between two vocabularies, where anything has changed; more where making one takes long
_WORDS_SHARE = 20  # of the time it takes


class Renewal(Protocol):
    """A process that makes the vocabulary anew (`subprocess.Popen` is one)."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""


class _Words:
    """Sees to it that the vocabulary is made anew, in a process of its own, some time after something has changed."""

    def __init__(self, renew: Callable[[], Renewal]) -> None:
        self._renew = renew
        self._renewal: Renewal | None = None
        self._begun = time.monotonic()
        self._due = self._begun + _WORDS_EVERY
        self.outdated = False

    def see_to(self) -> None:
        """Start a renewal where one is due; notice where it has ended."""
        now = time.monotonic()
        if self._renewal is not None:
            if (code := self._renewal.poll()) is None:
                return
            if code:
                _log.warning("index: the vocabulary was not made anew (%d)", code)
            self._renewal, self._due = None, now + max(_WORDS_EVERY, _WORDS_SHARE * (now - self._begun))
        if self.outdated and now >= self._due:
            self.outdated, self._begun = False, now
            self._renewal = self._renew()


class _Stopped(Exception):
    """The process was told to end."""


class Indexing:
    """Indexes until `stopping` says so. `clock` gives the present moment, `renew` starts the making of a vocabulary."""

    def __init__(
        self, clock: Callable[[], datetime], stopping: Callable[[], bool], renew: Callable[[], Renewal] | None = None
    ) -> None:
        self._clock, self._stopping = clock, stopping
        self._words = _Words(renew) if renew else None
        self._home = home()
        self._spoiled, self._passing = False, ""

    def run(self) -> None:
        """Work, and begin again after whatever passes: a database that is away, a full disk. Raises IndexBusy."""
        while not self._stopping():
            try:
                self._work()
            except _Stopped:
                return
            except Error as error:
                if not is_away(error):
                    raise
                connection.close()
                self._pause(_AWAY, "the database does not answer", error)
            except EngineUnreachable as error:
                self._pause(_AWAY, "the search engine does not answer", error)
            except IndexFull as error:
                self._pause(_FULL, "the index cannot grow", error)
            except (IndexDamaged, IndexOutdated) as error:
                again, self._spoiled = self._spoiled, True
                self._pause(_FULL if again else 0, "the index is damaged", error)

    def _work(self) -> None:
        trouble, answers = self._home.trouble(), self._home.answers() and not self._spoiled
        with closing(self._home.engine(names=True).indexer()) as indexer:
            if trouble or self._spoiled:
                self._rebuild(indexer, trouble, answers=answers)
                self._spoiled = False
            feeder = Feeder(indexer)
            while not self._stopping():
                seen = board().generation
                fed = feeder.feed(self._today())
                self._passing = ""
                self._see_to_words(changed=fed)
                if not fed:
                    self._wait(seen)
                if feeder.rebuild_asked:
                    self._rebuild(indexer, "请求重建", answers=True)
                    feeder = Feeder(indexer)

    def _rebuild(self, indexer: Indexer, why: str, *, answers: bool) -> None:
        _log.warning("index: being rebuilt: %s", why)
        told = _Told(self._home.folder)
        try:
            number = rebuild(self._home, indexer, self._today(), told.write, answers=answers, go_on=self._go_on)
        finally:
            told.forget()
        _log.warning("index: rebuilt, %d records", number)

    def _see_to_words(self, *, changed: bool) -> None:
        if self._words is not None:
            self._words.outdated = self._words.outdated or changed
            self._words.see_to()

    def _go_on(self) -> None:
        if self._stopping():
            raise _Stopped

    def _today(self) -> date:
        return timezone.localdate(self._clock())

    def _wait(self, seen: int) -> None:
        """Until something has changed since the board showed `seen`, or a while has passed."""
        until = time.monotonic() + _IDLE
        while board().generation == seen and time.monotonic() < until and not self._stopping():
            time.sleep(_LOOK)

    def _pause(self, seconds: float, why: str, error: Exception) -> None:
        if why != self._passing:  # told once, not every two seconds
            _log.warning("index: %s", why, exc_info=error)
        self._passing = why
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopping():
            time.sleep(_LOOK * 10)


class _Told:
    """How far a rebuild is, for who waits for it in another process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "progress"

    def write(self, done: int, total: int | None) -> None:
        made = self._path.with_suffix(".new")
        made.write_text(f"{done} {total or 0}", encoding="ascii")
        made.replace(self._path)

    def read(self) -> tuple[int, int]:
        try:
            done, total = map(int, self._path.read_text(encoding="ascii").split())
        except (FileNotFoundError, ValueError):
            return 0, 0
        return done, total

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


def _untold(done: int, total: int | None) -> None:
    del done, total


def rebuild_here(today: date, progress: Progress = _untold) -> int:
    """Make index and vocabulary anew in this process; returns how many records. Raises IndexBusy where another one indexes."""
    where = home()
    answers = where.answers()
    with closing(where.engine(names=True).indexer()) as indexer:
        make_words(where, today)
        return rebuild(where, indexer, today, progress, answers=answers, go_on=lambda: None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A rebuild that the indexing process was asked for."""

    number: int

    def look(self) -> tuple[int, int] | None:
        """How many records of how many are in; None once it is done."""
        if not Change.objects.filter(pk=self.number).exists():
            return None
        return _Told(home().folder).read()


def ask_for_rebuild() -> Asked:
    """Let the process that indexes make everything anew."""
    return Asked(Change.objects.create(tag=REBUILD).pk)
