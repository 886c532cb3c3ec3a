"""The editor of a document: a form, its draft, and what happens when two people edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.core.ledger.append import Overtaken
from gongkai.domains.library.actions.drafting import discard_draft, keep_draft
from gongkai.domains.library.actions.editing import Edit, edit
from gongkai.domains.library.actions.errors import MovedOn, Refused, UnfitValue
from gongkai.domains.library.queries import editing
from gongkai.domains.library.queries.acts import act_of
from gongkai.domains.library.queries.sheet import Picked, picked
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import done
from gongkai.faces.console.forms.edit import HTML, LINES, PaperForm, initial_of, organ, typed_in
from gongkai.faces.console.shown import page
from gongkai.faces.console.views.refused import closed

MEGABYTES = 8
_LARGEST = 1 << 62


@require_http_methods(["GET", "HEAD", "POST"])
@desk("documents.see", megabytes=MEGABYTES)
def editor(request: Request, number: int) -> HttpResponse:
    """The form with what stands, or with what the person was typing; saving makes a new revision."""
    paper = _found(request, number)
    act = act_of("edit", paper.document, request.viewer)
    if not act.allowed:
        return closed(request, f"{act.why}您的草稿还在，权限恢复后可以接着写。")
    if request.method != "POST":
        return _opened(request, paper)
    form = PaperForm(request.POST, {}, editing.themes_to_choose())
    if not form.is_valid():
        _keep(request, paper)
        return _shown(request, paper, form, status=400)
    return _saved(request, paper, form)


@require_POST
@desk("documents.see", megabytes=MEGABYTES)
def draft(request: Request, number: int) -> HttpResponse:
    """Keep what the person is typing, or throw it away; says when it was kept, and whether somebody else has saved meanwhile."""
    paper = _found(request, number)
    act = act_of("edit", paper.document, request.viewer)
    if "discard" in request.POST:
        discard_draft(number, request.viewer)
        messages.success(request, "草稿已丢弃。")
        return redirect("desk-edit", number) if act.allowed else redirect("desk-document", number)
    if not act.allowed:
        return JsonResponse({"why": act.why}, status=403)
    base = _keep(request, paper)
    if base is None:
        return JsonResponse({"why": "表单不完整，草稿没有保存。"}, status=400)
    moved = editing.who_made(paper.document, paper.revision) if base != paper.revision else None
    told = f"{moved.who}已在 {timezone.localtime(moved.at):%H:%M} 保存了第 {paper.revision} 版" if moved else ""
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}", "moved": told})


@require_POST
@desk("documents.see", megabytes=MEGABYTES)
def merge(request: Request, number: int) -> HttpResponse:
    """Of two people's edits, field by field the one that was chosen; back in the form, nothing is saved yet."""
    paper = _found(request, number)
    act = act_of("edit", paper.document, request.viewer)
    if not act.allowed:
        return closed(request, act.why)
    form = PaperForm(request.POST, {}, editing.themes_to_choose())
    start = editing.start_of(paper.document)
    if not form.is_valid() or start is None:
        return _shown(request, paper, form, status=400)
    mine = form.written()
    taken = {name for name in start.fields if request.POST.get(f"take_{name}") == "theirs"}
    fields = {name: theirs if name in taken else mine[name] for name, theirs in start.fields.items()}
    text, text_form = str(form.cleaned_data["text"]), str(form.cleaned_data["text_form"])
    if request.POST.get("take_text") == "theirs":
        text, text_form = start.html, HTML
    initial = initial_of(fields, start.revision, text, text_form) | {"reason": form.cleaned_data["reason"]}
    kept = {name: value for name, value in initial.items() if name != "base"}
    keep_draft(number, request.viewer, start.revision, kept, doing_of(request))
    messages.success(request, f"已按您的选择合并到第 {start.revision} 版之上，还没有保存。请看一遍，再保存。")
    return redirect("desk-edit", number)


def _found(request: Request, number: int) -> Picked:
    found = picked([number], request.viewer) if number < _LARGEST else []
    if not found:
        raise Http404
    return found[0]


def _opened(request: Request, paper: Picked) -> HttpResponse:
    start, kept = editing.start_of(paper.document), editing.draft_of(paper.document, request.viewer)
    if start is None:
        raise Http404
    fresh = initial_of(start.fields, start.revision, start.lines, LINES)
    initial = {**kept.typed, "base": kept.base} if kept is not None else fresh
    form = PaperForm(None, initial, editing.themes_to_choose())
    return _shown(request, paper, form, kept=kept)


def _keep(request: Request, paper: Picked) -> int | None:
    """Keep what was sent as the person's draft; the revision it began from, None where the form does not say."""
    typed = request.POST.get("base", "")
    base = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
    if not 0 < base <= paper.revision:
        return None
    keep_draft(paper.document.pk, request.viewer, base, typed_in(request.POST), doing_of(request))
    return base


def _saved(request: Request, paper: Picked, form: PaperForm) -> HttpResponse:
    number, said = paper.document.pk, form.cleaned_data
    wanted = Edit(form.written(), form.text_written(), said["reason"], said["base"])
    try:
        done(request, lambda: edit(number, wanted, doing_of(request)), "已保存为新的一版。")
    except MovedOn:
        _keep(request, paper)
        return _clashed(request, paper, form, wanted)
    except UnfitValue as error:
        form.add_error(_field(error.field, form), str(error))
    except (Refused, Overtaken) as error:
        form.add_error(None, str(error))
    else:
        discard_draft(number, request.viewer)
        return redirect(f"{reverse('desk-document', args=[number])}?saved=1")
    _keep(request, paper)
    return _shown(request, paper, form, status=400)


def _field(name: str, form: PaperForm) -> str | None:
    if name == "organs":
        return organ(0)
    return name if name in form.fields else None


def _clashed(request: Request, paper: Picked, form: PaperForm, wanted: Edit) -> HttpResponse:
    """409: somebody else saved while this person was editing; both are shown, nothing is lost."""
    again = _found(request, paper.document.pk)
    found = editing.clash(again.document, wanted.base or 0, wanted.fields, list(wanted.text or ()))
    if found is None:
        form.add_error(None, "表单说的那一版不存在，请重新打开编辑页。")
        return _shown(request, again, form, status=400)
    sent = [(name, value) for name, value in _pairs(typed_in(request.POST)) if name != "base"]
    told = {"doc": again, "found": found, "sent": [*sent, ("base", str(wanted.base))]}
    return page(request, "clash.jinja", told, status=409)


def _pairs(typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(n, str(v)) for n, value in typed.items() for v in (value if isinstance(value, list) else [value])]


def _shown(
    request: Request, paper: Picked, form: PaperForm, *, kept: editing.DraftKept | None = None, status: int = 200
) -> HttpResponse:
    base = str(form["base"].value() or "")
    number = int(base) if base.isdecimal() and len(base) < 9 else paper.revision
    is_html = form["text_form"].value() == HTML
    html, lines = editing.text_shown(paper.document, number, str(form["text"].value() or ""), is_html=is_html)
    moved = editing.who_made(paper.document, paper.revision) if number != paper.revision else None
    told = {
        "doc": paper,
        "form": form,
        "kept": kept,
        "html": html,
        "lines": lines,
        "moved": moved,
        "organs": editing.organ_names(),
        "organ_fields": form.organ_names(),
    }
    return page(request, "edit.jinja", told, status=status)
