"""What published papers do to others: repeals, amendments, newer versions of the same law.

The wanted effects follow from the public revisions alone. Settling compares them with what the
ledger of each target says and appends the difference, so it may run at any time and any number
of times, in whatever order papers came in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Q

from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, append
from gongkai.domains.library import events
from gongkai.domains.library.actions.doing import Doing, state_of, stream_of
from gongkai.domains.library.actions.project import Cited, names_of, project
from gongkai.domains.library.models import Document, Editorial, LegalEvent, Relation, Work
from gongkai.domains.library.state import Turn, commencement

_TURNS = {"repeals": "repealed", "amends": "amended"}


@dataclass(frozen=True, slots=True)
class _Effect:
    target: int
    turn: Turn


def settle_after_filing(document: Document, doing: Doing) -> None:
    """A new document may be what others have long cited: point them to it and let them act on it."""
    cited = Q(title_key__in=names_of(document.title))
    if document.number_key:
        cited |= Q(number_key=document.number_key)
    citing = list(Relation.objects.filter(cited).exclude(document=document).select_related("document"))
    for relation in citing:
        issued = relation.document.issued_on
        named = (relation.title, relation.document_number)
        target = Cited([named], issued.isoformat() if issued else None, relation.document_id).find(*named)
        if target != relation.target_id:
            relation.target_id = target
            relation.save(update_fields=["target"])
            touch(f"document:{relation.document_id}")
    for number in {r.document_id for r in citing if r.kind in _TURNS}:
        settle_effects(Document.objects.get(pk=number), doing)


def settle_effects(document: Document, doing: Doing) -> None:
    """Bring what a document does to others in line with its public revision."""
    _settle(document.pk, _wanted(document), doing)
    if document.work_id is not None:
        settle_work(document.work_id, doing)


def _wanted(document: Document) -> list[_Effect]:
    if document.editorial != Editorial.PUBLISHED or document.published is None:
        return []
    on = commencement(document.published.metadata) or document.filed_at.date()
    wanted = []
    relations = document.relations.filter(kind__in=_TURNS, target__isnull=False)
    if document.work_id is not None:  # a law's newer version repeals its elder by taking its place
        relations = relations.exclude(target__work_id=document.work_id)
    for relation in relations:
        kind = "voided" if relation.act == "宣布失效" else _TURNS[relation.kind]
        wanted.append(_Effect(relation.target_id or 0, Turn(relation.on or on, kind, document.pk)))
    return wanted


def settle_work(work_id: int, doing: Doing) -> None:
    """Each consolidated version of a law gives way to the next one."""
    if Document.objects.filter(work_id=work_id)[:2].count() < 2:
        return
    Work.objects.select_for_update().get(pk=work_id)
    versions = list(
        Document.objects.filter(work_id=work_id, editorial=Editorial.PUBLISHED, issued_on__isnull=False)
        .select_related("published")
        .order_by("issued_on", "id")
    )
    following = dict(pairwise(versions))
    for newer in Document.objects.filter(work_id=work_id).order_by("pk"):
        older = next((o for o, n in following.items() if n.pk == newer.pk and o.issued_on != n.issued_on), None)
        wanted = [_Effect(older.pk, Turn(_starts(newer), "superseded", newer.pk))] if older is not None else []
        _settle(newer.pk, wanted, doing, kinds=("superseded",))


def _starts(version: Document) -> date:
    issued = version.issued_on or version.filed_at.date()
    begins = commencement(version.published.metadata) if version.published else None
    return max(begins or issued, issued)


def _settle(
    source: int, wanted: Iterable[_Effect], doing: Doing, kinds: tuple[str, ...] = ("repealed", "amended", "voided")
) -> None:
    standing = {
        _Effect(e.document_id, Turn(e.on, e.kind, source)) for e in LegalEvent.objects.filter(by_id=source, kind__in=kinds)
    }
    goal = {e for e in wanted if e.target != source}
    for effect in sorted(standing - goal, key=lambda e: e.target):
        _record(effect, events.LEGAL_LIFTED, doing)
    for effect in sorted(goal - standing, key=lambda e: e.target):
        _record(effect, events.LEGAL_TURNED, doing)


def _record(effect: _Effect, kind: str, doing: Doing) -> None:
    target = Document.objects.select_for_update().get(pk=effect.target)
    payload = {"kind": effect.turn.kind, "by": effect.turn.by}
    if kind == events.LEGAL_TURNED:
        payload["on"] = effect.turn.on.isoformat()
    append(stream_of(target.pk), [Happening(kind, payload)], actor=doing.actor, at=doing.at)
    project(target, state_of(target), doing.today)
