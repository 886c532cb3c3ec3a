"""What faces and domains ask about organs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Q, When

from gongkai.core.agencies import colour
from gongkai.core.agencies.models import Agency, AgencyName, Authority, Emblem, Government
from gongkai.core.agencies.telling import NAMES, Profile, footer_of
from gongkai.core.freshness.touching import kept
from gongkai.ui.site import Site

KINDS = [(str(value), str(label)) for value, label in Agency.Kind.choices]


class NoGovernment(Exception):
    """Nothing has been set up yet."""

    def __init__(self) -> None:
        super().__init__(
            "还没有设置政府和机构。请系统管理员在工作台的“设置”里填写，或者运行：gongkai agency import 机构文件.yaml"
        )


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


@kept(1)
def site() -> Site:
    """What every page says of the site; neutral words while nothing is set up."""
    try:
        found = government()
    except NoGovernment:
        return Site.unset()
    return Site(
        found.name,
        found.short_name,
        found.site_name,
        found.site_code,
        found.footer,
        found.domain,
        found.emblem,
        found.colour,
        colour.name_of(found.colour) if found.colour else "",
    )


def emblem_named(digest: str) -> Emblem | None:
    """The picture of this digest; None where there is none."""
    return Emblem.objects.filter(digest=digest).first()


def profile() -> Profile:
    """What the government says of itself; empty words while nothing is set up."""
    found = Government.objects.first()
    if found is None:
        return Profile("")
    told = {name: getattr(found, name) for name in (*NAMES, "index_scheme", "colour")}
    return Profile(footer=footer_of(found.footer), **told)


def head_code() -> str:
    """The code of the government itself; a made-up one while there is none."""
    found = Agency.objects.filter(parent=None).order_by("order", "id").values_list("code", flat=True).first()
    return found or "11000000000000000A"


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
    names = AgencyName.objects.order_by("agency_id", F("from_on").asc(nulls_first=True), "id").values_list(
        "agency_id", "name", "until_on"
    )
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


def organs_below(code: str) -> list[int]:
    """The organ of this code and all below it, by primary key; none where there is no such organ."""
    below: dict[int | None, list[int]] = {}
    for pk, parent in Agency.objects.values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(pk)
    found = list(Agency.objects.filter(code=code).values_list("pk", flat=True))
    for pk in found:  # grows while it is gone through
        found += [child for child in below.get(pk, ()) if child not in found]
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """An organ of today in a list: how deep it stands in the tree."""

    pk: int
    code: str
    name: str
    kind: str
    depth: int
    telephone: str


def standing(today: date) -> list[Standing]:
    """All organs that exist today, each followed by what stands below it."""

    def flat(nodes: Sequence[AgencyNode], depth: int) -> Iterator[Standing]:
        for node in nodes:
            organ = node.agency
            yield Standing(organ.pk, organ.code, node.name, Agency.Kind(organ.kind).label, depth, organ.telephone)
            yield from flat(node.children, depth + 1)

    return list(flat(tree(today), 0))


def abolished(today: date) -> list[NamedOrgan]:
    """Organs that are no more, the last one first."""
    gone = Agency.objects.filter(abolished_on__lte=today).order_by("-abolished_on", "id").prefetch_related("names")
    return [NamedOrgan(a.code, name_on(a, None).name, f"{a.abolished_on} 撤销") for a in gone]


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


@dataclass(frozen=True, slots=True)
class Issuers:
    """Who issues papers, and which of them are organs of this government.

    `code_of` gives the code of an organ of ours by any name it issued papers under; `key_of` how an
    issuer is told apart, by its number: that code, or the name of one that is not ours. `numbers_of`
    gives the issuers' numbers by code or name.
    """

    code_of: Mapping[str, str]
    key_of: Mapping[int, str]
    numbers_of: Mapping[str, tuple[int, ...]]


@kept(1)
def issuers() -> Issuers:
    """All who ever issued a paper that is here."""
    rows = Authority.objects.order_by("id").values_list("pk", "name", "agency__code")
    code_of = {name: code for _, name, code in rows if code}
    numbers_of: dict[str, tuple[int, ...]] = {name: (pk,) for pk, name, _ in rows}
    for pk, _, code in rows:
        if code:
            numbers_of[code] = (*numbers_of.get(code, ()), pk)
    return Issuers(code_of, {pk: code or name for pk, name, code in rows}, numbers_of)


@kept(1)
def present_organs() -> Mapping[int, NamedOrgan]:
    """Every organ of this government by primary key, as it is called now, or was called last."""
    names = present_names()
    return {
        pk: NamedOrgan(code, names.get(pk, ""), Agency.Kind(kind).label)
        for pk, code, kind in Agency.objects.values_list("pk", "code", "kind")
    }
