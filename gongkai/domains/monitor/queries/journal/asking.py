"""Which events of the ledger: the filters of the ledger page, and what of it a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, CharField, Exists, F, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from gongkai.core.agencies.models import Agency
from gongkai.core.ledger.models import Event
from gongkai.core.scope import Viewer, reach
from gongkai.core.staff.events import STREAM as STAFF
from gongkai.core.staff.models import Person
from gongkai.domains.library.events import STREAM as DOCUMENT
from gongkai.domains.library.models import Document

_FEW = 5_000  # documents of an organ whose events are better found one by one than looked for along the ledger


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the ledger. Days are the office's, both included; `before` continues a list backwards from an event.

    `agency` is an organ's code, `actor` a reference (`staff:12`), `stream` a kind of record, `record` its identifier.
    """

    agency: str = ""
    actor: str = ""
    stream: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


def chosen(asked: Asked, viewer: Viewer) -> QuerySet[Event]:
    """The events that fit and that this person may read (`ledger.read`), newest first."""
    found: QuerySet[Event] = Event.objects.order_by("-id")
    for name, value in (("actor", asked.actor), ("stream_kind", asked.stream), ("stream_id", asked.record)):
        if value:
            found = found.filter(**{name: value})
    found = _between(found, asked)
    if asked.before is not None:
        found = found.filter(id__lt=asked.before)
    organs = _organs(asked, viewer)
    return found if organs is None else found.filter(_of_organs(organs))


def _organs(asked: Asked, viewer: Viewer) -> frozenset[int] | None:
    may_see = reach(viewer, "ledger.read")
    if not asked.agency:
        return may_see
    wanted = frozenset(Agency.objects.filter(code=asked.agency).values_list("pk", flat=True))
    return wanted if may_see is None else wanted & may_see


def _between(found: QuerySet[Event], asked: Asked) -> QuerySet[Event]:
    """By the numbers of the events, which follow the moments: the ledger is written in order."""
    if asked.since is not None:
        first = Event.objects.filter(recorded_at__gte=_midnight(asked.since)).aggregate(first=Min("id"))["first"]
        found = found.filter(id__gte=first) if first is not None else found.none()
    if asked.until is not None and asked.until < date.max:
        after = Event.objects.filter(recorded_at__gte=_midnight(asked.until + timedelta(days=1)))
        end = after.aggregate(first=Min("id"))["first"]
        found = found if end is None else found.filter(id__lt=end)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _of_organs(organs: frozenset[int]) -> Q:
    """What happened to documents, people and the organs themselves."""
    held = Document.objects.filter(agency__in=organs)
    people = Person.objects.filter(agency__in=organs).annotate(key=Cast("pk", CharField())).values("key")
    codes = Agency.objects.filter(pk__in=organs).values("code")
    if held[: _FEW + 1].count() <= _FEW:
        documents = Q(stream_kind=DOCUMENT, stream_id__in=held.annotate(key=Cast("pk", CharField())).values("key"))
        return documents | Q(stream_kind=STAFF, stream_id__in=people) | Q(stream_kind="agency", stream_id__in=codes)
    alongside = Coalesce(F("stream_kind"), Value(""))  # no index has it: the ledger is read backwards, not sorted whole
    documents = Q(Exists(held.filter(pk=Cast(OuterRef("stream_id"), BigIntegerField()))), Exact(alongside, DOCUMENT))
    staff = Q(Exact(alongside, STAFF), stream_id__in=people)
    return documents | staff | Q(Exact(alongside, "agency"), stream_id__in=codes)
