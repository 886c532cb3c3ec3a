"""What is due by the day: terms that have run out, statuses that change as days pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.core.ledger.append import Happening, append
from gongkai.core.writing import writing
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.project import project
from gongkai.domains.library.models import Document, Editorial, Legal
from gongkai.law.normative import months_later


@dataclass(slots=True)
class NightsWork:
    """What one night did: documents that ran out, and those whose status changed for other causes."""

    expired: list[int]
    turned: list[int]


def pass_days(doing: Doing) -> NightsWork:
    """Bring all legal statuses up to `doing.today`, however many days were missed.

    The job looks for what is missing (a term that has run out without its event, a status worked
    out for an earlier day that no longer holds), never for what is due exactly today.
    """
    work = NightsWork([], [])
    run_out = Document.objects.filter(term_ends_on__lt=doing.today, in_force_until__lte=doing.today)
    for number in run_out.exclude(legal=Legal.EXPIRED).values_list("pk", flat=True):
        if _expire(number, doing):
            work.expired.append(number)
    overdue = (Q(legal=Legal.NOT_YET) & Q(in_force_from__lte=doing.today)) | (
        Q(legal__in=(Legal.IN_FORCE, Legal.AMENDED, Legal.NOT_YET)) & Q(in_force_until__lte=doing.today)
    )
    amended_since = Q(legal=Legal.IN_FORCE, legal_events__kind="amended", legal_events__on__lte=doing.today)
    for number in Document.objects.filter(overdue | amended_since).distinct().values_list("pk", flat=True):
        _refresh(number, doing)
        work.turned.append(number)
    Document.objects.filter(legal_as_of__lt=doing.today).update(legal_as_of=doing.today)
    return work


@writing()
def _expire(number: int, doing: Doing) -> bool:
    document = Document.objects.select_for_update().get(pk=number)
    state = state_of(document)
    if not state.expired and document.term_ends_on is not None:
        expired = Happening(events.EXPIRED, {"on": document.term_ends_on.isoformat()})
        append(stream_of(number), [expired], actor=doing.actor, at=doing.at, expected=state.sequence)
    project(document, state_of(document), doing.today)
    return document.legal == Legal.EXPIRED


@writing()
def _refresh(number: int, doing: Doing) -> None:
    document = Document.objects.select_for_update().get(pk=number)
    project(document, state_of(document), doing.today)


def due_for_evaluation(today: date) -> list[int]:
    """Numbers of normative documents whose term ends within six months from `today`, soonest first."""
    window = Document.objects.filter(
        editorial=Editorial.PUBLISHED,
        kind="normative",
        term_ends_on__gte=today,
        term_ends_on__lte=months_later(today, 6),
        legal__in=(Legal.IN_FORCE, Legal.AMENDED, Legal.NOT_YET),
    )
    return list(window.order_by("term_ends_on", "id").values_list("pk", flat=True))
