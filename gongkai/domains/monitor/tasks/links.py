"""Trying outside links politely: one at a time for each host, never into private networks, never without bounds."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from gongkai.domains.monitor.tasks.fetching import VISITOR, explained
from gongkai.domains.monitor.tasks.pinning import NotPublic, NotWeb, Resolver, is_public, pinned, resolve
from gongkai.domains.monitor.tasks.suspecting import suspicion
from gongkai.text.links import host_of

ALIVE, DEAD, SUSPICIOUS, REFUSED = "alive", "dead", "suspicious", "refused"
_HOPS = 5
_GUARDED = {401: "需要登录", 403: "拒绝自动访问", 405: "拒绝自动访问", 429: "访问太频繁，改日再试"}
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Manners:
    """How links are tried. Times in seconds; `delay` is kept between two requests to one host.

    `permitted` says of an IP address whether it may be visited.
    """

    timeout: float = 15.0
    whole: float = 45.0
    delay: float = 1.0
    at_once: int = 8
    most: int = 256 * 1024
    permitted: Callable[[str], bool] = is_public
    resolver: Resolver = resolve


@dataclass(frozen=True, slots=True)
class Tried:
    """How a link answered: its state, the last status, why, and which host answered in the end."""

    address: str
    state: str
    detail: str = ""
    status: int | None = None
    landed_on: str = ""


def try_links(
    addresses: Iterable[str],
    manners: Manners,
    keep: Callable[[list[Tried]], None],
    advance: Callable[[int], None] = lambda _done: None,
) -> None:
    """Try every link; `keep` is given the outcomes batch by batch, so that an interrupted run loses little."""
    waiting = list(addresses)
    for at in range(0, len(waiting), _BATCH):
        batch = waiting[at : at + _BATCH]
        keep(asyncio.run(_try_batch(batch, manners)))
        advance(at + len(batch))


async def _try_batch(addresses: list[str], manners: Manners) -> list[Tried]:
    # no connection is kept: one opened under one TLS name must not serve another host at the same IP address
    limits = httpx.Limits(max_connections=manners.at_once, max_keepalive_connections=0)
    headers = {"User-Agent": VISITOR, "Accept-Language": "zh-CN,zh;q=0.9"}
    async with httpx.AsyncClient(
        headers=headers, timeout=manners.timeout, limits=limits, follow_redirects=False, trust_env=False
    ) as client:
        trier = _Trier(client, manners, asyncio.Semaphore(manners.at_once))
        return list(await asyncio.gather(*map(trier.attempt, addresses)))


@dataclass(slots=True)
class _Trier:
    client: httpx.AsyncClient
    manners: Manners
    gate: asyncio.Semaphore
    turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def attempt(self, address: str) -> Tried:
        """Try one link; whatever happens becomes an outcome."""
        try:
            async with self.turns[host_of(address)], self.gate, asyncio.timeout(self.manners.whole):
                return await self._follow(address)
        except NotPublic:
            return Tried(address, REFUSED, "指向内部网络或本机，不予访问")
        except NotWeb:
            return Tried(address, DEAD, "地址写错了，或者不是网页地址")
        except (TimeoutError, httpx.TimeoutException):
            return Tried(address, DEAD, "等了太久没有答复")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Tried(address, DEAD, explained(error))
        except OSError:
            return Tried(address, DEAD, "域名解析不了")

    async def _follow(self, address: str) -> Tried:
        """Follow redirects hop by hop, each resolved and checked anew."""
        at, seen = address, {address}
        for _ in range(_HOPS):
            status, headers, body = await self._ask(at)
            onward = urljoin(at, headers.get("location", "")) if 300 <= status < 400 and "location" in headers else ""
            if not onward:
                return _outcome(address, at, status, body)
            if onward in seen:
                return Tried(address, DEAD, "转来转去，没有终点", status, host_of(at))
            seen.add(onward)
            at = onward
        return Tried(address, DEAD, f"转了 {_HOPS} 次还没有到", 310, host_of(at))

    async def _ask(self, address: str) -> tuple[int, httpx.Headers, str]:
        """HEAD, and GET where its answer does not settle the matter."""
        status, headers, _ = await self._send("HEAD", address)
        settled = 300 <= status < 400 or (status == 200 and "html" not in headers.get("content-type", "html"))
        return (status, headers, "") if settled else await self._send("GET", address)

    async def _send(self, method: str, address: str) -> tuple[int, httpx.Headers, str]:
        manners = self.manners
        request = await pinned(self.client, method, address, resolver=manners.resolver, permitted=manners.permitted)
        response = await self.client.send(request, stream=True)
        try:
            return response.status_code, response.headers, await self._some(response) if method == "GET" else ""
        finally:
            await response.aclose()
            if manners.delay:
                await asyncio.sleep(manners.delay)

    async def _some(self, response: httpx.Response) -> str:
        """The beginning of a body; the rest of a huge one is not waited for."""
        kept = bytearray()
        async for chunk in response.aiter_bytes(16384):
            kept += chunk
            if len(kept) >= self.manners.most:
                break
        data = bytes(kept[: self.manners.most])
        try:
            return data.decode("utf-8", "strict" if len(data) < self.manners.most else "ignore")
        except UnicodeDecodeError:
            return data.decode("gb18030", "replace")


def _outcome(address: str, at: str, status: int, body: str) -> Tried:
    landed = host_of(at)
    if status in _GUARDED:
        return Tried(address, ALIVE, _GUARDED[status], status, landed)
    if status >= 400 or status < 200:
        return Tried(address, DEAD, f"状态码 {status}", status, landed)
    why = suspicion(address, at, body)
    return Tried(address, SUSPICIOUS if why else ALIVE, why, status, landed)
