"""Atom (RFC 4287): a list of documents as a feed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lxml import etree

from gongkai.domains.library.queries.outlines import Outline
from gongkai.ui.addresses import address
from gongkai.ui.site import Site

TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_PREFIXES: Any = {None: _ATOM}  # lxml takes None for no prefix, its types do not
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot carry
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed has not been updated yet
_TAGGED_IN = "2026"  # a year in which the site's domain was the government's (RFC 4151)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself: `address` is its own, `page` that of the list it follows, both without origin."""

    title: str
    address: str
    page: str


def atom(feed: Feed, outlines: Sequence[Outline], site: Site) -> bytes:
    """The feed as XML. The order of the documents is kept."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_PREFIXES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    _say(root, "id", tag_uri(site, feed.address.strip("/")))
    _say(root, "title", f"{feed.title} - {site.name}")
    _say(root, "updated", _moment(max((o.changed_at for o in outlines if o.changed_at), default=_NEVER)))
    _link(root, "self", f"{site.origin}{feed.address}", "application/atom+xml")
    _link(root, "alternate", f"{site.origin}{feed.page}", "text/html")
    _say(_say(root, "author"), "name", site.government)
    for outline in outlines:
        _entry(root, outline, site)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def tag_uri(site: Site, specific: str) -> str:
    """A name that stays the same wherever the site moves its pages (RFC 4151)."""
    return f"tag:{site.hostname.partition(':')[0]},{_TAGGED_IN}:{quote(specific, safe='/:@!$&()*+,;=?%')}"


def _entry(root: etree._Element, outline: Outline, site: Site) -> None:
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    _say(entry, "id", tag_uri(site, f"document/{outline.number}"))
    _say(entry, "title", outline.title)
    _say(entry, "updated", _moment(outline.changed_at or outline.published_at or _NEVER))
    if outline.published_at:
        _say(entry, "published", _moment(outline.published_at))
    _link(entry, "alternate", f"{site.origin}{address('document', args=[outline.number])}", "text/html")
    for organ in outline.organs or (site.government,):
        _say(_say(entry, "author"), "name", organ)
    etree.SubElement(entry, f"{{{_ATOM}}}category", term=outline.kind, label=outline.kind_label)
    _say(entry, "summary", _summary(outline))


def _summary(outline: Outline) -> str:
    """Number, legal status and what it is about, as a reader without the page would want them."""
    status = outline.status_label if outline.status != "none" else ""
    facts = "　".join(fact for fact in (outline.document_number, status) if fact)
    return "\n".join(part for part in (facts, outline.summary) if part) or outline.kind_label


def _say(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        element.text = _UNFIT.sub("", text)
    return element


def _link(parent: etree._Element, rel: str, href: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=href, type=kind)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
