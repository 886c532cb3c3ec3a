"""What the home page and organs' pages show of the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.core.agencies.models import Agency, Authority
from gongkai.core.agencies.queries import authorities_of
from gongkai.core.freshness.touching import kept
from gongkai.domains.library.models import Document, DocumentQuerySet, Kind, Legal, Theme
from gongkai.domains.library.queries.entries import Entry, entries_of
from gongkai.domains.library.queries.ordered import NEWEST, by, page_of
from gongkai.domains.library.queries.sets import facet_sets, public_set, union
from gongkai.domains.library.state import EXPLAINING
from gongkai.text.keys import subject


@dataclass(frozen=True, slots=True)
class Month:
    """What changed from the first of a month to a day in it: papers published, begun and ended, by count."""

    year: int
    month: int
    published: int
    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class Front:
    """The library at a glance."""

    newest: list[Entry]
    interpretations: list[Entry]
    themes: list[tuple[str, str, int]]
    total: int
    in_force: int
    examples: list[str]
    month: Month


@kept(2)
def front(today: date) -> Front:
    """What the home page shows on a day."""
    public = Document.objects.public()
    newest = public.exclude(kind__in=EXPLAINING).order_by(*by(*NEWEST)).values_list("pk", flat=True)[:8]
    explained = public.filter(kind__in=EXPLAINING).order_by("-published_at", "-id").values_list("pk", flat=True)[:5]
    sets = facet_sets()
    in_force = union(sets.get("status", {}), (Legal.IN_FORCE, Legal.AMENDED)) & ~union(sets.get("kind", {}), EXPLAINING)
    themes = sets.get("theme", {})
    return Front(
        entries_of(list(newest)),
        entries_of(list(explained)),
        [(t.slug, t.name, themes[t.slug].bit_count()) for t in Theme.objects.all() if themes.get(t.slug)],
        public_set().bit_count(),
        in_force.bit_count(),
        _examples(public),
        _month(public, today),
    )


def _month(public: DocumentQuerySet, today: date) -> Month:
    first = today.replace(day=1)
    papers = public.exclude(kind__in=EXPLAINING)
    return Month(
        today.year,
        today.month,
        public.filter(published_at__gte=timezone.make_aware(datetime(first.year, first.month, 1))).count(),  # noqa: DTZ001
        papers.filter(in_force_from__range=(first, today)).count(),
        papers.filter(legal__in=(Legal.REPEALED, Legal.EXPIRED), in_force_until__range=(first, today)).count(),
    )


def _examples(public: DocumentQuerySet) -> list[str]:
    """Three things that can be looked for and will be found, from the newest instruments in force."""
    instruments = public.filter(kind=Kind.NORMATIVE, legal=Legal.IN_FORCE).order_by(*by(*NEWEST))
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
    issued = union(facet_sets().get("organ", {}), map(str, authorities))
    return OrganPapers(page_of(issued, NEWEST, 0, 10), issued.bit_count(), authorities)


def counts_by_agency() -> dict[int, int]:
    """How many public papers each organ of this government has issued, by its primary key."""
    issued, organs = facet_sets().get("organ", {}), dict[int, int]()
    for agency, authority in Authority.objects.filter(agency__isnull=False).values_list("agency_id", "pk"):
        organs[agency] = organs.get(agency, 0) | issued.get(str(authority), 0)
    return {agency: papers.bit_count() for agency, papers in organs.items() if papers}
