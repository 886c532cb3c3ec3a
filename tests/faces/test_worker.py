"""The worker as a command, beside the web server and on its own; the nightly round that it asks for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gongkai.core.doing import Doing
from gongkai.core.freshness.noting import Place
from gongkai.core.freshness.purging import address_map
from gongkai.core.jobs import queries
from gongkai.core.jobs.actions import ask
from gongkai.core.jobs.worker import work
from gongkai.faces.terminal.nightly import DONE
from gongkai.faces.terminal.worker import Nights
from tests.conftest import ROOT, Site, free_port
from tests.journeys.test_killed import children_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # in the office


def until(well: Callable[[], Any], process: subprocess.Popen[bytes] | None = None) -> Any:
    """Wait until something holds, and give it; a process that should live meanwhile must."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if found := well():
                return found
        except httpx.TransportError:
            pass
        assert process is None or process.poll() is None, "it ended"
        threading.Event().wait(0.02)  # look again
    raise AssertionError("not within a minute")


def jobs(site: Site) -> dict[str, Any]:
    told: dict[str, Any] = httpx.get(f"{site.url}/health/ready").json()["jobs"]
    return told


def family(process: int) -> list[int]:
    """All that a process started, and what they started."""
    return [n for child in children_of(process) for n in (child, *family(child))]


def gone(number: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@contextmanager
def supervised(server: str, worker: str, came_up: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor of two shell scripts, both running; the server may have come up."""
    code = "import os, sys; from gongkai.faces.terminal.supervising import Supervisor as S\n"
    code += "sys.exit(S(['sh', '-c', sys.argv[1]], ['sh', '-c', sys.argv[2]], os.environ, lambda: sys.argv[3] == 'True').run())"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", code, server, worker, str(came_up)], cwd=ROOT, **quiet) as process:
        everybody: list[int] = []
        try:
            everybody = until(lambda: here if len(here := family(process.pid)) >= 4 else [], process)
            yield process
        finally:
            everybody += family(process.pid)
            process.kill()
            for number in {number for number in everybody if not gone(number)}:
                os.kill(number, signal.SIGKILL)


SLEEPERS = "sleep 1000 & wait"  # a shell, and what it started


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 143), (signal.SIGKILL, -signal.SIGKILL)])
def test_whatever_ends_the_supervisor_both_end_with_it(how: signal.Signals, code: int) -> None:
    with supervised(SLEEPERS, SLEEPERS) as process:
        children = children_of(process.pid)
        process.send_signal(how)
        assert process.wait(60) == code
        until(lambda: all(map(gone, children)))


def test_what_a_child_started_ends_with_it_too() -> None:
    with supervised(SLEEPERS, SLEEPERS) as process:
        everybody = family(process.pid)
        server, _ = children_of(process.pid)
        os.kill(server, signal.SIGKILL)
        assert process.wait(60) == 128 + signal.SIGKILL
        until(lambda: all(map(gone, everybody)))


def test_the_supervisor_ends_as_a_server_ends_that_did_not_come_up() -> None:
    with supervised("trap 'exit 3' USR1; sleep 1000 & wait", SLEEPERS) as process:
        server, _ = children_of(process.pid)
        os.kill(server, signal.SIGUSR1)
        assert process.wait(60) == 3


@pytest.mark.parametrize("which", [0, 1], ids=["server", "worker"])
def test_what_dies_is_started_again_and_the_other_does_not_notice(which: int) -> None:
    with supervised(SLEEPERS, SLEEPERS, came_up=True) as process:
        before = children_of(process.pid)
        os.kill(before[which], signal.SIGKILL)
        after = until(lambda: len(now := children_of(process.pid)) == 2 and set(now) != set(before) and now, process)
        assert set(before) & set(after) == {before[1 - which]}
        process.terminate()
        assert process.wait(60) == 143


def test_a_site_brings_a_worker_that_passes_the_night_and_ends_with_it(site: Site) -> None:
    port = free_port()
    here = replace(site, url=f"http://127.0.0.1:{port}")
    with here.start("serve", "--workers", "2", "--port", str(port)) as process:
        try:
            until(lambda: jobs(here)["done"] == 1 and jobs(here)["worker"], process)
            assert (site.data / DONE).exists()
            everybody = family(process.pid)
            assert len(everybody) >= 4, "granian, two web workers, a worker"
            process.terminate()
            assert process.wait(60) == 0
            until(lambda: all(map(gone, everybody)))
            assert not list((site.data / "workers").iterdir()), "the worker ended of its own accord"
        finally:
            process.kill()


def asked(site: Site, kind: str, **arguments: str) -> Site:
    """A site with the load's jobs, one of which is asked for."""
    there = replace(site, env={"DJANGO_SETTINGS_MODULE": "tests.journeys.load.settings"})
    code = (
        "import django, sys, json; django.setup()\n"
        "from datetime import UTC, datetime; from gongkai.core.doing import Doing; from gongkai.core.jobs.actions import ask\n"
        "at = datetime.now(UTC); ask(sys.argv[1], json.loads(sys.argv[2]), key='1', title='试', doing=Doing('staff:1', at, at.date()))"
    )
    subprocess.run([sys.executable, "-c", code, kind, json.dumps(arguments)], cwd=ROOT, env=there._env(), check=True)
    return there


@contextmanager
def worker(site: Site, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gongkai.faces.terminal", "worker", *words]
    with subprocess.Popen(command, cwd=ROOT, env=site._env(), stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def begins(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What the next job that begins says."""
    assert process.stdout
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def test_a_worker_told_to_stop_hands_its_job_back_to_the_next(site: Site, tmp_path: Path) -> None:
    there = asked(site, "load.wait", until=str(tmp_path / "go"))
    with worker(there) as first:
        assert begins(first) == {"job": "wait", "attempt": 1}
        first.terminate()
        assert first.wait(60) == 0
    with worker(there) as second:
        assert begins(second)["attempt"] == 2
        second.kill()
    with worker(there, "--once") as third:
        assert begins(third)["attempt"] == 3, "a killed worker's job is taken up by the next at once"
        (tmp_path / "go").touch()
        assert third.wait(60) == 0
    assert not list((site.data / "workers").iterdir())


def test_a_worker_before_setup_says_what_to_run(tmp_path: Path) -> None:
    said = Site(tmp_path / "data").run("worker", "--once")
    assert said.returncode == 1
    assert "gongkai setup" in said.stderr


# The nightly round


def doing(at: datetime = NOON) -> Doing:
    return Doing("nightly", at, at.date())


def nights() -> list[str]:
    return [row.title for row in queries.rows(kind="nightly")[0]]


def last_done(data: Path, at: datetime) -> None:
    (data / DONE).touch()
    os.utime(data / DONE, (at.timestamp(), at.timestamp()))


def test_the_round_of_a_day_is_asked_for_once_however_many_ask(own_database: Path) -> None:
    asking, another = Nights(), Nights()
    for hours in range(9):
        asking.ask(NOON.replace(hour=hours))
        another.ask(NOON.replace(hour=hours))
    assert nights() == ["每日例行 2026-11-20"]
    asking.ask(NOON.replace(day=23))
    assert nights() == ["每日例行 2026-11-23", "每日例行 2026-11-20"], "days that were missed are made up by one round"


def test_a_timer_goes_first_and_what_it_did_is_not_asked_for(own_database: Path) -> None:
    last_done(own_database, NOON)
    asking = Nights()
    asking.ask(NOON.replace(hour=15, minute=59))
    asking.ask(NOON.replace(hour=16, minute=10))
    assert nights() == [], "ten past midnight in the office"
    last_done(own_database, NOON.replace(hour=16, minute=11))
    asking.ask(NOON.replace(hour=16, minute=40))
    assert nights() == []
    last_done(own_database, NOON)
    asking.ask(NOON.replace(hour=16, minute=40))
    assert nights() == ["每日例行 2026-11-21"], "no timer came"


def test_the_round_as_a_job_does_what_the_command_does(own_database: Path) -> None:
    number = ask("nightly", {}, key="2026-11-20", title="每日例行 2026-11-20", doing=doing())
    assert work(own_database / "workers", lambda: datetime.now(UTC), once=True, heed_signals=False)
    card = queries.one(number)
    assert card is not None
    assert card.row.status == "done", card.row.error
    assert card.result is not None
    assert card.result.keys() == {"today", "expired", "turned", "due", "altered"}
    assert (own_database / DONE).exists()


def test_a_round_that_could_not_tell_nginx_is_tried_again(own_database: Path, settings) -> None:
    settings.CACHES_IN_FRONT = ["http://127.0.0.1:9"]
    address_map().note(Place("/library/", ""), ["library"], 1)
    address_map().owe(["library"])
    number = ask("nightly", {}, key="2026-11-20", title="每日例行 2026-11-20", doing=doing())
    assert work(own_database / "workers", lambda: datetime.now(UTC), once=True, heed_signals=False)
    card = queries.one(number)
    assert card is not None
    assert (card.row.status, card.row.attempts) == ("failed", 1)
    assert "没有清除" in card.row.error
    assert not (own_database / DONE).exists()
