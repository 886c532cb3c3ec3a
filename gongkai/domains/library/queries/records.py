"""A public document with everything that is known of it, as plain values for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.core.agencies.queries import NamedOrgan, present_organs
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.briefs import BRIEF, Brief
from gongkai.domains.library.queries.entries import Entry
from gongkai.domains.library.queries.listing import labels_of
from gongkai.domains.library.queries.published import files_of, published
from gongkai.domains.library.queries.related import Related, related_to, tags_of


@dataclass(frozen=True, slots=True)
class Naming:
    """That a paper names another: how (`repeals`, `amends` …), the words it uses, and the other where it is public here."""

    kind: str
    title: str
    document_number: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Record:
    """A document. `term_ends_on` is the last day of its term, `files` are (SHA-256, format, bytes), the main one first."""

    brief: Brief
    revision: int
    keeper: NamedOrgan
    registration_number: str
    published_elsewhere_on: date | None
    term_ends_on: date | None
    audience: list[str]
    themes: list[tuple[str, str]]
    addressees: list[str]
    attachments: list[tuple[str, str | None]]
    files: list[tuple[str, str, int]]
    names: list[Naming]
    named_by: list[Naming]
    versions: list[Entry]
    source_url: str | None
    tags: list[str]


def record(number: int) -> Record | None:
    """The public document of this number; None where there is none, or none that is public."""
    found = published(number)
    if found is None:
        return None
    document, said = found.document, found.said
    related = related_to(number, document.work_id)
    elsewhere, labels = said["published_elsewhere_on"], labels_of("theme")
    return Record(
        brief=_brief(document),
        revision=found.revision,
        keeper=present_organs()[document.agency_id],
        registration_number=document.registration_number,
        published_elsewhere_on=date.fromisoformat(elsewhere) if elsewhere else None,
        term_ends_on=document.term_ends_on,
        audience=said["audience"],
        themes=[(slug, labels[slug]) for slug in said["themes"] if slug in labels],
        addressees=said["addressees"],
        attachments=[(a["name"], a["anchor"]) for a in said["attachments"]],
        files=files_of(number),
        names=[Naming(n.kind, n.title, n.document_number, related.entries.get(n.target or 0)) for n in related.names],
        named_by=list(_named_by(related)),
        versions=related.versions,
        source_url=said["source_url"],
        tags=tags_of(document, related),
    )


def _brief(document: Document) -> Brief:
    return Brief(*(getattr(document, name) for name in BRIEF))


def _named_by(related: Related) -> Iterator[Naming]:
    for named in related.named_by:
        if entry := related.entries.get(named.source):
            yield Naming(named.kind, entry.title, entry.document_number, entry)
