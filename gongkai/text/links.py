"""Addresses outside the site: which ones a text names, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lxml import html

from gongkai.text.fingerprint import parsed, visible_text

_WRITTEN = re.compile(r"(?:https?://|(?<![\w@./-])www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+;=%]+", re.ASCII | re.IGNORECASE)
_MAY_NAME = re.compile(r"http|www\.|//", re.IGNORECASE)
_TRAILING = ".,;:!?'()[]"
_LINKING = ("href", "src", "action", "formaction", "poster", "data", "cite", "background", "longdesc", "ping", "srcset")
_SECOND_LEVEL = {
    *"ac com edu gov mil net org".split(),
    *"ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj tw xj xz yn zj".split(),
}
LONGEST = 2000  # bytes; what an index of a database can hold


def is_address(written: str) -> bool:
    """Whether this is an http(s) address of a usual length."""
    return bool(host_of(written)) and len(written.encode()) <= LONGEST


def written_addresses(text: str) -> list[str]:
    """Web addresses that stand as words in a text, in their order, each once."""
    found = (match[0].rstrip(_TRAILING) for match in _WRITTEN.finditer(text))
    whole = (a if "://" in a else f"http://{a}" for a in found)
    return list(dict.fromkeys(a for a in whole if is_address(a)))


def addresses_in(markup: str) -> list[str]:
    """Outside addresses of a paper's HTML: those it links to and those it merely names."""
    if not _MAY_NAME.search(markup):
        return []
    tree = parsed(f"<div>{markup}</div>")
    linked = [value for _, value in linked_addresses(tree) if is_address(value)]
    return list(dict.fromkeys([*linked, *written_addresses(visible_text(tree))]))


def linked_addresses(tree: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
    """Every element that leads or loads from somewhere, with the address as it stands."""
    for element in tree.iter("*"):
        for name in _LINKING:
            value = element.get(name)
            if value is None:
                continue
            for one in value.split(",") if name == "srcset" else (value,):
                yield element, one.strip().split(" ")[0] if name == "srcset" else one.strip()


def host_of(address: str) -> str:
    """The host of an http(s) address in lower case; '' for everything else."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.lower().rstrip(".") if parts.scheme.lower() in ("http", "https") else ""


def bare_domain(written: str) -> str:
    """A domain as somebody wrote it in the settings, without scheme, port and slashes."""
    return host_of(f"http://{written.strip().rpartition('://')[2]}")


def hosts_of(addresses: Iterable[str]) -> list[str]:
    """The hosts of several addresses, sorted, each once."""
    return sorted({host for address in addresses if (host := host_of(address))})


def owner_of(host: str) -> str:
    """The part of a host name that somebody registers: www.qinghe.gov.cn → qinghe.gov.cn."""
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return host
    labels = host.lower().rstrip(".").split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-1] == "cn" and labels[-2] in _SECOND_LEVEL else labels[-2:])
