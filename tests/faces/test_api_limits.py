"""How often an address may ask the open API: counted for all workers together, forgotten every minute, nobody written down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import api_rate
from gongkai.faces.api.limiting import Counters, RateLimit, client
from tests.conftest import ROOT, Site, copied, serve


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(tmp_path: Path, clock: Clock) -> Callable[..., tuple[str, dict[str, str], bytes]]:
    """Three requests a minute; asks for an address from somewhere."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    limited = RateLimit(application, Counters(tmp_path, clock), 3)

    def ask(address: str = "192.0.2.1", path: str = "/api/v1/documents", method: str = "GET"):
        said = {}
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": address}
        body = b"".join(limited(environ, lambda status, headers, *_: said.update(status=status, headers=dict(headers))))
        return said["status"], said["headers"], body

    return ask


def test_so_many_requests_a_minute_and_no_more(limit, clock: Clock) -> None:
    left = [limit()[1]["RateLimit"] for _ in range(3)]
    assert left == ['"address";r=2;t=60', '"address";r=1;t=60', '"address";r=0;t=60']
    clock.now += 12.5
    status, headers, body = limit()
    assert status.startswith("429")
    assert (headers["Retry-After"], headers["RateLimit"]) == ("48", '"address";r=0;t=48')
    assert headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(body)["status"] == 429
    assert "48 秒" in json.loads(body)["detail"]
    assert limit(method="HEAD")[2] == b""
    clock.now += 48
    assert limit()[0] == "200 OK"


def test_each_address_has_its_own_share_and_other_pages_have_none(limit) -> None:
    for _ in range(5):
        limit("192.0.2.1")
    assert limit("192.0.2.1")[0].startswith("429")
    assert limit("192.0.2.2")[0] == "200 OK"
    status, headers, _ = limit("192.0.2.1", path="/library/")
    assert (status, "RateLimit" in headers) == ("200 OK", False)
    assert limit("192.0.2.1", path="/api/")[0] == "200 OK"


def test_a_subscriber_of_ipv6_is_one_client_whatever_address_he_takes(limit) -> None:
    for n in range(3):
        assert limit(f"2001:db8:1:2::{n}")[0] == "200 OK"
    assert limit("2001:db8:1:2:ffff::1")[0].startswith("429")
    assert limit("2001:db8:1:3::1")[0] == "200 OK"
    assert client("::ffff:192.0.2.1") == client("192.0.2.1")
    assert client("fe80::1%eth0") == client("fe80::2")


@given(st.text(max_size=60))
def test_whatever_a_server_calls_an_address_is_counted(address: str) -> None:
    assert isinstance(client(address), str)


def test_a_thousand_addresses_do_not_get_into_each_others_way(tmp_path: Path, clock: Clock) -> None:
    counters = Counters(tmp_path, clock)
    addresses = [f"198.51.{n // 250}.{n % 250}" for n in range(1_000)]
    for _ in range(2):
        counts = [counters.count(address)[0] for address in addresses]
    assert sum(count != 2 for count in counts) <= 5


def test_workers_count_together(tmp_path: Path) -> None:
    """A process of its own counts what this one counted, and the other way round."""
    here = Counters(tmp_path, Clock())
    assert [here.count("192.0.2.1")[0] for _ in range(2)] == [1, 2]
    there = """
import sys
from pathlib import Path
from gongkai.faces.api.limiting import Counters
print([Counters(Path(sys.argv[1]), lambda: 1_800_000_000.0).count("192.0.2.1")[0] for _ in range(3)])
"""
    said = subprocess.run([sys.executable, "-c", there, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[3, 4, 5]"
    assert here.count("192.0.2.1")[0] == 6


def test_nothing_of_an_address_is_kept_and_the_next_minute_knows_nothing_of_this_one(tmp_path: Path, clock: Clock) -> None:
    counters = Counters(tmp_path, clock)
    for _ in range(5):
        counters.count("192.0.2.1")
    file = tmp_path / "rate"
    before = file.read_bytes()
    assert b"192.0.2.1" not in before
    assert bytes(map(int, "192.0.2.1".split("."))) not in before
    clock.now += 60
    assert counters.count("203.0.113.9")[0] == 1
    after = file.read_bytes()
    assert sum(byte != 0 for byte in after[32:]) == 2, "counters of the last minute are still there"
    assert after[16:32] != before[16:32], "the salt is still the same"
    assert oct(file.stat().st_mode)[-3:] == "600"


def test_a_damaged_file_is_begun_anew(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "rate").write_bytes(os.urandom(5_000))
    assert Counters(tmp_path, clock).count("192.0.2.1")[0] == 1


def test_answers_from_the_byte_cache_count_too(sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_API_RATE", "10")
    for site in serve(copied(sample_data, tmp_path / "data")):
        answers = [httpx.get(f"{site.url}/api/v1/documents") for _ in range(32)]
    known, refused = [a for a in answers if a.status_code == 200], [a for a in answers if a.status_code == 429]
    assert len({answer.headers["ETag"] for answer in known}) == 1
    assert 10 <= len(known) <= 20, "ten a minute, and the minute may have turned once"
    assert len(known) + len(refused) == 32
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60


def test_only_the_api_is_limited(served: Site) -> None:
    assert "RateLimit" in httpx.get(f"{served.url}/api/v1/").headers
    assert "RateLimit" not in httpx.get(f"{served.url}/api/").headers


@pytest.mark.parametrize(
    ("given", "in_front", "rate"), [(None, "", 6000), ("", "", 6000), ("5", "", 5), ("0", "", 0), (None, "http://127.0.0.1:8081", 0), ("7", "http://127.0.0.1:8081", 7)]
)  # fmt: skip
def test_behind_nginx_nginx_does_the_counting(
    monkeypatch: pytest.MonkeyPatch, given: str | None, in_front: str, rate: int
) -> None:
    monkeypatch.setenv("GONGKAI_PURGE", in_front)
    if given is None:
        monkeypatch.delenv("GONGKAI_API_RATE", raising=False)
    else:
        monkeypatch.setenv("GONGKAI_API_RATE", given)
    assert api_rate() == rate
