"""What the home page and organs' pages show of the library."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import authorities_of
from gongkai.domains.library.models import Document, DocumentOrgan, DocumentQuerySet, DocumentTheme, Kind, Legal, Theme
from gongkai.domains.library.queries.listing import Entry, entries_of
from gongkai.text.keys import subject


@dataclass(frozen=True, slots=True)
class Front:
    """The library at a glance."""

    newest: list[Entry]
    interpretations: list[Entry]
    themes: list[tuple[str, str, int]]
    total: int
    in_force: int
    examples: list[str]


def front() -> Front:
    """What the home page shows."""
    public = Document.objects.public()
    newest = list(
        public.exclude(kind__in=(Kind.INTERPRETATION, Kind.GUIDE)).order_by("-issued_on", "-id").values_list("pk", flat=True)[:8]
    )
    explained = list(
        public.filter(kind__in=(Kind.INTERPRETATION, Kind.GUIDE))
        .order_by("-published_at", "-id")
        .values_list("pk", flat=True)[:5]
    )
    themes = DocumentTheme.objects.filter(document__in=public).values_list("theme__slug").annotate(n=Count("id"))
    counted = dict(themes)
    return Front(
        entries_of(newest),
        entries_of(explained),
        [(t.slug, t.name, counted.get(t.slug, 0)) for t in Theme.objects.all() if counted.get(t.slug)],
        public.count(),
        public.filter(legal__in=(Legal.IN_FORCE, Legal.AMENDED)).exclude(kind__in=(Kind.INTERPRETATION, Kind.GUIDE)).count(),
        _examples(public),
    )


def _examples(public: DocumentQuerySet) -> list[str]:
    """Three things that can be looked for and will be found, from the newest instruments in force."""
    instruments = public.filter(kind=Kind.NORMATIVE, legal=Legal.IN_FORCE).order_by("-issued_on", "-id")
    titles = instruments.values_list("title", flat=True)[:60]
    return list(dict.fromkeys(filter(None, map(subject, titles))))[:3]


@dataclass(frozen=True, slots=True)
class OrganPapers:
    """Papers an organ issued, newest first, and under which authorities to look for all of them."""

    newest: list[Entry]
    total: int
    authorities: list[int]


def papers_of(agency: Agency) -> OrganPapers:
    """What an organ, under all its names, has issued."""
    authorities = [a.pk for a in authorities_of(agency)]
    issued = Document.objects.public().filter(pk__in=DocumentOrgan.objects.filter(authority__in=authorities).values("document"))
    newest = list(issued.order_by("-issued_on", "-id").values_list("pk", flat=True)[:10])
    return OrganPapers(entries_of(newest), issued.count(), authorities)


def counts_by_agency() -> dict[int, int]:
    """How many public papers each organ of this government has issued, by its primary key."""
    rows = DocumentOrgan.objects.filter(document__in=Document.objects.public(), authority__agency__isnull=False)
    return dict(rows.values_list("authority__agency").annotate(n=Count("document", distinct=True)))
