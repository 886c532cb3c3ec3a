"""A watch: fetching what a site serves, as a visitor would, and comparing it with the manifest."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from gongkai.core.signing import NotGenuine, fingerprint_of
from gongkai.domains.monitor.tasks import copies
from gongkai.domains.monitor.tasks.fetching import FROM_SEARCH, Answer, Fetcher, Limits
from gongkai.domains.monitor.tasks.findings import Copy, Report
from gongkai.domains.monitor.tasks.judging import Fault, Served, judge
from gongkai.domains.monitor.tasks.known import Entry, Known
from gongkai.domains.monitor.tasks.obtaining import SERVED_AT, Unobtainable, from_address, from_file
from gongkai.domains.monitor.tasks.sitemaps import addresses_of

T = TypeVar("T")
HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy")
_DISGUISED = 8  # papers that are also fetched as a search engine would
_BATCH = 64
_CHOICE = random.SystemRandom()  # an intruder must not be able to tell what will be looked at


@dataclass(frozen=True, slots=True)
class Request:
    """What to watch. `site` ends with a slash; `manifest` is a file or an address, '' for the site's own.

    `sample`: at most so many papers, None for all; `since`: only papers changed on or after this ISO day.
    """

    site: str
    public: str
    manifest: Path | str = ""
    sample: int | None = None
    since: str = ""
    copies: tuple[str, ...] = ()
    cookie: str = ""
    limits: Limits = field(default_factory=Limits)


def watch(request: Request, at: datetime, advance: Callable[[int, int], None] = lambda _done, _of: None) -> Report:
    """Do a whole watch. Network trouble becomes findings, never an exception."""
    return asyncio.run(_watch(request, at, advance))


async def _watch(request: Request, at: datetime, advance: Callable[[int, int], None]) -> Report:
    report = Report(request.site, at.isoformat(timespec="seconds"))
    async with Fetcher(request.limits, cookie=request.cookie) as fetch:
        try:
            known = await _obtain(request, fetch, report)
        except (NotGenuine, Unobtainable, OSError, ValueError, KeyError) as error:
            report.find("manifest", str(request.manifest or urljoin(request.site, SERVED_AT)), str(error))
            return report
        report.manifest = {k: known.index[k] for k in ("generated_at", "documents", "site")}
        report.manifest["key"] = fingerprint_of(request.public)
        await _Watch(request, known, fetch, report, advance).run()
        for address in request.copies:
            _tell_copy(report, await copies.compare(address, request.site, known, fetch))
    return report


async def _obtain(request: Request, fetch: Fetcher, report: Report) -> Known:
    served = urljoin(request.site, SERVED_AT)
    if not isinstance(request.manifest, Path):
        return await from_address(request.manifest or served, request.public, fetch)
    known = await from_file(request.manifest, request.site, request.public, fetch)
    try:
        # a kept copy of the manifest may be older than ours and still true; what was published last tells
        if (await from_address(served, request.public, fetch)).index["changed_at"] < known.index["changed_at"]:
            report.find("manifest", served, "网站给出的清单里没有您手里的清单中最近的变动，网站可能被回退到以前的内容")
    except (NotGenuine, Unobtainable) as error:
        report.find("manifest", served, str(error))
    return known


def _tell_copy(report: Report, copy: Copy) -> None:
    report.copies.append(copy)
    if copy.trouble:
        report.notes.append(f"疑似仿冒的 {copy.address} 没有比成：{copy.trouble}")
    elif copy.score >= copies.ALIKE:
        report.find("copy", copy.address, f"相似度 {copy.score} 分；{'；'.join([*copy.alike, *copy.differs])}")


@dataclass(slots=True)
class _Watch:
    """One watch under way."""

    request: Request
    known: Known
    fetch: Fetcher
    report: Report
    advance: Callable[[int, int], None]
    lacking: Counter[str] = field(default_factory=Counter)
    done: int = 0
    whole: int = 0

    async def run(self) -> None:
        papers, gaps = self._chosen()
        others = self._others()
        disguised = papers[:_DISGUISED]
        self.whole = len(papers) + len(gaps) + len(others) + len(self.known.index["assets"]) + len(disguised) + 2
        await self._each(papers, self._paper)
        await self._each(gaps, self._gap)
        await self._each(others, self._other)
        await self._each(sorted(self.known.index["assets"].items()), self._asset)
        await self._each([None, *disguised], self._disguised)
        await self._sitemap()
        for header, pages in self.lacking.items():
            self.report.find("header", self.request.site, f"{header}，{pages} 个页面没有")

    def _chosen(self) -> tuple[list[Entry], list[int]]:
        """The papers to look at, and the numbers at which nothing may be."""
        since = self.request.since
        papers = [e for e in self.known.entries() if not since or e["changed_at"][:10] >= since]
        return self._some(papers), self._some(self.known.gaps())

    def _others(self) -> list[str]:
        return [*self.known.plain_routes(), *self._some(self.known.index["organs"])]

    def _some(self, items: Sequence[T]) -> list[T]:
        most = self.request.sample
        return list(items) if most is None or len(items) <= most else _CHOICE.sample(items, most)

    async def _each(self, items: Iterable[T], look: Callable[[T], Awaitable[None]]) -> None:
        """Look at everything, a batch at a time; the fetcher bounds how many at once."""
        waiting = list(items)
        for at in range(0, len(waiting), _BATCH):
            batch = waiting[at : at + _BATCH]
            await asyncio.gather(*map(look, batch))
            self.done += len(batch)
            self.advance(min(self.done, self.whole), self.whole)

    def _at(self, path: str) -> str:
        return urljoin(self.request.site, path)

    async def _paper(self, paper: Entry) -> None:
        address = self._at(self.known.document(paper["number"]))
        self._tell(address, self._judged(await self.fetch.page(address), paper))
        self.report.count("papers")
        for file in paper["files"]:
            await self._file(self._at(self.known.file(paper["number"], file["sha256"])), file)

    async def _file(self, address: str, file: Mapping[str, object]) -> None:
        answer = await self.fetch.file(address)
        self.report.count("files")
        if answer.trouble or answer.status != 200:
            self.report.find(*_absent(answer))
        elif answer.sha256 != file["sha256"]:
            self.report.find("file", address, f"应为 {file['size']} 字节，实为 {answer.size} 字节，SHA-256 不符")

    async def _gap(self, number: int) -> None:
        address = self._at(self.known.document(number))
        answer = await self.fetch.page(address)
        self.report.count("gaps")
        if answer.status == 200:
            self.report.find("still_there", address, f"第 {number} 号文件已撤下或未公开，却能打开")

    async def _other(self, path: str) -> None:
        address = self._at(path)
        answer = await self.fetch.page(address)
        if 300 <= answer.status < 400:
            away = urljoin(address, answer.headers.get("location", ""))
            if urlsplit(away).netloc != urlsplit(address).netloc:
                self.report.find("redirect", address, f"转到 {away}")
        elif path == "/" or (answer.type == "text/html" and answer.status == 200):
            self._tell(address, self._judged(answer, None))
            self.report.count("pages")

    async def _asset(self, asset: tuple[str, str]) -> None:
        address = self._at(asset[0])
        answer = await self.fetch.file(address)
        self.report.count("assets")
        if answer.trouble or answer.status != 200:
            self.report.find(*_absent(answer))
        elif answer.sha256 != asset[1]:
            self.report.find("asset", address, "SHA-256 不符")

    async def _disguised(self, paper: Entry | None) -> None:
        """Look again as a search engine: intruders often show it another page."""
        address = self._at(self.known.document(paper["number"]) if paper else "/")
        plain = {f"{f.kind} {f.detail}" for f in self.report.findings if f.address == address}
        for kind, detail in self._judged(await self.fetch.page(address, FROM_SEARCH), paper):
            if f"{kind} {detail}"[: len(kind) + 401] not in plain:
                self.report.find("two_faces", address, f"以搜索引擎身份访问时：{detail}")
        self.report.count("disguised")

    async def _sitemap(self) -> None:
        found = await addresses_of(self._at("/sitemap.xml"), self.fetch, self.known.is_ours)
        if found.trouble:
            self.report.notes.append(f"站点地图没有检查：{found.trouble}")
        for address in found.addresses:
            parts = urlsplit(address)
            away = parts.netloc != urlsplit(self.request.site).netloc and not self.known.is_ours(parts.hostname or "")
            if away or not self.known.answers(parts.path or "/"):
                self.report.find("planted", address, "指向别的网站" if away else "站点地图里有，清单里没有")
        self.report.count("sitemap", len(found.addresses))

    def _judged(self, answer: Answer, paper: Entry | None) -> list[Fault]:
        if answer.trouble or answer.status != 200:
            kind, _, detail = _absent(answer)
            return [(kind, detail)]
        if answer.type != "text/html":
            return [("type", f"应为 text/html，实为 {answer.type or '（没有说明）'}")]
        self.lacking.update(name for name in HEADERS if name not in answer.headers)
        return judge(Served(answer.address, answer.text), self.known, paper)

    def _tell(self, address: str, faults: Iterable[Fault]) -> None:
        for kind, detail in faults:
            self.report.find(kind, address, detail)


def _absent(answer: Answer) -> tuple[str, str, str]:
    """Why an answer is none: elsewhere, refused, unreachable."""
    if 300 <= answer.status < 400:
        return "redirect", answer.address, f"转到 {urljoin(answer.address, answer.headers.get('location', ''))}"
    return "missing", answer.address, answer.trouble or f"状态码 {answer.status}"
