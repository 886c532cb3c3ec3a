"""A document as its officials see it: what it is, what happened, what may be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from gongkai.core.agencies.queries import present_names
from gongkai.core.calendar import PROVISIONAL, work_calendar
from gongkai.core.scope import Viewer
from gongkai.core.staff.queries import names_of
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.models import Attribute, Document, Draft, Editorial, Legal, Rendition, Revision
from gongkai.domains.library.queries.acts import Act, what_may
from gongkai.domains.library.queries.past import Passed, past_of
from gongkai.domains.library.queries.reach import LARGEST, within
from gongkai.domains.library.queries.revisions import told_fields
from gongkai.law.disclosure import publication_due_on
from gongkai.law.normative import EVALUATION_MONTHS, months_later
from gongkai.ui.words import day


@dataclass(frozen=True, slots=True)
class Drafting:
    """Somebody's unsaved edit of the document; `mine`: the person's own."""

    who: str
    mine: bool
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on a document's page at the desk.

    `warnings` are (words, whether it is late); `shown` says which text `html` is; `public`: visitors can open it.
    """

    document: Document
    title: str
    agency: int
    organ: str
    status_label: str
    legal_label: str
    questions: list[str]
    warnings: list[tuple[str, bool]]
    facts: list[tuple[str, str]]
    shown: str
    html: str
    files: list[tuple[str, str, int]]
    past: list[Passed]
    acts: list[Act]
    drafts: list[Drafting]
    replaced_by: tuple[int, str] | None
    public: bool
    revision: int
    published: int | None
    digest: str

    def act(self, name: str) -> Act:
        """One of the acts by its name."""
        return next(a for a in self.acts if a.name == name)


@dataclass(frozen=True, slots=True)
class Picked:
    """One of several documents that are looked at together."""

    document: Document
    title: str
    revision: int
    digest: str


def picked(numbers: Sequence[int], viewer: Viewer) -> list[Picked]:
    """Those of these documents that a person may see, in this order."""
    seen = within(viewer, "documents.see").select_related("current", "published")
    found = {d.pk: d for d in seen.filter(pk__in=[n for n in numbers if n < LARGEST])}
    return [
        Picked(d, d.current.metadata["title"], d.current.number, d.current.digest)
        for n in numbers
        if (d := found.get(n)) is not None and d.current is not None
    ]


def staff_document(number: int, viewer: Viewer, verb: str = "documents.see") -> Document | None:
    """A document that a person may see, with its revisions; None where there is none, or it is another organ's."""
    if number >= LARGEST:
        return None
    return within(viewer, verb).select_related("current__body", "published", "replaced_by").filter(pk=number).first()


def sheet(number: int, viewer: Viewer, today: date) -> Sheet | None:
    """The page of a document; None where there is none, or it is another organ's."""
    document = staff_document(number, viewer)
    if document is None or document.current is None:
        return None
    current, successor = document.current, document.replaced_by
    return Sheet(
        document=document,
        title=current.metadata["title"],
        agency=document.agency_id,
        organ=present_names().get(document.agency_id, ""),
        status_label=Editorial(document.editorial).label,
        legal_label=Legal(document.legal).label,
        questions=[QUESTIONS.get(q, q) for q in document.questions],
        warnings=warnings(document, today),
        facts=_facts(document, current),
        shown=_shown(document),
        html=current.body.html,
        files=_files(number),
        past=past_of(number),
        acts=what_may(document, viewer),
        drafts=_drafts(number, viewer),
        replaced_by=(successor.pk, successor.title) if successor is not None else None,
        public=document.editorial == Editorial.PUBLISHED and document.attribute == Attribute.PROACTIVE,
        revision=current.number,
        published=document.published.number if document.published else None,
        digest=current.digest,
    )


def warnings(document: Document, today: date) -> list[tuple[str, bool]]:
    """What the law or the paper itself says is due, and whether that day has passed."""
    told = []
    if (due := due_on(document)) is not None:
        provisional = "" if work_calendar().known else f"，{PROVISIONAL}"
        what = f"改过的第 {document.current.number} 版" if document.waiting and document.current else ""
        late = "，已经逾期" if due < today else ""
        told.append((f"{what}应在{day(due)}前公开{late}（条例第二十六条{provisional}）", due < today))
    ends = document.term_ends_on
    in_force = document.editorial == Editorial.PUBLISHED and document.legal in (Legal.IN_FORCE, Legal.AMENDED, Legal.NOT_YET)
    if in_force and ends is not None and today <= ends <= months_later(today, EVALUATION_MONTHS):
        told.append((f"有效期至{day(ends)}，还有 {(ends - today).days} 天，应当评估是否继续执行", False))
    return told


def due_on(document: Document) -> date | None:
    """Until when the law wants a draft, or a revision behind a public text, to be public; None where it does not."""
    current = document.current
    if current is None or current.metadata["attribute"] != Attribute.PROACTIVE:
        return None
    if document.waiting:
        made = timezone.localdate(current.made_at)
    elif document.editorial in (Editorial.DRAFT, Editorial.QUESTIONED):
        made = document.issued_on or timezone.localdate(document.filed_at)
    else:
        return None
    return publication_due_on(made_on=made, calendar=work_calendar())


def _facts(document: Document, current: Revision) -> list[tuple[str, str]]:
    facts = [("索引号", document.index_number), ("持有机关", present_names().get(document.agency_id, ""))]
    return facts + told_fields(current.metadata)[1:]  # the title stands above


def _shown(document: Document) -> str:
    current, published = document.current, document.published
    if current is None or published is None:
        return "还没有公开过"
    seen = "公众看到的" if document.editorial == Editorial.PUBLISHED else "撤下以前公众看到的"
    if published.pk == current.pk:
        return f"第 {current.number} 版，就是{seen}文本"
    return f"第 {current.number} 版，还没有公开；{seen}是第 {published.number} 版"


def _files(number: int) -> list[tuple[str, str, int]]:
    rows = Rendition.objects.filter(document=number).order_by("-main", "id")
    return list(rows.values_list("original_id", "original__name", "original__size"))


def _drafts(number: int, viewer: Viewer) -> list[Drafting]:
    rows = list(Draft.objects.filter(document=number).values_list("person_id", "saved_at"))
    people = names_of(f"staff:{person}" for person, _ in rows)
    return [Drafting(people[f"staff:{person}"], person == viewer.person, saved_at) for person, saved_at in rows]
