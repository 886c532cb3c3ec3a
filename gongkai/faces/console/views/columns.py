"""The columns of the disclosure platform: which there are, what each takes, in which order."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.ledger.append import Overtaken, Stream
from gongkai.core.ledger.queries import length_of
from gongkai.core.writing import writing
from gongkai.domains.catalogue.actions.columns import STEP, Draft, arrange
from gongkai.domains.catalogue.actions.errors import UnfitColumnFile
from gongkai.domains.catalogue.events import ENTRIES, STREAM, ColumnData
from gongkai.domains.catalogue.queries.called import names_of_codes
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.domains.catalogue.queries.papers import counts_in
from gongkai.faces.console.column_form import ColumnForm, form_for, said_of, summary
from gongkai.faces.console.conflicts import anew
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.views.settings import settings_page

_LINE = re.compile(r"第 \d+ 行：")


@require_safe
@desk("columns.arrange")
def columns_list(request: Request) -> HttpResponse:
    """All columns under their entries, with what each takes."""
    found = columns()
    counts = counts_in([slug for slug, data in found.items() if data["selection"]])
    names = names_of_codes()
    rows = [(data, summary(data, names), counts.get(slug)) for slug, data in found.items()]
    entries = [(label, [row for row in rows if row[0]["entry"] == entry]) for entry, label in ENTRIES.items()]
    return settings_page(request, "columns_desk.jinja", {"entries": entries})


@require_http_methods(["GET", "HEAD", "POST"])
@desk("columns.arrange")
def add(request: Request) -> HttpResponse:
    """A new column."""
    return _changing(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("columns.arrange")
def edit(request: Request, slug: str) -> HttpResponse:
    """A column as it stands."""
    return _changing(request, _known(slug))


@require_POST
@desk("columns.arrange")
def move(request: Request, slug: str) -> HttpResponse:
    """One place up or down among the columns of the same entry."""
    here = _known(slug)
    row = [data for data in columns().values() if data["entry"] == here["entry"]]
    at = row.index(here)
    other = at - 1 if request.POST.get("way") == "up" else at + 1
    if 0 <= other < len(row):
        row[at], row[other] = row[other], row[at]
        places = sorted(data["order"] for data in row)
        if len(set(places)) < len(places):  # some share a place: number them anew
            places = [STEP * (number + 1) for number in range(len(row))]
        drafts = [Draft({**data, "order": place}, placed=True) for data, place in zip(row, places, strict=True)]
        with purge_told(request):
            arrange(drafts, doing_of(request))
    return redirect("desk-columns")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("columns.arrange")
def remove(request: Request, slug: str) -> HttpResponse:
    """A column goes; the papers in it stay."""
    data = _known(slug)
    if request.method != "POST":
        return settings_page(request, "column_remove.jinja", {"column": data})
    with purge_told(request):
        arrange([Draft(d, placed=True) for s, d in columns().items() if s != slug], doing_of(request), only=True)
    messages.success(request, f"栏目“{data['name']}”已删去，文件都还在。")
    return redirect("desk-columns")


def _changing(request: Request, standing: ColumnData | None) -> HttpResponse:
    seen = length_of(STREAM, standing["slug"]) if standing else 0
    form: forms.Form = form_for(request.POST or None, standing, seen)
    status = 400 if form.is_bound else 200
    if isinstance(form, ColumnForm) and form.is_bound and form.is_valid():
        try:
            with purge_told(request):
                _save(request, form, standing)
        except UnfitColumnFile as error:
            for problem in error.problems:
                form.add_error(None, _LINE.sub("", problem))
        except Overtaken:
            told = said_of(standing) if standing else {}
            form, status = anew(lambda data: form_for(data, standing, seen), request.POST, told, seen), 409
        else:
            messages.success(request, f"栏目“{form.cleaned_data['name']}”已保存。")
            return redirect("desk-columns")
    return settings_page(request, "column_form.jinja", {"form": form, "column": standing}, status=status)


@writing()
def _save(request: Request, form: ColumnForm, standing: ColumnData | None) -> None:
    """Raises UnfitColumnFile, Overtaken where somebody else has changed the column since the form was drawn."""
    slug = form.cleaned_data["slug"]
    if standing is None and slug in columns():
        raise UnfitColumnFile([f"已经有栏目用“{slug}”，请换一个网址里的名字。"])
    if standing is not None and length_of(STREAM, slug) != form.cleaned_data["seen"]:
        raise Overtaken(Stream(STREAM, slug))
    arrange([form.draft(standing)], doing_of(request))


def _known(slug: str) -> ColumnData:
    found = columns().get(slug)
    if found is None:
        raise Http404
    return found
