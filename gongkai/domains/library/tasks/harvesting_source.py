"""Talking to another library: OAI-PMH over HTTP, with a bound on everything a stranger may send."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx
from lxml import etree

from gongkai.text.read import MAX_BYTES

OAI = "{http://www.openarchives.org/OAI/2.0/}"
Element = etree._Element  # noqa: SLF001 - lxml gives its class no public name
_BUSY = (429, 502, 503, 504)
_MB = 1024 * 1024


class UnfitAddress(Exception):
    """The address of a source cannot be one."""

    def __init__(self, url: str) -> None:
        super().__init__(f"“{url}”不是采集地址。请写完整的 http:// 或 https:// 地址，例如 https://www.example.gov.cn/oai")


class SourceTrouble(Exception):
    """The source cannot be harvested any further now; `str()` says why and what to do."""


class PageTrouble(SourceTrouble):
    """One answer of the source is damaged or too large; asking record by record may get around it."""


class Declined(SourceTrouble):
    """The source answered with an error of the protocol."""

    def __init__(self, code: str, told: str) -> None:
        self.code = code
        super().__init__(f"来源回答 {code}：{told[:200] or '没有说明'}")


class FileTrouble(Exception):
    """A file cannot be had. `passing`: it may be had another time."""

    def __init__(self, told: str, *, passing: bool = False) -> None:
        self.passing = passing
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a source may send (bytes, elements) and how long it may take (seconds)."""

    page: int = 32 * _MB
    file: int = MAX_BYTES
    elements: int = 1_000_000
    redirects: int = 3
    tries: int = 4
    longest_wait: float = 300.0
    answer: float = 600.0


class Connection:
    """A source to ask and to fetch files from. `wait` sleeps for some seconds; to be closed by `with`."""

    def __init__(self, url: str, wait: Callable[[float], None] = time.sleep, limits: Limits | None = None) -> None:
        self.url = base_address(url)
        self._wait, self._limits = wait, limits or Limits()
        headers = {"User-Agent": "Gongkai-harvester/1", "Accept-Encoding": "identity"}
        self._client = httpx.Client(timeout=30, trust_env=False, headers=headers, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def ask(self, verb: str, **arguments: str) -> Element:
        """The source's answer to a request, its outermost element.

        Raises Declined for an error of the protocol, PageTrouble for an answer that cannot be read,
        SourceTrouble when there is none.
        """
        with self._opened(self.url, {"verb": verb, **arguments}) as response:
            if response.status_code != 200:
                raise SourceTrouble(f"来源回答 HTTP {response.status_code}，不能继续。请核对采集地址，稍后用同样的命令再试。")
            root = self._parsed(response)
        if root.tag != f"{OAI}OAI-PMH":
            raise PageTrouble("来源的回答不是 OAI-PMH 2.0。请核对采集地址。")
        if (error := root.find(f"{OAI}error")) is not None:
            raise Declined(error.get("code", ""), "".join(map(str, error.itertext())).strip())
        if root.find(f"{OAI}{verb}") is None:
            raise PageTrouble(f"来源的回答里没有 {verb}。请核对采集地址，或告知来源的维护单位。")
        return root

    def fetch(self, address: str, sha256: str, target: Path) -> None:
        """Download a file whose digest is known. Raises FileTrouble, and leaves nothing then."""
        if _origin(address) != _origin(self.url):
            raise FileTrouble("原件不在来源自己的主机上，没有下载")
        try:
            with self._opened(address) as response:
                self._save(response, sha256, target)
        except SourceTrouble as error:
            target.unlink(missing_ok=True)
            raise FileTrouble(str(error), passing=True) from error
        except FileTrouble:
            target.unlink(missing_ok=True)
            raise

    def _save(self, response: httpx.Response, sha256: str, target: Path) -> None:
        if response.status_code != 200:
            raise FileTrouble(f"原件下载不到（HTTP {response.status_code}）", passing=response.status_code >= 500)
        digest = hashlib.sha256()
        try:
            with target.open("wb") as file:
                for chunk in self._bounded(response, self._limits.file):
                    digest.update(chunk)
                    file.write(chunk)
        except PageTrouble as error:
            raise FileTrouble(f"原件超过 {self._limits.file // _MB} MB 或压缩传输，没有下载") from error
        if digest.hexdigest() != sha256:
            raise FileTrouble("下载的原件与来源所说的摘要不符")

    def _parsed(self, response: httpx.Response) -> Element:
        """The answer's tree, read as it comes: no entities, no network, bounded in bytes, depth and elements."""
        parser = etree.XMLPullParser(
            events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        elements = 0
        try:
            for chunk in self._bounded(response, self._limits.page):
                parser.feed(chunk)
                elements += sum(1 for _ in parser.read_events())
                if elements > self._limits.elements:
                    raise PageTrouble("来源的一次回答元素过多，没有读取。")
            root: Element = parser.close()
        except etree.XMLSyntaxError as error:
            raise PageTrouble(f"来源的回答不是合格的 XML（{error.msg}）。请核对采集地址，或告知来源的维护单位。") from error
        if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]
            raise PageTrouble("来源的回答带有 DOCTYPE，为安全起见没有读取。请告知来源的维护单位。")
        return root

    def _bounded(self, response: httpx.Response, limit: int) -> Iterator[bytes]:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise PageTrouble("来源未经请求压缩了回答，没有读取。请告知来源的维护单位。")
        size, started = 0, time.monotonic()
        for chunk in response.iter_raw(64 * 1024):
            size += len(chunk)
            if size > limit:
                raise PageTrouble(f"来源的一次回答超过 {limit // _MB} MB，没有读取。")
            if time.monotonic() - started > self._limits.answer:
                raise SourceTrouble("来源发送得太慢，已中止。稍后用同样的命令接着采集。")
            yield chunk

    @contextmanager
    def _opened(self, address: str, query: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        """The answer at an address: redirects followed on the same host, a busy source asked again."""
        try:
            response = self._answered(address, query)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceTrouble(f"连不上来源 {self.url}（{_why(error)}）。请检查网络，稍后用同样的命令接着采集。") from error
        try:
            yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceTrouble(f"与来源的连接中断（{_why(error)}）。稍后用同样的命令接着采集。") from error
        finally:
            response.close()

    def _answered(self, address: str, query: dict[str, str] | None) -> httpx.Response:
        tries = redirects = 0
        while True:
            response = self._client.send(self._client.build_request("GET", address, params=query), stream=True)
            if response.is_redirect:
                redirects += 1
                address, query = self._redirected(response, redirects), None
            elif response.status_code in _BUSY and tries + 1 < self._limits.tries:
                tries += 1
                self._pause(response, tries)
            else:
                return response
            response.close()

    def _redirected(self, response: httpx.Response, number: int) -> str:
        target = str(response.url.join(response.headers.get("Location", "")))
        same_host = urlsplit(target).hostname == urlsplit(self.url).hostname
        if number > self._limits.redirects or not same_host or urlsplit(target).scheme not in ("http", "https"):
            response.close()
            raise SourceTrouble(f"来源转到别处（{target[:200]}），没有跟去。确属搬迁的，请直接用新地址采集。")
        return target

    def _pause(self, response: httpx.Response, tries: int) -> None:
        said = response.headers.get("Retry-After", "")
        seconds = float(said) if said.isascii() and said.isdecimal() and len(said) < 8 else 2.0**tries
        if seconds > self._limits.longest_wait:
            response.close()
            raise SourceTrouble(f"来源正忙，请 {seconds / 60:.0f} 分钟后用同样的命令接着采集。")
        self._wait(seconds)


def base_address(url: str) -> str:
    """The address of a provider as it is remembered. Raises UnfitAddress."""
    try:
        parts = urlsplit(url.strip().rstrip("?"))
        fit = parts.scheme in ("http", "https") and parts.hostname and not (parts.username or parts.password)
        _ = parts.port
    except ValueError:
        fit = False
    if not fit or parts.fragment or parts.query or len(url) > 500:
        raise UnfitAddress(url)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}"


def _origin(address: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None, None
    return parts.scheme, parts.hostname, port


def _why(error: Exception) -> str:
    return "超时" if isinstance(error, httpx.TimeoutException) else str(error)[:200] or type(error).__name__
