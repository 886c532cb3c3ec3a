"""The manifest: what this site has published, in parts of at most 5,000 papers, and the index that is signed.

A part covers a fixed range of numbers, so that one change touches one part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Sum

from gongkai.core.agencies.models import Agency, Government
from gongkai.core.signing import canonical
from gongkai.domains.library.models import Document
from gongkai.domains.monitor.queries.entries import Entry, Spending, TooManyAtOnce, entries
from gongkai.domains.monitor.queries.keeping import Part, Shelf
from gongkai.text.fingerprint import WAY
from gongkai.text.links import bare_domain, hosts_of, written_addresses
from gongkai.ui import siteplan

PART = 5_000
FORMAT = "gongkai-manifest/1"
_UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Listed:
    """What the index says of a part."""

    number: int
    documents: int
    sha256: str


def listed(shelf: Shelf, spending: Spending, each: Callable[[Part], None] | None = None) -> list[Listed]:
    """All parts as the index lists them; `each` is shown every part while it is in memory. Raises TooManyAtOnce."""
    out = []
    for made in parts(shelf, spending):
        out.append(Listed(made.number, made.documents, made.sha256))
        if each:
            each(made)
    return out


def parts(shelf: Shelf, spending: Spending) -> Iterator[Part]:
    """All parts in order, one in memory at a time. Raises TooManyAtOnce."""
    for number, state in _states().items():
        yield _part(number, state, shelf, spending)


def part(number: int, shelf: Shelf, spending: Spending) -> Part | None:
    """One part; None where no public paper is in its range. Raises TooManyAtOnce."""
    state = _states(number).get(number)
    return _part(number, state, shelf, spending) if state else None


def _states(only: int | None = None) -> dict[int, str]:
    """What each part depends on, by its number: another string as soon as a paper in it changes."""
    public = Document.objects.public().filter(published__isnull=False)
    if only is not None:
        public = public.filter(pk__range=_range(only))
    grouped = public.annotate(part=(F("pk") - 1) / PART).values("part").order_by("part")
    counted = grouped.annotate(papers=Count("pk"), events=Sum("sequence"), shown=Sum("published_id"), at=Max("changed_at"))
    return {row["part"]: f"{WAY} {row['papers']} {row['events']} {row['shown']} {row['at']}" for row in counted}


def _range(number: int) -> tuple[int, int]:
    return number * PART + 1, (number + 1) * PART


def _part(number: int, state: str, shelf: Shelf, spending: Spending) -> Part:
    written, kept = (_UNFINISHED, None) if spending.anew else shelf.find(number)
    if kept and written == state:
        return kept
    reusable = kept is not None and written.startswith((WAY, _UNFINISHED))
    known = {entry["number"]: entry for entry in json.loads(kept.data)["documents"]} if kept and reusable else {}
    made: list[Entry] = []
    try:
        for entry in entries(*_range(number), known, spending):
            made.append(entry)  # noqa: PERF402 - what was made before a refusal must not be lost
    except TooManyAtOnce:
        shelf.put(_UNFINISHED, _packed(number, made))
        raise
    done = _packed(number, made)
    shelf.put(state, done)
    return done


def _packed(number: int, made: list[Entry]) -> Part:
    return Part(number, len(made), canonical({"documents": made, "format": FORMAT, "number": number}))


def index(parts_listed: list[Listed], at: datetime) -> dict[str, Any]:
    """What is signed: whose site, when, which parts, and everything a page may carry besides its paper."""
    site = Government.objects.first()
    footer: Mapping[str, str] = site.footer if site else {}
    changed_at = Document.objects.aggregate(at=Max("changed_at"))["at"]
    codes = Agency.objects.order_by("pk").values_list("code", flat=True)
    return {
        "format": FORMAT,
        "fingerprint": WAY,
        "generated_at": at.isoformat(),
        "changed_at": changed_at.isoformat() if changed_at else "",
        "site": {"name": site.site_name, "government": site.name, "code": site.site_code} if site else {},
        "documents": sum(p.documents for p in parts_listed),
        "last": Document.objects.exclude(published_at=None).order_by("-pk").values_list("pk", flat=True).first() or 0,
        "part_size": PART,
        "parts": [{"number": p.number, "documents": p.documents, "sha256": p.sha256} for p in parts_listed],
        "addresses": {
            "document": siteplan.document_pattern(),
            "file": siteplan.file_pattern(),
            "part": siteplan.part_pattern(),
        },
        "routes": siteplan.routes(),
        "organs": [siteplan.organ_address(code) for code in codes],
        "assets": siteplan.assets(),
        "own": sorted({*siteplan.own_hosts(), *([bare_domain(site.domain)] if site else [])} - {"", "127.0.0.1"}),
        "hosts": hosts_of(written_addresses(" ".join(map(str, footer.values())))),
    }
