"""Links inside papers: dead and suspicious ones are told, and checking cannot be turned against our own network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.monitor.actions.links import forget_links, keep_links
from gongkai.domains.monitor.models import Link, LinkPlace
from gongkai.domains.monitor.queries.links import in_turn, links, outside_links
from gongkai.domains.monitor.tasks.links import ALIVE, DEAD, REFUSED, SUSPICIOUS, Manners, Tried, try_links
from gongkai.domains.monitor.tasks.pinning import NotPublic, NotWeb, is_public, pinned, resolve
from gongkai.domains.monitor.tasks.suspecting import suspicion
from tests.domains.library.papers import county, filed, notice
from tests.domains.monitor.proxies import Asked, Reply, answering

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def page(body: str, title: str = "某某局") -> Reply:
    return Reply(body=f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


def moved(to: str) -> Reply:
    return Reply(302, b"", {"location": to})


def answers(asked: Asked) -> Reply | None:
    """A little internet: what stands at each path."""
    return {
        "/fine": page("<p>办事指南</p>"),
        "/gone": Reply(404),
        "/broken": Reply(500),
        "/login": Reply(403),
        "/loop-a": moved("/loop-b"),
        "/loop-b": moved("/loop-a"),
        "/long-0": moved("/long-1"),
        **{f"/long-{n}": moved(f"/long-{n + 1}") for n in range(1, 9)},
        "/moved": moved("/fine"),
        "/inward": moved("http://intranet.example/admin"),
        "/spam": page("<p>百家乐 老虎机 北京赛车</p>", "真人娱乐 彩票平台"),
        "/parked": page("<h1>该域名可转让</h1>"),
        "/refresh": page('<meta http-equiv="refresh" content="0; url=http://other-owner.example/">'),
        "/news": page(f"<p>我市查处一起六合彩赌博案。{'依法处理。' * 1000}域名出售</p>"),
        "/huge": Reply(body=b"<p>" + b"x" * 3_000_000, headers={"content-type": "text/html"}),
        "/file.pdf": Reply(body=b"%PDF", headers={"content-type": "application/pdf"}),
        "/get-only": Reply(405) if asked.method == "HEAD" else page("<p>可以看</p>"),
        "/gbk": Reply(body="<title>彩票开户 六合彩</title>".encode("gb18030"), headers={"content-type": "text/html"}),
        "/cut": None,
        "/nonsense": Reply(200, b"x", {"content-type": "text/html", "content-length": "nonsense"}),
    }.get(asked.path, Reply(404))


async def everything_here(host: str) -> list[str]:
    """Every name leads to this machine, but for one that nobody knows."""
    if host == "unknown.example":
        raise OSError("Name or service not known")
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def net() -> Iterator[str]:
    """The port on which the little internet answers."""
    with answering(answers) as url:
        yield url.rpartition(":")[2]


def tried(*addresses: str, **manners: object) -> dict[str, Tried]:
    out: list[Tried] = []
    settled = {"delay": 0, "timeout": 5, "resolver": everything_here, "permitted": lambda _ip: True, **manners}
    try_links(addresses, Manners(**settled), out.extend)  # type: ignore[arg-type]
    return {t.address: t for t in out}


@pytest.mark.parametrize(
    ("path", "state", "word"),
    [
        ("fine", ALIVE, ""),
        ("moved", ALIVE, ""),
        ("login", ALIVE, "拒绝自动访问"),
        ("file.pdf", ALIVE, ""),
        ("get-only", ALIVE, ""),
        ("news", ALIVE, ""),
        ("huge", ALIVE, ""),
        ("gone", DEAD, "404"),
        ("broken", DEAD, "500"),
        ("loop-a", DEAD, "没有终点"),
        ("long-0", DEAD, "还没有到"),
        ("cut", DEAD, "不合规范"),
        ("nonsense", DEAD, ""),
        ("refresh", SUSPICIOUS, "other-owner.example"),
        ("spam", SUSPICIOUS, "不良词语"),
        ("gbk", SUSPICIOUS, "不良词语"),
        ("parked", SUSPICIOUS, "待售"),
    ],
)
def test_how_a_link_answers_is_told(net: str, path: str, state: str, word: str) -> None:
    address = f"http://bureau.example:{net}/{path}"
    outcome = tried(address)[address]
    assert (outcome.state, word in outcome.detail) == (state, True), outcome


def test_a_redirect_to_another_owner_is_suspicious_and_one_within_a_house_is_not() -> None:
    def elsewhere(to: str) -> str:
        return suspicion("http://www.bureau.gov.cn/x", to, "<p>办事</p>")

    assert "shop.example" in elsewhere("https://shop.example/")
    assert elsewhere("https://bureau.gov.cn/x") == ""
    assert elsewhere("https://www.province.gov.cn/x") == ""
    assert "bureau.com.cn" in elsewhere("https://bureau.com.cn/x")


def test_a_redirect_ends_at_the_other_owners_page(net: str) -> None:
    with answering(lambda asked: moved(f"http://other-owner.example:{net}/fine")) as url:
        address = f"http://bureau.example:{url.rpartition(':')[2]}/taken"
        outcome = tried(address)[address]
    assert (outcome.state, outcome.landed_on) == (SUSPICIOUS, "other-owner.example")


def test_an_unknown_host_a_silent_one_and_a_malformed_address_are_dead(net: str) -> None:
    wrong = (
        "http://unknown.example/",
        "http://bureau.example:9/",
        "http://bureau.example:99999/",
        "ftp://bureau.example/",
        "http://[/",
    )
    outcomes = tried(*wrong)
    assert {o.state for o in outcomes.values()} == {DEAD}
    assert outcomes["http://unknown.example/"].detail == "域名解析不了"


def test_a_host_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://bureau.example:{silent.getsockname()[1]}/"
        assert tried(address, timeout=0.05)[address].detail == "等了太久没有答复"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{net}/fine", "http://localhost:{net}/fine", "http://[::1]:{net}/fine", "http://0x7f.1:{net}/fine",
     "http://2130706433:{net}/", "http://[::ffff:127.0.0.1]:{net}/", "http://169.254.169.254/latest/meta-data/"],
)  # fmt: skip
def test_private_addresses_are_never_visited(net: str, address: str) -> None:
    asked = address.format(net=net)
    assert tried(asked, permitted=is_public, resolver=resolve)[asked].state == REFUSED


def test_a_public_page_cannot_send_us_into_the_intranet(net: str) -> None:
    async def outside_and_inside(host: str) -> list[str]:
        return ["10.0.0.8"] if host == "intranet.example" else ["127.0.0.1"]

    address = f"http://bureau.example:{net}/inward"
    outcome = tried(address, resolver=outside_and_inside, permitted=lambda ip: ip == "127.0.0.1")[address]
    assert outcome.state == REFUSED


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0",
     "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::", "::", "255.255.255.255"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("203.0.114.1")
    assert is_public("2400:3200::1")


def test_the_request_goes_to_the_address_that_was_checked() -> None:
    answered = iter([["203.0.114.7"], ["127.0.0.1"]])  # a name that turns inward once it was checked

    async def rebinding(host: str) -> list[str]:
        return next(answered)

    async def ask() -> httpx.Request:
        async with httpx.AsyncClient() as client:
            return await pinned(client, "GET", "https://user:secret@Bureau.example:8443/a?b=1#c", resolver=rebinding)

    request = asyncio.run(ask())
    assert str(request.url) == "https://203.0.114.7:8443/a?b=1"
    assert request.headers["Host"] == "bureau.example:8443"
    assert request.extensions["sni_hostname"] == "bureau.example"


@pytest.mark.parametrize("found", [["203.0.114.7", "10.0.0.1"], ["::1"]])
def test_a_host_with_one_private_address_is_refused(found: list[str]) -> None:
    async def mixed(host: str) -> list[str]:
        return found

    async def ask() -> None:
        async with httpx.AsyncClient() as client:
            await pinned(client, "GET", "http://bureau.example/", resolver=mixed)

    with pytest.raises(NotPublic):
        asyncio.run(ask())


def test_only_web_addresses_are_asked_for() -> None:
    async def ask(address: str) -> None:
        async with httpx.AsyncClient() as client:
            await pinned(client, "GET", address, resolver=everything_here)

    for address in ("file:///etc/passwd", "gopher://x/", "http://", "http://x:port/", "http://a..b/"):
        with pytest.raises(NotWeb):
            asyncio.run(ask(address))


@pytest.fixture
def papers(db, doing: Doing) -> list[Document]:
    """Two public papers and a draft that name addresses."""
    county()
    named = [
        filed(notice(n, f"第{n}项办法", body=f"详见 http://bureau.example/{n} 和 www.shared.example 。"), doing) for n in (1, 2)
    ]
    filed(notice(3, "未发布的办法", body="详见 http://draft.example/ 。"), doing, public=False)
    return named


def test_links_are_collected_from_public_papers_only(papers: list[Document]) -> None:
    one, two = (p.pk for p in papers)
    assert outside_links() == {
        "http://bureau.example/1": [one],
        "http://www.shared.example": [one, two],
        "http://bureau.example/2": [two],
    }


def dead(address: str) -> Tried:
    return Tried(address, DEAD, "状态码 404", 404)


def test_a_dead_link_counts_its_failures_from_the_first_until_it_comes_back(papers: list[Document]) -> None:
    found, address = outside_links(), "http://bureau.example/1"
    days = [AT + timedelta(days=n) for n in range(4)]
    keep_links([Tried(address, ALIVE)], found, days[0])
    keep_links([dead(address)], found, days[1])
    keep_links([dead(address)], found, days[2])
    (row,) = links()
    assert (row.since, row.failures, row.papers[0][0]) == (days[1], 2, papers[0].pk)
    keep_links([Tried(address, ALIVE)], found, days[3])
    assert links() == []
    assert Link.objects.get().dead_since is None


def test_a_link_is_newly_suspicious_once(papers: list[Document]) -> None:
    found, address = outside_links(), "http://www.shared.example"
    keep_links([Tried(address, ALIVE)], found, AT)
    bad = Tried(address, SUSPICIOUS, "域名可能已过期或待售", 200)
    keep_links([bad, dead("http://bureau.example/2")], found, AT + timedelta(days=1))
    first, second = links()
    assert (first.state, first.is_new, len(first.papers)) == (SUSPICIOUS, True, 2)
    assert second.state == DEAD
    keep_links([bad], found, AT + timedelta(days=2))
    assert [row.is_new for row in links((SUSPICIOUS,))] == [False]


def test_links_of_a_withdrawn_paper_are_listed_no_more(papers: list[Document], doing: Doing) -> None:
    found = outside_links()
    keep_links([dead(address) for address in found], found, AT)
    assert len(links()) == 3
    withdraw(papers[0].pk, "测试", doing)
    assert {row.address for row in links()} == {"http://www.shared.example", "http://bureau.example/2"}
    assert forget_links(outside_links()) == 1
    keep_links([dead("http://www.shared.example")], outside_links(), AT)
    assert LinkPlace.objects.filter(document=papers[0]).count() == 0


def test_those_never_tried_and_those_tried_longest_ago_come_first(papers: list[Document]) -> None:
    found = outside_links()
    keep_links([dead("http://bureau.example/2")], found, AT + timedelta(days=1))
    keep_links([dead("http://bureau.example/1")], found, AT)
    assert in_turn(found, None) == ["http://www.shared.example", "http://bureau.example/1", "http://bureau.example/2"]
    assert in_turn(found, 1) == ["http://www.shared.example"]
