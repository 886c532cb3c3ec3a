"""One page of a set of public documents, in an order."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from django.db.models import F, OrderBy

from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.entries import ENTRY, Entry, entries_of, entry_of
from gongkai.domains.library.queries.sets import numbers_in
from gongkai.domains.library.queries.statements import Statement

Order = tuple[str, ...]
NEWEST: Order = ("-issued_on", "-id")
FEW = 200  # documents that cost next to nothing to sort by themselves
_MAY_BE_UNKNOWN = "issued_on"
_ROOMS = (FEW, 1_000)  # larger sets are walked along the order until the page is full


def by(*names: str) -> list[OrderBy]:
    """An order for `order_by`: a paper without a day stands before all that have one, whichever database it is."""
    return [_one(F(name.removeprefix("-")), name) for name in names]


def _one(column: F, name: str) -> OrderBy:
    unknown = True if name.endswith(_MAY_BE_UNKNOWN) else None
    return column.desc(nulls_last=unknown) if name.startswith("-") else column.asc(nulls_first=unknown)


def page_of(documents: int, order: Order, first: int, size: int) -> list[Entry]:
    """The entries from the `first` on (counted from 0), at most `size` of them.

    Few documents are sorted by themselves; of many, the index of the order gives the page without
    reading them all.
    """
    total = documents.bit_count()
    for room in _ROOMS:
        if total <= room:
            numbers = numbers_in(documents)
            return [entry_of(row) for row in _few(order, room).rows(*numbers, *[0] * (room - total), size, first)]
    last = min(first + size, total)
    if first > total // 2:  # the second half is nearer from the other end
        return entries_of(_along(documents, _reversed(order), total - last, total - first)[::-1])
    return entries_of(_along(documents, order, first, last))


@lru_cache(maxsize=16)
def _few(order: Order, room: int) -> Statement:
    """The list of up to `room` documents given by number."""
    return Statement(
        lambda *numbers: Document.objects.filter(pk__in=numbers).order_by(*by(*order)).values_list(*ENTRY),
        list(range(-room, 0)),
        paged=True,
    )


def _along(documents: int, order: Order, first: int, last: int) -> list[int]:
    marks = documents.to_bytes(documents.bit_length() // 8 + 1, "little")
    ordered = Document.objects.public().order_by(*by(*order)).values_list("pk", flat=True).iterator(chunk_size=500)
    chosen = (n for n in ordered if n >> 3 < len(marks) and marks[n >> 3] >> (n & 7) & 1)
    return list(islice(chosen, first, last))


def _reversed(order: Order) -> Order:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
