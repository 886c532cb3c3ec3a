"""Addresses of web pages in one form, however they are written, for finding a paper by its old address. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

LONGEST_PATH = 700  # characters of path and query, as kept
_LONGEST = 4_000  # characters as written
_MOST_FIELDS = 40
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jspx?|php|aspx?)$", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_NOISE = re.compile(r"^(?:utm_\w+|spm|from|isappinstalled|nsukey|share_token)$", re.I)  # what sharing adds
_PORTS = (":80", ":443")


class Address(NamedTuple):
    """A page's host, without `www.`, and its path with the query, fields in order."""

    host: str
    path: str

    @property
    def bare(self) -> Address:
        """The same page without its query."""
        return Address(self.host, self.path.partition("?")[0])


def address_of(url: str) -> Address | None:
    """The address in its one form; None for what is no address of a page within a site.

    Scheme, `www.`, usual ports, fragments, trailing slashes and `index.html` make no difference,
    nor does the order of the query. Percent signs are decoded once. A path with `..` in it is refused,
    and so is the home page, which every site has.
    """
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    return address_at(parts.netloc, decoded(parts.path), parts.query)


def address_at(host: str, path: str, query: str) -> Address | None:
    """The address of a page asked for: `path` decoded already, `query` as it came."""
    if len(path) + len(query) > _LONGEST or _CONTROL.search(path) or ".." in path.split("/"):
        return None
    kept = "/".join(part for part in f"/{path}".split("/") if part not in ("", "."))
    kept = _INDEX.sub("", f"/{kept}").rstrip("/")
    if asked := _fields(query):
        kept = f"{kept or '/'}?{asked}"
    name = _host(host)
    return Address(name, kept) if kept and name and len(kept) <= LONGEST_PATH else None


def decoded(path: str) -> str:
    """A path without percent signs; bytes that are no UTF-8 keep theirs."""
    text = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
    return re.sub(r"[\udc80-\udcff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def _fields(query: str) -> str:
    """The fields in order, byte for byte what they were: older portals write GBK."""
    plain = re.sub(r"[^\x00-\x7f]+", lambda found: quote(found[0], errors="replace"), query)
    try:
        fields = parse_qsl(plain, keep_blank_values=True, max_num_fields=_MOST_FIELDS, encoding="latin-1")
    except ValueError:
        return ""
    return urlencode(sorted(field for field in fields if not _NOISE.match(field[0])), encoding="latin-1")


def _host(written: str) -> str:
    name = written.rpartition("@")[2].lower().rstrip(".")
    for port in _PORTS:
        name = name.removesuffix(port)
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name.removeprefix("www.")[:255]
