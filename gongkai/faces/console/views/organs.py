"""The organs of this government: the tree, one organ, adding, renaming, abolishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.agencies import events
from gongkai.core.agencies.arranging import (
    LENGTHS,
    OrganData,
    UnfitOrgan,
    abolish_organ,
    add_organ,
    change_organ,
    organ_data,
    reinstate_organ,
    rename_organ,
)
from gongkai.core.agencies.queries import KINDS, OrganPage, abolished, organ_page, standing
from gongkai.core.ledger.append import Overtaken
from gongkai.core.ledger.queries import length_of
from gongkai.core.staff.queries import Asked, people
from gongkai.faces.console.conflicts import SeenForm, anew
from gongkai.faces.console.days import DayField
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.views.people import organ_choices
from gongkai.faces.console.views.settings import settings_page


class OrganForm(SeenForm):
    """An organ as it is to stand."""

    name = forms.CharField(label="名称", max_length=100, error_messages={"required": "请填写机构名称。"})
    short_name = forms.CharField(label="简称", max_length=60, required=False)
    kind = forms.ChoiceField(label="类型", choices=KINDS)
    parent = forms.ChoiceField(label="上级", required=False)
    document_prefixes = forms.CharField(
        label="发文代字",
        required=False,
        max_length=400,
        help_text="如“青政发、青政办发”，几个用顿号隔开。导入文件时据此认出发文机关。",
    )
    telephone = forms.CharField(label="电话", required=False, max_length=60)
    fax = forms.CharField(label="传真", required=False, max_length=60)
    address = forms.CharField(label="地址", required=False, max_length=200)
    hours = forms.CharField(label="办公时间", required=False, max_length=200)
    duties = forms.CharField(label="职责", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    order = forms.IntegerField(
        label="次序", required=False, min_value=0, max_value=100_000, help_text="同一上级下面，数小的在前。不填就排在最后。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.ChoiceField = self.fields["parent"]  # type: ignore[assignment]
        chosen.choices = organ_choices("没有上级（本级人民政府）")

    def organ(self) -> OrganData:
        """What was said; call it on a valid form."""
        said = {name: self.cleaned_data[name] for name in (*LENGTHS, "kind", "parent", "order")}
        prefixes = self.cleaned_data["document_prefixes"].replace("，", "、").replace(" ", "、").split("、")
        return OrganData(document_prefixes=tuple(p for p in prefixes if p), **said)


class AddForm(OrganForm):
    """A new organ."""

    code = forms.CharField(
        label="代码",
        max_length=32,
        help_text="统一社会信用代码；内设机构和村在上级代码后加 -01、-02。以后不能改。",
        error_messages={"required": "请填写代码。"},
    )
    since = DayField(label="从哪一天起用这个名称", required=False, help_text="不清楚的可以不填。")
    field_order = ("code", "name", "short_name", "since")


class RenameForm(SeenForm):
    """Another name from a day on."""

    name = forms.CharField(label="新名称", max_length=100, error_messages={"required": "请填写新名称。"})
    short_name = forms.CharField(label="新简称", max_length=60, required=False)
    on = DayField(label="从哪一天起", help_text="如 2024-03-01。以前的文件仍按当时的名称显示。")


class AbolishForm(SeenForm):
    """No more from a day on."""

    on = DayField(label="从哪一天起撤销", help_text="如 2024-03-01。")
    successor = forms.ChoiceField(
        label="由哪个机构接替", required=False, help_text="并入别的机构的，选那个机构；公众会被引到它的页面。"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: forms.ChoiceField = self.fields["successor"]  # type: ignore[assignment]
        chosen.choices = organ_choices("没有接替的机构")


@require_safe
@desk("settings.change")
def organs(request: Request) -> HttpResponse:
    """The tree, and what has been abolished."""
    words = request.GET.get("words", "").strip()[:60]
    rows = [row for row in standing(timezone.localdate()) if words in row.name or words in row.code]
    told = {"rows": rows, "words": words, "gone": [row for row in abolished(timezone.localdate()) if words in row.name]}
    return settings_page(request, "organs_desk.jinja", told)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def add(request: Request) -> HttpResponse:
    """A new organ."""
    form = AddForm(request.POST or None, initial={"seen": 0, "parent": request.GET.get("parent", ""), "kind": "department"})
    if form.is_bound and form.is_valid():
        try:
            with purge_told(request):
                add_organ(form.cleaned_data["code"], form.organ(), doing_of(request), form.cleaned_data["since"])
        except UnfitOrgan as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"已添加：{form.cleaned_data['name']}")
            return redirect("desk-organ", form.cleaned_data["code"].strip())
    return settings_page(request, "organ_form.jinja", {"form": form, "shown": None}, status=400 if form.is_bound else 200)


@require_safe
@desk("settings.change")
def organ(request: Request, code: str) -> HttpResponse:
    """One organ with its names over time."""
    found = _known(code)
    here = people(Asked(agency=code, active=True), size=1)[1]
    return settings_page(request, "organ_desk.jinja", {"shown": found, "people": here})


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def edit(request: Request, code: str) -> HttpResponse:
    """How an organ stands."""
    found, data = _known(code), organ_data(code)
    told = {name: getattr(data, name) for name in (*LENGTHS, "kind", "parent", "order")}
    told["document_prefixes"] = "、".join(data.document_prefixes)

    def do(form: Any) -> None:
        change_organ(code, form.organ(), doing_of(request), form.cleaned_data["seen"])

    def done(form: Any) -> str:
        return f"{form.cleaned_data['name']}的资料已保存。"

    return _changing(request, found, OrganForm, told, do=do, told=done, template="organ_form.jinja")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def rename(request: Request, code: str) -> HttpResponse:
    """Another name."""

    def do(form: Any) -> None:
        said = form.cleaned_data
        told = {"on": said["on"], "short_name": said["short_name"], "expected": said["seen"]}
        rename_organ(code, said["name"], doing_of(request), **told)

    def done(form: Any) -> str:
        return f"已更名为{form.cleaned_data['name']}。"

    return _changing(request, _known(code), RenameForm, {}, do=do, told=done, template="organ_rename.jinja")


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def abolish(request: Request, code: str) -> HttpResponse:
    """Abolish or merge."""
    found = _known(code)

    def do(form: Any) -> None:
        said = form.cleaned_data
        abolish_organ(code, said["on"], said["successor"], doing_of(request), said["seen"])

    def done(form: Any) -> str:
        del form
        return f"{found.name}已撤销。"

    return _changing(request, found, AbolishForm, {}, do=do, told=done, template="organ_abolish.jinja")


@require_POST
@desk("settings.change")
def reinstate(request: Request, code: str) -> HttpResponse:
    """It was abolished by mistake."""
    found = _known(code)
    try:
        with purge_told(request):
            reinstate_organ(code, doing_of(request))
    except UnfitOrgan as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found.name}已恢复。")
    return redirect("desk-organ", code)


def _changing(
    request: Request,
    found: OrganPage,
    kind: type[SeenForm],
    standing_now: dict[str, Any],
    *,
    do: Callable[[Any], object],
    told: Callable[[Any], str],
    template: str,
) -> HttpResponse:
    """A form over an organ: drawn, checked, carried out; whoever comes second sees both."""
    code = found.agency.code
    seen = length_of(events.AGENCY, code)
    form: forms.Form = kind(request.POST or None, initial={**standing_now, "seen": seen})
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with purge_told(request):
                do(form)
        except UnfitOrgan as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except Overtaken:
            form, status = anew(kind, request.POST, standing_now, seen), 409
        else:
            messages.success(request, told(form))
            return redirect("desk-organ", code)
    return settings_page(request, template, {"form": form, "shown": found}, status=status)


def _known(code: str) -> OrganPage:
    found = organ_page(code, timezone.localdate())
    if found is None:
        raise Http404
    return found
