"""A library of any size for benchmarks: the sample's papers over and over, on other days, of other organs.

    GONGKAI_DATA=folder .venv/bin/python bench/many.py 100000 [--whole]

Rows are written straight into the tables, without events, so this is a library to read, not to rebuild.
With `--whole` each document has an original of its own and the events of the paper it was made from:
a library to save and bring back.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

import django

django.setup()

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from gongkai.core.agencies.models import Authority
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.ledger.models import Event
from gongkai.core.upkeep import refresh_statistics
from gongkai.domains.library.actions.facets import facets_of, rebuild_facets
from gongkai.domains.library.events import STREAM
from gongkai.domains.library.models import (
    Body,
    Document,
    DocumentOrgan,
    Legal,
    LegalEvent,
    Original,
    Relation,
    Rendition,
    Revision,
)

Model = tuple[Document, Revision]
_BATCH = 2_000
_TURNS = {"repealed": "repealed", "expired": "expired", "amended": "amended"}


class _OwnPapers:
    """Each document with an original of its own, and in the ledger what its model's stream says."""

    def __init__(self) -> None:
        self._store = Path(default_storage.path(""))
        self._events: dict[str, list[Happening]] = {}
        for event in Event.objects.filter(stream_kind=STREAM).order_by("id"):
            self._events.setdefault(event.stream_id, []).append(Happening(event.kind, json.loads(event.payload)))

    def give(self, document: Document, model: Document, of: Revision) -> str:
        """The SHA-256 of its original."""
        append(Stream(STREAM, str(document.pk)), self._events[str(model.pk)], actor="bench", at=of.made_at)
        like = Original.objects.get(pk=of.original_id)
        content = (self._store / like.path).read_bytes() + f"\n{document.pk}".encode()
        made = Original(sha256=hashlib.sha256(content).hexdigest(), size=len(content), name=like.name, format=like.format)
        made.received_at = like.received_at
        made.save(force_insert=True)
        path = self._store / made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return made.sha256


def make(number: int, seed: int = 2026, *, whole: bool = False) -> None:
    """Grow the library to `number` documents, `whole` ones with originals and events of their own."""
    dice = random.Random(seed)
    own_papers = _OwnPapers() if whole else None
    models = [(d, d.published) for d in Document.objects.public().select_related("published__body", "agency") if d.published]
    authorities = list(Authority.objects.values_list("pk", flat=True))
    standing = Document.objects.count()
    while standing < number:
        with transaction.atomic():
            standing += _grow(models, authorities, dice, standing, min(_BATCH, number - standing), own_papers=own_papers)
    with transaction.atomic():
        rebuild_facets(timezone.localdate())
        touch("library")
    refresh_statistics()


def _grow(
    models: list[Model], authorities: list[int], dice: random.Random, standing: int, number: int, *, own_papers: _OwnPapers | None
) -> int:
    chosen = [dice.choice(models) for _ in range(number)]
    documents = Document.objects.bulk_create(_copy(m, dice, standing + n) for n, (m, _) in enumerate(chosen))
    originals = [
        own_papers.give(d, m, r) if own_papers else str(r.original_id) for d, (m, r) in zip(documents, chosen, strict=True)
    ]
    bodies = Body.objects.bulk_create(Body(text=r.body.text, html=r.body.html, clauses=r.body.clauses) for _, r in chosen)
    revisions = Revision.objects.bulk_create(
        _revision(d, r, b, o) for d, (_, r), b, o in zip(documents, chosen, bodies, originals, strict=True)
    )
    organs, events, relations, renditions = [], [], [], []
    for document, revision, original in zip(documents, revisions, originals, strict=True):
        document.current = document.published = revision
        organs.append(
            DocumentOrgan(document=document, authority_id=dice.choice(authorities), order=0, issued_on=document.issued_on)
        )
        renditions.append(Rendition(document=document, original_id=original, main=True))
        events.append(LegalEvent(document=document, on=document.issued_on or timezone.localdate(), kind="commenced"))
        target = dice.choice(models)[0]
        relations.append(
            Relation(document=document, kind="based_on", title=target.title, target=target if dice.random() < 0.02 else None)
        )
        if document.legal in _TURNS:
            events.append(
                LegalEvent(
                    document=document,
                    on=document.issued_on or timezone.localdate(),
                    kind=_TURNS[document.legal],
                    by=dice.choice(models[1:])[0],
                )
            )
    DocumentOrgan.objects.bulk_create(organs)
    Rendition.objects.bulk_create(renditions)
    LegalEvent.objects.bulk_create(events)
    Relation.objects.bulk_create(relations)
    for document, (_, model), organ in zip(documents, chosen, organs, strict=True):
        document.facets = facets_of(document, [organ.authority_id], model.metadata["themes"])
    Document.objects.bulk_update(documents, ["current", "published", "facets"], batch_size=500)
    return number


def _copy(model: Document, dice: random.Random, serial: int) -> Document:
    fields = {f.attname: getattr(model, f.attname) for f in Document._meta.concrete_fields if f.attname != "id"}
    issued = (model.issued_on or timezone.localdate()) - timedelta(days=dice.randrange(6_000))
    legal = dice.choices(["in_force", "amended", "repealed", "expired"], [85, 3, 7, 5])[0]
    applies = model.legal != Legal.NONE
    return Document(
        **fields
        | {
            "index_number": f"BENCH-{serial}",
            "title": f"{model.title}（{serial}）",
            "issued_on": issued,
            "year": issued.year,
            "in_force_from": issued,
            "in_force_until": issued + timedelta(days=900) if applies and legal in ("repealed", "expired") else None,
            "legal": legal if applies else Legal.NONE,
            "text_digest": f"{serial:064d}",
            "current_id": None,
            "published_id": None,
            "work_id": None,
            "facets": [],
        }
    )


def _revision(document: Document, of: Revision, body: Body, original: str) -> Revision:
    return Revision(
        document=document, number=1, ground=of.ground, original_id=original, body=body, metadata=of.metadata,
        readings={}, digest=of.digest, text_digest=document.text_digest, made_at=of.made_at,
    )  # fmt: skip


if __name__ == "__main__":
    make(int(sys.argv[1]), whole="--whole" in sys.argv)
