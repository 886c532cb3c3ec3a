"""Writing down how links answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from gongkai.core.writing import writing
from gongkai.domains.monitor.models import Link, LinkPlace, LinkState
from gongkai.domains.monitor.tasks.links import Tried
from gongkai.text.links import host_of


@writing()
def keep_links(tried: Sequence[Tried], found: Mapping[str, list[int]], at: datetime) -> None:
    """Bring each link's row in line with how it answered at `at`, and with the papers that hold it."""
    known = {link.address: link for link in Link.objects.filter(address__in=[t.address for t in tried])}
    for outcome in tried:
        link = known.get(outcome.address) or Link(
            address=outcome.address, host=host_of(outcome.address)[:255], first_checked_at=at
        )
        _note(link, outcome, at)
        link.save()
        _place(link, found.get(outcome.address, []))


def _note(link: Link, outcome: Tried, at: datetime) -> None:
    dead, suspicious = outcome.state == LinkState.DEAD, outcome.state == LinkState.SUSPICIOUS
    link.state, link.status_code = outcome.state, outcome.status
    link.detail, link.landed_on = outcome.detail[:300], outcome.landed_on[:255]
    link.failures = link.failures + 1 if dead else 0
    link.dead_since = (link.dead_since or at) if dead else None
    link.suspicious_since = (link.suspicious_since or at) if suspicious else None
    link.checked_at = at


def _place(link: Link, documents: Sequence[int]) -> None:
    standing = set(LinkPlace.objects.filter(link=link).values_list("document_id", flat=True))
    wanted = set(documents)
    LinkPlace.objects.filter(link=link, document_id__in=standing - wanted).delete()
    LinkPlace.objects.bulk_create([LinkPlace(link=link, document_id=number) for number in sorted(wanted - standing)])


@writing()
def forget_links(found: Mapping[str, list[int]]) -> int:
    """Drop links that no public paper holds any more; returns how many."""
    gone = [pk for pk, address in Link.objects.values_list("pk", "address") if address not in found]
    for at in range(0, len(gone), 500):
        Link.objects.filter(pk__in=gone[at : at + 500]).delete()
    return len(gone)
