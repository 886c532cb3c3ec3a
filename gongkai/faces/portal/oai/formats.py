"""A document in the two formats: Dublin Core, and our own with all that is known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.domains.library.queries.exchange import NAMESPACE, Paper
from gongkai.faces.portal.oai.xml import DC, OAI_DC, XSI, Element, put, root

_MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "ofd": "application/ofd",
    "html": "text/html",
    "md": "text/markdown",
    "txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are, as absolute addresses; `identifier` names a document for good."""

    page: Callable[[int], str]
    file: Callable[[int, str], str]
    identifier: Callable[[int], str]
    schema: str


def dublin_core(paper: Paper, where: Addresses) -> Element:
    """The document in fifteen words, for any library of the world."""
    made = root(
        OAI_DC, "dc", {"oai_dc": OAI_DC, "dc": DC, "xsi": XSI}, f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    )
    said = paper.metadata

    def say(name: str, *values: str | None) -> None:
        for value in values:
            if value:
                put(made, name, value).tag = f"{{{DC}}}{name}"

    say("title", said["title"])
    say("creator", *said["organs"])
    say("subject", said["topic"], said["subtopic"], *(name for _, name in paper.themes))
    say("description", said["summary"])
    say("publisher", paper.holder[1])
    say("date", said["issued_on"])
    say("type", paper.kind_label)
    say("format", *dict.fromkeys(_MEDIA.get(f.format, "application/octet-stream") for f in paper.files))
    say("identifier", where.page(paper.number), said["document_number"], paper.index_number, said["registration_number"])
    say("source", said["source_url"])
    say("language", "zh-CN")
    say("relation", *(r["document_number"] or r["title"] for r in said["relations"]))
    return made


def gongkai(paper: Paper, where: Addresses) -> Element:
    """All that is known of the document; the schema says what each element means."""
    made = root(NAMESPACE, "document", {None: NAMESPACE, "xsi": XSI}, f"{NAMESPACE} {where.schema}")
    revision = paper.revision
    for name, value in (("revision", revision.number), ("digest", revision.digest), ("textDigest", revision.text_digest)):
        made.set(name, str(value))
    put(made, "page", where.page(paper.number))
    _particulars(made, paper)
    _days(made, paper)
    for turn in paper.turns:
        put(made, "turn", on=turn.on, kind=turn.kind, by=where.identifier(turn.by) if turn.by else None)
    for attachment in paper.metadata["attachments"]:
        put(made, "attachment", attachment["name"], anchor=attachment["anchor"])
    for r in paper.metadata["relations"]:
        put(made, "relation", kind=r["kind"], title=r["title"], documentNumber=r["document_number"], act=r["act"], on=r["on"])
    clauses = put(made, "clauses")
    for clause in revision.body.clauses:
        _clause(clauses, clause)
    for file in paper.files:
        address = where.file(paper.number, file.sha256)
        put(made, "file", address, sha256=file.sha256, size=file.size, format=file.format, name=file.name)
    put(made, "body", revision.body.html)
    return made


_TOLD: Mapping[str, str] = {
    "title": "title",
    "documentNumber": "document_number",
    "registrationNumber": "registration_number",
    "indexNumber": "",
    "kind": "kind",
    "attribute": "attribute",
    "topic": "topic",
    "subtopic": "subtopic",
    "theme": "",
    "audience": "audience",
    "summary": "summary",
    "organ": "organs",
    "holder": "",
    "addressee": "addressees",
    "signature": "signature",
    "copiesTo": "copies_to",
    "note": "note",
}


def _particulars(made: Element, paper: Paper) -> None:
    said: Mapping[str, Any] = {**paper.metadata}
    for name, key in _TOLD.items():
        if name == "indexNumber":
            put(made, name, paper.index_number)
        elif name == "theme":
            for slug, theme in paper.themes:
                put(made, name, theme, slug=slug)
        elif name == "holder":
            put(made, name, paper.holder[1], code=paper.holder[0])
        else:
            value = said[key]
            for one in value if isinstance(value, list) else [value]:
                if one:
                    put(made, name, one)


def _days(made: Element, paper: Paper) -> None:
    said = paper.metadata
    for name, day in (
        ("issuedOn", said["issued_on"]),
        ("printedOn", said["printed_on"]),
        ("publishedElsewhereOn", said["published_elsewhere_on"]),
    ):
        if day:
            put(made, name, day)
    put(made, "publishedAt", f"{paper.published_at:%Y-%m-%dT%H:%M:%SZ}")
    put(
        made,
        "validity",
        effectiveOn=said["effective_on"],
        expiresOn=said["expires_on"],
        years=said["term_years"],
        months=said["term_months"],
        fromIssue="true" if said["from_issue"] else None,
        daysAfterIssue=said["days_after_issue"],
    )


def _clause(parent: Element, clause: Mapping[str, Any]) -> None:
    made = put(parent, "clause", anchor=clause["anchor"], level=clause["level"], heading=clause["heading"])
    made.set("label", clause["label"])
    for child in clause["children"]:
        _clause(made, child)


WRITERS: Mapping[str, Callable[[Paper, Addresses], Element]] = {"oai_dc": dublin_core, "gongkai": gongkai}
