"""The plan of the site for those who check it from outside: addresses it answers to, files it serves, its names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, get_resolver, reverse

_ENUMERATED = {"document", "organ", "document-file", "api-missing"}
_PLACE = 987654321
_SHA_PLACE = "f" * 64


def document_pattern() -> str:
    """The address of a paper's page with {number} in place of its number."""
    return reverse("document", args=[_PLACE]).replace(str(_PLACE), "{number}")


def file_pattern() -> str:
    """The address of a paper's file with {number} and {sha256} in their places."""
    address = reverse("document-file", args=[_PLACE, _SHA_PLACE])
    return address.replace(str(_PLACE), "{number}").replace(_SHA_PLACE, "{sha256}")


def part_pattern() -> str:
    """The address of a part of the manifest with {number} in place of its number."""
    return reverse("manifest-part", args=[_PLACE]).replace(str(_PLACE), "{number}")


def organ_address(code: str) -> str:
    """Where an organ's page is."""
    return reverse("organ", args=[code])


def routes() -> list[str]:
    """Regular expressions of every address the site answers to; papers and organs, told one by one, are left out."""
    return sorted({regex for name, regex in _patterns(get_resolver().url_patterns) if name not in _ENUMERATED})


def _patterns(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        regex = before + pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, regex)
        else:
            yield pattern.name or "", f"^/{regex}"


def own_hosts() -> list[str]:
    """The host names the site answers to; those of this machine are left out."""
    said = {host.strip("[]").lstrip(".").lower() for host in settings.ALLOWED_HOSTS}
    return sorted(host for host in said if "." in host and not host.startswith(("127.", "0.")))


def assets() -> dict[str, str]:
    """SHA-256 of every static file by its address: as collected for serving, else as it stands in the sources."""
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list([]):
            found.setdefault(str(name), Path(storage.path(name)))
    collected = {name: Path(settings.STATIC_ROOT) / static(name).removeprefix(settings.STATIC_URL) for name in found}
    served = {name: path if path.is_file() else found[name] for name, path in collected.items()}
    return {static(name): hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(served.items())}
