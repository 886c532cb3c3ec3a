"""Fetching politely and within bounds: so many at once, so much, so long; redirects are told, not followed."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

VISITOR = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 gongkai-watch/1"
SPIDER = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
FROM_SEARCH = {"User-Agent": SPIDER, "Referer": "https://www.baidu.com/s?wd=%E6%94%BF%E5%BA%9C"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How a watch behaves. Times in seconds, sizes in bytes; `delay` is kept before every request."""

    timeout: float = 20.0
    whole: float = 60.0
    page_size: int = 8 * 1024 * 1024
    file_size: int = 512 * 1024 * 1024
    at_once: int = 4
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status (0 for none) and why there is none, headers, body or only its digest and size."""

    address: str
    status: int = 0
    trouble: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sha256: str = ""
    size: int = 0

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not UTF-8 shows as �."""
        return self.body.decode("utf-8", "replace")

    @property
    def type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches for one watch. Use as an asynchronous context manager."""

    def __init__(self, limits: Limits, *, cookie: str = "") -> None:
        self._limits = limits
        self._gate = asyncio.Semaphore(limits.at_once)
        headers = {"User-Agent": VISITOR, "Accept-Language": "zh-CN,zh;q=0.9", "Cache-Control": "no-cache"}
        if cookie:
            headers["Cookie"] = cookie
        self._client = httpx.AsyncClient(headers=headers, timeout=limits.timeout, follow_redirects=False, trust_env=False)

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def page(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """A page with its body."""
        return await self._get(address, headers, self._limits.page_size, keep=True)

    async def file(self, address: str) -> Answer:
        """A file of which only digest and size are kept."""
        return await self._get(address, None, self._limits.file_size, keep=False)

    async def _get(self, address: str, headers: Mapping[str, str] | None, most: int, *, keep: bool) -> Answer:
        async with self._gate:
            if self._limits.delay:
                await asyncio.sleep(self._limits.delay)
            try:
                async with (
                    asyncio.timeout(self._limits.whole),
                    self._client.stream("GET", address, headers=headers) as response,
                ):
                    return await _read(address, response, most, keep=keep)
            except (TimeoutError, httpx.TimeoutException):
                return Answer(address, trouble="等了太久没有答复")
            except ssl.SSLError as error:
                return Answer(address, trouble=f"证书有问题（{error.reason}）")
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
                return Answer(address, trouble=explained(error))


async def _read(address: str, response: httpx.Response, most: int, *, keep: bool) -> Answer:
    digest, kept, size = hashlib.sha256(), bytearray(), 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > most:
            return Answer(address, response.status_code, f"超过 {most // 1048576} MB，没有读完", dict(response.headers))
        digest.update(chunk)
        if keep:
            kept += chunk
    return Answer(address, response.status_code, "", dict(response.headers), bytes(kept), digest.hexdigest(), size)


def explained(error: Exception) -> str:
    """Why something could not be fetched, in Chinese."""
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return "证书有问题"
    if isinstance(error, httpx.ConnectError):
        unknown = any(words in said for words in ("Name or service", "nodename", "getaddrinfo", "No address", "name resolution"))
        return "域名解析不了" if unknown else "连接不上"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return "连接中断，或者答复不合规范"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
        return "地址写错了"
    return "连接出错"
