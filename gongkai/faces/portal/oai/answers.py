"""What each verb answers, as XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from gongkai.domains.library.queries import exchange
from gongkai.domains.library.queries.exchange import NAMESPACE, Choice, Header
from gongkai.faces.portal.oai import tokens
from gongkai.faces.portal.oai.formats import WRITERS, Addresses
from gongkai.faces.portal.oai.protocol import FORMATS, Asked, Refused
from gongkai.faces.portal.oai.tokens import Token
from gongkai.faces.portal.oai.xml import OAI, OAI_DC, XSI, Element, put, root
from gongkai.ui.site import Site

_FULL = 8 * 1024 * 1024  # characters of text after which an answer ends, however few records it holds
_LOWER_LIMIT = "2008-05-01T00:00:00Z"  # the Regulation's first day; an empty library has nothing older
_HOST = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+")
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Provider:
    """This library as others see it. `base` is the address they asked at, `batch` the size of a page."""

    base: str
    site: Site
    where: Addresses
    batch: int


def answer(provider: Provider, asked: Asked, now: datetime) -> bytes:
    """The answer to a request, errors included."""
    try:
        answered = _ANSWERS[asked.verb](provider, asked)
    except Refused as error:
        return refusal(provider.base, error, now)
    made = _envelope(provider.base, {"verb": asked.verb, **asked.arguments}, now)
    made.append(answered)
    return _bytes(made)


def refusal(base: str, error: Refused, now: datetime) -> bytes:
    """The answer to a request that cannot be met."""
    made = _envelope(base, error.arguments, now)
    put(made, "error", str(error), code=error.code)
    return _bytes(made)


def identifier(site: Site, number: int) -> str:
    """The name of a document for good: `oai:www.qinghe.example:12`."""
    return f"oai:{site.hostname or 'localhost'}:{number}"


def _envelope(base: str, arguments: Mapping[str, str], now: datetime) -> Element:
    made = root(OAI, "OAI-PMH", {None: OAI, "xsi": XSI}, f"{OAI} {OAI}OAI-PMH.xsd")
    put(made, "responseDate", _stamp(now))
    put(made, "request", base, **arguments)
    return made


def _bytes(made: Element) -> bytes:
    return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8"))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _verb(name: str) -> Element:
    return etree.Element(f"{{{OAI}}}{name}")


def _identify(provider: Provider, asked: Asked) -> Element:
    made, site = _verb(asked.verb), provider.site
    earliest = exchange.earliest_change()
    put(made, "repositoryName", site.name)
    put(made, "baseURL", provider.base)
    put(made, "protocolVersion", "2.0")
    put(made, "adminEmail", site.footer.get("email") or f"webmaster@{_mail_host(site)}")
    put(made, "earliestDatestamp", _stamp(earliest) if earliest else _LOWER_LIMIT)
    put(made, "deletedRecord", "persistent")
    put(made, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    if _HOST.fullmatch(site.hostname):
        described = root(_OAI_IDENTIFIER, "oai-identifier", {None: _OAI_IDENTIFIER}, f"{_OAI_IDENTIFIER} {_OAI_IDENTIFIER}.xsd")
        put(made, "description").append(described)
        for name, value in (
            ("scheme", "oai"),
            ("repositoryIdentifier", site.hostname),
            ("delimiter", ":"),
            ("sampleIdentifier", identifier(site, 1)),
        ):
            put(described, name, value)
    return made


def _mail_host(site: Site) -> str:
    host = site.hostname.partition(":")[0]
    return host if "." in host else "localhost.invalid"


def _formats(provider: Provider, asked: Asked) -> Element:
    if asked.get("identifier"):
        _header_named(provider, asked)
    told = {
        "oai_dc": (f"{OAI_DC[:-1]}.xsd", OAI_DC),
        "gongkai": (provider.where.schema, NAMESPACE),
    }
    made = _verb(asked.verb)
    for prefix in FORMATS:
        each = put(made, "metadataFormat")
        schema, namespace = told[prefix]
        put(each, "metadataPrefix", prefix)
        put(each, "schema", schema)
        put(each, "metadataNamespace", namespace)
    return made


def _sets(provider: Provider, asked: Asked) -> Element:
    del provider
    if "resumptionToken" in asked.arguments:  # the list of sets is never cut
        raise Refused("badResumptionToken", "集合清单不分批，没有续传标记。", {"verb": asked.verb, **asked.arguments})
    made = _verb(asked.verb)
    for spec, name in exchange.sets():
        each = put(made, "set")
        put(each, "setSpec", spec)
        put(each, "setName", name)
    return made


def _record(provider: Provider, asked: Asked) -> Element:
    made = _verb(asked.verb)
    for record in exchange.records([_header_named(provider, asked)]):
        _put_record(made, provider, record, asked.get("metadataPrefix"))
    return made


def _header_named(provider: Provider, asked: Asked) -> Header:
    named = asked.get("identifier")
    stem = identifier(provider.site, 0)[:-1]
    number = named.removeprefix(stem)
    found = exchange.header(int(number)) if named.startswith(stem) and _NUMBER.fullmatch(number) else None
    if found is None:
        raise Refused("idDoesNotExist", "没有这个标识的记录。", {"verb": asked.verb, **asked.arguments})
    return found


def _list(provider: Provider, asked: Asked) -> Element:
    token = _begun(asked)
    found = exchange.headers(token.choice, provider.batch + 1)
    if not found:
        raise Refused("noRecordsMatch", "没有符合条件的记录。", {"verb": asked.verb, **asked.arguments})
    more, page = len(found) > provider.batch, found[: provider.batch]
    made = _verb(asked.verb)
    if asked.verb == "ListIdentifiers":
        for header in page:
            _put_header(made, provider, header)
        sent = len(page)
    else:
        sent = _put_records(made, provider, page, token.prefix)
    more = more or sent < len(page)
    begun = token.choice.after is not None
    if more or begun:
        if not begun:
            token = Token(token.verb, token.prefix, token.choice, 0, exchange.count(token.choice))
        following = tokens.written(token.after(page[sent - 1].place, sent)) if more else ""
        put(made, "resumptionToken", following, completeListSize=token.size, cursor=token.cursor)
    return made


def _begun(asked: Asked) -> Token:
    if said := asked.get("resumptionToken"):
        return tokens.read(said, asked.verb)
    if "resumptionToken" in asked.arguments:
        raise Refused("badResumptionToken", "续传标记是空的。", {"verb": asked.verb, **asked.arguments})
    return Token(asked.verb, asked.get("metadataPrefix"), Choice(asked.get("set"), asked.since, asked.before), 0, None)


def _put_records(made: Element, provider: Provider, page: list[Header], prefix: str) -> int:
    """As many records as one answer may hold, at least one; how many that were."""
    weight = sent = 0
    for record in exchange.records(page):
        _put_record(made, provider, record, prefix)
        sent += 1
        weight += len(record.paper.revision.body.html) if record.paper and prefix == "gongkai" else 0
        if weight >= _FULL:
            break
    return sent


def _put_record(made: Element, provider: Provider, record: exchange.Record, prefix: str) -> None:
    each = put(made, "record")
    _put_header(each, provider, record.header)
    if record.paper is not None:
        put(each, "metadata").append(WRITERS[prefix](record.paper, provider.where))


def _put_header(parent: Element, provider: Provider, header: Header) -> None:
    made = put(parent, "header", status="deleted" if header.deleted else None)
    put(made, "identifier", identifier(provider.site, header.number))
    put(made, "datestamp", _stamp(header.changed_at))
    for spec in header.sets:
        put(made, "setSpec", spec)


_ANSWERS: Mapping[str, Callable[[Provider, Asked], Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
