"""Outside links in public papers: which there are, and how they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from gongkai.domains.library.models import Document
from gongkai.domains.monitor.models import Link, LinkPlace, LinkState
from gongkai.text.links import addresses_in, is_address

STATES = dict(LinkState.choices)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as the list shows it: its state, why, since when and how often in a row, and the papers that hold it."""

    address: str
    state: str
    label: str
    detail: str
    since: datetime | None
    failures: int
    checked_at: datetime
    is_new: bool
    papers: list[tuple[int, str]]


def outside_links() -> dict[str, list[int]]:
    """Every outside address that a public paper links to, names or comes from, with the papers' numbers."""
    shown = Document.objects.public().filter(published__isnull=False)
    naming = Q(published__body__html__icontains="http") | Q(published__body__html__icontains="www.")
    out: dict[str, list[int]] = {}
    rows = shown.filter(naming).order_by("pk").values_list("pk", "published__body__html")
    for number, markup in rows.iterator(chunk_size=500):
        for address in addresses_in(markup):
            out.setdefault(address, []).append(number)
    sources = shown.order_by("pk").values_list("pk", "published__metadata__source_url")
    for number, source in sources.iterator(chunk_size=2000):
        if source and is_address(source):
            papers = out.setdefault(source, [])
            papers += [number] if number not in papers[-1:] else []
    return out


def in_turn(found: Mapping[str, list[int]], limit: int | None) -> list[str]:
    """Which of the links to try now: those never tried, then those tried longest ago."""
    tried = dict(Link.objects.order_by("checked_at").values_list("address", "checked_at"))
    fresh = [address for address in found if address not in tried]
    return [*fresh, *(address for address in tried if address in found)][:limit]


def links(states: tuple[str, ...] = (LinkState.SUSPICIOUS, LinkState.DEAD)) -> list[LinkRow]:
    """Links in these states, the suspicious first, then the longest dead; only with papers that are public now."""
    rows = Link.objects.filter(state__in=states).order_by(F("dead_since").asc(nulls_first=True), "host", "address")
    papers: dict[int, list[tuple[int, str]]] = {}
    public = LinkPlace.objects.filter(link__in=rows, document__in=Document.objects.public()).order_by("document_id")
    for link, number, title in public.values_list("link_id", "document_id", "document__title"):
        papers.setdefault(link, []).append((number, title))
    out = [_row(link, papers[link.pk]) for link in rows if link.pk in papers]
    return sorted(out, key=lambda row: row.state != LinkState.SUSPICIOUS)


def _row(link: Link, papers: list[tuple[int, str]]) -> LinkRow:
    suspicious = link.state == LinkState.SUSPICIOUS
    since = link.suspicious_since if suspicious else link.dead_since
    is_new = suspicious and link.suspicious_since == link.checked_at
    return LinkRow(
        link.address, link.state, STATES[link.state], link.detail, since, link.failures, link.checked_at, is_new, papers
    )
