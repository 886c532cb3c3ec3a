"""What kinds of jobs there are: functions that registered themselves under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.module_loading import autodiscover_modules

from gongkai.core.jobs.run import Run

Work = Callable[[dict[str, Any], Run], dict[str, Any] | None]
_PAUSES = (10.0, 60.0, 600.0, 3600.0)  # seconds
_kinds: dict[str, Kind] = {}


class Hopeless(Exception):
    """Trying again will not help: the job is given up at once. `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: what does it, after how many failures it is given up, how long it rests after each, in seconds."""

    name: str
    work: Work
    tries: int
    pauses: Sequence[float]


def job(name: str, *, tries: int = 5, pauses: Sequence[float] = _PAUSES) -> Callable[[Work], Work]:
    """Register a function as a kind of job.

    It is given the arguments of the job and a `Run`, and gives back a result as JSON, or None. It
    must tolerate being run again (see this package's first lines). Whatever it raises is a
    failure; after the nth it is tried again in `pauses[n-1]` seconds (the last one counts on),
    until `tries` have failed. It raises Hopeless where another try would be no use.
    """

    def register(work: Work) -> Work:
        known = _kinds.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"two kinds of jobs are called {name}")
        _kinds[name] = Kind(name, work, tries, tuple(pauses))
        return work

    return register


def named(name: str) -> Kind:
    """The kind of this name. Raises Hopeless where this version of the software has none."""
    if name not in _kinds:
        raise Hopeless(f"这一版程序不会办“{name}”这种任务。请核对程序版本；升级后可以重试。")
    return _kinds[name]


def tries_of(name: str) -> int:
    """After how many failures jobs of this kind are given up."""
    return _kinds[name].tries if name in _kinds else 1


def pause_after(name: str, failures: int) -> timedelta:
    """How long a job rests after so many failures; not at all after none."""
    pauses = _kinds[name].pauses if name in _kinds else _PAUSES
    return timedelta(seconds=pauses[min(failures, len(pauses)) - 1] if failures and pauses else 0)


def load() -> None:
    """Import the rooms of every installed app where jobs are registered: `tasks`, and `tasks/jobs` where that is a folder."""
    autodiscover_modules("tasks", "tasks.jobs")
