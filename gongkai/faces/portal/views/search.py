"""The search page, and suggestions while somebody types."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.core.agencies.queries import site
from gongkai.core.finding.asking.answer import Answer
from gongkai.core.finding.asking.here import answered, organ_names, state, suggested
from gongkai.core.finding.asking.question import FACETS, PAGE_SIZE, Question
from gongkai.core.freshness.marks import tagged
from gongkai.core.freshness.touching import kept
from gongkai.core.shown import surroundings
from gongkai.domains.library.queries.front import front
from gongkai.domains.library.queries.listing import FACET_LIMIT, Facet, FacetValue, labels_of
from gongkai.faces.portal.asked import note_asked
from gongkai.faces.portal.searching import asked_question, hidden_fields, question_address, toggling
from gongkai.faces.portal.shown import page
from gongkai.search.port import SearchError
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable
from gongkai.ui.pages import pagination
from gongkai.ui.words import day

_log = logging.getLogger(__name__)
_LABELS: Mapping[str, str] = {
    "kind": "找什么", "status": "效力状态", "paper": "文件类别", "organ": "发文机关", "topic": "主题分类", "year": "按年份",
}  # fmt: skip
_SORTS = [("relevance", "相关程度"), ("newest", "由近到远"), ("oldest", "由远到近"), ("organ", "发文机关")]
_KINDS = {"document": "文件", "interpretation": "政策解读", "organ": "机构", "column": "栏目"}
_NEVER_KEPT = "private, no-cache"  # results follow the index, which a cache of pages knows nothing of
_FEWEST_YEARS, _MOST_YEARS = 4, 60
_DRAWN, _QUICKLY = 2_000, 1
"""Pages that a process remembers, about 5,000 bytes each as they are kept."""
Toggle = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Year:
    """A bar of the picture of years."""

    year: int
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Asking:
    """All that a page of results depends on: drawn once, it can be given again until the index or anything public changes.

    `trouble` and `typed` are pairs of a parameter and words; `around` is what the layout needs of the request.
    """

    question: Question
    trouble: tuple[tuple[str, str], ...]
    typed: tuple[tuple[str, str], ...]
    around: tuple[tuple[str, str], ...]
    today: date
    state: object = None


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results, what may be meant, what answers at once, and how to narrow it all; every state has its address."""
    question, trouble = asked_question(request)
    typed = ((name, request.GET.get(name, "")[:20]) for name in ("from", "to", "on"))
    around = surroundings(request).items()
    try:
        now = None if question.is_blank else state()
        drawn, found = _drawn(Asking(question, tuple(trouble.items()), tuple(typed), tuple(around), timezone.localdate(), now))
    except (SearchError, VocabularyUnreadable) as error:
        return _not_ready(request, question, error)
    if not trouble:
        note_asked(request, question, found=found)
    response = tagged(HttpResponse(zlib.decompress(drawn), status=400 if trouble else 200), [])
    response.headers["Cache-Control"] = _NEVER_KEPT
    return response


@kept(_DRAWN)
def _drawn(asking: Asking) -> tuple[bytes, bool]:
    """The page, compressed, and whether anything was found."""
    question = asking.question
    found = answered(question, asking.today)
    toggle = toggling(question)
    facets = [_facet(name, found) for name in FACETS] if found.facets else []
    context = {
        **dict(asking.around),
        **_nearby(question),
        "site": site(),
        "query": "",
        "found": found,
        "asked": question,
        "trouble": dict.fromkeys(("from", "to", "on", "sort", "page"), "") | dict(asking.trouble),
        "typed": dict(asking.typed),
        "facets": facets,
        "years": _years(found, toggle),
        "toggle": toggle,
        "sorts": [(key, label, question_address(replace(question, sort=key, page=1))) for key, label in _SORTS],
        "chosen": _chosen(question, facets, toggle),
        "hidden": hidden_fields(question),
        "statuses": labels_of("status"),
        "papers": labels_of("kind"),
        "kinds": _KINDS,
        "pages": _pages(found),
        "examples": front(asking.today).examples if question.is_blank or not found.total else [],
    }
    drawn = engines["jinja2"].get_template("portal/search.jinja").render(context)
    return zlib.compress(drawn.encode(), _QUICKLY), bool(found.total)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """What goes on from `q`: `{"suggestions": [{"text", "sort"}]}`; nothing while there is no index to look in."""
    try:
        found = suggested(request.GET.get("q", "")[:200])
    except (SearchError, VocabularyUnreadable) as error:
        _log.warning("no suggestions: %s", error)
        found = []
    told = [{"text": one.text, "sort": one.sort} for one in found]
    response = JsonResponse({"suggestions": told}, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def _not_ready(request: HttpRequest, question: Question, error: Exception) -> HttpResponse:
    """503: there is no index that can answer; what the visitor typed is kept, and the list still finds titles."""
    _log.warning("the search page cannot answer: %s: %s", type(error).__name__, error)
    response = page(request, "search_not_ready.jinja", {"asked": question}, status=503)
    response.headers["Cache-Control"] = _NEVER_KEPT
    response.headers["Retry-After"] = "30"
    return response


def _nearby(question: Question) -> dict[str, Any]:
    """Addresses of neighbouring states, as the template names them."""
    first = replace(question, page=1)
    return {
        "words_at": lambda words: question_address(Question(words)),
        "between_at": lambda span: question_address(replace(first, since=span.from_on, until=span.until_on)),
        "as_typed_at": question_address(replace(first, as_typed=True)),
        "widest_at": question_address(question.widest),
        "first_at": question_address(first),
    }


def _pages(found: Answer) -> dict[str, Any] | None:
    """How many pages there are is known as far as the next: groups are made as they are walked through."""
    asked = found.question
    last = asked.page + (1 if found.more else 0)
    if not found.more and asked.page == 1 and found.total <= PAGE_SIZE:
        return None
    return pagination(asked.page, last, lambda number: question_address(replace(asked, page=number)))


def _labels(facet: str) -> Callable[[str], str]:
    """What a value is called; "" for one that is not shown."""
    if facet == "organ":
        names = organ_names()
        return lambda value: names.get(value, value)
    if facet in ("status", "paper"):
        labels = labels_of("status" if facet == "status" else "kind")
        return lambda value: labels.get(value, "")
    if facet == "kind":
        return lambda value: _KINDS.get(value, "")
    return lambda value: f"{value}年" if facet == "year" else value


def _facet(name: str, found: Answer) -> Facet:
    called, chosen = _labels(name), found.question.chosen(name)
    labelled = ((called(count.value), count) for count in found.facets.get(name, ()))
    values = [FacetValue(count.value, label, count.documents, count.value in chosen) for label, count in labelled if label]
    if name == "year":
        values.reverse()
    shown = [value for place, value in enumerate(values) if place < FACET_LIMIT or value.chosen]
    return Facet(name, _LABELS[name], shown, len(values) - len(shown))


def _years(found: Answer, toggle: Toggle) -> list[Year]:
    """Every year from the first to the last that anything is from; none where so few are no picture."""
    counted = {int(c.value): c.documents for c in found.facets.get("year", ()) if c.value.isdecimal() and c.documents}
    if not counted or max(counted) - min(counted) < _FEWEST_YEARS:
        return []
    last, chosen = max(counted), found.question.chosen("year")
    first = max(min(counted), last - _MOST_YEARS + 1)
    return [Year(year, counted.get(year, 0), str(year) in chosen, toggle("year", str(year))) for year in range(first, last + 1)]


def _chosen(question: Question, facets: Sequence[Facet], toggle: Toggle) -> list[tuple[str, str]]:
    """Everything that narrows the question as (what it is called, the address without it)."""
    named = {(facet.name, value.value): value.label for facet in facets for value in facet.values}
    out = [(named.get((name, value), value), toggle(name, value)) for name in FACETS for value in question.chosen(name)]
    if question.since or question.until:
        span = f"成文：{day(question.since) or '……'}至{day(question.until) or '今'}"
        out.append((span, question_address(replace(question, since=None, until=None, page=1))))
    if question.as_of:
        out.append((f"{day(question.as_of)}有效", question_address(replace(question, as_of=None, page=1))))
    return out
