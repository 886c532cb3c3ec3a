"""Where an address of another site leads now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, QuerySet, Value, When

from gongkai.domains.library.models import Attribute, Document, Editorial, OldAddress
from gongkai.text.addresses import Address

_TRUST = (OldAddress.Origin.LISTED, OldAddress.Origin.REVISION, OldAddress.Origin.FILE)


@dataclass(frozen=True, slots=True)
class Moved:
    """The document an old address stood for. `public`: it can be read here; else it was, and is withdrawn."""

    number: int
    public: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An old address as an official sees it."""

    url: str
    number: int
    title: str
    origin: str


def moved_to(address: Address) -> Moved | None:
    """The document that an address stands for; None where none does, or none that was ever public.

    A query that the address did not have makes no difference. What a person listed comes before
    what papers say of themselves; a public document before a withdrawn one.
    """
    for tried in dict.fromkeys((address, address.bare)):
        public = _first(Document.objects.public(), tried)
        if public is not None:
            return Moved(public, public=True)
        withdrawn = Document.objects.filter(editorial=Editorial.WITHDRAWN, attribute=Attribute.PROACTIVE)
        if (number := _first(withdrawn, tried)) is not None:
            return Moved(number, public=False)
    return None


def _first(documents: QuerySet[Document], address: Address) -> int | None:
    """Of these documents, the one that the address most surely stands for."""
    trust = Case(*(When(old_addresses__origin=origin, then=Value(place)) for place, origin in enumerate(_TRUST)))
    claimed = documents.filter(old_addresses__host=address.host, old_addresses__path=address.path)
    return claimed.order_by(trust, "-pk").values_list("pk", flat=True).first()


def old_addresses(*, containing: str = "", limit: int = 50) -> tuple[list[Kept], int]:
    """Old addresses that contain some text, the newest first, and how many there are in all."""
    found = OldAddress.objects.select_related("document").order_by("-id")
    if containing:
        found = found.filter(path__contains=containing)
    return list(_kept(found[:limit])), found.count()


def _kept(rows: QuerySet[OldAddress]) -> Iterator[Kept]:
    for row in rows:
        yield Kept(f"{row.host}{row.path}", row.document_id, row.document.title, OldAddress.Origin(row.origin).label)
