"""The government and its organs as the ledger tells of them: plain values, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.core.agencies.models import Agency, AgencyName, Government

FOOTER = ("host", "operator", "icp", "public_security", "telephone", "address", "postcode")
NAMES = ("name", "short_name", "site_name", "region", "level", "domain", "site_code")
CONTACT = ("telephone", "fax", "address", "hours", "duties")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a government says of itself; `footer` holds some of FOOTER."""

    name: str
    short_name: str = ""
    site_name: str = ""
    region: str = ""
    level: str = "county"
    domain: str = ""
    site_code: str = ""
    index_scheme: str = "{code}/{year}-{serial:05d}"
    colour: str = ""
    footer: Mapping[str, str] = field(default_factory=dict)


def profile_of(found: Government | None) -> dict[str, Any]:
    """What a government says of itself; nothing where there is none."""
    if found is None:
        return {}
    return {**{name: getattr(found, name) for name in (*NAMES, "index_scheme", "colour")}, **footer_of(found.footer)}


def footer_of(footer: Mapping[str, Any]) -> dict[str, str]:
    """What the foot of every page names, '' where it is silent."""
    return {name: str(footer.get(name) or "") for name in FOOTER}


def snapshot(agency: Agency) -> dict[str, Any]:
    """An organ with the names it bore, in words."""
    names = list(AgencyName.objects.filter(agency=agency))
    return {
        "names": "；".join(_spanned(n) for n in names),
        "short_name": present_name(agency, names).short_name,
        "kind": Agency.Kind(agency.kind).label,
        "parent": agency.parent.code if agency.parent else "",
        "abolished_on": str(agency.abolished_on or ""),
        "succeeded_by": agency.succeeded_by.code if agency.succeeded_by else "",
        "document_prefixes": "、".join(agency.document_prefixes),
        "order": str(agency.order),
        **{name: getattr(agency, name) for name in CONTACT},
    }


def present_name(agency: Agency, names: list[AgencyName] | None = None) -> AgencyName:
    """The name an organ bears now, or bore last."""
    known = list(AgencyName.objects.filter(agency=agency)) if names is None else names
    return next((n for n in known if n.until_on is None), known[-1] if known else AgencyName(agency=agency))


def _spanned(name: AgencyName) -> str:
    if name.from_on is None and name.until_on is None:
        return name.name
    return f"{name.name}（{name.from_on or ''}—{name.until_on or ''}）"
