"""Whatever is sent, the answer is clear and never a 5xx; straight to the site, without nginx before it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Site
from tests.soaking import often

BIG = b"9" * 30
PATHS = {
    "a year far away": b"/library/?year=9999",
    "a day at the end of time": b"/library/?on=9999-12-31",
    "a day that is none": b"/library/?on=0000-00-00",
    "a year without end": b"/library/?year=" + BIG,
    "a page without end": b"/library/?page=" + BIG,
    "a number without end": b"/library/" + BIG + b"/",
    "a sitemap without end": b"/sitemap-" + BIG + b".xml",
    "a manifest without end": b"/.well-known/gongkai-manifest/" + BIG + b".json",
    "versions without end": b"/library/1/compare/?a=" + BIG + b"&b=x",
    "a negative number": b"/library/-1/",
    "facets nobody knows": b"/library/?kind=none&colour=blue&status[]=1",
    "a folder up": b"/../etc/passwd",
    "a folder up, encoded": b"/%2e%2e/%2e%2e/etc/passwd",
    "a file up": b"/library/1/files/..%2f..%2fgongkai.sqlite3/",
    "a static file up": b"/static/../../config/wsgi.py",
    "NUL in the path": b"/library/%00/",
    "NUL in the query": b"/library/?q=%00&kind=%00",
    "NUL in an organ": b"/organs/%00/",
    "two slashes": b"//evil.example/",
    "more slashes": b"/library//1/",
    "the whole address": b"http://127.0.0.1/library/",
    "another site's address": b"http://evil.example/library/",
    "no UTF-8": b"/library/%ff%fe/",
    "no UTF-8 in the query": b"/library/?q=%ff%fe",
    "half a character": b"/library/?q=%ed%a0%80",
    "raw Chinese": "/library/中文/".encode(),
    "raw rubbish": b"/library/\xff\xfe/",
    "half an escape": b"/library/%zz%/",
    "a star": b"*",
    "500 of one name": b"/library/?" + b"&".join(b"kind=%d" % n for n in range(499)),
    "600 names": b"/library/?" + b"&".join(b"a%d=1" % n for n in range(600)),
    "a harvester's rubbish": b"/oai?verb=ListRecords&resumptionToken=%00",
    "a harvester beyond time": b"/oai?verb=ListRecords&metadataPrefix=oai_dc&from=9999-12-31&until=0001-01-01",
    "a feed of nothing": b"/library/feed/?year=9999&q=%00",
}
HEADERS = {
    "a negative length": b"Content-Length: -1",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6",
    "length and pieces": b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    "a rubbish cookie": b"Cookie: display=" + b"\xff" * 2000,
    "rubbish": b"Accept-Language: \xff\r\nIf-None-Match: \xff",
    "a range backwards": b"Range: bytes=9-1",
    "a day that is none": b"If-Modified-Since: Fri, 99 Foo 99999 99:99:99 GMT",
    "another Host": b"Host: evil.example",
    "2000 headers": b"\r\n".join(b"X-%d: 1" % n for n in range(2000)),
    "a header of a megabyte": b"X-Long: " + b"a" * 1_000_000,
}


def ask(site: Site, request: bytes) -> int:
    """The status of the answer to bytes sent as they are; 400 where the connection is just closed."""
    port = int(site.url.rpartition(":")[2])
    answer = b""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        try:
            connection.sendall(request)
            while b"\r\n" not in answer and (part := connection.recv(65536)):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            pass
    return int(answer.split()[1]) if answer else 400


def get(site: Site, target: bytes, *headers: bytes, method: bytes = b"GET") -> int:
    """The status of a request for a target, written as it is."""
    host = site.url.removeprefix("http://").encode()
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *headers]
    return ask(site, b"\r\n".join(lines) + b"\r\n\r\n")


@pytest.fixture(autouse=True)
def still_well(served: Site) -> Iterator[None]:
    """After each of them the site answers as before."""
    yield
    assert get(served, b"/organs/") == 200


@pytest.mark.parametrize("target", PATHS.values(), ids=PATHS.keys())
def test_no_address_breaks_the_site(served: Site, target: bytes) -> None:
    assert get(served, target) < 500


def test_what_is_too_long_is_refused(served: Site) -> None:
    assert get(served, b"/library/?q=" + b"a" * 100_000) in (400, 414)
    assert get(served, b"/library/?" + b"&".join(b"a%d=1" % n for n in range(10_000))) in (400, 414)
    assert get(served, b"/" + b"a" * 100_000) in (400, 404, 414)


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("target", [b"/library/", b"/library/?q=x"])
def test_no_header_breaks_the_site(served: Site, target: bytes, header: bytes) -> None:
    assert get(served, target, header) < 500


def test_bodies_too_large_or_in_disorder_are_refused(served: Site) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies = [
        (b"a" * 3_000_000, form), (b"&".join(b"a%d=1" % n for n in range(10_000)), form),
        (b"--x\r\nbad", {"Content-Type": "multipart/form-data"}), (b"%00=%ff&display=%00&next=//evil.example", form),
    ]  # fmt: skip
    statuses = [httpx.post(f"{served.url}/display/", content=body, headers=headers).status_code for body, headers in bodies]
    assert [status < 500 for status in statuses] == [True] * 4
    assert statuses[:2] == [400, 400]


def test_odd_methods_and_rubbish_are_refused(served: Site) -> None:
    for method in (b"FOO", b"PUT", b"DELETE", b"TRACE", b"PURGE", b"PROPFIND"):
        assert get(served, b"/library/", method=method) in (400, 405), method
    for rubbish in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        assert ask(served, rubbish + b"\r\n\r\n") < 500


def test_many_connections_that_say_nothing_leave_room_for_others(served: Site) -> None:
    port = int(served.url.rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(300)]
    try:
        for connection in silent:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        assert get(served, b"/organs/") == 200
    finally:
        for connection in silent:
            connection.close()


targets = st.lists(
    st.sampled_from(
        [
            "/",
            "library",
            "organs",
            "1",
            "..",
            "%2e",
            "%00",
            "%ff",
            "?",
            "&",
            "=",
            "q",
            "page",
            "year",
            "9999",
            ";",
            "中",
            "#",
            "%",
        ]
    ),
    max_size=12,
).map(lambda parts: "/" + "".join(parts))


@pytest.mark.soak
@settings(max_examples=often(60, 2_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(targets)
def test_no_mixture_of_addresses_breaks_the_site(served: Site, target: str) -> None:
    assert get(served, target.encode()) < 500


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    said = Site(tmp_path / "data").run("serve", "--port", "8999")
    assert said.returncode == 1
    assert "不可写" in said.stderr
