"""Organs as they are offered to be found: by every name they bore, with their telephone, address and hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.core.agencies.models import Agency, AgencyName, Authority
from gongkai.core.agencies.queries import AgencyNode, name_on, tree
from gongkai.core.finding.collection import LAST_RANK, Sort, id_of
from gongkai.core.finding.offers import Offer
from gongkai.core.freshness.touching import kept
from gongkai.search.analysis.passages import paragraphs
from gongkai.search.port import Document, Passage, Value
from gongkai.ui.addresses import address

_NAME = "organ"
_OF_AN_ABOLISHED_ORGAN = 0.5


@dataclass(frozen=True, slots=True)
class Ordered:
    """An organ with its place among all of today, and all names, long and short, that it bears and bore, the present first."""

    code: str
    rank: int
    names: tuple[str, ...]


@kept(2, of=["agencies"])
def in_order(today: date) -> Mapping[str, Ordered]:
    """All organs of this government by code; those that are no more come last."""
    ranks = {node.agency.pk: rank for rank, node in enumerate(_flat(tree(today)))}
    agencies = Agency.objects.prefetch_related("names")
    return {a.code: Ordered(a.code, ranks.get(a.pk, LAST_RANK - 1), _names(a, today)) for a in agencies}


def _flat(nodes: Sequence[AgencyNode]) -> Iterator[AgencyNode]:
    for node in nodes:
        yield node
        yield from _flat(node.children)


def _names(agency: Agency, today: date) -> tuple[str, ...]:
    present = name_on(agency, today)
    names = (word for name in (present, *agency.names.all()) for word in (name.name, name.short_name))
    return tuple(dict.fromkeys(word for word in names if word))


def offer() -> Offer:
    """All organs, those that are no more as well: their pages say who took over."""
    return Offer(_NAME, keys, documents, whole=frozenset({"agencies"}), daily=True, names=names)


def keys() -> list[int]:
    """All organs."""
    return list(Agency.objects.order_by("pk").values_list("pk", flat=True))


def documents(numbers: Sequence[int], today: date) -> Iterator[Document]:
    """These organs."""
    order = in_order(today)
    for agency in Agency.objects.filter(pk__in=numbers).order_by("pk"):
        yield _record(agency, order[agency.code], today)


def _record(agency: Agency, organ: Ordered, today: date) -> Document:
    name, *others = organ.names
    contact = {"telephone": agency.telephone, "hours": agency.hours, "place": agency.address}
    values: dict[str, Value] = {
        "title": name,
        "organs": "、".join(others),
        "more": "\n".join(value for value in contact.values() if value),
        "kind": Sort.ORGAN,
        "organ": agency.code,
        "address": address("organ", [agency.code]),
        "rank": organ.rank,
        **contact,
    }
    gone = agency.abolished_on is not None and agency.abolished_on <= today
    duties = [Passage(line) for line in paragraphs(agency.duties)]
    return Document(id_of(_NAME, agency.pk), values, duties, quality=_OF_AN_ABOLISHED_ORGAN if gone else 1.0)


def names() -> list[str]:
    """What organs are and were called, and whoever else issued a paper that is here."""
    ours = AgencyName.objects.values_list("name", "short_name")
    return [*(word for pair in ours for word in pair if word), *Authority.objects.values_list("name", flat=True)]
