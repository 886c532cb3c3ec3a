"""Reading a sitemap and those it points to, within bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from gongkai.domains.monitor.tasks.fetching import Fetcher

_MOST = 500


@dataclass(frozen=True, slots=True)
class Mapped:
    """The addresses a sitemap names, and why some could not be read."""

    addresses: list[str]
    trouble: str = ""


async def addresses_of(sitemap: str, fetch: Fetcher, is_ours: Callable[[str], bool]) -> Mapped:
    """All addresses in a sitemap; of the maps an index names, those on the site (under whichever of its names)."""
    base = urlsplit(sitemap)
    found: list[str] = []
    waiting, seen, trouble = [sitemap], {sitemap}, ""
    while waiting and len(seen) <= _MOST:
        address = waiting.pop()
        answer = await fetch.page(address)
        if answer.trouble or answer.status != 200:
            trouble = f"{address} {answer.trouble or f'状态码 {answer.status}'}"
            continue
        try:
            root = _read(answer.body)
        except etree.XMLSyntaxError:
            trouble = f"{address} 读不出来"
            continue
        places = [(loc.text or "").strip() for loc in root.iter("{*}loc")]
        if etree.QName(root).localname == "sitemapindex":
            ours = [p for p in places if urlsplit(p).netloc == base.netloc or is_ours(urlsplit(p).hostname or "")]
            found += [p for p in places if p not in ours]
            here = [urlsplit(p)._replace(scheme=base.scheme, netloc=base.netloc).geturl() for p in ours]
            fresh = [p for p in dict.fromkeys(here) if p not in seen]
            seen.update(fresh)
            waiting += fresh
        else:
            found += places
    return Mapped(list(dict.fromkeys(found)), trouble)


def _read(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(data, parser)
