"""Processes killed at random points under a mixed load: what was acknowledged is there, once; what was asked for is done, once."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests import databases
from tests.conftest import ROOT, Site, free_port
from tests.journeys.load import numbers_of
from tests.journeys.load.clerk import Clerk
from tests.soaking import often

PAGES = ("/", "/library/", "/library/?kind=normative", "/organs/", "/disclosure/", "/feed/", "/sitemap.xml")
PATIENCE = 120  # seconds until a condition that does not come true is a fault
CLERK = "zhuguan"


class Load:
    """A site with its web workers, a worker for jobs, writers, a visitor, and an official at the console.

    The processes of all but the last two may be killed at any time.
    """

    def __init__(self, site: Site, seed: str) -> None:
        self.port = free_port()
        env = {"DJANGO_SETTINGS_MODULE": "tests.journeys.load.settings", "GONGKAI_LOG_LEVEL": "error"}
        self.site = replace(site, url=f"http://127.0.0.1:{self.port}", env=env)
        self._log = site.data / "serve.log"
        self.seed, self.chance = seed, random.Random(seed)
        self.changed, self.ticks = threading.Condition(), 0  # a tick: a line somebody said, or an answer
        self.said: list[dict[str, Any]] = []
        self.pressed: list[str] = []  # the reasons of what the console's pages called done
        self.answers: Counter[int] = Counter()
        self.killed: Counter[str] = Counter()
        self.dead: set[int] = set()
        self.begun = 0  # processes that were asked for
        self.settling = self.over = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Everything runs; at the end nothing does."""
        self.web = self._serve()
        command = [sys.executable, "-m", "tests.journeys.load.staff", self.seed, str(self.site.data / "in")]
        self.staff = subprocess.Popen(
            command, cwd=ROOT, env=self.site._env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
        )
        self.desk = threading.Thread(target=self._sit_at_the_desk, daemon=True)
        threads = [*[threading.Thread(target=do, daemon=True) for do in (self._listen, self._visit)], self.desk]
        for thread in threads:
            thread.start()
        try:
            for what in ("write", "write", "work"):
                self.start(what)
            self.until(lambda: bool(self._answered()), "the site does not answer")
            yield
        finally:
            self.over = True
            os.killpg(self.staff.pid, signal.SIGKILL)
            self.staff.wait()
            for thread in threads:
                thread.join()
            self.web.terminate()
            self.web.wait()

    def _serve(self) -> subprocess.Popen[bytes]:
        command = self.site._command(("serve", "--workers", "2", "--port", str(self.port), "--without-worker"))
        with self._log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.site._env(), stdout=subprocess.DEVNULL, stderr=log)

    def start(self, what: str) -> None:
        """One more writer (`write`) or worker (`work`)."""
        assert self.staff.stdin
        self.begun += 1
        self.staff.stdin.write(f"{what}\n".encode())
        self.staff.stdin.flush()

    def _listen(self) -> None:
        assert self.staff.stdout
        for line in self.staff.stdout:
            self._tick(lambda: self.said.append(json.loads(line)))  # noqa: B023 - called at once

    def _visit(self) -> None:
        """A visitor reads pages for as long as the load lasts. That nobody answers for a moment is no fault; a 5xx is."""
        chance = random.Random(f"{self.seed}-visitor")
        with httpx.Client(base_url=self.site.url, timeout=30) as client:
            while not self.over:
                path = chance.choice((*PAGES, *[f"/library/{chance.randrange(1, 61)}/"] * 5))
                try:
                    status = client.get(path).status_code
                except httpx.TransportError:
                    status = 0
                self._answer(status)

    def _answer(self, status: int) -> None:
        """Write an answer down, 0 for none, and pause as people do."""
        self._tick(lambda: self.answers.update([status]))
        with self.changed:
            self.changed.wait(0.01 if status else 0.1)

    def _sit_at_the_desk(self) -> None:
        """An official withdraws and restores papers through the pages of the console."""
        password = yaml.safe_load((ROOT / "sample" / "people.yaml").read_text(encoding="utf-8"))["password"]
        clerk = Clerk(
            self.site.url,
            self.seed,
            CLERK,
            password,
            self._answer,
            lambda reason: self._tick(lambda: self.pressed.append(reason)),
        )
        clerk.work(lambda: self.settling or self.over)

    def _tick(self, change: Callable[[], None]) -> None:
        with self.changed:
            change()
            self.ticks += 1
            self.changed.notify_all()

    def until(self, well: Callable[[], bool], what: str) -> None:
        """Wait for a condition."""
        with self.changed:
            assert self.changed.wait_for(well, PATIENCE), f"{what}（{self.seed}）"

    def later(self) -> None:
        """Let a little happen: how much is left to chance, and has nothing to do with what is killed then."""
        goal = self.ticks + self.chance.randrange(5, 50)
        self.until(lambda: self.ticks >= goal, "nothing happens any more")

    # Who may die

    def kill_a_writer(self) -> None:
        """One that is writing."""
        self.until(lambda: bool(self._living("write")), "nobody writes")
        victim = self.chance.choice(self._living("write"))
        self.until(lambda: any(said["writer"] == victim["number"] for said in self._of("writer")), "a writer does not begin")
        self._kill(victim)

    def kill_the_worker(self) -> None:
        """While it runs jobs."""
        before = len(self._of("job"))
        self.until(lambda: len(self._of("job")) > before, "no job begins")
        self._kill(*self._living("work"))

    def _kill(self, victim: dict[str, Any]) -> None:
        """Another takes its place, as systemd or `gongkai serve` would see to."""
        self.later()
        os.kill(victim["process"], signal.SIGKILL)
        self.dead.add(victim["number"])
        self.start(victim["started"])

    def _living(self, what: str) -> list[dict[str, Any]]:
        return [said for said in self._of("started") if said["started"] == what and said["number"] not in self.dead]

    def kill_a_web_worker(self) -> None:
        """While it answers. granian starts another; where too many die too fast for it, it is started again itself."""
        before = self._answered()
        self.until(lambda: self._answered() > before, "nobody answers")
        self.later()
        for server in children_of(self.web.pid):
            if web_workers := children_of(server):
                os.kill(self.chance.choice(web_workers), signal.SIGKILL)

    def ask(self, path: str) -> int:
        """What the site answers, once it does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return httpx.get(self.site.url + path, timeout=30).status_code
            except httpx.TransportError:
                with self.changed:
                    self.changed.wait(0.1)
        raise AssertionError(f"nobody answers {path}（{self.seed}）")

    def kill_one(self) -> None:
        """Somebody, by chance."""
        kill = self.chance.choice((self.kill_a_writer, self.kill_a_writer, self.kill_the_worker, self.kill_a_web_worker))
        kill()
        self.killed[kill.__name__] += 1

    def settle(self) -> None:
        """Nobody writes any more; what was asked for is done to its end."""
        self.until(lambda: bool(self.pressed), "nothing is done at the console")
        self.settling = True
        self.desk.join()
        self.until(lambda: len(self._of("started")) == self.begun, "a process was not started")
        for writer in self._living("write"):
            os.kill(writer["process"], signal.SIGKILL)
        undone = "SELECT kind, status, attempts, error FROM jobs_job WHERE status <> 'done'"
        deadline = time.monotonic() + PATIENCE
        while (left := self.rows(undone)) and time.monotonic() < deadline:
            with self.changed:
                self.changed.wait(0.1)
        assert left == [], self.seed

    def _answered(self) -> int:
        return sum(count for status, count in self.answers.items() if status)

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [said for said in self.said if kind in said]

    def log(self) -> str:
        """What the site complained of last."""
        return self._log.read_text(encoding="utf-8")[-5000:]

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the database says, past the product."""
        with databases.opened(self.site.data) as cursor:
            cursor.execute(question)
            return list(cursor.fetchall())

    def done(self, what: str) -> set[str]:
        """The things (by their actors) that a writer said were done."""
        return {said["actor"] for said in self._of("actor") if (said["what"], said["of"]) == ("done", what)}


def children_of(process: int) -> list[int]:
    """The processes that a process started."""
    tasks = Path(f"/proc/{process}/task")
    try:
        return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def papers_of(actor: str) -> list[str]:
    """The document numbers of the papers that a writer brought, or asked to be brought, as its nth thing."""
    writer, count = map(int, actor.removeprefix("w").split("-"))
    return [f"青财〔2020〕{number}号" for number in numbers_of(writer, count)]


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_when_processes_are_killed(site: Site) -> None:
    kills = often(20, 500)
    load = Load(site, os.environ.get("GONGKAI_SEED") or secrets.token_hex(4))
    print(f"GONGKAI_SEED={load.seed}")  # noqa: T201 - to do it again
    with load.running():
        for _ in range(kills):
            load.kill_one()
        load.settle()
        check_pages(load)
    print(load.killed, load.answers, Counter(load.rows("SELECT outcome FROM jobs_attempt")))  # noqa: T201 - what happened
    assert load.killed.total() == kills
    check_ledger(load)
    check_papers(load)
    check_desk(load)
    check_jobs(load)
    assert not [status for status in load.answers if status >= 500], load.log()
    assert "台账完好" in (said := load.site.run("ledger", "verify")).stdout, said.stderr
    assert "逐行一致" in (said := load.site.run("ledger", "rebuild")).stdout, said.stdout


def check_pages(load: Load) -> None:
    """The site shows what is public, whoever was killed while it changed."""
    for number, editorial in load.rows("SELECT id, editorial FROM library_document WHERE id <= 66"):
        status = load.ask(f"/library/{number}/")
        assert (status == 200) == (editorial == "published"), (number, editorial, status, load.log())


def check_ledger(load: Load) -> None:
    """What was acknowledged stands in the ledger; nothing stands there twice."""
    events = Counter(load.rows("SELECT actor, kind, stream_id FROM ledger_event WHERE actor LIKE 'w%'"))
    assert [event for event, count in events.items() if count > 1] == []
    happened = {(actor, kind) for actor, kind, _ in events}
    for kind in ("withdrawn", "restored", "revised", "published"):
        acknowledged = load.done(kind)
        assert acknowledged, f"the load never did this: {kind}"
        assert {actor for actor in acknowledged if (actor, kind) not in happened} == set()


def check_desk(load: Load) -> None:
    """What the console's pages called done stands in the ledger once; a button pressed twice does nothing twice."""
    reasons = Counter(text for (text,) in load.rows("SELECT text FROM library_remark WHERE text LIKE 'desk-%'"))
    assert load.pressed, "nothing was ever done at the console"
    assert set(load.pressed) - reasons.keys() == set()
    assert {reason for reason, count in reasons.items() if count > 1} == set()
    own = "SELECT count(*) FROM ledger_event WHERE kind IN ('withdrawn', 'restored') AND actor = (SELECT 'staff:' || id FROM"
    assert load.rows(f"{own} staff_person WHERE username = '{CLERK}')") == [(reasons.total(),)]


def check_papers(load: Load) -> None:
    """Each paper that was brought is there once, whether in one go or in several."""
    rows = load.rows("SELECT document_number, count(*) FROM library_document GROUP BY document_number")
    held = {number: count for number, count in rows if number.startswith("青财〔2020〕")}
    assert {number for number, count in held.items() if count > 1} == set()
    for actor in load.done("brought") | load.done("asked to bring"):
        assert [number for number in papers_of(actor) if number not in held] == []


def check_jobs(load: Load) -> None:
    """Each job that was asked for is there, was done to its end, and did what it should once."""
    jobs = {key: (number, kind, status) for number, key, kind, status in load.rows("SELECT id, key, kind, status FROM jobs_job")}
    assert (load.done("asked") | load.done("asked to bring")) - jobs.keys() == set()
    assert {status for _, _, status in jobs.values()} == {"done"}
    ends = Counter(load.rows("SELECT job_id, outcome FROM jobs_attempt"))
    assert {ends[number, "done"] for number, *_ in jobs.values()} == {1}
    assert not {outcome for _, outcome in ends} - {"done", "lost", "failed"}
    amended = Counter(actor for (actor,) in load.rows("SELECT actor FROM ledger_event WHERE kind = 'revised'"))
    assert {amended[key] for key, (_, kind, _) in jobs.items() if kind == "load.amend"} <= {1}
