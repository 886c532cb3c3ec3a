"""Getting hold of a manifest: from a file kept in a safe place, or from where it is served."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urljoin

from gongkai.core.signing import NotGenuine
from gongkai.domains.monitor.tasks.fetching import Answer, Fetcher
from gongkai.domains.monitor.tasks.known import Known, load

SERVED_AT = "/.well-known/gongkai-manifest.json"
_PATIENCE = 30  # how often to come again while the site is still making its manifest
_LONGEST_WAIT = 10


class Unobtainable(Exception):
    """No manifest is to be had."""


async def from_file(path: Path, site: str, public: str, fetch: Fetcher) -> Known:
    """The manifest in a file; parts it lacks come from the site. Raises NotGenuine or Unobtainable."""
    with path.open("rb") as lines:
        known = load(lines, public)
    await _complete(known, site, fetch)
    return known


async def from_address(address: str, public: str, fetch: Fetcher) -> Known:
    """The manifest served at an address. Raises NotGenuine or Unobtainable."""
    for last in (False, True):
        known = Known.opened((await _patiently(address, fetch)).body, public)
        try:
            await _complete(known, address, fetch)
        except NotGenuine:  # a paper may have been published between the index and its part
            if last:
                raise
        else:
            break
    return known


async def _complete(known: Known, base: str, fetch: Fetcher) -> None:
    for number in known.lacking():
        known.take((await _patiently(urljoin(base, known.part_address(number)), fetch)).body)
    if known.lacking():
        raise NotGenuine("清单缺少一部分，已被改动或过时。")


async def _patiently(address: str, fetch: Fetcher) -> Answer:
    answer = Answer(address)
    for _ in range(_PATIENCE):
        answer = await fetch.page(address)
        wait = answer.headers.get("retry-after", "")
        if answer.status != 503 or not wait.isdecimal():
            break
        await asyncio.sleep(min(int(wait), _LONGEST_WAIT))
    if answer.trouble or answer.status != 200:
        raise Unobtainable(f"清单 {address} 拿不到：{answer.trouble or f'状态码 {answer.status}'}")
    return answer
