"""Everything a document's public page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.core.agencies.queries import present_names
from gongkai.domains.library.events import Metadata
from gongkai.domains.library.models import Attribute, Document, Kind, Legal, Rendition
from gongkai.domains.library.queries.entries import Entry
from gongkai.domains.library.queries.life import Life, Moment, life_of
from gongkai.domains.library.queries.listing import labels_of
from gongkai.domains.library.queries.outlines import Outline, outline_of
from gongkai.domains.library.queries.published import files_of, published
from gongkai.domains.library.queries.related import Named, Related, related_to, tags_of
from gongkai.text.citing import Citation, citation

_TURNS = {
    "commenced": "施行",
    "amended": "修改",
    "superseded": "修订，改用新文本",
    "repealed": "废止",
    "voided": "宣布失效",
    "expired": "有效期届满失效",
}
_RELATIONS = {
    "repeals": "废止",
    "amends": "修改",
    "interprets": "解读",
    "forwards": "转发",
    "implements": "贯彻落实",
    "based_on": "依据",
}
_REVERSE = {
    "repeals": "被下列文件废止",
    "amends": "被下列文件修改",
    "interprets": "解读",
    "forwards": "被下列文件转发",
    "implements": "贯彻本文件的文件",
    "based_on": "以本文件为依据的文件",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper that a document names, linked where it is public here."""

    title: str
    document_number: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Turning:
    """The paper that ended or changed another, and why a reader should open it."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Banner:
    """Why a document is not the law today, or not in its first form, and what to read instead."""

    status: str
    text: str
    by: list[Turning]


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of the document that can be downloaded."""

    sha256: str
    label: str
    size: int
    format: str

    @property
    def size_label(self) -> str:
        """Its size in whole kilobytes, one at least."""
        return f"{max(1, round(self.size / 1024)):,} KB"


@dataclass(frozen=True, slots=True)
class Content:
    """An entry of the list of contents."""

    anchor: str
    label: str
    depth: int


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document's page. `revised`: an earlier text of it may have been public."""

    number: int
    title: str
    status: str
    status_label: str
    banner: Banner | None
    metadata: list[tuple[str, str]]
    contents: list[Content]
    html: str
    attachments: list[tuple[str, str | None]]
    files: list[FileLink]
    cites: list[tuple[str, list[Cited]]]
    cited_by: list[tuple[str, list[Entry]]]
    versions: list[Entry]
    moments: list[Moment]
    life: Life | None
    organs: list[str]
    document_number: str
    kind: str
    citation: Citation
    revised: bool
    source_url: str | None
    published_at: datetime | None
    outline: Outline
    tags: list[str]

    @property
    def made_here(self) -> bool:
        """Whether the site offers a PDF and a Word file of its own making: it holds neither of the paper."""
        return all(file.format not in ("pdf", "docx") for file in self.files)


_FORMATS = {
    "docx": "DOCX 原文",
    "doc": "Word 原文",
    "pdf": "PDF 原文",
    "ofd": "OFD 原文",
    "html": "网页原件",
    "md": "Markdown 原件",
    "txt": "文本原件",
}
_NAMING = 60
_CLEARS = re.compile(r"废止|失效|清理")
_LISTED = ("book", "part", "chapter", "section", "heading1", "heading2")


def document_page(number: int, today: date) -> DocumentPage | None:
    """The page of a public document; None where there is none, or none that is public."""
    found = published(number)
    if found is None:
        return None
    document, said = found.document, found.said
    related = related_to(number, document.work_id)
    moments = _moments(document, related)
    return DocumentPage(
        number=number,
        title=document.title,
        status=document.legal,
        status_label=Legal(document.legal).label,
        banner=_banner(document, moments, today),
        metadata=_facts(document, said),
        contents=_contents(found.clauses),
        html=found.html,
        attachments=[(a["name"], a["anchor"]) for a in said["attachments"]],
        files=_files(number),
        cites=_cites(related),
        cited_by=_cited_by(related),
        versions=related.versions,
        moments=moments,
        life=life_of(moments, document.legal, today),
        organs=said["organs"],
        document_number=document.document_number,
        kind=document.kind,
        citation=citation(document.title, document.document_number, said["organs"], document.issued_on),
        revised=found.revision > 1,
        source_url=said["source_url"],
        published_at=document.published_at,
        outline=outline_of(document, said),
        tags=tags_of(document, related),
    )


def _facts(document: Document, said: Metadata) -> list[tuple[str, str]]:
    names = labels_of("theme")
    term = f"{said['term_years']}年" if said["term_years"] else f"{said['term_months']}个月" if said["term_months"] else ""
    themes = "、".join(names[slug] for slug in said["themes"] if slug in names)
    topic = "／".join(t for t in (document.topic, document.subtopic) if t)
    rows = [
        ("索引号", document.index_number),
        ("发文字号", document.document_number),
        ("发文机关", "、".join(said["organs"])),
        ("公开机构", present_names()[document.agency_id]),
        ("成文日期", _written(document.issued_on)),
        _made_public(document, said),
        ("施行日期", _written(document.in_force_from) if said["effective_on"] or said["from_issue"] else ""),
        ("有效期", f"{term}（至{_written(document.term_ends_on)}）" if term and document.term_ends_on else _until(document)),
        ("登记号", document.registration_number),
        ("文件类别", Kind(document.kind).label),
        ("主题分类", topic),
        ("特色主题", themes),
        ("公开方式", Attribute(document.attribute).label),
    ]
    return [(label, value) for label, value in rows if value]


def _made_public(document: Document, said: Metadata) -> tuple[str, str]:
    """When it was first made public, where that is known, else when it appeared here."""
    if elsewhere := said["published_elsewhere_on"]:
        return "发布日期", _written(date.fromisoformat(elsewhere))
    return "本站公开日期", _written(timezone.localdate(document.published_at) if document.published_at else None)


def _until(document: Document) -> str:
    return f"至{_written(document.term_ends_on)}" if document.term_ends_on else ""


def _written(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _moments(document: Document, related: Related) -> list[Moment]:
    out = [Moment(document.issued_on, "成文", None)] if document.issued_on else []
    out += [Moment(t.on, _TURNS.get(t.kind, t.kind), related.entries.get(t.by or 0)) for t in related.turns]
    return sorted(out, key=lambda m: m.on)


def _banner(document: Document, moments: list[Moment], today: date) -> Banner | None:
    status = document.legal
    if status in (Legal.IN_FORCE, Legal.NONE):
        return None
    labels = {
        Legal.REPEALED: ("废止",),
        Legal.SUPERSEDED: ("修订，改用新文本",),
        Legal.AMENDED: ("修改",),
        Legal.EXPIRED: ("宣布失效", "有效期届满失效"),
    }.get(Legal(status), ())
    turning = [m for m in moments if m.label in labels and m.on <= today]
    on = _written(turning[-1].on if turning else document.in_force_until)
    by = list({m.by.number: m.by for m in turning if m.by}.values())
    texts = {
        Legal.NOT_YET: f"本文件自{_written(document.in_force_from)}起施行，目前尚未施行。",
        Legal.AMENDED: f"本文件自{on}起有部分内容被修改，请与修改文件一并阅读。",
        Legal.SUPERSEDED: f"这是旧文本。自{on}起以修订后的新文本为准。",
        Legal.REPEALED: f"本文件已于{on}废止，不再执行，仅供查阅。",
        Legal.EXPIRED: f"本文件已于{on}失效，不再执行，仅供查阅。",
    }
    return Banner(status, texts[Legal(status)], [Turning(entry, _why(status, entry)) for entry in by])


def _why(status: str, by: Entry) -> str:
    """What the paper that turned this one is to the reader: the text to read now, or only the ground."""
    if status == Legal.AMENDED:
        return "请看修改文件"
    if status == Legal.EXPIRED or _CLEARS.search(by.title):
        return "依据"
    return "请看现行文件"


def _contents(clauses: list[dict[str, Any]]) -> list[Content]:
    """Chapters and headings; where a paper has neither, its articles.

    Below the first level a row of clauses is listed only when all of them have headings.
    """
    out: list[Content] = []

    def walk(nodes: list[dict[str, Any]], depth: int) -> None:
        headed = [node for node in nodes if node["level"] in _LISTED]
        if depth == 0 or all(node["heading"] for node in headed):
            for node in headed:
                apart = " " if node["level"] in ("chapter", "section", "part", "book") else ""
                label = f"{node['label']}{apart}{node['heading'] or ''}"
                out.append(Content(node["anchor"], label[:60], depth))
                walk(node["children"], depth + 1)

    walk(clauses, 0)
    if not out:
        out = [Content(n["anchor"], n["label"], 0) for n in clauses if n["level"] == "article"]
    return out[:200]


def _files(number: int) -> list[FileLink]:
    return [FileLink(sha256, _FORMATS.get(form, "原件"), size, form) for sha256, form, size in files_of(number)]


def _cites(related: Related) -> list[tuple[str, list[Cited]]]:
    groups: dict[str, list[Cited]] = {}
    for named in related.names:
        entry = related.entries.get(named.target or 0)
        title = entry.title if entry else named.title
        cited = Cited(title or named.document_number, named.document_number if title else "", entry.number if entry else None)
        groups.setdefault(_label(named), []).append(cited)
    return list(groups.items())


def _label(named: Named) -> str:
    if named.act:
        return named.act if named.act == "宣布失效" else "制定和修改沿革"
    return _RELATIONS.get(named.kind, named.kind)


def _cited_by(related: Related) -> list[tuple[str, list[Entry]]]:
    """The public papers that name this one, newest first, the first sixty."""
    naming = [(named.kind, related.entries[named.source]) for named in related.named_by if named.source in related.entries]
    naming.sort(key=lambda pair: (pair[1].issued_on or date.min, pair[1].number), reverse=True)
    groups: dict[str, list[Entry]] = {}
    for kind, entry in naming[:_NAMING]:
        groups.setdefault(_REVERSE.get(kind, kind), []).append(entry)
    return list(groups.items())


def public_file(number: int, sha256: str | None) -> tuple[Rendition, str] | None:
    """A downloadable file of a public document and the name to save it under; the main one when no digest is given."""
    document = Document.objects.public().filter(pk=number).first()
    if document is None:
        return None
    renditions = Rendition.objects.filter(document=document).select_related("original").order_by("-main", "id")
    found = (renditions.filter(original_id=sha256) if sha256 else renditions).first()
    return (found, found.original.name) if found else None
