"""What editors say of words: synonyms, best bets, stop words, blocked words; their history; files of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.finding.asking.here import titles_at
from gongkai.core.finding.curating import queries
from gongkai.core.finding.curating.actions import Brought, bring, last_change, put, remove, would_bring
from gongkai.core.finding.curating.entries import LABELS, Kind, UnfitEntry
from gongkai.core.finding.curating.files import read, written
from gongkai.core.ledger.append import Overtaken
from gongkai.core.sheets.actions import SheetGone, finish, keep, outcome_of, waiting
from gongkai.core.writing import writing
from gongkai.faces.console.conflicts import anew
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.forms.search import KINDS, EntryForm, WordsFileForm, said_of
from gongkai.faces.console.views.search_reports import page_number, search_page
from gongkai.ui.pages import pagination

_SIZE = 50
_PURPOSE = "search-words"
_LARGEST = 1 << 31


@require_safe
@desk("search.curate")
def words(request: Request) -> HttpResponse:
    """The entries, the newest first."""
    kind, typed = request.GET.get("kind", ""), request.GET.get("q", "")[:60]
    kind = kind if kind in LABELS else ""
    number = page_number(request)
    rows, total = queries.rows(kind, typed, start=(number - 1) * _SIZE, size=_SIZE)
    best = titles_at([row.entry.target for row in rows if row.entry.kind in (Kind.BEST, Kind.REFUSED)])

    def address(page: int) -> str:
        told = {"kind": kind, "q": typed, "page": page if page > 1 else ""}
        return f"{reverse('desk-search-words')}?{urlencode({k: v for k, v in told.items() if v})}"

    told = {"rows": rows, "total": total, "kind": kind, "typed": typed, "labels": LABELS, "best": best}
    return search_page(request, "search_words.jinja", {**told, "pages": pagination(number, -(-total // _SIZE), address)})


@require_safe
@desk("search.curate")
def history(request: Request) -> HttpResponse:
    """Who changed which entries, and when."""
    return search_page(request, "search_history.jinja", {"changes": queries.history()})


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate")
def add(request: Request) -> HttpResponse:
    """A new entry; the address may say what it begins with."""
    told = {name: request.GET.get(name, "")[:200] for name in ("kind", "said", "target")}
    initial = {**told, "kind": told["kind"] if told["kind"] in dict(KINDS) else Kind.SYNONYM, "seen": 0}
    form = EntryForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid() and _put(request, form):
        messages.success(request, f"{LABELS[Kind(form.cleaned_data['kind'])]}“{form.cleaned_data['said']}”已保存，马上生效。")
        return redirect("desk-search-words")
    return search_page(request, "search_word_form.jinja", {"form": form, "row": None}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate")
def edit(request: Request, number: int) -> HttpResponse:
    """An entry as it stands."""
    row = queries.row(number) if number < _LARGEST else None
    if row is None or row.entry.kind is Kind.REFUSED:
        raise Http404
    standing = said_of(row.entry)
    initial = {**standing, "seen": row.sequence}
    form: Any = EntryForm(request.POST or None, initial=initial)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            if _put(request, form, number):
                messages.success(request, f"“{form.cleaned_data['said']}”已保存，马上生效。")
                return redirect("desk-search-words")
        except Overtaken:
            now = queries.row(number)
            if now is None:
                raise Http404 from None
            form, status = anew(EntryForm, request.POST, said_of(now.entry), now.sequence), 409
    return search_page(request, "search_word_form.jinja", {"form": form, "row": row}, status=status)


def _put(request: Request, form: EntryForm, number: int | None = None) -> bool:
    """Save what was typed; what is wrong with it is told on the form. Raises Overtaken."""
    entry = form.entry()
    if entry.kind is Kind.BEST and entry.target.startswith("/") and titles_at([entry.target]) == {}:
        form.add_error("target", f"网站上现在查不到 {entry.target[:60]} 这个页面，不能推荐。请打开要推荐的页面，复制它的网址。")
        return False
    try:
        with purge_told(request):
            put(entry, doing_of(request), instead_of=number, seen=form.cleaned_data["seen"])
    except UnfitEntry as error:
        for problem in error.problems:
            form.add_error(None, problem)
        return False
    return True


@require_POST
@desk("search.curate")
def take_out(request: Request, number: int) -> HttpResponse:
    """An entry goes; the history keeps it."""
    gone = None
    with purge_told(request):
        gone = remove(number, doing_of(request)) if number < _LARGEST else None
    if gone is None:
        raise Http404
    messages.success(request, f"{LABELS[gone.kind]}“{gone.told}”已删去，马上生效。")
    return redirect("desk-search-words")


@require_safe
@desk("search.curate")
def export(request: Request) -> HttpResponse:
    """All entries as a file."""
    del request
    answer = HttpResponse(written(queries.all_entries()), content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="search-words-{timezone.localdate():%Y%m%d}.yaml"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate", megabytes=3)
def upload(request: Request) -> HttpResponse:
    """Choose a file; nothing is done with it yet."""
    form = WordsFileForm(request.POST, request.FILES) if request.method == "POST" else WordsFileForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        content, only = file.read(), form.cleaned_data["only"]
        try:
            would_bring(read(content), only=only)
        except UnfitEntry as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            return redirect("desk-search-words-check", keep(_PURPOSE, file.name, content, doing_of(request), {"only": only}))
    return search_page(request, "search_words_import.jinja", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("search.curate")
def check(request: Request, token: str) -> HttpResponse:
    """What the file would change; on confirmation all of it."""
    try:
        kept = waiting(token, _PURPOSE, request.viewer.actor)
    except SheetGone as error:
        raise Http404 from error
    if kept.done_at is not None:
        return search_page(request, "search_words_check.jinja", {"kept": kept, "outcome": outcome_of(kept)})
    content, only, trouble = bytes(kept.content), bool((kept.shown or {}).get("only")), ""
    try:
        if request.method == "POST":
            with purge_told(request):
                _carry_out(request, token, only=only)
            return redirect("desk-search-words-check", token)
    except Overtaken:
        trouble = "这期间有人改过检索词，会发生的事可能和刚才看到的不一样。还没有导入，请再核对一遍。"
    except UnfitEntry as error:
        trouble = str(error)
    try:
        plan = would_bring(read(content), only=only)
    except UnfitEntry as error:
        plan, trouble = Brought([], [], [], 0), str(error)
    told = {"kept": kept, "plan": plan, "mark": last_change(), "trouble": trouble, "labels": LABELS, "outcome": None}
    return search_page(request, "search_words_check.jinja", told, status=409 if trouble else 200)


@writing()
def _carry_out(request: Request, token: str, *, only: bool) -> None:
    """Once: whoever confirms twice finds it done. Raises UnfitEntry, Overtaken."""
    kept = waiting(token, _PURPOSE, request.viewer.actor)
    if kept.done_at is None:
        typed, doing = request.POST.get("mark", ""), doing_of(request)
        mark = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1
        brought = bring(read(bytes(kept.content)), doing, only=only, mark=mark)
        counts = [len(brought.added), len(brought.changed), len(brought.removed), brought.unchanged]
        finish(kept, dict(zip(("添加", "修改", "删去", "不变"), counts, strict=True)), doing)
