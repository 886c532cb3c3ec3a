"""What came in and waits for a person: uploads, what became of their files, papers to be checked beside their originals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import present_names
from gongkai.core.jobs import queries as jobs
from gongkai.core.scope import Viewer, may, narrowed
from gongkai.core.staff.queries import names_of
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.actions.correcting import FIELDS
from gongkai.domains.library.models import Attribute, Document, Editorial, ImportItem, Original, Upload

PAGE = 20
_READ = ("title", "document_number", "organs", "issued_on", "attribute", "addressees", "signature", "printed_on")
_CALLED: Mapping[str, str] = {
    **{k: v.partition("（")[0] for k, v in FIELDS.items()},
    "addressees": "主送",
    "signature": "落款",
    "printed_on": "印发日期",
}
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class UploadRow:
    """An upload in a list. `state` is its job's, in words; `outcomes` counts how files ended, by label."""

    token: str
    who: str
    organ: str
    at: datetime
    files: int
    state: str
    ended: bool
    done: int
    error: str
    outcomes: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one file. `document` is a number the person may open, or None."""

    name: str
    outcome: str
    reason: str
    document: int | None
    title: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paper that waits for a check."""

    number: int
    title: str
    document_number: str
    organ: str
    filed_at: datetime
    questions: list[str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field as read: its value, how sure that is, the place in the text, and what the page beside the paper said."""

    name: str
    label: str
    value: str
    sure: bool
    confidence: int | None
    span: tuple[int, int] | None
    beside: str


@dataclass(frozen=True, slots=True)
class Review:
    """A paper beside its original. `text` comes in pieces (text, labels of the fields that stand there)."""

    number: int
    agency: int
    title: str
    status: str
    questions: list[str]
    original: Original | None
    fields: list[Field]
    text: list[tuple[str, str]]
    before: int | None
    after: int | None
    left: int
    may_edit: bool


def holders(viewer: Viewer) -> list[tuple[int, str]]:
    """The organs for which a person may upload, their own first."""
    found = narrowed(Agency.objects.filter(abolished_on=None).order_by("order", "id"), viewer, "documents.upload", "pk")
    names = present_names()
    organs = [(pk, names.get(pk, "")) for pk in found.values_list("pk", flat=True)]
    return sorted(organs, key=lambda organ: organ[0] != viewer.agency)


def uploads(viewer: Viewer, page: int = 1) -> tuple[list[UploadRow], int]:
    """The newest uploads that a person may see, and how many pages there are."""
    found = narrowed(Upload.objects.select_related("run").order_by("-id"), viewer, "documents.upload")
    pages = max(1, -(-found.count() // PAGE))
    shown = list(found[(min(page, pages) - 1) * PAGE : min(page, pages) * PAGE])
    return _upload_rows(shown), pages


def upload(token: str, viewer: Viewer) -> tuple[UploadRow, list[Item]] | None:
    """One upload and what became of its files; None where the person sees none of this token."""
    found = narrowed(Upload.objects.select_related("run"), viewer, "documents.upload").filter(token=token).first()
    if found is None:
        return None
    items = found.run.items.select_related("document").order_by("id") if found.run else _items_so_far(found)
    return _upload_rows([found])[0], [_item(item, viewer) for item in items]


def _items_so_far(found: Upload) -> QuerySet[ImportItem]:
    """While the job runs, its run is known by the files' folder only."""
    return ImportItem.objects.filter(path__contains=f"/{found.token}/").select_related("document").order_by("id")


def _upload_rows(found: Sequence[Upload]) -> list[UploadRow]:
    who, names = names_of(u.actor for u in found), present_names()
    counts: dict[int, list[tuple[str, int]]] = {}
    runs = [u.run_id for u in found if u.run_id]
    for run, outcome, n in (
        ImportItem.objects.filter(run__in=runs).values_list("run", "outcome").annotate(n=Count("pk")).order_by()
    ):
        counts.setdefault(run, []).append((ImportItem.Outcome(outcome).label, n))
    rows = []
    for one in found:
        card = jobs.one(one.job) if one.job else None
        row = card.row if card else None
        state = jobs.STATUSES[row.status] if row else "已完成"
        ended = row is None or row.status in ("done", "given_up")
        rows.append(
            UploadRow(
                one.token, who[one.actor], names.get(one.agency_id, ""), one.uploaded_at, len(one.names), state, ended,
                row.done if row else 0, row.error if row and row.status != "done" else "", counts.get(one.run_id or 0, []),
            )
        )  # fmt: skip
    return rows


def _item(item: ImportItem, viewer: Viewer) -> Item:
    document = item.document
    seen = document is not None and may(viewer, "documents.see", document.agency_id)
    return Item(
        item.path.rpartition("/")[2],
        ImportItem.Outcome(item.outcome).label,
        item.reason.replace("。请用 gongkai document confirm 或 correct 处理", ""),
        document.pk if document and seen else None,
        document.title if document and seen else "",
        bool(document and seen and document.editorial == Editorial.QUESTIONED),
    )


def _queue(viewer: Viewer) -> QuerySet[Document]:
    return narrowed(Document.objects.filter(editorial=Editorial.QUESTIONED).order_by("id"), viewer, "documents.edit")


def waiting(viewer: Viewer, size: int = PAGE) -> tuple[list[Waiting], int]:
    """The papers that wait for a check, oldest first, and how many there are."""
    found, names = _queue(viewer), present_names()
    rows = [
        Waiting(d.pk, d.title, d.document_number, names.get(d.agency_id, ""), d.filed_at, _asked(d.questions))
        for d in found[:size]
    ]
    return rows, found.count()


def _asked(questions: Iterable[str]) -> list[str]:
    return [QUESTIONS.get(q, q) for q in questions]


def review(number: int, viewer: Viewer) -> Review | None:
    """A paper beside its original, and its neighbours in the queue; None where the person sees none of this number."""
    visible = narrowed(Document.objects.select_related("current__body", "current__original"), viewer, "documents.see")
    document = visible.filter(pk=number).first()
    if document is None or document.current is None:
        return None
    queue, revision = _queue(viewer), document.current
    original = revision.original or _first_original(document)
    fields = _fields(revision.metadata, revision.readings)
    return Review(
        document.pk,
        document.agency_id,
        document.title,
        Editorial(document.editorial).label,
        _asked(document.questions),
        original,
        fields,
        _pieces(revision.body.text, fields),
        queue.filter(pk__lt=number).order_by("-id").values_list("pk", flat=True).first(),
        queue.filter(pk__gt=number).values_list("pk", flat=True).first(),
        queue.count(),
        may(viewer, "documents.edit", document.agency_id),
    )


def _first_original(document: Document) -> Original | None:
    rendition = document.renditions.select_related("original").order_by("-main", "id").first()
    return rendition.original if rendition else None


def _fields(metadata: Mapping[str, Any], readings: Mapping[str, Any]) -> list[Field]:
    beside = {c["field"]: c["metadata"] for c in metadata.get("conflicts", ())}
    fields = []
    for name in _READ:
        read = readings.get(name)
        found = read if isinstance(read, list) else [read] if read else []
        confidence = min((f["confidence"] for f in found), default=None)
        span = next((tuple(f["source"]) for f in found if f.get("source")), None)
        value = metadata.get(name)
        written = _written(name, value)
        percent = round(confidence * 100) if confidence is not None else None
        sure = bool(written) and (confidence is None or confidence >= _SURE) and name not in beside
        fields.append(Field(name, _CALLED[name], written, sure, percent, span, beside.get(name, "")))
    return fields


def _written(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    if name == "attribute" and value:
        return str(Attribute(value).label)
    if name.endswith("_on") and value:
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return str(value or "")


def _pieces(text: str, fields: Sequence[Field]) -> list[tuple[str, str]]:
    """The text cut where fields stand; overlapping places keep the first."""
    spans = sorted((f.span, f.label) for f in fields if f.span)
    pieces, at = [], 0
    for (start, end), label in spans:
        if start < at or end > len(text):
            continue
        pieces += [(text[at:start], ""), (text[start:end], label)]
        at = end
    return [(piece, label) for piece, label in [*pieces, (text[at:], "")] if piece]


def staff_original(number: int, sha256: str, viewer: Viewer) -> Original | None:
    """A file of a document that the person may see: of any revision, public or not."""
    document = narrowed(Document.objects.all(), viewer, "documents.see").filter(pk=number).first()
    if document is None:
        return None
    own = Original.objects.filter(sha256=sha256)
    return own.filter(rendition__document=document).first() or own.filter(revision__document=document).first()
