"""Organs from a table: a template, a look at what would happen, then all of it at once."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.agencies import organ_tables
from gongkai.core.agencies.queries import KINDS
from gongkai.core.sheets.actions import SheetGone, finish, keep, outcome_of, show_anew, waiting
from gongkai.core.writing import writing
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.views.people_import import MEGABYTES, TableForm, attached
from gongkai.faces.console.views.settings import settings_page
from gongkai.text.tables import Table, UnfitTable, read_table
from gongkai.ui.sheets import sheet

_PURPOSE = "organs"


@require_safe
@desk("settings.change")
def template(request: Request) -> HttpResponse:
    """An empty table to fill in, with rows that show how."""
    del request
    headings = [(f"{c.name}*" if c.needed else c.name, 18) for c in organ_tables.COLUMNS]
    rows = [
        ("11000000000000000A", "某某县人民政府（示例，请删去）", "县政府", "人民政府", "", "", "", "", "某政发", "0000-0000001"),
        (
            "11000000000000001B",
            "某某县财政局（示例，请删去）",
            "县财政局",
            "部门",
            "11000000000000000A",
            "",
            "",
            "",
            "某财",
            "0000-0000002",
        ),
        ("11000000000000001B-01", "某某县财政局预算科（示例，请删去）", "", "内设机构", "某某县财政局（示例，请删去）"),
    ]
    return attached(sheet("机构", headings, rows), "organs-template.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change", megabytes=MEGABYTES)
def upload(request: Request) -> HttpResponse:
    """Choose a table; nothing is done with it yet."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content, doing = file.read(), doing_of(request)
        try:
            shown = organ_tables.plan(_read(content), doing).written()
        except UnfitTable as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            return redirect("desk-organs-check", keep(_PURPOSE, file.name, content, doing, shown))
    told = {"form": form, "kinds": [label for _, label in KINDS], "most": organ_tables.MOST}
    return settings_page(request, "organs_import.jinja", told, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def check(request: Request, token: str) -> HttpResponse:
    """What the table would do, line by line; on confirmation all of it."""
    try:
        kept = waiting(token, _PURPOSE, request.viewer.actor)
        if kept.done_at is not None:
            return settings_page(request, "organs_imported.jinja", {"kept": kept, "outcome": outcome_of(kept)})
        if request.method != "POST":
            told = {"kept": kept, "plan": organ_tables.Plan.of(kept.shown or []), "changed": ""}
            return settings_page(request, "organs_check.jinja", told)
        with purge_told(request):
            _carry_out(request, token)
    except SheetGone as error:
        raise Http404 from error
    except organ_tables.Otherwise as error:
        show_anew(kept, error.plan.written())
        told = {"kept": kept, "plan": error.plan, "changed": str(error)}
        return settings_page(request, "organs_check.jinja", told, status=409)
    return redirect("desk-organs-check", token)


@writing()
def _carry_out(request: Request, token: str) -> None:
    """Once: whoever confirms twice finds it done."""
    kept = waiting(token, _PURPOSE, request.viewer.actor)
    if kept.done_at is None:
        doing = doing_of(request)
        done = organ_tables.carry_out(_read(bytes(kept.content)), request.POST.get("mark", ""), doing)
        finish(kept, {"counts": done.counts}, doing)


def _read(content: bytes) -> Table:
    return read_table(content, organ_tables.COLUMNS, organ_tables.MOST)
