"""What search engines are told: sitemaps and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import AgencyNode, site, tree
from gongkai.core.freshness.marks import tagged
from gongkai.domains.catalogue.queries.platform import Platform, owners, platform
from gongkai.domains.catalogue.queries.themes import themes
from gongkai.domains.library.queries.outlines import blocks, in_block

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HIGHEST = 1_000_000  # more blocks than primary keys will ever fill
_PAGES = ("home", "library", "disclosure", "disclosure-organs", "themes", "organs", "privacy", "accessibility")
Place = tuple[str, datetime | None]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps: number 0 lists the site's own pages, the others the documents, block by block."""
    del request
    places: list[Place] = [(reverse("sitemap-part", args=[0]), None)]
    places += [(reverse("sitemap-part", args=[block]), changed) for block, changed in blocks()]
    return tagged(_xml("sitemapindex", "sitemap", places), ["library"])


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """One sitemap, at most 10,000 documents long."""
    del request
    if number == 0:
        return tagged(_xml("urlset", "url", _own_pages()), ["library", "agencies", "columns"])
    before, after = reverse("document", args=[_HIGHEST]).split(str(_HIGHEST))  # ten thousand such calls would take a while
    found = in_block(number) if number < _HIGHEST else ()
    documents = ((f"{before}{pk}{after}", changed) for pk, changed in found)
    answer = _xml("urlset", "url", documents)
    if b"<url>" not in answer.content:
        raise Http404
    return tagged(answer, ["library"])


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; of the list only its plain pages, not every choice of filters."""
    del request
    library, feed, search = reverse("library"), reverse("library-feed"), reverse("search")
    kept_out = [f"Disallow: {library}?", f"Disallow: {feed}?", f"Disallow: {search}"]
    lines = ["User-agent: *", "Allow: /", f"Allow: {library}?page=", *kept_out]
    if origin := site().origin:
        lines += ["", f"Sitemap: {origin}{reverse('sitemap')}"]
    return tagged(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), [])


def _own_pages() -> Iterator[Place]:
    """Pages that are no papers: the columns of the government's platform, every organ and its platform, themes."""
    today = timezone.localdate()
    yield from ((reverse(name), None) for name in _PAGES)
    yield from ((reverse("theme", args=[card.slug]), None) for card in themes())
    yield from ((path, None) for path in _columns(platform(None, today)))
    yield from ((reverse("organ", args=[code]), None) for code in _codes(tree(today)))
    yield from ((reverse("disclosure-organ", args=[link.code]), None) for _, links in owners(today) for link in links)


def _columns(found: Platform | None) -> Iterator[str]:
    for entry in found.entries if found else ():
        yield reverse("disclosure-entry", args=[entry.key])
        if entry.key == "statutory" or len(entry.columns) > 1:  # an entry's only column is the entry itself
            yield from (reverse("disclosure-column", args=[entry.key, column.slug]) for column in entry.columns)


def _codes(nodes: Iterable[AgencyNode]) -> Iterator[str]:
    for node in nodes:
        yield node.agency.code
        yield from _codes(node.children)


def _xml(outer: str, inner: str, places: Iterable[Place]) -> HttpResponse:
    origin = site().origin
    if not origin:
        raise Http404
    whole = bytearray(f'<?xml version="1.0" encoding="utf-8"?>\n<{outer} xmlns="{_SITEMAPS}">\n'.encode())
    for path, changed in places:
        when = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
        whole += f"<{inner}><loc>{escape(origin + path)}</loc>{when}</{inner}>\n".encode()
    whole += f"</{outer}>\n".encode()
    return HttpResponse(bytes(whole), content_type="application/xml; charset=utf-8")
