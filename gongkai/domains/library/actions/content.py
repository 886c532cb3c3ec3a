"""From a reading to what a revision says: suggestions added, questions for a person noted. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import nh3

from gongkai.domains.library.events import Metadata
from gongkai.text import kinds, topics
from gongkai.text.beside import declared_validity
from gongkai.text.keys import text_digest
from gongkai.text.markup import attachment_anchor, to_html, walk
from gongkai.text.model import Found
from gongkai.text.reading import Reading

QUESTIONS: Mapping[str, str] = {
    "no_title": "没有读出标题",
    "unsure_title": "标题可能不完整",
    "no_organ": "没有读出发文机关",
    "no_date": "没有读出成文日期",
    "impossible_date": "落款日期不存在",
    "future_date": "成文日期在今天之后",
    "two_numbers": "文件头有两个文号",
    "number_taken": "文号与库中另一份标题不同的文件相同",
    "wrong_encoding": "有些字符无法还原",
    "partly_unread": "有的页面没有读出文字",
    "not_proactive": "公开属性不是主动公开，不能自动发布",
}
_NORMATIVE_NUMBER = re.compile(r"规(?:字)?〔")
_INSTRUMENT = re.compile(r"(?:办法|规定|细则|规则|实施意见|若干措施|管理制度)(?:[（(][^（()）]*[)）])?$")
_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "span", "div", "table", "tbody", "tr", "td"}
_ATTRIBUTES = {
    "*": {"id", "class"},
    "td": {"colspan", "rowspan"},
    "div": {"tabindex", "role", "aria-label"},
}


@dataclass(frozen=True, slots=True)
class Content:
    """All that a revision holds, and what a person should look at before it goes out."""

    metadata: Metadata
    readings: dict[str, Any]
    text: str
    html: str
    clauses: list[dict[str, Any]]
    digest: str
    text_digest: str
    questions: tuple[str, ...]

    def asking(self, question: str) -> Content:
        """The same content with one more question for a person."""
        return replace(self, questions=(*self.questions, question))


def content_of(reading: Reading, themes: Mapping[str, Sequence[str]], today: date) -> Content:
    """What a revision made of `reading` says. `themes` are this government's, by slug."""
    metadata = _metadata(reading, themes)
    html = cleaned(to_html(reading))
    return Content(
        metadata,
        _readings(reading),
        reading.text,
        html,
        [clause.to_json() for clause in reading.clauses],
        digest_of(metadata, reading.text),
        text_digest(reading.text),
        tuple(_questions(reading, metadata, today)),
    )


def cleaned(html: str) -> str:
    """HTML with nothing in it but the elements and attributes that our own pages of papers have."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


def digest_of(metadata: Metadata, text: str) -> str:
    """The digest an approval is bound to: every word of metadata and text."""
    said = json.dumps([metadata, text], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _metadata(reading: Reading, themes: Mapping[str, Sequence[str]]) -> Metadata:
    title = _value(reading.title) or reading.file.rsplit(".", 1)[0]
    topic = (topics.named_topic(reading.topic.value) if reading.topic else None) or topics.suggest_topic(title, reading.text)
    validity = reading.validity
    declared_start, declared_end = declared_validity(reading)
    return {
        "title": title,
        "document_number": _value(reading.document_number),
        "organs": [o.value for o in reading.organs],
        "issued_on": _value(reading.issued_on),
        "published_elsewhere_on": _value(reading.published_on),
        "printed_on": _value(reading.printed_on),
        "addressees": [a.value for a in reading.addressees],
        "signature": [s.value for s in reading.signature],
        "copies_to": [c.value for c in reading.copies_to],
        "attachments": [
            {"name": a.value, "anchor": attachment_anchor(n) if a.starts_at is not None else None}
            for n, a in enumerate(reading.attachments, 1)
        ],
        "attribute": _value(reading.attribute) or "proactive",
        "note": _value(reading.note),
        "registration_number": _value(reading.registration_number),
        "kind": kind_of(reading),
        "topic": topic.topic if topic else "",
        "subtopic": topic.subtopic if topic else "",
        "themes": topics.suggest_themes(title, reading.text, themes),
        "audience": topics.suggest_audience(reading.text),
        "summary": summary_of(reading),
        "effective_on": validity.effective_on if validity else declared_start,
        "expires_on": validity.expires_on if validity else declared_end,
        "term_years": validity.term_years if validity else None,
        "term_months": validity.term_months if validity else None,
        "from_issue": bool(validity and validity.from_issue),
        "days_after_issue": validity.days_after_issue if validity else None,
        "relations": [
            {"kind": r.kind, "title": r.title, "document_number": r.document_number, "act": r.act, "on": r.on}
            for r in reading.relations
        ],
        "conflicts": [{"field": c.field, "paper": c.paper, "metadata": c.metadata} for c in reading.conflicts],
        "source_url": next((m.value for m in reading.metadata if m.key in ("Url", "source", "url")), None),
    }


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def kind_of(reading: Reading) -> str:
    """The kind a paper's title, number and closing articles speak for."""
    title = _value(reading.title) or ""
    number = _value(reading.document_number) or ""
    made = any(r.act for r in reading.relations)
    ending = kinds.kind_of(title) or ""
    if re.search(r"解读|一图读懂|图解|答记者问", title):
        return "interpretation"
    if (
        made
        or "令第" in number
        or (ending == "条例" and "关于" not in title)
        or (ending in ("办法", "规定", "细则") and not number and reading.format == "md")
    ):
        return "regulation"
    if not (number or reading.signature or reading.issued_on or kinds.ends_strong(title)):
        return "guide"
    if ending in ("公告", "通告", "布告"):
        return (
            "normative" if reading.validity and (reading.validity.term_years or reading.registration_number) else "announcement"
        )
    validity = reading.validity
    lasting = bool(validity and (validity.term_years or validity.term_months or validity.expires_on))
    printed = re.search(r"印发《?(.+?)》?的通知$", title)
    instrument = bool(_INSTRUMENT.search(printed[1] if printed else title))
    if reading.registration_number or _NORMATIVE_NUMBER.search(number) or lasting or instrument:
        return "normative"
    return "policy"


def summary_of(reading: Reading) -> str:
    """One line that tells what the paper is about: its first article or its opening sentence."""
    for clause in walk(reading.clauses):
        if clause.level == "article":
            text = reading.text[clause.source[0] : clause.source[1]].split("\n")[0]
            return _shortened(text[len(clause.label) :].strip())
    skipped = {s.value for s in reading.signature} | {a.value for a in reading.addressees}
    after = reading.title.source[1] if reading.title and reading.title.source else 0
    for line in reading.lines:
        if line.start > after and "。" in line.text and line.text.rstrip("：") not in skipped:
            return _shortened(line.text)
    return ""


def _shortened(text: str) -> str:
    return text if len(text) <= 110 else text[:108].rstrip("，、；") + "……"


def _readings(reading: Reading) -> dict[str, Any]:
    said = reading.to_json()
    fields = (
        "title",
        "document_number",
        "issued_on",
        "organs",
        "published_on",
        "printed_on",
        "addressees",
        "attribute",
        "signature",
    )
    return {field: said[field] for field in fields}


def _questions(reading: Reading, metadata: Metadata, today: date) -> list[str]:
    title, official = reading.title, metadata["kind"] not in ("guide", "interpretation")
    unsure = title is not None and (title.confidence < 0.6 or (official and not kinds.is_complete(title.value)))
    asked = {
        "no_title": title is None,
        "unsure_title": unsure,
        "no_organ": official and not reading.organs,
        "no_date": official and reading.issued_on is None,
        "future_date": reading.issued_on is not None and reading.issued_on.value > today.isoformat(),
        "impossible_date": bool(reading.impossible_dates),
        "two_numbers": bool(reading.other_numbers),
        "wrong_encoding": any("编码" in w for w in reading.warnings),
        "partly_unread": any("没有文字层" in w or "已损坏" in w for w in reading.warnings),
    }
    return [question for question, open_ in asked.items() if open_]
