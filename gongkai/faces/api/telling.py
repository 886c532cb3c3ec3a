"""Documents and organs as the API tells them: plain values, '' told as null."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.core.agencies.queries import NamedOrgan, issuers, site
from gongkai.domains.library.queries.briefs import Brief
from gongkai.domains.library.queries.entries import Entry
from gongkai.ui.addresses import address, around

Told = dict[str, Any]


def place(name: str, *args: str | int) -> str:
    """The address of one of the site's pages or resources, absolute where the government's domain is known."""
    return f"{site().origin}{address(name, args)}"


def day(value: date | None) -> str | None:
    """2024-03-01"""
    return value.isoformat() if value else None


class Teller:
    """Tells documents and organs in one answer; what is the same for all of them is looked up once."""

    def __init__(self) -> None:
        origin = site().origin
        self._codes = issuers().code_of
        self._zone = timezone.get_default_timezone()
        (page, self._end), (resource, _) = around("document"), around("v1:api-document")
        self._page, self._resource = origin + page, origin + resource

    def brief(self, found: Brief) -> Told:
        """A document in brief."""
        return {
            "number": found.number,
            "index_number": found.index_number,
            "document_number": found.document_number or None,
            "title": found.title,
            "kind": found.kind,
            "topic": found.topic or None,
            "subtopic": found.subtopic or None,
            "organs": self._issuers(found.organs),
            "summary": found.summary,
            "issued_on": day(found.issued_on),
            "published_at": self._moment(found.published_at),
            "changed_at": self._moment(found.changed_at),
            "status": found.status,
            "in_force_from": day(found.in_force_from),
            "in_force_until": day(found.in_force_until),
            **self._addresses(found.number),
        }

    def named(self, entry: Entry | None, title: str = "", document_number: str = "") -> Told:
        """Another document: as this site has it, or only in the words that name it."""
        if entry is None:
            named = {"number": None, "title": title or None, "document_number": document_number or None}
            return {**named, "url": None, "api_url": None}
        return {
            "number": entry.number,
            "title": entry.title,
            "document_number": entry.document_number or None,
            **self._addresses(entry.number),
        }

    def _addresses(self, number: int) -> Told:
        return {"url": f"{self._page}{number}{self._end}", "api_url": f"{self._resource}{number}"}

    def _issuers(self, names: Iterable[str]) -> list[Told]:
        return [{"name": name, "code": self._codes.get(name)} for name in names]

    def _moment(self, value: datetime | None) -> str | None:
        """2024-03-01T09:30:00+08:00, in the office's time."""
        return value.astimezone(self._zone).isoformat(timespec="seconds") if value else None


def organ(found: NamedOrgan) -> Told:
    """An organ by code and name."""
    return {"code": found.code, "name": found.name, "api_url": place("v1:api-organ", found.code)}
