"""Writing the projection: `Document` and its rows from a state and the revision it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from gongkai.core.agencies.actions import LONGEST_NAME, authority_named
from gongkai.core.agencies.models import Agency
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.projections import Recorded
from gongkai.domains.library.actions.addresses import bring_addresses
from gongkai.domains.library.actions.facets import facets_of, is_public, move
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import (
    Document,
    DocumentName,
    DocumentOrgan,
    DocumentTheme,
    Editorial,
    LegalEvent,
    Relation,
    Rendition,
    Revision,
    Theme,
)
from gongkai.domains.library.state import DocumentState, LegalLife, fold, legal_life
from gongkai.text.keys import number_key, title_key, title_keys

_TOO_SHORT_TO_CITE = 4  # characters: 通知, 决定 and their like name no paper


def project(document: Document, state: DocumentState, today: date, *, fresh: bool = False) -> list[str]:
    """Bring a document's row, and the rows beside it, in line with its state.

    Columns describe the revision that is public, or the current one while none is.
    Returns what was different before, as column and table names; `fresh` skips looking.
    """
    revisions = {r.number: r for r in document.revisions.all()} if not fresh else {1: _only(document)}
    current, published = revisions[state.current], revisions.get(state.published or 0)
    shown: Metadata = (published or current).metadata
    life = legal_life(shown, state.turns)
    values = _columns(state, shown, life, today) | {
        "current": current,
        "published": published,
        "agency": document.agency if fresh else Agency.objects.get(code=state.agency),
        "text_digest": current.text_digest,
        "waiting": state.editorial == Editorial.PUBLISHED and published != current,
    }
    seen_before = is_public(document)
    changed = [name for name, value in values.items() if fresh or getattr(document, name) != value]
    for name in changed:
        setattr(document, name, values[name])
    rows = _Rows(document, fresh=fresh)
    changed += _count(document, rows.organs(shown), shown["themes"])
    if changed:
        document.save(update_fields=[*changed])
    rows.names(shown)
    rows.relations(shown)
    rows.renditions(state)
    rows.legal_events(life)
    rows.themes(shown)
    changed += bring_addresses(document, revisions.values(), fresh=fresh)
    if (changed or rows.changed) and (seen_before or is_public(document)):
        touch(*_tags(document, rows.cited))
    return [c for c in changed if c != "legal_as_of"] + rows.changed


def _count(document: Document, organs: Iterable[int], themes: Iterable[str]) -> list[str]:
    """Move the document between the facet sets; its row is saved by the caller."""
    facets = facets_of(document, organs, themes)
    if facets == document.facets:
        return []
    move(document.pk, document.facets, facets)
    document.facets = facets
    return ["facets"]


def _tags(document: Document, cited: set[int]) -> list[str]:
    """What looks different to visitors when this document changes: itself, every list, and what it cites."""
    tags = ["library", f"document:{document.pk}", *(f"document:{number}" for number in sorted(cited))]
    return tags if document.work_id is None else [*tags, f"work:{document.work_id}"]


def _only(document: Document) -> Revision:
    if document.current is None:
        raise ValueError("a new document must carry its first revision")
    return document.current


def _columns(state: DocumentState, shown: Metadata, life: LegalLife, today: date) -> dict[str, Any]:
    issued = date.fromisoformat(shown["issued_on"]) if shown["issued_on"] else None
    starts, ends = life.in_force
    return {
        "sequence": state.sequence,
        "editorial": state.editorial,
        "attribute": shown["attribute"],
        "questions": list(state.questions),
        "asks": len(state.questions),
        "author": state.author,
        "overridden": state.overridden,
        "sealed": list(state.sealed),
        "replaced_by_id": state.replaced_by,
        "index_number": state.index_number,
        "published_at": state.published_at,
        "filed_at": state.filed_at,
        "changed_at": state.changed_at,
        "title": shown["title"][:500],
        "document_number": (shown["document_number"] or "")[:120],
        "issued_on": issued,
        "year": issued.year if issued else None,
        "kind": shown["kind"],
        "topic": shown["topic"],
        "subtopic": shown["subtopic"],
        "audience": shown["audience"],
        "organs_label": "、".join(shown["organs"])[:500],
        "summary": shown["summary"][:300],
        "registration_number": (shown["registration_number"] or "")[:40],
        "legal": life.status_on(today),
        "legal_as_of": today,
        "in_force_from": starts,
        "in_force_until": ends,
        "term_ends_on": life.term_ends_on if life.applies else None,
        "number_key": number_key(shown["document_number"])[:120],
    }


class _Rows:
    """The rows beside a document: written only where they differ from what stands there."""

    def __init__(self, document: Document, *, fresh: bool) -> None:
        self._document, self._fresh = document, fresh
        self.changed: list[str] = []
        self.cited: set[int] = set()

    def _bring(self, model: type[models.Model], wanted: list[dict[str, Any]]) -> None:
        manager: Any = model._default_manager  # noqa: SLF001 - Django's documented name
        if not self._fresh:
            names = list(wanted[0]) if wanted else ["id"]
            order = "id"
            standing = list(manager.filter(document=self._document).order_by(order).values(*names))
            if standing == wanted or (not wanted and not standing):
                return
            manager.filter(document=self._document).delete()
            self.changed.append(model.__name__)
        manager.bulk_create(model(document=self._document, **row) for row in wanted)

    def organs(self, shown: Metadata) -> list[int]:
        day = date.fromisoformat(shown["issued_on"]) if shown["issued_on"] else None
        names = list(dict.fromkeys(name[:LONGEST_NAME] for name in shown["organs"]))
        rows: list[dict[str, Any]] = [
            {"authority_id": authority_named(n, day).pk, "order": i, "issued_on": day} for i, n in enumerate(names)
        ]
        self._bring(DocumentOrgan, rows)
        return [row["authority_id"] for row in rows]

    def names(self, shown: Metadata) -> None:
        self._bring(DocumentName, [{"key": key, "main": i == 0} for i, key in enumerate(names_of(shown["title"]))])

    def relations(self, shown: Metadata) -> None:
        cited = Cited([(r["title"], r["document_number"]) for r in shown["relations"]], shown["issued_on"], self._document.pk)
        if not self._fresh:
            self.cited |= set(self._document.relations.exclude(target=None).values_list("target_id", flat=True))
        wanted: list[dict[str, Any]] = [
            {
                "kind": r["kind"],
                "act": (r["act"] or "")[:20],
                "on": date.fromisoformat(r["on"]) if r["on"] else None,
                "title": (r["title"] or "")[:500],
                "document_number": (r["document_number"] or "")[:120],
                "title_key": title_key(r["title"]),
                "number_key": number_key(r["document_number"])[:120],
                "target_id": cited.find(r["title"], r["document_number"]),
            }
            for r in shown["relations"]
        ]
        self.cited |= {row["target_id"] for row in wanted if row["target_id"]}
        self._bring(Relation, wanted)

    def renditions(self, state: DocumentState) -> None:
        main = state.renditions[0] if state.renditions else None
        self._bring(Rendition, [{"original_id": sha, "main": sha == main} for sha in dict.fromkeys(state.renditions)])

    def legal_events(self, life: LegalLife) -> None:
        wanted = [{"on": life.starts_on, "kind": "commenced", "by_id": None}] if life.applies and life.starts_on else []
        wanted += [{"on": t.on, "kind": t.kind, "by_id": t.by} for t in life.turns]
        if life.applies and life.term_ends_on and life.ends and life.ends.kind == "expired":
            wanted.append({"on": life.ends.on, "kind": "expired", "by_id": None})
        self._bring(LegalEvent, wanted)

    def themes(self, shown: Metadata) -> None:
        themes = Theme.objects.filter(slug__in=shown["themes"]).order_by("order", "id") if shown["themes"] else []
        self._bring(DocumentTheme, [{"theme_id": theme.pk} for theme in themes])


def names_of(title: str) -> list[str]:
    """The keys under which others cite a paper; its own title's comes first."""
    return title_keys(title) or [title_key(title)]


class Cited:
    """The documents that one paper's citations name, looked up together.

    A citation finds its document by number where it has one, else by title; of several the
    latest before the citing paper's own date, `cited_on` (ISO). `citations` are titles and numbers.
    """

    def __init__(self, citations: Sequence[tuple[str | None, str | None]], cited_on: str | None, citing: int) -> None:
        numbers = {number_key(number) for _, number in citations if number}
        titles = {key for title, _ in citations if len(key := title_key(title)) > _TOO_SHORT_TO_CITE}
        documents = Document.objects.exclude(pk=citing).order_by(F("issued_on").asc(nulls_first=True), "id")
        if cited_on:
            documents = documents.filter(Q(issued_on=None) | Q(issued_on__lte=cited_on))
        by_number = documents.filter(number_key__in=numbers).values_list("number_key", "pk") if numbers else ()
        named = documents.filter(names__key__in=titles) if titles else Document.objects.none()
        self._by_number = dict(by_number)  # the latest comes last and stays
        self._by_title: dict[str, int] = {}
        self._without_number: dict[str, int] = {}
        for key, pk, number in named.values_list("names__key", "pk", "number_key"):
            self._by_title[key] = pk
            if not number:
                self._without_number[key] = pk

    def find(self, title: str | None, number: str | None) -> int | None:
        """The document that one of the citations names; None where the library does not hold it."""
        if not number:
            return self._by_title.get(title_key(title))
        return self._by_number.get(number_key(number)) or self._without_number.get(title_key(title))


def rebuild_document(stream: Stream, happened: Sequence[Recorded], today: date) -> list[str]:
    """Fold a document's events anew and write its rows; returns what had been different."""
    state = fold(happened)
    document = Document.objects.select_for_update().filter(pk=int(stream.id)).first()
    if document is None:
        raise LookupError(f"台账中的文件 {stream.id} 没有对应的内容记录，请从备份恢复。")
    return [f"文件 {stream.id}：{name}" for name in project(document, state, today)]
