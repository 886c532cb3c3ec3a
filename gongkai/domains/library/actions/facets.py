"""Keeping the sets that facets are counted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from gongkai.domains.library.models import Attribute, Document, Editorial, FacetChunk

FACET_CHUNK = 1 << 15  # documents a row covers: 4 KB at the most
PUBLIC = "public"


def facets_of(document: Document, organs: Iterable[int], themes: Iterable[str]) -> list[str]:
    """The sets a document belongs to, sorted; none unless it is public. `organs` are authorities, `themes` slugs."""
    if not is_public(document):
        return []
    found = {PUBLIC, f"kind:{document.kind}", f"status:{document.legal}"}
    found |= {f"organ:{pk}" for pk in organs}
    found |= {f"theme:{slug}" for slug in themes}
    if document.topic:
        found.add(f"topic:{document.topic}")
    if document.year:
        found.add(f"year:{document.year}")
    return sorted(found)


def is_public(document: Document) -> bool:
    """What `DocumentQuerySet.public` asks of the table, asked of a row."""
    return document.editorial == Editorial.PUBLISHED and document.attribute == Attribute.PROACTIVE


def move(number: int, before: Iterable[str], after: Iterable[str]) -> None:
    """Take a document out of the sets it has left and put it into those it has joined."""
    before, after = set(before), set(after)
    changed = before ^ after
    if not changed:
        return
    chunk, bit = divmod(number, FACET_CHUNK)
    standing = {c.name: int.from_bytes(c.bits, "little") for c in FacetChunk.objects.filter(name__in=changed, chunk=chunk)}
    rows = []
    for name in sorted(changed):
        bits = standing.get(name, 0)
        bits = bits | (1 << bit) if name in after else bits & ~(1 << bit)
        rows.append(FacetChunk(name=name, chunk=chunk, bits=_packed(bits)))
    FacetChunk.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name", "chunk"], update_fields=["bits"])


def rebuild_facets(today: date) -> list[str]:
    """Work every set out anew from the documents; returns the names of those that had been different."""
    del today
    wanted: dict[tuple[str, int], int] = defaultdict(int)
    for number, names in Document.objects.exclude(facets=[]).values_list("pk", "facets").iterator(chunk_size=2000):
        chunk, bit = divmod(number, FACET_CHUNK)
        for name in names:
            wanted[name, chunk] |= 1 << bit
    wrong = []
    for row in FacetChunk.objects.order_by("name", "chunk"):
        bits = wanted.pop((row.name, row.chunk), 0)
        if int.from_bytes(row.bits, "little") != bits:
            wrong.append(f"分面 {row.name}")
            FacetChunk.objects.filter(pk=row.pk).update(bits=_packed(bits))
    missing = [FacetChunk(name=name, chunk=chunk, bits=_packed(bits)) for (name, chunk), bits in wanted.items()]
    FacetChunk.objects.bulk_create(missing)
    return wrong + [f"分面 {row.name}" for row in missing]


def _packed(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
