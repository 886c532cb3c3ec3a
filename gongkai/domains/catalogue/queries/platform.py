"""The disclosure platform of the government, or of one organ: five entries, their columns, true counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import head_of_government, name_on
from gongkai.core.freshness.touching import kept
from gongkai.domains.catalogue.events import ENTRIES, ORGAN_KINDS, ColumnData
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.queries.membership import organ_counts
from gongkai.domains.catalogue.queries.offices import DisclosureOffice, disclosure_office, reviewer, supervisor
from gongkai.domains.catalogue.queries.papers import tally
from gongkai.domains.catalogue.queries.prose import Block, blocks_of


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose platform it is. `code` is None for the government's own, which gathers all organs."""

    code: str | None
    name: str
    agency: Agency


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column as the platform lists it; `count` is None where it holds text instead of papers."""

    slug: str
    name: str
    group: str
    source: str
    about: str
    elsewhere: str
    count: int | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One of the five entries with its columns; `papers` in them, each counted once."""

    key: str
    name: str
    columns: list[ColumnView]
    papers: int

    @property
    def groups(self) -> list[tuple[str, list[ColumnView]]]:
        """The columns under their headings, in order."""
        found: dict[str, list[ColumnView]] = {}
        for column in self.columns:
            found.setdefault(column.group, []).append(column)
        return list(found.items())

    def column(self, slug: str) -> ColumnView | None:
        """One of its columns; None where it has no such."""
        return next((column for column in self.columns if column.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Platform:
    """The five entries in their order, each there even when no column is defined for it.

    `profile` is what the organs' data say of the organ, `inside` its internal offices with their
    telephones: (label, value) pairs.
    """

    owner: Owner
    entries: list[EntryView]
    office: DisclosureOffice
    profile: list[tuple[str, str]]
    inside: list[tuple[str, str]]

    def entry(self, key: str) -> EntryView:
        """One of the five. Raises KeyError for another."""
        return {entry.key: entry for entry in self.entries}[key]


@kept(200)
def platform(code: str | None, today: date) -> Platform | None:
    """The platform of an organ, or the government's for None; None where no such organ keeps one.

    Raises NoGovernment while nothing is set up.
    """
    owner = _owner(code, today)
    if owner is None:
        return None
    shown = [data for data in columns().values() if code is None or owner.agency.kind in data["organ_kinds"]]
    by_entry = {key: [data for data in shown if data["entry"] == key] for key in ENTRIES}
    counts = tally({key: [data["slug"] for data in found] for key, found in by_entry.items()}, code)
    entries = [
        EntryView(key, ENTRIES[key], [_view(data, counts.columns) for data in found], counts.groups[key])
        for key, found in by_entry.items()
    ]
    return Platform(owner, entries, disclosure_office(owner.agency), _profile(owner), _inside(owner))


def _view(data: ColumnData, counts: dict[str, int]) -> ColumnView:
    count = counts[data["slug"]] if data["selection"] else None
    return ColumnView(data["slug"], data["name"], data["group"], data["source"], data["about"], data["elsewhere"], count)


def _owner(code: str | None, today: date) -> Owner | None:
    if code is None:
        head = head_of_government()
        return Owner(None, name_on(head, today).name, head)
    keepers = Agency.objects.filter(Q(abolished_on=None) | Q(abolished_on__gt=today), kind__in=ORGAN_KINDS)
    found = keepers.prefetch_related("names").filter(code=code).first()
    return Owner(code, name_on(found, today).name, found) if found else None


def successor(code: str) -> str | None:
    """Which organ took over an abolished one, by code."""
    heir = Agency.objects.filter(code=code, abolished_on__isnull=False).values_list("succeeded_by__code", flat=True).first()
    return str(heir) if heir else None


@kept(500)
def text_of(slug: str, owner: Owner) -> list[Block]:
    """A column's own text as it reads on this platform. Raises KeyError for an unknown column."""
    data = columns()[slug]
    text = data["texts"].get(owner.agency.code) or data["text"]
    if not text:
        return []
    office = disclosure_office(owner.agency)
    head = head_of_government()
    values = {
        "机构": owner.name,
        "本级政府": name_on(head, None).name,
        "受理机构": office.name,
        "主管部门": supervisor(),
        "复议机关": reviewer(owner.agency),
    }
    return blocks_of(text, values)


def _profile(owner: Owner) -> list[tuple[str, str]]:
    agency = owner.agency
    pairs = [
        ("主要职能", agency.duties),
        ("办公地址", agency.address),
        ("办公时间", agency.hours),
        ("联系电话", agency.telephone),
        ("传真", agency.fax),
    ]
    return [(label, value) for label, value in pairs if value]


def _inside(owner: Owner) -> list[tuple[str, str]]:
    offices = Agency.objects.filter(parent=owner.agency, kind=Agency.Kind.INTERNAL_OFFICE, abolished_on=None)
    return [(name_on(a, None).name.removeprefix(owner.name), a.telephone) for a in offices.prefetch_related("names")]


@dataclass(frozen=True, slots=True)
class OwnerLink:
    """An organ with a platform, in the list of them."""

    code: str
    name: str
    papers: int


def owners(today: date) -> list[tuple[str, list[OwnerLink]]]:
    """All organs that keep a platform, by kind, in their order."""
    present = Agency.objects.filter(Q(abolished_on=None) | Q(abolished_on__gt=today), kind__in=ORGAN_KINDS)
    counts = organ_counts()
    groups: dict[str, list[OwnerLink]] = {kind: [] for kind in ORGAN_KINDS}
    for agency in present.prefetch_related("names"):
        groups[agency.kind].append(OwnerLink(agency.code, name_on(agency, today).name, counts.get(agency.code, 0)))
    return [(Agency.Kind(kind).label, links) for kind, links in groups.items() if links]
