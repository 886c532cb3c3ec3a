"""What faces and domains ask about organs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Q, When

from gongkai.core.agencies.models import Agency, AgencyName, Authority, Government
from gongkai.core.freshness.touching import kept


class NoGovernment(Exception):
    """Nothing has been set up yet."""

    def __init__(self) -> None:
        super().__init__("还没有设置政府和机构。请先运行：gongkai agency import 机构文件.yaml")


class UnknownAgency(Exception):
    """A code or name that no organ bears."""

    def __init__(self, told: str) -> None:
        super().__init__(f"找不到机构“{told}”。请用统一社会信用代码或全称，可用 gongkai agency list 查看全部机构。")


@dataclass(slots=True)
class AgencyNode:
    """An organ with its present name and what stands below it."""

    agency: Agency
    name: str
    short_name: str
    children: list[AgencyNode] = field(default_factory=list)


def government() -> Government:
    """The government of this site. Raises NoGovernment."""
    found = Government.objects.first()
    if found is None:
        raise NoGovernment
    return found


def is_set_up() -> bool:
    """Whether this site has a government."""
    return Government.objects.exists()


def find_agency(told: str) -> Agency:
    """The organ with this code or name. Raises UnknownAgency."""
    found = Agency.objects.filter(Q(code=told) | Q(names__name=told) | Q(names__short_name=told)).distinct().first()
    if found is None:
        raise UnknownAgency(told)
    return found


def name_on(agency: Agency, day: date | None) -> AgencyName:
    """The name an organ bore on a day; the last one when `day` is None or after all."""
    names = list(agency.names.all())
    if day is None:
        return names[-1]
    return _fitting(names, day)[-1]


def _fitting(names: list[AgencyName], day: date | None) -> list[AgencyName]:
    """Those of the names that were borne on a day; all of them where none was, or no day is given."""
    fitting = [
        n for n in names if day is None or ((n.from_on is None or n.from_on <= day) and (n.until_on is None or day < n.until_on))
    ]
    return fitting or names


@kept(1)
def present_names() -> Mapping[int, str]:
    """What every organ is called now, or was called last, by primary key."""
    names = AgencyName.objects.order_by("agency_id", "from_on", "id").values_list("agency_id", "name", "until_on")
    found: dict[int, str] = {}
    for agency, name, until in names:
        if until is None or agency not in found:
            found[agency] = name
    return found


def bearer_of(names: Sequence[str], day: date | None) -> Agency | None:
    """The organ of this government that bore the first of these names it knows, preferably on that day."""
    known = list(AgencyName.objects.filter(name__in=names).select_related("agency"))
    for name in names:
        if found := [n for n in known if n.name == name]:
            return _fitting(found, day)[-1].agency
    return None


def head_of_government() -> Agency:
    """The organ that keeps what no other organ of this government issued. Raises NoGovernment."""
    heads = Agency.objects.filter(parent=None).order_by(Case(When(kind=Agency.Kind.GOVERNMENT, then=0), default=1), "order", "id")
    found = heads.first()
    if found is None:
        raise NoGovernment
    return found


def tree(today: date) -> list[AgencyNode]:
    """All organs that exist today, as a forest in their order."""
    agencies = Agency.objects.filter(Q(abolished_on=None) | Q(abolished_on__gt=today)).prefetch_related("names")
    nodes = {a.pk: _node(a, today) for a in agencies}
    roots: list[AgencyNode] = []
    for node in nodes.values():
        parent = nodes.get(node.agency.parent_id or 0)
        (parent.children if parent else roots).append(node)
    return roots


def _node(agency: Agency, today: date) -> AgencyNode:
    name = name_on(agency, today)
    return AgencyNode(agency, name.name, name.short_name or name.name)


def authorities_of(agency: Agency) -> list[Authority]:
    """Under which names an organ, and those it took over, issued papers."""
    predecessors = Agency.objects.filter(succeeded_by=agency)
    return list(Authority.objects.filter(Q(agency=agency) | Q(agency__in=predecessors)))


@dataclass(frozen=True, slots=True)
class NamedOrgan:
    """An organ by code and present name."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class OrganPage:
    """What a visitor reads about an organ."""

    agency: Agency
    name: str
    kind: str
    names: list[AgencyName]
    parent: NamedOrgan | None
    successor: NamedOrgan | None
    below: list[NamedOrgan]
    former: list[NamedOrgan]


def organ_page(code: str, today: date) -> OrganPage | None:
    """The page of one organ, abolished ones included; None where no organ bears the code."""
    agency = Agency.objects.select_related("parent", "succeeded_by").prefetch_related("names").filter(code=code).first()
    if agency is None:
        return None
    return OrganPage(
        agency,
        name_on(agency, None).name,
        Agency.Kind(agency.kind).label,
        list(agency.names.all()),
        _named(agency.parent, today) if agency.parent else None,
        _named(agency.succeeded_by, today) if agency.succeeded_by else None,
        [_named(a, today) for a in Agency.objects.filter(parent=agency, abolished_on=None).prefetch_related("names")],
        [_named(a, None) for a in Agency.objects.filter(succeeded_by=agency).prefetch_related("names")],
    )


def _named(agency: Agency, day: date | None) -> NamedOrgan:
    return NamedOrgan(agency.code, name_on(agency, day).name, Agency.Kind(agency.kind).label)


def organs_by_kind(today: date) -> list[tuple[str, list[AgencyNode]]]:
    """The organs directly below the government, and itself, grouped by kind in the order of the kinds."""
    top = [node for root in tree(today) for node in (root, *root.children)]
    groups = [(label, [n for n in top if n.agency.kind == value]) for value, label in Agency.Kind.choices]
    return [(label, nodes) for label, nodes in groups if nodes]
