"""Public documents as they are offered to be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from gongkai.core.agencies.offered import Ordered, in_order
from gongkai.core.finding.collection import LAST_RANK, NO_END, QUALITY, QUALITY_OF_INTERPRETATION, Sort, id_of
from gongkai.core.finding.offers import Offer
from gongkai.domains.library.models import Document, DocumentOrgan, Kind, Relation
from gongkai.search.port import Document as Record
from gongkai.search.port import Passage, Value
from gongkai.text.comparing import passages
from gongkai.ui.addresses import address

_NAME = "document"


def offer() -> Offer:
    """Every public document; when an organ is renamed, its papers are found by the new name as well."""
    return Offer(_NAME, keys, documents, tag="document", whole=frozenset({"organ_names"}))


def keys() -> list[int]:
    """The public documents."""
    return list(Document.objects.public().order_by("pk").values_list("pk", flat=True))


def documents(numbers: Sequence[int], today: date) -> Iterator[Record]:
    """Those of the documents that are public, with the text that is public."""
    public = Document.objects.public().filter(pk__in=numbers, published__isnull=False)
    found = list(
        public.select_related("published__body")
        .defer("published__body__html", "published__metadata", "published__readings")
        .order_by("pk")
    )
    organs, interpreted = _organs(found, in_order(today)), _interpreted(found)
    for document in found:
        yield _record(document, organs.get(document.pk, []), interpreted.get(document.pk, ""))


def _organs(found: Sequence[Document], order: Mapping[str, Ordered]) -> dict[int, list[tuple[str, Ordered | None]]]:
    """Of each document who issued it: the name it used, and the organ where it is one of ours."""
    rows = DocumentOrgan.objects.filter(document__in=found).order_by("document", "order")
    told: dict[int, list[tuple[str, Ordered | None]]] = {}
    for number, name, code in rows.values_list("document", "authority__name", "authority__agency__code"):
        told.setdefault(number, []).append((name, order.get(code or "")))
    return told


def _interpreted(found: Sequence[Document]) -> dict[int, str]:
    """Of each interpretation the group of the paper it interprets."""
    ours = [document.pk for document in found if document.kind == Kind.INTERPRETATION]
    rows = Relation.objects.filter(document__in=ours, kind="interprets", target__isnull=False).order_by("-id")
    return {number: _group(target, work) for number, target, work in rows.values_list("document", "target", "target__work")}


def _group(number: int, work: int | None) -> str:
    return id_of("work", work) if work is not None else id_of(_NAME, number)


def _record(document: Document, organs: Sequence[tuple[str, Ordered | None]], interpreted: str) -> Record:
    body = document.published.body if document.published else None
    pieces = [Passage(one.text, one.anchor) for one in passages(body.text, body.clauses) if one.text.strip()] if body else []
    is_interpretation = document.kind == Kind.INTERPRETATION
    quality = QUALITY.get(document.legal, 1.0) * (QUALITY_OF_INTERPRETATION if is_interpretation else 1.0)
    group = interpreted or _group(document.pk, document.work_id)
    return Record(id_of(_NAME, document.pk), _values(document, organs), pieces, group, quality)


def _values(document: Document, organs: Sequence[tuple[str, Ordered | None]]) -> dict[str, Value]:
    names = [word for name, organ in organs for word in (name, *(organ.names if organ else ()))]
    values: dict[str, Any] = {
        "title": document.title,
        "number": [document.document_number, document.index_number],
        "organs": "、".join(dict.fromkeys(names)),
        "more": document.summary,
        "kind": Sort.INTERPRETATION if document.kind == Kind.INTERPRETATION else Sort.DOCUMENT,
        "paper": document.kind,
        "organ": list(dict.fromkeys(organ.code if organ else name for name, organ in organs)),
        "topic": document.topic,
        "status": document.legal,
        "address": address("document", [document.pk]),
        "shown_number": document.document_number,
        "shown_organs": document.organs_label,
        "day": document.issued_on,
        "from": document.in_force_from,
        "until": (document.in_force_until or NO_END) if document.in_force_from else None,
        "rank": min((organ.rank for _, organ in organs if organ), default=LAST_RANK),
    }
    return {name: value for name, value in values.items() if value is not None}
