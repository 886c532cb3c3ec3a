"""What the public asks and does not find, and what it teaches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.finding.asking.here import titles_at
from gongkai.core.finding.asking.learning import offered
from gongkai.core.finding.counting.marking import ENOUGH
from gongkai.core.finding.counting.queries import LABELS, SPANS, Report, report
from gongkai.core.finding.curating.actions import put
from gongkai.core.finding.curating.entries import Entry, Kind, UnfitEntry
from gongkai.core.finding.errands import open_questions
from gongkai.core.scope import may
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.shown import page
from gongkai.faces.console.views.people_import import attached
from gongkai.ui.sheets import sheet

_TABS = (
    ("desk-search", "查询情况", "search.curate"),
    ("desk-search-learned", "学到的对应", "search.curate"),
    ("desk-search-words", "检索词", "search.curate"),
    ("desk-search-gate", "检验", "search.curate"),
    ("desk-search-tasks", "任务", "documents.upload"),
)


def search_page(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the search desk, with its parts that this person may open above it."""
    tabs = [(reverse(name), label) for name, label, verb in _TABS if may(request.viewer, verb)]
    return page(request, template, {"tabs": tabs, **context}, status=status)


def page_number(request: Request) -> int:
    """Which page of a list was asked for."""
    typed = request.GET.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1


def _asked(request: Request) -> tuple[Report, int]:
    which, days = request.GET.get("report", ""), request.GET.get("days", "")
    known = [int(days)] if days.isascii() and days.isdecimal() and len(days) < 4 else []
    return Report(which) if which in set(Report) else Report.EMPTY, known[0] if known and known[0] in SPANS else SPANS[1]


@require_safe
@desk("search.curate")
def reports(request: Request) -> HttpResponse:
    """One of the reports over a span of days."""
    which, days = _asked(request)
    rows = report(which, timezone.localdate(), days)
    told = {"rows": rows, "which": which, "days": days, "spans": SPANS, "labels": LABELS, "fewest": ENOUGH}
    return search_page(request, "search_reports.jinja", {**told, "given": open_questions()})


@require_safe
@desk("search.curate")
def reports_sheet(request: Request) -> HttpResponse:
    """The same as an XLSX file."""
    which, days = _asked(request)
    headings = [("问题", 40), ("查询次数", 12), ("没有结果", 12), ("点开结果", 12), ("换说法再问", 12), ("最近一次", 14)]
    few = f"不足{ENOUGH}"
    rows = [
        [row.question, row.askings, *(few if n is None else n for n in (row.empty, row.opened, row.anew)), row.last]
        for row in report(which, timezone.localdate(), days)
    ]
    return attached(sheet(LABELS[which], headings, rows), f"search-{which}-{days}.xlsx")


@require_safe
@desk("search.curate")
def learned(request: Request) -> HttpResponse:
    """What people open from questions whose words do not stand in its title, for an editor to take or refuse."""
    found = offered()
    return search_page(request, "search_learned.jinja", {"rows": found, "fewest": ENOUGH})


@require_POST
@desk("search.curate")
def decide(request: Request) -> HttpResponse:
    """Take what was learned as a best bet, or refuse it for good."""
    kind = {"take": Kind.BEST, "refuse": Kind.REFUSED}.get(request.POST.get("act", ""))
    question, address = request.POST.get("question", "")[:200], request.POST.get("address", "")[:200]
    if kind is None or not titles_at([address]):
        return HttpResponseBadRequest("没有这样的对应，请回到上一页刷新后再试。")
    try:
        with purge_told(request):
            put(Entry(kind, question, address, note="从点开的结果学到"), doing_of(request))
    except UnfitEntry as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{question}”{'已设为编辑推荐，马上生效' if kind is Kind.BEST else '以后不再提示'}。")
    return redirect("desk-search-learned")
