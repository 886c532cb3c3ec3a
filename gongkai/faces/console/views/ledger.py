"""The ledger, read by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.domains.monitor.queries.journal.asking import Asked
from gongkai.domains.monitor.queries.journal.reading import STREAMS, Journal, actors, journal, organs
from gongkai.faces.console.days import DayField
from gongkai.faces.console.desk import Request, desk
from gongkai.faces.console.shown import page
from gongkai.ui.sheets import XLSX, Value, sheet

_MOST = 5_000  # entries in one XLSX
_MACHINES = (("command", "命令行"), ("nightly", "每日例行"))
_LARGEST = 1 << 62


class LedgerForm(forms.Form):
    """Which part of the ledger."""

    filters = True
    agency = forms.ChoiceField(label="机构", required=False)
    actor = forms.ChoiceField(label="办理人", required=False)
    stream = forms.ChoiceField(label="哪一类", required=False, choices=[("", "全部"), *STREAMS.items()])
    record = forms.CharField(label="编号", required=False, max_length=64)
    since = DayField(label="从哪一天", required=False)
    until = DayField(label="到哪一天", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, str], request: Request) -> None:
        super().__init__(data)
        for name, rows in (("agency", organs(request.viewer)), ("actor", [*actors(request.viewer), *_MACHINES])):
            chosen: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            chosen.choices = [("", "全部"), *rows]

    def asked(self) -> Asked:
        """What was asked for; call it on a valid form."""
        return Asked(**{**self.cleaned_data, "before": self.cleaned_data["before"]})


@require_safe
@desk("ledger.read")
def ledger(request: Request) -> HttpResponse:
    """A page of the ledger, newest first."""
    form = LedgerForm(request.GET, request)
    if not form.is_valid():
        return page(request, "ledger.jinja", {"form": form, "found": Journal([], None), "older": "", "sheet": ""}, status=400)
    asked = form.asked()
    found = journal(asked, request.viewer)
    older = _address("desk-ledger", replace(asked, before=found.older)) if found.older else ""
    told = {"form": form, "found": found, "older": older, "sheet": _address("desk-ledger-sheet", replace(asked, before=None))}
    return page(request, "ledger.jinja", told)


@require_safe
@desk("ledger.read")
def ledger_sheet(request: Request) -> HttpResponse:
    """The same as an XLSX file."""
    form = LedgerForm(request.GET, request)
    if not form.is_valid():
        return page(request, "ledger.jinja", {"form": form, "found": Journal([], None), "older": "", "sheet": ""}, status=400)
    found = journal(form.asked(), request.viewer, _MOST)
    if found.older is not None:
        form.add_error(None, f"符合条件的超过 {_MOST} 条，一张表放不下。请缩小日期范围，分几次导出。")
        return page(request, "ledger.jinja", {"form": form, "found": Journal([], None), "older": "", "sheet": ""}, status=400)
    response = HttpResponse(_sheet(found), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="ledger-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


def _sheet(found: Journal) -> bytes:
    headings = [("序号", 10), ("时间", 20), ("办理人", 14), ("类别", 10), ("编号", 10), ("名称", 50), ("事项", 14)]
    headings += [("改动", 16), ("改动前", 40), ("改动后", 40), ("摘要（SM3）", 20)]
    rows: Iterator[list[Value]] = (
        [entry.number, entry.at, entry.who, entry.stream, entry.record, entry.name, entry.kind, *line, entry.hash]
        for entry in found.entries
        for line in ([(c.label, c.before, c.after) for c in entry.lines] or [("", "", "")])
    )
    return sheet("台账", headings, rows)


def _address(name: str, asked: Asked) -> str:
    told = {field: _written(getattr(asked, field)) for field in Asked.__slots__}
    query = urlencode({field: value for field, value in told.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _written(value: str | int | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
