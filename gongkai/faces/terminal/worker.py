"""`gongkai worker`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import explained

# isort: split
from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.jobs.actions import ask
from gongkai.core.jobs.worker import Unwritten, work
from gongkai.faces.terminal.nightly import KIND, last_night

_TIMERS_TURN = time(0, 30)  # a timer that runs `gongkai nightly` has done so by then


@chinese.command(told="办后台任务（导入、发信、导出、每日例行等）。gongkai serve 已带一个；这里单独运行，可以运行几个。")
@click.option("--once", is_flag=True, help="办完现在能办的就结束")
@explained(Unwritten, OSError)
def worker(*, once: bool) -> int:
    """Be a worker; 1 when this one had to leave its work to others."""
    chores = () if once else (Nights().ask,)
    well = work(Path(settings.DATA_FOLDER) / "workers", lambda: datetime.now(UTC), chores=chores, once=once)
    sys.stdout.flush()
    return 0 if well else 1


class Nights:
    """Asks for the nightly round once a day, unless a timer sees to it; days that were missed are made up by one round."""

    def __init__(self) -> None:
        self._asked_on: date | None = None

    def ask(self, at: datetime) -> None:
        """Ask where today's round is neither done nor asked for. The first half hour of a day is the timer's."""
        now = timezone.localtime(at)
        last = last_night()
        if now.date() in (self._asked_on, last) or (last is not None and now.time() < _TIMERS_TURN):
            return
        today = now.date()
        ask(KIND, {}, key=today.isoformat(), title=f"每日例行 {today}", doing=Doing("nightly", at, today))
        self._asked_on = today
