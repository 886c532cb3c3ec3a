"""Documents as an official asks for them: which ones, in which order, and how a list shows each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone

from gongkai.core.agencies.queries import present_names
from gongkai.core.calendar import work_calendar
from gongkai.core.scope import Viewer
from gongkai.domains.library.actions.content import QUESTIONS
from gongkai.domains.library.models import Attribute, Document, DocumentQuerySet, Editorial, Kind, Legal
from gongkai.domains.library.queries.ordered import by
from gongkai.domains.library.queries.reach import LARGEST, organs_within, within
from gongkai.domains.library.queries.titled import titled
from gongkai.law.disclosure import overdue_if_made_before
from gongkai.law.normative import EVALUATION_MONTHS, months_later

SIZE = 50
_FEW = 5_000
SORTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "filed": ("归档由新到旧", ("-pk",)),
    "newest": ("成文日期由近到远", ("-issued_on", "-pk")),
    "oldest": ("成文日期由远到近", ("issued_on", "pk")),
    "term": ("有效期先满的在前", ("term_ends_on", "pk")),
}
DUE: Mapping[str, str] = {
    "overdue": "逾期未公开",
    "expiring": f"{EVALUATION_MONTHS}个月内到期，应当评估",
    "expired": "昨天失效",
}
STANDING: Mapping[str, str] = {
    "waiting": "有改稿等着发布",
    "mine": "我写的",
    "others": "别人写的",
    "own": "本人起草本人发布",
}
STATUSES: Mapping[str, str] = {str(v): str(label) for v, label in Editorial.choices}
LEGAL: Mapping[str, str] = {str(v): str(label) for v, label in Legal.choices}
KINDS: Mapping[str, str] = {str(v): str(label) for v, label in Kind.choices}
ATTRIBUTES: Mapping[str, str] = {str(v): str(label) for v, label in Attribute.choices}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents an official wants to see. '' for any; values that do not exist match nothing.

    `organ` is an organ's primary key, `due` one of DUE, `standing` one of STANDING, `sort` one of SORTS.
    """

    words: str = ""
    organ: str = ""
    status: str = ""
    legal: str = ""
    kind: str = ""
    year: str = ""
    attribute: str = ""
    question: str = ""
    due: str = ""
    standing: str = ""
    sort: str = "filed"
    page: int = 1


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A document in an official's list. `marks` say what is to be done about it."""

    number: int
    title: str
    document_number: str
    organ: str
    issued_on: date | None
    status: str
    status_label: str
    legal: str
    legal_label: str
    kind_label: str
    attribute_label: str
    index_number: str
    term_ends_on: date | None
    marks: list[str]


@dataclass(frozen=True, slots=True)
class PaperList:
    """One page of documents; `total` are all that fit."""

    total: int
    rows: list[PaperRow]
    page: int
    pages: int


def papers(wanted: Wanted, viewer: Viewer, today: date) -> PaperList:
    """The documents that fit, of the organs whose documents a person may see."""
    found, total = _counted(chosen(wanted, viewer, today), wanted)
    pages = max(1, -(-total // SIZE))
    page = min(max(wanted.page, 1), pages)
    order = SORTS.get(wanted.sort, SORTS["filed"])[1]
    first, last = (page - 1) * SIZE, min(page * SIZE, total)
    return PaperList(total, rows_of(_numbers(found, order, total, (first, last)), today), page, pages)


def _counted(found: DocumentQuerySet, wanted: Wanted) -> tuple[DocumentQuerySet, int]:
    """The documents and how many they are. Words of titles are looked for in every title: where they are few, once only."""
    if wanted.words:
        few = list(found.order_by().values_list("pk", flat=True)[: _FEW + 1])
        if len(few) <= _FEW:
            return Document.objects.filter(pk__in=few), len(few)
    return found, found.count()


def _numbers(found: DocumentQuerySet, order: tuple[str, ...], total: int, part: tuple[int, int]) -> list[int]:
    """The documents from the one place of the order up to the other.

    Few are sorted by themselves; many are met soon by walking along the order, from whichever end is nearer.
    """
    first, last = part
    if first >= last:
        return []
    numbers = found.values_list("pk", flat=True)
    if total <= _FEW:  # a sum keeps the database from reading the whole library in the order of its keys to find them
        key = F("pk") + 0
        return list(numbers.order_by(*by(*order[:-1]), key.desc() if order[-1].startswith("-") else key.asc())[first:last])
    if first > total // 2:
        backwards = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
        return list(numbers.order_by(*by(*backwards))[total - last : total - first])[::-1]
    return list(numbers.order_by(*by(*order))[first:last])


def every_row(wanted: Wanted, viewer: Viewer, today: date, most: int) -> Iterator[PaperRow]:
    """All of them in their order, at most `most`, for a table to take along."""
    order = SORTS.get(wanted.sort, SORTS["filed"])[1]
    numbers = list(chosen(wanted, viewer, today).order_by(*by(*order)).values_list("pk", flat=True)[:most])
    for start in range(0, len(numbers), 500):
        yield from rows_of(numbers[start : start + 500], today)


def rows_of(numbers: list[int], today: date) -> list[PaperRow]:
    """These documents, in this order; ask only for what the person may see."""
    found = {d.pk: d for d in Document.objects.filter(pk__in=numbers).defer("facets", "audience", "summary")}
    soon, names = months_later(today, EVALUATION_MONTHS), present_names()
    return [_row(found[n], names.get(found[n].agency_id, ""), today, soon) for n in numbers if n in found]


def chosen(wanted: Wanted, viewer: Viewer, today: date) -> DocumentQuerySet:
    """The documents that fit, unordered."""
    found = within(viewer, "documents.see")
    if wanted.organ:
        found = found.filter(agency=_number(wanted.organ))
    plain = {"editorial": wanted.status, "legal": wanted.legal, "kind": wanted.kind, "attribute": wanted.attribute}
    found = found.filter(**{column: value for column, value in plain.items() if value})
    if wanted.year:
        found = found.filter(year=_number(wanted.year))
    if wanted.question:
        found = found.filter(asks__gt=0, questions__icontains=f'"{wanted.question}"')
    if wanted.due:
        found = found.filter(_DUE[wanted.due](today) if wanted.due in _DUE else Q(pk__in=()))
    if wanted.standing:
        found = found.filter(_standing(wanted.standing, viewer))
    return found.filter(titled(wanted.words))


def organs_to_choose(viewer: Viewer) -> list[tuple[int, str]]:
    """The organs whose documents a person may see, by name."""
    organs, names = organs_within(viewer, "documents.see"), present_names()
    return [(pk, name) for pk, name in names.items() if organs is None or pk in organs]


def overdue(today: date) -> Q:
    """Drafts for proactive disclosure that the law wanted public before today (条例第二十六条)."""
    made_before = overdue_if_made_before(today=today, calendar=work_calendar())
    midnight = timezone.make_aware(datetime.combine(made_before, time()))
    made = Q(issued_on__lt=made_before) | Q(issued_on=None, filed_at__lt=midnight)  # a paper without a day: when it came in
    return made & Q(editorial__in=(Editorial.DRAFT, Editorial.QUESTIONED), attribute=Attribute.PROACTIVE)


def expiring(today: date) -> Q:
    """Published papers in force whose term ends within the months in which they are evaluated."""
    ends = Q(term_ends_on__range=(today, months_later(today, EVALUATION_MONTHS)))
    return ends & Q(editorial=Editorial.PUBLISHED, legal__in=(Legal.IN_FORCE, Legal.AMENDED, Legal.NOT_YET))


def expired_yesterday(today: date) -> Q:
    """Published papers whose last day was yesterday."""
    return Q(term_ends_on=today - timedelta(days=1), editorial=Editorial.PUBLISHED, legal=Legal.EXPIRED)


_DUE: Mapping[str, Callable[[date], Q]] = {"overdue": overdue, "expiring": expiring, "expired": expired_yesterday}


def _standing(standing: str, viewer: Viewer) -> Q:
    if standing == "waiting":
        return Q(waiting=True)
    if standing == "own":
        return Q(overridden=True)
    if standing in ("mine", "others"):
        return Q(author=viewer.actor) if standing == "mine" else ~Q(author=viewer.actor)
    return Q(pk__in=())


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 18 and int(written) < LARGEST else -1


def _row(document: Document, organ: str, today: date, soon: date) -> PaperRow:
    return PaperRow(
        document.pk,
        document.title,
        document.document_number,
        organ,
        document.issued_on,
        document.editorial,
        STATUSES[document.editorial],
        document.legal,
        LEGAL[document.legal],
        KINDS[document.kind],
        ATTRIBUTES[document.attribute],
        document.index_number,
        document.term_ends_on,
        _marks(document, today, soon),
    )


def _marks(document: Document, today: date, soon: date) -> list[str]:
    marks = [QUESTIONS.get(q, q) for q in document.questions]
    if document.waiting:
        marks.append("有改稿等着发布")
    if document.attribute != Attribute.PROACTIVE:
        marks.append(ATTRIBUTES[document.attribute])
    ends = document.term_ends_on
    if document.editorial == Editorial.PUBLISHED and ends is not None and today <= ends <= soon:
        marks.append(f"{ends.year}年{ends.month}月{ends.day}日到期，应当评估")
    if document.overridden:
        marks.append("本人起草本人发布")
    return marks
