"""Pages in the words of schema.org, as JSON-LD for search engines and other readers of data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from markupsafe import Markup

from gongkai.core.agencies.queries import NamedOrgan, OrganPage
from gongkai.domains.library.queries.outlines import Outline
from gongkai.domains.library.queries.page import Cited, DocumentPage
from gongkai.ui.addresses import address
from gongkai.ui.site import Site

Thing = dict[str, Any]
_SCHEMA = "https://schema.org"
_LEGISLATION = ("regulation", "normative", "policy")
_FORCE = {
    "in_force": "InForce",
    "amended": "PartiallyInForce",
    "superseded": "NotInForce",
    "repealed": "NotInForce",
    "expired": "NotInForce",
    "not_yet": "NotInForce",
}
# what the page calls a relation, and the property that says so
_RELATIONS = {
    "废止": "legislationRepeals",
    "宣布失效": "legislationRepeals",
    "修改": "legislationChanges",
    "依据": "isBasedOn",
    "转发": "isBasedOn",
    "贯彻落实": "legislationApplies",
}
_EXPLAINS = {"解读": "about", "依据": "isBasedOn"}
_UNSAFE = [(c, f"\\u{ord(c):04x}") for c in "<>&\u2028\u2029"]


def embedded(graph: Mapping[str, Any]) -> Markup:
    """The data as it may stand inside a script element: nothing in it can end the element or begin a comment."""
    written = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _UNSAFE:  # replacing costs a twentieth of translating, outside ASCII
        written = written.replace(character, escaped)
    return Markup(written)  # noqa: S704 - every character with a meaning in HTML is escaped


def document_graph(doc: DocumentPage, site: Site) -> Thing:
    """A document's page: what it is, and where it stands."""
    thing = _legislation(doc, site) if doc.kind in _LEGISLATION else _article(doc, site)
    trail = [("首页", address("home")), ("政府文件库", address("library")), (doc.title, _path(doc.number))]
    return _graph(thing, _breadcrumbs(trail, site))


def organ_graph(organ: OrganPage, site: Site) -> Thing:
    """An organ's page."""
    agency = organ.agency
    thing = _organ(organ.name, site, organ.agency.code) | {
        "identifier": agency.code,
        "address": agency.address,
        "telephone": agency.telephone,
        "faxNumber": agency.fax,
        "openingHours": agency.hours,
        "description": agency.duties,
        "alternateName": [n.name for n in organ.names if n.name != organ.name],
        "dissolutionDate": _iso(agency.abolished_on),
        "parentOrganization": _named(organ.parent, site),
        "subOrganization": [_named(below, site) for below in organ.below],
    }
    trail = [("首页", address("home")), ("机构", address("organs")), (organ.name, address("organ", args=[agency.code]))]
    return _graph(_filled(thing), _breadcrumbs(trail, site))


def _graph(*things: Thing) -> Thing:
    return {"@context": _SCHEMA, "@graph": list(things)}


def _legislation(doc: DocumentPage, site: Site) -> Thing:
    outline = doc.outline
    force = _FORCE.get(outline.status)
    return _filled(
        _work("Legislation", outline, site)
        | {
            "legislationIdentifier": outline.document_number or outline.index_number,
            "legislationType": outline.kind_label,
            "legislationDate": _iso(outline.issued_on),
            "legislationDateVersion": _iso(outline.in_force_from or outline.issued_on),
            "legislationPassedBy": [_organ(name, site) for name in outline.organs],
            "legislationLegalForce": f"{_SCHEMA}/{force}" if force else None,
            "temporalCoverage": _coverage(outline),
        }
        | _related(doc, site, _RELATIONS)
    )


def _article(doc: DocumentPage, site: Site) -> Thing:
    outline = doc.outline
    authors = [_organ(name, site) for name in outline.organs] or [_organ(site.government, site)]
    said = {"headline": outline.title, "articleSection": outline.kind_label, "author": authors}
    return _filled(_work("Article", outline, site) | said | _related(doc, site, _EXPLAINS))


def _work(kind: str, outline: Outline, site: Site) -> Thing:
    """What holds of every document."""
    url = f"{site.origin}{_path(outline.number)}"
    published = timezone.localdate(outline.first_public_at) if outline.first_public_at else None
    return {
        "@type": kind,
        "@id": url,
        "url": url,
        "name": outline.title,
        "identifier": outline.index_number,
        "description": outline.summary,
        "keywords": list(outline.keywords),
        "inLanguage": "zh-CN",
        "datePublished": _iso(published),
        "dateModified": timezone.localtime(outline.changed_at).isoformat(timespec="seconds") if outline.changed_at else None,
        "publisher": _organ(site.government, site),
        "isPartOf": {"@type": "WebSite", "name": site.name, "url": f"{site.origin}/"},
        "isAccessibleForFree": True,
    }


def _related(doc: DocumentPage, site: Site, properties: Mapping[str, str]) -> Thing:
    """Papers this one names, by property. Only those that are public here: of others nothing is said."""
    found: dict[str, list[Thing]] = {}
    for label, cited in doc.cites:
        if label in properties:
            found.setdefault(properties[label], []).extend(_public(cited, site))
    return found


def _public(cited: list[Cited], site: Site) -> Iterator[Thing]:
    for paper in cited:
        if paper.number is not None:
            url = f"{site.origin}{_path(paper.number)}"
            thing = {"@type": "Legislation", "@id": url, "url": url, "name": paper.title}
            yield thing | ({"legislationIdentifier": paper.document_number} if paper.document_number else {})


def _coverage(outline: Outline) -> str | None:
    """First and last day in force, `..` for an end that is open."""
    if outline.in_force_from is None or outline.in_force_until == outline.in_force_from:
        return None
    last = outline.in_force_until - timedelta(days=1) if outline.in_force_until else None
    return f"{outline.in_force_from.isoformat()}/{last.isoformat() if last else '..'}"


def _breadcrumbs(trail: list[tuple[str, str]], site: Site) -> Thing:
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site.origin}{path}"}
        for place, (name, path) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _organ(name: str, site: Site, code: str | None = None) -> Thing:
    url = f"{site.origin}{address('organ', args=[code])}" if code else None
    return {"@type": "GovernmentOrganization", "name": name} | ({"@id": url, "url": url} if url else {})


def _named(organ: NamedOrgan | None, site: Site) -> Thing | None:
    return _organ(organ.name, site, organ.code) if organ else None


def _filled(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}


def _path(number: int) -> str:
    return address("document", args=[number])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
