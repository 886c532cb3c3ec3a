"""Public documents in outline, as feeds, sitemaps and the heads of pages tell them to machines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import F, Max
from django.utils import timezone

from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Document, Kind, Legal
from gongkai.domains.library.queries.listing import ListRequest, listing
from gongkai.text.keys import subject

FEED_SIZE = 50
BLOCK = 10_000  # primary keys that one sitemap covers


@dataclass(frozen=True, slots=True)
class Outline:
    """A public document without its text.

    `published_elsewhere_on` is the day it first became public, where the paper or its page told it;
    `published_at` is the moment it appeared here. `in_force_until` is the first day no longer in force.
    """

    number: int
    title: str
    document_number: str
    index_number: str
    organs: tuple[str, ...]
    kind: str
    kind_label: str
    status: str
    status_label: str
    summary: str
    keywords: tuple[str, ...]
    issued_on: date | None
    in_force_from: date | None
    in_force_until: date | None
    published_elsewhere_on: date | None
    published_at: datetime | None
    changed_at: datetime | None

    @property
    def first_public_at(self) -> datetime | None:
        """When it first became public anywhere; of a day told without its hour, the beginning."""
        if self.published_elsewhere_on is None:
            return self.published_at
        return datetime.combine(self.published_elsewhere_on, time(), timezone.get_default_timezone())


def outline_of(document: Document, said: Metadata | None = None) -> Outline:
    """A document's row in outline; `said` is its public revision, where at hand. Asks the database nothing."""
    elsewhere = said["published_elsewhere_on"] if said else None
    organs = said["organs"] if said else document.organs_label.split("、")
    words = (subject(document.title), document.topic, document.subtopic, Kind(document.kind).label)
    return Outline(
        number=document.pk,
        title=document.title,
        document_number=document.document_number,
        index_number=document.index_number,
        organs=tuple(organ for organ in organs if organ),
        kind=document.kind,
        kind_label=Kind(document.kind).label,
        status=document.legal,
        status_label=Legal(document.legal).label,
        summary=document.summary,
        keywords=tuple(dict.fromkeys(word for word in words if word)),
        issued_on=document.issued_on,
        in_force_from=document.in_force_from,
        in_force_until=document.in_force_until,
        published_elsewhere_on=date.fromisoformat(elsewhere) if elsewhere else None,
        published_at=document.published_at,
        changed_at=document.changed_at or document.published_at,
    )


@dataclass(frozen=True, slots=True)
class Latest:
    """What a feed shows: the documents of a list that came last, and the chosen conditions in words."""

    outlines: list[Outline]
    conditions: list[str]


def latest(request: ListRequest, limit: int = FEED_SIZE) -> Latest:
    """The documents of a list that were published last, at most `limit`, the one that changed last first."""
    plain = replace(request, sort="published", page=1)
    first = listing(plain)
    numbers = [entry.number for entry in first.entries]
    for page in range(2, first.pages + 1):
        if len(numbers) >= limit:
            break
        numbers += [entry.number for entry in listing(replace(plain, page=page)).entries]
    return Latest(outlines_of(numbers[:limit]), [label for _, _, label in first.chosen])


def outlines_of(numbers: Collection[int]) -> list[Outline]:
    """Those of the documents that are public, the one that changed last first."""
    documents = Document.objects.public().filter(pk__in=numbers).order_by(F("changed_at").desc(nulls_last=True), "-id")
    return [outline_of(document) for document in documents]


def blocks() -> list[tuple[int, datetime | None]]:
    """Blocks of primary keys in which public documents lie, counted from 1, and when one of them last changed."""
    grouped = Document.objects.public().order_by().annotate(block=(F("pk") - 1) / BLOCK).values_list("block")
    return [(block + 1, changed) for block, changed in grouped.annotate(Max("changed_at")).order_by("block")]


def in_block(block: int) -> Iterator[tuple[int, datetime | None]]:
    """The public documents of a block and when each last changed, a few at a time."""
    first = (block - 1) * BLOCK + 1
    rows = Document.objects.public().filter(pk__gte=first, pk__lt=first + BLOCK).order_by("pk")
    yield from rows.values_list("pk", "changed_at").iterator(chunk_size=2000)
