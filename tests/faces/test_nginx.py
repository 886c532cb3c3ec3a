"""nginx in front, as docs/nginx sets it up: quick, never untrue, and there when the site is not."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import databases
from tests.faces.front import HOST, Front, another, front, refusing

MODES = ("", "contrast", "elder", "elder-contrast")
GONE = (404, 410)

pytestmark = [
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed; `make test` installs it"),
]


@pytest.fixture(scope="module")
def town(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx, the site, and the sample government."""
    yield from front(sample_data, tmp_path_factory.mktemp("front"))


@pytest.fixture
def paper(town: Front) -> Iterator[int]:
    """A published paper, cached by nginx in every display mode; published again afterwards."""
    listed = town.site.run("document", "list", "--status", "published", "--limit", "1")
    number = int(listed.stdout.split("\t")[0])
    for mode in MODES:
        town.cached(f"/library/{number}/", mode)
    yield number
    town.site.run("document", "restore", str(number))


def withdraw(town: Front, number: int):
    """Withdraw a paper by a command in another process."""
    return town.site.run("document", "withdraw", str(number), "--reason", "误发")


def test_pages_are_kept_by_nginx_in_each_display_mode_apart(town: Front) -> None:
    pages = {mode: town.cached("/organs/", mode) for mode in MODES}
    assert len(set(pages.values())) == len(MODES)
    for mode in MODES:
        assert town.cached("/organs/", mode) == pages[mode]


def test_what_is_withdrawn_is_gone_from_nginx_when_the_command_returns(town: Front, paper: int) -> None:
    said = withdraw(town, paper)
    assert said.returncode == 0, said.stderr
    for mode in MODES:
        assert town.get(f"/library/{paper}/", mode).status_code in GONE
    with town.without("site"):
        for mode in MODES:
            assert town.get(f"/library/{paper}/", mode).status_code >= 400, "a withdrawn paper came back from a stale cache"
    assert town.site.run("document", "restore", str(paper)).returncode == 0
    assert town.get(f"/library/{paper}/").status_code == 200


def test_what_is_published_stands_in_lists_when_the_command_returns(town: Front, paper: int) -> None:
    title = re.search(r"<h1[^>]*>\s*(.+?)\s*</h1>", town.cached(f"/library/{paper}/"), re.DOTALL)[1]
    for mode in MODES:
        town.cached("/library/", mode)
    assert withdraw(town, paper).returncode == 0
    assert f"/library/{paper}/" not in town.get("/library/").text
    for mode in MODES:
        town.cached("/library/", mode)
    assert town.site.run("document", "restore", str(paper)).returncode == 0
    for mode in MODES:
        assert f"/library/{paper}/" in town.get("/library/", mode).text, title


def test_pages_of_other_papers_stay_when_one_changes(town: Front, paper: int) -> None:
    other = next(n for n in range(1, 60) if n != paper and town.get(f"/library/{n}/").status_code == 200)
    town.cached(f"/library/{other}/qr.svg")
    assert withdraw(town, paper).returncode == 0
    assert town.get(f"/library/{other}/qr.svg").headers["x-cache"] == "HIT"


def test_cached_pages_answer_while_the_site_is_stopped(town: Front, paper: int) -> None:
    pages = {mode: town.cached(f"/library/{paper}/", mode) for mode in MODES}
    with town.without("site"):
        for mode, page in pages.items():
            assert town.get(f"/library/{paper}/", mode).text == page
        assert town.get("/library/?q=%E5%81%9C%E8%BD%A6").status_code == 502
    assert town.get("/library/?q=%E5%81%9C%E8%BD%A6").status_code == 200


def test_a_purge_that_fails_is_told_owed_and_paid_later(town: Front, paper: int) -> None:
    town.stop("nginx")
    try:
        said = withdraw(town, paper)
        assert said.returncode == 1
        assert "没有清除" in said.stderr
        assert "gongkai cache purge" in said.stderr
        assert "已撤下" not in said.stdout, "the change was acknowledged"
        assert "withdrawn" in _status_of(town, paper), "the change itself is kept"
        assert town.site.run("cache", "status").returncode == 1
        assert town.site.run("cache", "purge").returncode == 1
        nightly = town.site.run("nightly")
        assert (nightly.returncode, "没有清除" in nightly.stderr) == (1, True)
    finally:
        town.start("nginx")
    assert town.get(f"/library/{paper}/").status_code == 200, "nginx kept its files, so the debt is a real one"
    paid = town.site.run("cache", "purge")
    assert paid.returncode == 0, paid.stderr
    for mode in MODES:
        assert town.get(f"/library/{paper}/", mode).status_code in GONE
    assert town.site.run("cache", "status").returncode == 0


def test_the_nightly_round_pays_what_is_owed(town: Front, paper: int) -> None:
    wrong = another(town, GONGKAI_PURGE="http://127.0.0.1:9")
    assert wrong.run("document", "withdraw", str(paper), "--reason", "误发").returncode == 1
    assert town.get(f"/library/{paper}/").status_code == 200
    assert town.site.run("nightly").returncode == 0
    assert town.get(f"/library/{paper}/").status_code in GONE


def test_an_nginx_that_refuses_to_purge_is_noticed(town: Front, paper: int) -> None:
    town.stop("nginx")
    refusing(town)
    town.start("nginx")
    try:
        said = withdraw(town, paper)
        assert said.returncode == 1
        assert "403" in said.stderr
    finally:
        town.stop("nginx")
        town.rendered()
        town.start("nginx")
    assert town.site.run("cache", "purge").returncode == 0
    assert town.get(f"/library/{paper}/").status_code in GONE


def test_nobody_can_purge_through_the_public_side(town: Front, paper: int) -> None:
    assert town.get(f"/library/{paper}/", method="PURGE").status_code == 405
    assert town.get(f"/library/{paper}/").headers["x-cache"] == "HIT"
    asked = httpx.get(f"http://127.0.0.1:{town.ports['purge']}/library/{paper}/")
    assert asked.status_code == 405, "the purge side gives no pages"


def test_a_forged_host_gets_no_answer(town: Front) -> None:
    for host in ("evil.example", "127.0.0.1", f"{HOST}.evil.example", f"evil.example:{HOST}"):
        answer = town.raw(f"GET /library/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert answer == b"" or answer.split()[1] == b"400", host


SPELLINGS = (
    "/library/{n}/?", "/library/{n}/#x", "/library/%{hex}/", "//library/{n}/", "/library//{n}/", "/./library/{n}/",
    "/organs/../library/{n}/", "/organs/%2e%2e/library/{n}/", "/library/{n}/?utm=1", "/library/{n}%2f", "/%6cibrary/{n}/",
    "/library/{n}/?display=elder", "/library/{n}/;x", "/LIBRARY/{n}/", "http://" + HOST + "/library/{n}/",
)  # fmt: skip


def test_other_spellings_of_an_address_leave_nothing_that_a_withdrawal_misses(town: Front, paper: int) -> None:
    def answers() -> dict[str, bytes]:
        told = {one: one.format(n=paper, hex=f"{ord(str(paper)[0]):x}{str(paper)[1:]}") for one in SPELLINGS}
        request = "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n"
        return {one: town.raw(request.format(address, HOST).encode()).split()[1] for one, address in told.items()}

    first, again = answers(), answers()
    assert first == again
    assert list(again.values()).count(b"200") > 5
    assert withdraw(town, paper).returncode == 0
    assert {one for one, status in answers().items() if status == b"200"} == set()
    with town.without("site"):
        assert {one for one, status in answers().items() if status == b"200"} == set()


FORGED = [
    {"X_Forwarded_Host": "evil.example"},
    {"X_Original_URL": "/organs/"},
    {"X_Rewrite_URL": "/organs/"},
    {"X_Forwarded_Prefix": "/evil"},
    {"X_Forwarded_Proto": "http"},
    {"X_HTTP_Method_Override": "POST"},
    {"Cookie": "display=elder; display=contrast"},
    {"Cookie": "Display=elder"},
    {"Cookie": "display= elder ; x=1"},
    {"Cookie": "display=ELDER"},
    {"Accept_Encoding": "br"},
    {"Accept_Language": "en"},
    {"Range": "bytes=0-10"},
    {"If_None_Match": "*"},
]


def test_no_header_puts_a_wrong_page_into_the_cache(town: Front) -> None:
    papers = [n for n in range(1, 60) if town.get(f"/library/{n}/").status_code == 200]
    asked = {f"/library/{n}/": forged for n, forged in zip(papers, FORGED, strict=False)}
    assert len(asked) == len(FORGED)
    honest = {(path, mode): town.get(path, mode).text for path in asked for mode in MODES}
    assert town.site.run("cache", "clear").returncode == 0
    for path, forged in asked.items():
        answer = town.get(path, **forged)
        assert "evil" not in answer.text + str(answer.headers), forged
    for (path, mode), page in honest.items():
        assert town.get(path, mode).text == page, (asked[path], mode)


def test_pages_go_out_squeezed_with_their_security_headers_and_nothing_of_the_inside(town: Front) -> None:
    town.cached("/library/")
    answer = town.get("/library/", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "strict-transport-security"):
        assert answer.headers[name]
    assert not [name for name in answer.headers if name.startswith(("x-accel", "x-page"))]
    again = town.get("/library/", Accept_Encoding="gzip", If_None_Match=answer.headers["etag"])
    assert again.status_code == 304


def test_forms_errors_and_machines_pages_are_never_kept(town: Front) -> None:
    for path in ("/display/", "/library/999999/", "/library/?q=x", "/library/?utm=1", "/health/ready", "/metrics"):
        for _ in range(2):
            assert town.get(path).headers.get("x-cache") != "HIT", path


def test_static_files_come_from_nginx_and_may_be_kept_for_ever_when_their_name_says_so(town: Front) -> None:
    hashed = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', town.get("/").text)
    with town.without("site"):
        assert hashed, "no stylesheet with a digest in its name"
        answer = town.get(hashed[1])
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
        assert town.get("/static/../../etc/passwd").status_code in (400, 404, 502)
        assert town.get("/static/%2e%2e/config/wsgi.py").status_code in (400, 404, 502)


def test_plain_http_leads_to_tls(town: Front) -> None:
    answer = httpx.get(f"http://127.0.0.1:{town.ports['plain']}/library/?page=2", headers={"Host": HOST})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{HOST}/library/?page=2")


def test_a_warmed_site_answers_without_its_database(town: Front) -> None:
    direct = httpx.Client(base_url=f"http://127.0.0.1:{town.ports['site']}", headers={"Host": HOST})
    said = town.site.run("cache", "warm", "--at", f"http://127.0.0.1:{town.ports['site']}")
    assert said.returncode == 0, said.stderr
    listed = town.site.run("document", "list", "--status", "published", "--limit", "500").stdout
    published = re.findall(r"^(\d+)\t", listed, re.MULTILINE)
    town.stop("site")
    with databases.away(town.site.data):
        town.start("site")
        for path in ("/", "/library/", "/organs/"):
            assert direct.get(path).status_code == 200, path
        assert {n: status for n in published if (status := direct.get(f"/library/{n}/").status_code) != 200} == {}
        assert direct.get("/health/live").status_code == 200
        assert direct.get("/health/ready").status_code == 503
        assert direct.get("/library/?q=never-asked").status_code == 503
    assert direct.get("/library/?q=never-asked").status_code == 200
    assert direct.get("/health/ready").status_code == 200


def test_nothing_of_a_visitor_stands_in_nginx_logs(town: Front) -> None:
    secret = "13800138000"
    for path in (f"/library/?q={secret}", f"/{secret}", f"/library/{secret}/"):
        town.get(path, User_Agent=secret, Referer=f"https://x.example/{secret}", Cookie=f"name={secret}")
    town.get("/library/" + "x" * 40_000)
    lines = (town.folder / "gongkai-access.log").read_text().splitlines()
    said = json.loads(lines[-1])
    assert {"time", "method", "path", "status", "cache", "seconds"} <= said.keys()
    written = "\n".join(lines) + (town.folder / "gongkai-error.log").read_text()
    assert secret not in written
    assert "127.0.0.1" not in "\n".join(lines)


def test_static_pages_are_squeezed_beforehand(town: Front) -> None:
    hashed = re.search(r'href="(/static/[^"]+\.css)"', town.get("/").text)
    assert hashed
    with (
        httpx.Client(verify=False) as client,
        client.stream("GET", town.url + hashed[1], headers={"Host": HOST, "Accept-Encoding": "gzip"}) as answer,
    ):
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw).startswith((b"@charset", b":root", b".", b"*", b"\xef"))


def test_the_api_is_kept_by_nginx_and_gone_when_a_withdrawal_returns(town: Front, paper: int) -> None:
    one, clauses = f"/api/v1/documents/{paper}", f"/api/v1/documents/{paper}/clauses"
    kept = {address: town.cached(address) for address in (one, clauses)}
    total = town.get("/api/v1/documents").json()["total"]
    etag = town.get(one).headers["etag"]
    assert town.get(one, If_None_Match=etag).status_code == 304
    assert town.get(one, method="HEAD").headers["etag"].removeprefix("W/") == etag.removeprefix("W/")
    with town.without("site"):
        assert town.get(one).text == kept[one]
    assert withdraw(town, paper).returncode == 0
    assert [town.get(address).status_code for address in (one, clauses)] == [404, 404]
    assert town.get("/api/v1/documents").json()["total"] == total - 1


def test_what_the_api_refuses_it_refuses_in_json_through_nginx_too(town: Front) -> None:
    for method, path, status in (
        ("PUT", "/api/v1/documents", 405),
        ("GET", "/api/v1/documents?x=1", 422),
        ("GET", "/api/v1/x", 404),
    ):
        answer = town.get(path, method=method)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
        assert answer.headers["access-control-allow-origin"] == "*"
    assert town.get("/api/v1/documents", method="PUT").headers["allow"] == "GET, HEAD, OPTIONS"
    assert town.get("/library/", method="PUT").status_code == 405


def test_nginx_counts_for_the_api_and_the_site_does_not(town: Front) -> None:
    """The test is a visitor from this machine, whom nginx never limits; so here it is told that it is another."""
    assert "ratelimit" not in town.get("/api/v1/").headers
    town.stop("nginx")
    town.rendered(
        **{
            "127.0.0.0/8 1;": "127.0.0.0/8 0;",
            "zone=gongkai_api:10m rate=100r/s": "zone=gongkai_api:10m rate=1r/s",
            "burst=300 nodelay": "burst=3 nodelay",
        }
    )
    town.start("nginx")
    try:
        answers = [town.get("/api/v1/documents?limit=1") for _ in range(12)]
        assert town.get("/library/").status_code == 200
    finally:
        town.stop("nginx")
        town.rendered()
        town.start("nginx")
    busy = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert busy
    assert busy[0].headers["content-type"] == "application/problem+json"
    assert (busy[0].headers["retry-after"], busy[0].json()["status"]) == ("1", 429)
    assert busy[0].headers["access-control-allow-origin"] == "*"


def _status_of(town: Front, number: int) -> str:
    listed = town.site.run("document", "list", "--status", "withdrawn", "--limit", "500")
    return "withdrawn" if re.search(rf"^{number}\t", listed.stdout, re.M) else listed.stdout
