"""People from a table: a template, a look at what would happen, then all of it at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.sheets.actions import SheetGone, finish, keep, outcome_of, take_along, waiting
from gongkai.core.staff import bulk
from gongkai.core.staff.actions import UnfitPerson
from gongkai.core.staff.roles import ABOUT, LABELS
from gongkai.core.writing import writing
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.shown import page
from gongkai.text.tables import LARGEST, UnfitTable, read_table
from gongkai.ui.sheets import XLSX, sheet

_PURPOSE = "people"
MEGABYTES = 8  # of the whole form; the table itself may have five


class TableForm(forms.Form):
    """A table to upload."""

    file = forms.FileField(
        label="表格",
        help_text="XLSX 或 CSV，不超过 5 MB。",
        error_messages={"required": "还没有选择表格。", "empty": "文件是空的。"},
        max_length=200,
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Before anything is read of it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"文件有 {(file.size or 0) / 1048576:.0f} MB，最多 {LARGEST // 1048576} MB。")
        return file


def attached(content: bytes, name: str) -> HttpResponse:
    """An XLSX file to keep."""
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@desk("staff.manage")
def template(request: Request) -> HttpResponse:
    """An empty table to fill in, with two rows that show how."""
    del request
    headings = [("用户名*", 16), ("姓名", 12), ("机构", 28), ("角色", 28), ("邮箱", 26), ("电话", 16), ("状态", 8)]
    rows = [
        (
            "zhang.wei",
            "张伟（示例，请删去）",
            "机构全称、简称或代码",
            "编辑、政务公开专员",
            "zhang.wei@example.gov.cn",
            "0000-0000000",
            "在岗",
        ),
        ("li.na", "李娜（示例，请删去）", "只填要改的，空着就是不变", "", "", "", "离开"),
    ]
    return attached(sheet("人员", headings, rows), "people-template.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("staff.manage", megabytes=MEGABYTES)
def upload(request: Request) -> HttpResponse:
    """Choose a table; nothing is done with it yet."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            read_table(content, bulk.COLUMNS, bulk.MOST)
        except UnfitTable as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            return redirect("desk-people-check", keep(_PURPOSE, file.name, content, doing_of(request)))
    told = {"form": form, "roles": [(label, ABOUT[role]) for role, label in LABELS.items()], "most": bulk.MOST}
    return page(request, "people_import.jinja", told, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("staff.manage")
def check(request: Request, token: str) -> HttpResponse:
    """What the table would do, line by line; on confirmation all of it."""
    try:
        kept = waiting(token, _PURPOSE, request.viewer.actor)
    except SheetGone as error:
        raise Http404 from error
    if kept.done_at is not None:
        return page(request, "people_imported.jinja", {"kept": kept, "outcome": outcome_of(kept)})
    found = _planned(bytes(kept.content))
    if request.method != "POST":
        return page(request, "people_check.jinja", {"kept": kept, "plan": found, "changed": False})
    passwords = bulk.passwords_for(found)  # before the turn to write is taken: each costs a moment
    with writing():
        kept = waiting(token, _PURPOSE, request.viewer.actor)
        if kept.done_at is not None:
            return redirect("desk-people-check", token)
        found = _planned(bytes(kept.content))
        seen = request.POST.get("mark") == found.mark
        if not seen or found.problems or len(passwords) != found.counts.get(bulk.JOIN, 0):
            return page(request, "people_check.jinja", {"kept": kept, "plan": found, "changed": not seen}, status=409)
        try:
            handed = bulk.carry_out(found, doing_of(request), passwords)
        except UnfitPerson as error:
            return page(
                request, "people_check.jinja", {"kept": kept, "plan": found, "changed": True, "why": str(error)}, status=409
            )
        told = [[h.username, h.name, h.agency, h.password] for h in handed]
        finish(kept, {"counts": found.counts, "handed": told}, doing_of(request))
    return redirect("desk-people-check", token)


@require_POST
@desk("staff.manage")
def passwords(request: Request, token: str) -> HttpResponse:
    """The one-time passwords of those who joined, once."""
    try:
        outcome = take_along(token, _PURPOSE, request.viewer.actor)
    except SheetGone as error:
        raise Http404 from error
    headings = [("用户名", 20), ("姓名", 14), ("机构", 32), ("一次性密码", 20)]
    return attached(sheet("一次性密码", headings, outcome["handed"]), "one-time-passwords.xlsx")


def _planned(content: bytes) -> bulk.Plan:
    return bulk.plan(read_table(content, bulk.COLUMNS, bulk.MOST), timezone.localdate())
