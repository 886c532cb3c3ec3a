"""What other libraries may take over: every document that ever was public, in the order it last changed.

A document that is public no more is handed out as deleted, by its header alone. Nothing handed out
depends on the day it is asked for, so that a record is another only when `changed_at` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db.models import Min, Prefetch, Q

from gongkai.core.agencies.models import Authority
from gongkai.core.agencies.queries import name_on
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Document, DocumentOrgan, DocumentQuerySet, DocumentTheme, Kind, Revision, Theme
from gongkai.text.topics import scheme

SCHEMA = Path(__file__).with_name("gongkai-1.xsd")
NAMESPACE = "urn:gongkai:exchange:1"
_SET = re.compile(r"(kind|topic|organ|theme)(?::([A-Za-z0-9_-]{1,50}))?")
_AT_ONCE = 25  # bodies held in memory together
_ROOTS = {"kind": "文件类别", "topic": "主题分类", "organ": "发文机关", "theme": "特色主题"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of changes: after this document as it changed at that moment."""

    changed_at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents: of a set ('' for all), changed from `since` on and before `before`, after a place."""

    set_spec: str = ""
    since: datetime | None = None
    before: datetime | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A document's place in the order, the sets it is in, and whether it is no longer public."""

    number: int
    changed_at: datetime
    sets: list[str]
    deleted: bool

    @property
    def place(self) -> Place:
        """Where this document stands in the order."""
        return Place(self.changed_at, self.number)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a document. The first of a document is the one its text was read from."""

    sha256: str
    size: int
    format: str
    name: str


@dataclass(frozen=True, slots=True)
class LegalTurn:
    """A turn in a document's legal life; `by` is the public document here that caused it."""

    on: str
    kind: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is handed out of a public document."""

    number: int
    index_number: str
    published_at: datetime
    kind_label: str
    holder: tuple[str, str]
    metadata: Metadata
    themes: list[tuple[str, str]]
    revision: Revision
    turns: list[LegalTurn]
    files: list[File]


@dataclass(frozen=True, slots=True)
class Record:
    """A header and, unless it is deleted, the document's content."""

    header: Header
    paper: Paper | None


def ever_public() -> DocumentQuerySet:
    """Every document that is or was public: only these have a moment of change."""
    return Document.objects.filter(changed_at__isnull=False)


def earliest_change() -> datetime | None:
    """No document handed out changed before this; None while there is none."""
    found: datetime | None = ever_public().aggregate(first=Min("changed_at"))["first"]
    return found


def count(choice: Choice) -> int | None:
    """How many documents a choice holds where that is cheap to say, else None."""
    return None if choice.set_spec else _chosen(choice).count()


def headers(choice: Choice, limit: int) -> list[Header]:
    """The first documents of a choice, in the order of their changes."""
    rows = list(_chosen(choice).order_by("changed_at", "pk").values_list("pk", "changed_at", "kind", "topic")[:limit])
    return _headers(rows)


def header(number: int) -> Header | None:
    """One document that is or was public."""
    found = _headers(list(ever_public().filter(pk=number).values_list("pk", "changed_at", "kind", "topic")))
    return found[0] if found else None


def records(chosen: Sequence[Header]) -> Iterator[Record]:
    """These documents with their content, a few at a time."""
    for start in range(0, len(chosen), _AT_ONCE):
        part = chosen[start : start + _AT_ONCE]
        papers = _papers([h.number for h in part if not h.deleted])
        for head in part:
            paper = papers.get(head.number)
            yield Record(Header(head.number, head.changed_at, head.sets, paper is None), paper)


def sets() -> list[tuple[str, str]]:
    """All sets with their names."""
    public = Document.objects.public()
    organs = Authority.objects.filter(pk__in=DocumentOrgan.objects.filter(document__in=public).values("authority")).order_by("pk")
    return [
        *_ROOTS.items(),
        *((f"kind:{value}", str(label)) for value, label in Kind.choices),
        *((f"topic:{place:02d}", topic) for place, topic in enumerate(scheme(), 1)),
        *((f"organ:{pk}", name) for pk, name in organs.values_list("pk", "name")),
        *((f"theme:{theme.slug}", theme.name) for theme in Theme.objects.all()),
    ]


def is_set(spec: str) -> bool:
    """Whether a set may be asked for by this name."""
    return _SET.fullmatch(spec) is not None


def _chosen(choice: Choice) -> DocumentQuerySet:
    found = ever_public()
    if choice.since is not None:
        found = found.filter(changed_at__gte=choice.since)
    if choice.before is not None:
        found = found.filter(changed_at__lt=choice.before)
    if (after := choice.after) is not None:
        later = Q(changed_at__gt=after.changed_at) | Q(changed_at=after.changed_at, pk__gt=after.number)
        found = found.filter(later, changed_at__gte=after.changed_at)
    return found.filter(_in_set(choice.set_spec)) if choice.set_spec else found


def _in_set(spec: str) -> Q:
    match = _SET.fullmatch(spec)
    facet, value = match.groups() if match else ("", None)
    topics = list(scheme())
    number = int(value) if value and value.isdecimal() and len(value) < 10 else 0
    if facet == "kind":
        return Q(kind=value) if value else Q()
    if facet == "topic":
        return Q(topic=topics[number - 1] if 0 < number <= len(topics) else "-") if value else ~Q(topic="")
    if facet == "organ":
        rows = DocumentOrgan.objects.filter(authority=number) if value else DocumentOrgan.objects.all()
        return Q(pk__in=rows.values("document"))
    if facet == "theme":
        themed = DocumentTheme.objects.filter(theme__slug=value) if value else DocumentTheme.objects.all()
        return Q(pk__in=themed.values("document"))
    return Q(pk__in=[])


def _headers(rows: Sequence[tuple[int, datetime | None, str, str]]) -> list[Header]:
    numbers = [pk for pk, *_ in rows]
    public = set(Document.objects.public().filter(pk__in=numbers).values_list("pk", flat=True))
    places = {topic: f"topic:{place:02d}" for place, topic in enumerate(scheme(), 1)}
    others: dict[int, list[str]] = {}
    for pk, authority in DocumentOrgan.objects.filter(document__in=numbers).values_list("document", "authority"):
        others.setdefault(pk, []).append(f"organ:{authority}")
    for pk, slug in DocumentTheme.objects.filter(document__in=numbers).order_by("pk").values_list("document", "theme__slug"):
        others.setdefault(pk, []).append(f"theme:{slug}")
    return [
        Header(
            pk,
            changed_at.astimezone(UTC),
            [f"kind:{kind}", *([places[topic]] if topic in places else []), *others.get(pk, [])],
            pk not in public,
        )
        for pk, changed_at, kind, topic in rows
        if changed_at is not None
    ]


def _papers(numbers: Sequence[int]) -> dict[int, Paper]:
    earlier = Prefetch("revisions", Revision.objects.only("document_id", "number", "text_digest", "original_id"))
    documents = (
        Document.objects.public()
        .filter(pk__in=numbers)
        .select_related("published__body", "agency")
        .prefetch_related("agency__names", "themes", "legal_events", "renditions__original", earlier)
    )
    found = list(documents.defer("facets", "published__readings"))
    causes = _public_among(e.by_id for d in found for e in d.legal_events.all() if e.by_id is not None)
    return {d.pk: _paper(d, d.published, causes) for d in found if d.published is not None}


def _public_among(numbers: Iterable[int]) -> set[int]:
    asked = set(numbers)
    return set(Document.objects.public().filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()


def _paper(document: Document, shown: Revision, causes: set[int]) -> Paper:
    return Paper(
        document.pk,
        document.index_number,
        document.published_at or document.filed_at,
        Kind(document.kind).label,
        (document.agency.code, name_on(document.agency, None).name),
        shown.metadata,
        [(theme.slug, theme.name) for theme in document.themes.all()],
        shown,
        [LegalTurn(e.on.isoformat(), e.kind, e.by_id if e.by_id in causes else None) for e in document.legal_events.all()],
        _files(document, shown),
    )


def _files(document: Document, shown: Revision) -> list[File]:
    """The files of a document, that of the shown text first."""
    main = _source_of(document, shown)
    renditions = sorted(document.renditions.all(), key=lambda r: (r.original_id != main, not r.main, r.pk))
    return [File(r.original_id, r.original.size, r.original.format, r.original.name) for r in renditions]


def _source_of(document: Document, shown: Revision) -> str | None:
    """The file that the shown text was read from: a correction by hand keeps the text before it."""
    earlier = sorted((r for r in document.revisions.all() if r.number <= shown.number), key=lambda r: -r.number)
    same_text = (r.original_id for r in earlier if r.text_digest == shown.text_digest and r.original_id)
    return next(same_text, None)
