"""Walking through a source's list, page by page, and not for ever: whatever tokens it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.domains.library.models import Harvest
from gongkai.domains.library.tasks.harvesting_records import UNNAMED, Received, heading, received
from gongkai.domains.library.tasks.harvesting_source import OAI, Connection, Declined, Element, PageTrouble, SourceTrouble

_MOST_PAGES = 200_000
_MOST_WITHOUT_NEWS = 20
_LONGEST_TOKEN = 4_000
_EVERYTHING_SEEN = "来源反复给出同样的内容，像是没有尽头，已中止。请告知来源的维护单位。"


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, and the token of what follows; '' at the end. `size` is how long the source says its list is."""

    records: list[Received]
    token: str
    size: int | None


@dataclass(slots=True)
class _Guard:
    """What was seen in this walk, as short digests.

    A page may come again in an honest list: its paper changed twice within the second that datestamps tell.
    """

    tokens: set[bytes] = field(default_factory=set)
    pages: set[bytes] = field(default_factory=set)
    without_news: int = 0

    def check(self, token: str, headers: list[tuple[str, str]]) -> None:
        """Raises SourceTrouble when the source leads in circles."""
        page, mark = _short(repr(headers)), _short(token)
        self.without_news = 0 if headers and page not in self.pages else self.without_news + 1
        again = token and mark in self.tokens
        if again or self.without_news > _MOST_WITHOUT_NEWS or len(self.tokens) > _MOST_PAGES:
            raise SourceTrouble(_EVERYTHING_SEEN)
        if len(token) > _LONGEST_TOKEN:
            raise SourceTrouble("来源的续传标记过长，已中止。请告知来源的维护单位。")
        self.pages.add(page)
        self.tokens.add(mark)


def _short(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]


def pages_of(run: Harvest, there: Connection) -> Iterator[Page]:
    """The pages of a harvest from where it stands. The caller writes down each token when its page is done.

    A list that cannot be read as a whole is asked for record by record. Raises SourceTrouble.
    """
    try:
        yield from _walk(run, there)
    except PageTrouble:
        if run.one_by_one:
            raise
        run.one_by_one, run.token = True, ""
        run.save(update_fields=["one_by_one", "token"])
        yield from _walk(run, there)


def _walk(run: Harvest, there: Connection) -> Iterator[Page]:
    guard, first = _Guard(), True
    while first or run.token:
        root = _asked(run, there, resuming=first and bool(run.token))
        if root is None:
            return
        first = False
        token, size = _token(root)
        found = list(root.iter(f"{OAI}header" if run.one_by_one else f"{OAI}record"))
        heads = [heading(e if run.one_by_one else e.find(f"{OAI}header")) for e in found]
        guard.check(token, heads)
        records = [_one(run, there, *head) for head in heads] if run.one_by_one else [received(e) for e in found]
        yield Page(records, token, size)
        if run.token != token:
            raise RuntimeError("the caller must write down how far it came")


def _asked(run: Harvest, there: Connection, *, resuming: bool) -> Element | None:
    """The next page; None when nothing (more) matches. A token the source no longer knows starts the list anew."""
    verb = "ListIdentifiers" if run.one_by_one else "ListRecords"
    try:
        if run.token:
            return there.ask(verb, resumptionToken=run.token)
        return there.ask(verb, **_arguments(run))
    except Declined as error:
        if error.code == "noRecordsMatch":
            return None
        if error.code == "badResumptionToken" and resuming:
            run.token = ""
            return _asked(run, there, resuming=False)
        raise


def _arguments(run: Harvest) -> dict[str, str]:
    out = {"metadataPrefix": run.prefix}
    if run.since is not None:
        out["from"] = f"{run.since:%Y-%m-%dT%H:%M:%SZ}" if run.by_seconds else f"{run.since:%Y-%m-%d}"
    if run.set_spec:
        out["set"] = run.set_spec
    return out


def _token(root: Element) -> tuple[str, int | None]:
    found = next(root.iter(f"{OAI}resumptionToken"), None)
    if found is None:
        return "", None
    size = found.get("completeListSize") or ""
    return (found.text or "").strip(), int(size) if size.isascii() and size.isdecimal() and len(size) < 10 else None


def _one(run: Harvest, there: Connection, identifier: str, datestamp: str) -> Received:
    if not identifier:
        return Received(UNNAMED, datestamp, trouble="记录没有标识，来源的数据有误。")
    return one_record(there, run.prefix, identifier, datestamp)


def one_record(there: Connection, prefix: str, identifier: str, datestamp: str = "") -> Received:
    """One record asked for by itself. Raises SourceTrouble only when the source cannot be reached."""
    try:
        root = there.ask("GetRecord", identifier=identifier, metadataPrefix=prefix)
    except Declined as error:
        if error.code == "idDoesNotExist":
            return Received(identifier, datestamp, deleted=True, fingerprint="gone")
        return Received(identifier, datestamp, trouble=str(error))
    except PageTrouble as error:
        return Received(identifier, datestamp, trouble=str(error))
    found = next(root.iter(f"{OAI}record"), None)
    if found is None or heading(found.find(f"{OAI}header"))[0] != identifier:
        return Received(identifier, datestamp, trouble="来源没有给出所要的记录。")
    return received(found)
