"""The gate in the console: uploaded, kept, run, and which lines fail."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.finding import gate, gate_files
from gongkai.core.finding.asking.here import answered
from gongkai.core.finding.checking import run
from gongkai.core.staff.queries import names_of
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.views.people_import import MEGABYTES, TableForm
from gongkai.faces.console.views.search_reports import search_page
from gongkai.search.port import SearchError
from gongkai.search.understanding.vocabulary.layout import VocabularyUnreadable
from gongkai.text.tables import UnfitTable


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate", megabytes=MEGABYTES)
def check(request: Request) -> HttpResponse:
    """The lines as they are kept; on POST others in their place."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid():
        try:
            lines = gate_files.read(form.cleaned_data["file"].read())
        except UnfitTable as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            new = gate.keep(lines, doing_of(request))
            messages.success(request, f"检验集已保存，共 {len(lines)} 个问题。" if new else "和原来的一样，没有改动。")
            return redirect("desk-search-gate")
    return _page(request, form, status=400 if form.is_bound else 200)


@require_POST
@desk("search.curate")
def check_now(request: Request) -> HttpResponse:
    """Ask all the questions."""
    lines, _ = gate.lines()
    try:
        outcomes = list(run(lines, timezone.localdate(), answered))
    except (SearchError, VocabularyUnreadable) as error:
        messages.error(request, f"没有检验成：{error}")
        return redirect("desk-search-gate")
    return _page(request, TableForm(), outcomes=outcomes)


@require_safe
@desk("search.curate")
def export(request: Request) -> HttpResponse:
    """The lines as a CSV file; with none, lines that show how."""
    del request
    lines, _ = gate.lines()
    shown = lines or [gate.Line("（示例）高龄津贴怎么领", ("高龄津贴",), ("已废止的某办法",), 3)]
    answer = HttpResponse(gate_files.written(shown), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="search-gate.csv"'
    return answer


def _page(request: Request, form: forms.Form, *, outcomes: object = None, status: int = 200) -> HttpResponse:
    lines, kept = gate.lines()
    who = names_of([kept.actor]) if kept else {}
    told = {"form": form, "lines": lines, "kept": kept, "who": who, "outcomes": outcomes, "most": gate_files.MOST}
    return search_page(request, "search_gate.jinja", told, status=status)
