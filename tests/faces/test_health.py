"""What machines ask about the site."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.test import Client

from gongkai.core.finding.indexing import rebuild_here
from gongkai.core.freshness.purging import address_map
from gongkai.core.jobs import running
from gongkai.core.jobs.actions import ask, cancel
from gongkai.core.jobs.presence import Presence
from tests import databases
from tests.conftest import ROOT, Site, copied, free_port, process_wait
from tests.domains.library.papers import county, filed, notice


@pytest.fixture
def machine(own_database: Path, settings) -> Client:
    settings.STATICFILES_DIRS = []
    county()
    return Client(raise_request_exception=False)


def figures(text: str) -> dict[str, float]:
    """Prometheus text as name with labels → value."""
    return {m[1]: float(m[2]) for m in re.finditer(r"^(gongkai_\S+) (\S+)$", text, re.MULTILINE)}


def test_a_well_site_is_live_and_ready(machine: Client) -> None:
    assert machine.get("/health/live").json() == {"live": True}
    answer = machine.get("/health/ready")
    assert answer.status_code == 200
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == dict.fromkeys(
        ("database", "migrations", "folder", "disk", "board"), True
    )


def test_a_site_says_how_its_index_stands_and_is_ready_without_one(machine: Client, doing) -> None:
    filed(notice(1, "停车管理办法"), doing)
    answer = machine.get("/health/ready")
    assert (answer.status_code, answer.json()["search"]["answers"]) == (200, False)
    assert answer.json()["search"]["waiting"] > 0
    assert "gongkai search rebuild" in answer.json()["search"]["hint"]
    assert figures(machine.get("/metrics").content.decode())["gongkai_search_changes_waiting"] > 0
    rebuild_here(date(2026, 11, 20))
    assert machine.get("/health/ready").json()["search"] == {"answers": True, "waiting": 0, "hint": ""}


def test_each_trouble_is_named_with_what_to_do(machine: Client, settings, own_database: Path) -> None:
    settings.FREE_DISK_BYTES = 1 << 60
    answer = machine.get("/health/ready")
    assert answer.status_code == 503
    assert "磁盘" in answer.json()["checks"]["disk"]["hint"]
    assert answer.json()["checks"]["database"]["ok"]
    settings.FREE_DISK_BYTES = 0
    connection.close()
    with databases.away(own_database):
        answer = machine.get("/health/ready")
        assert not answer.json()["checks"]["database"]["ok"]
        assert machine.get("/health/live").status_code == 200, "a site without its database is alive"
        assert figures(machine.get("/metrics").content.decode())["gongkai_database_up"] == 0
        connection.close()
    assert machine.get("/health/ready").status_code == 200, "and heals by itself"


def test_what_machines_ask_is_never_kept_and_tells_no_secrets(machine: Client, settings, own_database: Path) -> None:
    settings.METRICS_TOKEN = "a-token-nobody-should-see"
    settings.FREE_DISK_BYTES = 1 << 60
    for path in ("/health/live", "/health/ready", "/metrics"):
        answer = machine.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "X-Page-Tags" not in answer.headers
        for secret in (settings.SECRET_KEY, settings.METRICS_TOKEN, str(own_database)):
            assert secret not in answer.content.decode()


def test_figures_are_for_this_machine_or_for_the_token(machine: Client, settings) -> None:
    assert machine.get("/metrics").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert machine.get("/metrics", **elsewhere).status_code == 403
    for passed_on in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED"):
        assert machine.get("/metrics", **{passed_on: "x"}).status_code == 403, "nginx on this machine asks for somebody else"
    assert machine.get("/metrics", HTTP_AUTHORIZATION="Bearer ", **elsewhere).status_code == 403
    settings.METRICS_TOKEN = "令牌-token"
    assert machine.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong", **elsewhere).status_code == 403
    settings.METRICS_TOKEN = "token"
    assert machine.get("/metrics", HTTP_AUTHORIZATION="Bearer token", **elsewhere).status_code == 200


def test_figures_follow_what_happens(machine: Client, settings, doing, own_database: Path) -> None:
    before = figures(machine.get("/metrics").content.decode())
    filed(notice(1, "停车管理办法"), doing)
    machine.get("/library/")
    machine.get("/no/such/page")
    machine.get("/no/such/other/page")
    settings.CACHES_IN_FRONT = ["http://127.0.0.1:9"]
    address_map().owe(["library"])
    (own_database / "nightly.done").touch()
    after = figures(machine.get("/metrics").content.decode())

    def grew(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grew("gongkai_public_documents") == 1
    assert grew("gongkai_ledger_position") > 0
    assert grew("gongkai_purge_debts") == 1
    assert grew("gongkai_nightly_last_success_seconds") > 0
    assert grew('gongkai_requests_total{method="GET",route="library",status="2xx"}') == 1
    assert grew('gongkai_requests_total{method="GET",route="unmatched",status="4xx"}') == 2
    assert grew('gongkai_request_seconds_count{route="library"}') == 1


def test_a_site_without_a_worker_is_ready_but_says_so(machine: Client, doing, own_database: Path) -> None:
    number = ask("a kind nobody knows", {}, key="1", title="办一件事", doing=doing)
    told = machine.get("/health/ready").json()
    assert told["ready"]
    assert (told["jobs"]["worker"], told["jobs"]["waiting"]) == (False, 1)
    assert "gongkai worker" in told["jobs"]["hint"]
    shown = figures(machine.get("/metrics").content.decode())
    assert (shown["gongkai_worker_up"], shown['gongkai_jobs{status="waiting"}']) == (0, 1)
    presence = Presence(own_database / "workers")
    running.arrived(presence.id, presence.place, datetime.now(UTC))
    cancel(number, doing)
    told = machine.get("/health/ready").json()
    assert (told["jobs"]["worker"], told["jobs"]["given_up"], told["jobs"]["hint"]) == (True, 1, "")
    shown = figures(machine.get("/metrics").content.decode())
    assert (shown["gongkai_worker_up"], shown['gongkai_jobs{status="given_up"}']) == (1, 1)
    presence.leave()


def test_odd_methods_and_addresses_make_no_new_figures(machine: Client) -> None:
    machine.get("/metrics")
    before = len(figures(machine.get("/metrics").content.decode()))
    for n in range(20):
        machine.generic(f"ODD{n}", f"/odd/{n}/")
    assert len(figures(machine.get("/metrics").content.decode())) <= before + 2


def test_workers_count_together_and_a_killed_one_is_replaced(sample_data: Path, tmp_path: Path) -> None:
    port = free_port()
    site = Site(copied(sample_data, tmp_path / "data"), f"http://127.0.0.1:{port}")
    words = ("serve", "--workers", "2", "--port", str(port), "--without-worker", "--without-indexer")
    log = tmp_path / "log"
    with log.open("wb") as err, subprocess.Popen(site._command(words), cwd=ROOT, env=site._env(), stderr=err) as process:
        try:
            _until(process, lambda: httpx.get(f"{site.url}/health/live").status_code == 200)
            statuses = [httpx.get(f"{site.url}/library/999999/").status_code for _ in range(20)]
            assert statuses == [404] * 20
            counted = 'gongkai_requests_total{method="GET",route="document",status="4xx"}'
            seen = {figures(httpx.get(f"{site.url}/metrics").text)[counted] for _ in range(6)}
            assert seen == {20}, "every worker gives the sum of all"
            os.kill(_children(process.pid)[0], signal.SIGKILL)
            _until(process, lambda: httpx.get(f"{site.url}/health/ready").status_code == 200)
            _until(process, lambda: len(_children(process.pid)) == 2)
            assert figures(httpx.get(f"{site.url}/metrics").text)[counted] == 20, "what the dead counted stays counted"
        finally:
            process.terminate()
    assert "refused to gracefully stop" not in log.read_text(), "told to stop while it starts, a worker stops"


def _children(process: int) -> list[int]:
    """The web workers of a site, which are children of granian, which is one of `gongkai serve`."""
    server = subprocess.run(["pgrep", "-P", str(process), "-f", "granian"], capture_output=True, text=True, check=False)
    said = subprocess.run(["pgrep", "-P", server.stdout.strip() or "0"], capture_output=True, text=True, check=False)
    found = [int(line) for line in said.stdout.split()]
    return [n for n in found if "tracker" not in (Path("/proc") / str(n) / "cmdline").read_text().replace("\0", " ")]


def _until(process: subprocess.Popen[bytes], well: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if well():
                return
        except httpx.HTTPError:
            pass
        process_wait(process)
    raise AssertionError("not well within a minute")
