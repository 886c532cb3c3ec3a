"""Records of another library as they arrive: what they offer, or why they cannot be taken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast

from lxml import etree

from gongkai.domains.library.events import Metadata
from gongkai.domains.library.queries.exchange import NAMESPACE, SCHEMA
from gongkai.domains.library.tasks.harvesting_source import OAI, Element
from gongkai.text.blanks import tidy

GONGKAI = f"{{{NAMESPACE}}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LARGEST_BODY = 10_000_000  # characters
UNNAMED = "（没有标识）"


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file of a paper as its library offers it."""

    address: str
    sha256: str
    size: int
    format: str
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A paper as another library tells it. `turns` are `{"on": day, "kind": kind}`."""

    metadata: Metadata
    theme_names: tuple[str, ...]
    revision_digest: str
    text_digest: str
    html: str
    files: tuple[OfferedFile, ...]
    turns: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Received:
    """One record. `trouble` says why it cannot be taken; `link` leads to the paper where only that is known."""

    identifier: str
    datestamp: str
    deleted: bool = False
    fingerprint: str = ""
    paper: Offered | None = None
    title: str = ""
    link: str = ""
    trouble: str = field(default="")


class UnfitRecord(Exception):
    """A record that does not keep to its format."""


def received(record: Element) -> Received:
    """What a `record` element holds; nothing in it raises."""
    header = record.find(f"{OAI}header")
    identifier, datestamp = heading(header)
    if header is None or not identifier:
        return Received(UNNAMED, datestamp, trouble="记录没有标识，来源的数据有误。")
    if header.get("status") == "deleted":
        return Received(identifier, datestamp, deleted=True, fingerprint=_fingerprint(record))
    found = record.find(f"{OAI}metadata")
    content = next((e for e in found if isinstance(e.tag, str)), None) if found is not None else None
    if content is None:
        return Received(identifier, datestamp, trouble="记录没有内容，来源的数据有误。")
    if content.tag != f"{GONGKAI}document":
        title, link = _dublin_core(content)
        return Received(identifier, datestamp, fingerprint=_fingerprint(record), title=title, link=link)
    try:
        paper = _offered(content)
    except UnfitRecord as error:
        return Received(identifier, datestamp, title=_said(content, "title")[:500], trouble=str(error))
    title, page = paper.metadata["title"], _said(content, "page")
    return Received(identifier, datestamp, fingerprint=_fingerprint(record), paper=paper, title=title, link=page)


def heading(header: Element | None) -> tuple[str, str]:
    """The identifier and datestamp of a header; '' where they are missing or unfit."""
    if header is None:
        return "", ""
    identifier = (header.findtext(f"{OAI}identifier") or "").strip()
    datestamp = (header.findtext(f"{OAI}datestamp") or "").strip()
    fit = len(identifier) <= 500 and identifier.isprintable()
    return identifier if fit else "", datestamp[:20]


def _fingerprint(record: Element) -> str:
    return hashlib.sha256(etree.tostring(record, method="c14n", with_tail=False)).hexdigest()


def _dublin_core(content: Element) -> tuple[str, str]:
    """Title and address of a paper of which only the catalogue card is there."""
    addresses = (tidy("".join(map(str, e.itertext()))) for e in content.iter(f"{_DC}identifier", f"{_DC}relation"))
    link = next((a for a in addresses if re.match(r"https?://\S+$", a) and len(a) <= 2000), "")
    return tidy(content.findtext(f".//{_DC}title") or "")[:500], link


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def _offered(content: Element) -> Offered:
    """The paper of a record in our own format. Raises UnfitRecord."""
    alone = etree.fromstring(etree.tostring(content, with_tail=False))
    schema = _schema()
    if not schema.validate(alone):
        why = schema.error_log.last_error  # type: ignore[attr-defined]
        raise UnfitRecord(f"记录不合 gongkai 格式（{why.message[:200] if why else ''}），没有取用。请告知来源的维护单位。")
    body = alone.findtext(f"{GONGKAI}body") or ""
    if len(body) > _LARGEST_BODY:
        raise UnfitRecord("记录的正文过大，没有取用。")
    return Offered(
        _metadata(alone),
        tuple(t.text or "" for t in alone.iter(f"{GONGKAI}theme")),
        alone.get("digest", ""),
        alone.get("textDigest", ""),
        body,
        tuple(
            OfferedFile(f.text or "", f.get("sha256", ""), int(f.get("size", "0")), f.get("format", ""), f.get("name", ""))
            for f in alone.iter(f"{GONGKAI}file")
        ),
        [{"on": _day(t.get("on")) or "", "kind": t.get("kind", "")} for t in alone.iter(f"{GONGKAI}turn")],
    )


def _metadata(content: Element) -> Metadata:
    validity = content.find(f"{GONGKAI}validity")
    told: Mapping[str, str] = {str(k): str(v) for k, v in validity.attrib.items()} if validity is not None else {}
    title = _said(content, "title")
    if not title:
        raise UnfitRecord("记录没有标题，没有取用。")
    said: dict[str, Any] = {
        "title": title,
        "organs": _all(content, "organ"),
        "addressees": _all(content, "addressee"),
        "signature": _all(content, "signature"),
        "copies_to": _all(content, "copiesTo"),
        "audience": _all(content, "audience"),
        "kind": _said(content, "kind"),
        "attribute": _said(content, "attribute"),
        "topic": _said(content, "topic")[:60],
        "subtopic": _said(content, "subtopic")[:60],
        "themes": [],
        "summary": _said(content, "summary"),
        "document_number": _said(content, "documentNumber") or None,
        "registration_number": _said(content, "registrationNumber")[:40] or None,
        "note": _said(content, "note") or None,
        "issued_on": _day(_said(content, "issuedOn")),
        "printed_on": _day(_said(content, "printedOn")),
        "published_elsewhere_on": _day(_said(content, "publishedElsewhereOn")),
        "effective_on": _day(told.get("effectiveOn")),
        "expires_on": _day(told.get("expiresOn")),
        "term_years": _count(told.get("years"), 100),
        "term_months": _count(told.get("months"), 1200),
        "from_issue": told.get("fromIssue") in ("true", "1"),
        "days_after_issue": _count(told.get("daysAfterIssue"), 3660),
        "attachments": [{"name": a.text or "", "anchor": a.get("anchor")} for a in content.iter(f"{GONGKAI}attachment")],
        "relations": [_relation(r) for r in content.iter(f"{GONGKAI}relation")],
        "conflicts": [],
        "source_url": _said(content, "page"),
    }
    return cast("Metadata", said)


def _relation(element: Element) -> dict[str, str | None]:
    return {
        "kind": element.get("kind"),
        "title": element.get("title"),
        "document_number": element.get("documentNumber"),
        "act": (element.get("act") or "")[:20] or None,
        "on": _day(element.get("on")),
    }


def _said(content: Element, name: str) -> str:
    return (content.findtext(f"{GONGKAI}{name}") or "").strip()


def _all(content: Element, name: str) -> list[str]:
    return [text for e in content.iter(f"{GONGKAI}{name}") if (text := (e.text or "").strip())]


def _day(written: str | None) -> str | None:
    """A day as we write it. The schema lets through years and zones that no paper bears."""
    if not written:
        return None
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        raise UnfitRecord(f"记录里的日期“{written[:20]}”不存在，没有取用。") from None
    if not 1900 <= day.year <= 2200:
        raise UnfitRecord(f"记录里的日期“{written[:20]}”不合情理，没有取用。")
    return day.isoformat()


def _count(written: str | None, most: int) -> int | None:
    if written is None:
        return None
    number = int(written)
    if number > most:
        raise UnfitRecord(f"记录里的期限“{written}”不合情理，没有取用。")
    return number
