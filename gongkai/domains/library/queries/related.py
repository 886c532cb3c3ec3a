"""The papers around a document, gathered in three questions however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from gongkai.domains.library.models import Document, LegalEvent, Relation
from gongkai.domains.library.queries.entries import ENTRY, Entry, entry_of
from gongkai.domains.library.queries.ordered import NEWEST, by
from gongkai.domains.library.queries.sets import public_set
from gongkai.domains.library.queries.statements import Statement

_MOST = 500


@dataclass(frozen=True, slots=True)
class Named:
    """A relation between a document and another paper: `target` where the library holds it."""

    source: int
    target: int | None
    kind: str
    act: str
    title: str
    document_number: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn in the document's legal life, and the document that brought it."""

    on: date
    kind: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Related:
    """What a document names, what names it, its turns, its law's other texts; `entries` holds those that are public.

    `all_numbers` are all of them, public or not: when one of them changes, the page does.
    """

    names: list[Named]
    named_by: list[Named]
    turns: list[Turned]
    versions: list[Entry]
    entries: dict[int, Entry]
    all_numbers: frozenset[int]


_RELATION = ("document_id", "target_id", "kind", "act", "title", "document_number")
_relations = Statement(
    lambda source, target: Relation.objects.filter(Q(document=source) | Q(target=target)).order_by("id").values_list(*_RELATION),
    [-1, -2],
)
_turns = Statement(lambda n: LegalEvent.objects.filter(document=n).order_by("on", "id").values_list("on", "kind", "by_id"), [-1])
_of_work = Statement(lambda work: Document.objects.public().filter(work=work).order_by(*by(*NEWEST)).values_list(*ENTRY), [-1])


def related_to(number: int, work: int | None) -> Related:
    """Everything around the document `number`, whose law (where it is one) is `work`."""
    rows = [Named(*row) for row in _relations.rows(number, number)][:_MOST]
    turns = [Turned(*row) for row in _turns.rows(number)]
    versions = [entry_of(row) for row in _of_work.rows(work)] if work is not None else []
    names = [r for r in rows if r.source == number]
    named_by = [r for r in rows if r.target == number and r.source != number]
    numbers = {r.target for r in names if r.target} | {r.source for r in named_by} | {t.by for t in turns if t.by}
    entries = {entry.number: entry for entry in versions} | public_entries(numbers - {v.number for v in versions})
    return Related(names, named_by, turns, versions if len(versions) > 1 else [], entries, frozenset(numbers))


def tags_of(document: Document, related: Related) -> list[str]:
    """What is shown with a document: itself, the papers it names and is named by, public yet or not, its law's other texts."""
    tags = [f"document:{number}" for number in sorted({document.pk, *related.all_numbers})]
    return [*tags, "agencies", "themes", *([f"work:{document.work_id}"] if document.work_id else [])]


def public_entries(numbers: Iterable[int]) -> dict[int, Entry]:
    """The list entries of those documents that are public.

    The set of public documents says which; asked for both, SQLite without fresh statistics reads all that are public.
    """
    public = public_set()
    wanted = sorted(number for number in numbers if public >> number & 1)
    if not wanted:
        return {}
    size = next((s for s in (4, 16, 64, 256) if s >= len(wanted)), len(wanted))
    rows = _numbered(size).rows(*wanted, *[0] * (size - len(wanted)))
    return {row[0]: entry_of(row) for row in rows}


@lru_cache(maxsize=16)
def _numbered(size: int) -> Statement:
    return Statement(lambda *numbers: Document.objects.filter(pk__in=numbers).values_list(*ENTRY), list(range(-size, 0)))
