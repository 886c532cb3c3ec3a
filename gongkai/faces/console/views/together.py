"""Several documents at once: look what can be done, do it, see what became of each, take it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.doing import Doing
from gongkai.core.freshness.purging import PurgeFailed
from gongkai.core.freshness.touching import purged_together
from gongkai.core.ledger.append import Overtaken
from gongkai.domains.library.actions.correcting import add_theme, confirm
from gongkai.domains.library.actions.editing import reinstate
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.publishing import publish_seen, restore, withdraw
from gongkai.domains.library.actions.undoing import question_again, unpublish
from gongkai.domains.library.queries.acts import Act, act_of
from gongkai.domains.library.queries.editing import themes_to_choose
from gongkai.domains.library.queries.sheet import Picked, picked
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.forms.acts import PublishForm
from gongkai.faces.console.forms.together import MOST, TOGETHER, form_for, numbers_in
from gongkai.faces.console.shown import page

RESULT = "together"  # where the session keeps what became of the last documents
_UNDONE = "撤销刚才的成批办理"
_SAID = {"confirm": "已确认", "publish": "已发布", "withdraw": "已撤下", "theme": "已加入"}
_ACT_OF = {"confirm": "confirm", "publish": "publish", "withdraw": "withdraw", "theme": "edit"}


@require_POST
@desk("documents.see")
def check(request: Request) -> HttpResponse:
    """Which of the picked documents it can be done with, and what is asked before."""
    return _checked(request, None)


@require_POST
@desk("documents.see")
def do(request: Request) -> HttpResponse:
    """Do it, document by document; one that cannot be done keeps no other from being done."""
    return _checked(request, request.POST)


@require_safe
@desk("documents.see")
def result(request: Request) -> HttpResponse:
    """What became of each."""
    found = request.session.get(RESULT)
    if not found:
        return redirect("desk-documents")
    undo = any(row["ok"] for row in found["rows"]) and not found["undone"]
    return page(request, "together_result.jinja", {"label": TOGETHER[found["act"]], "found": found, "undo": undo})


@require_POST
@desk("documents.see")
def undo(request: Request) -> HttpResponse:
    """Take back what was done last, where nothing has happened since."""
    found = request.session.get(RESULT)
    if not found or found["undone"]:
        messages.error(request, "没有可以撤销的成批办理，或者已经撤销过。")
        return redirect("desk-documents")
    act, doing = found["act"], doing_of(request)
    before = {row["number"]: row["before"] for row in found["rows"] if row["ok"]}
    documents = picked(list(before), request.viewer)

    def back(doc: Picked) -> Any:
        return _BACK[act](doc, before[doc.document.pk], doing)

    rows = _each(request, documents, act, back, "已撤销", undoing=True)
    request.session[RESULT] = {"act": act, "rows": rows, "undone": True}
    return redirect("desk-together-done")


def _checked(request: Request, posted: QueryDict | None) -> HttpResponse:
    numbers, act = numbers_in(request.POST), request.POST.get("act", "")
    if act not in TOGETHER or not numbers:
        messages.error(request, "请先选中文件，再选要办的事。")
        return redirect("desk-documents")
    if len(numbers) > MOST:
        messages.error(request, f"一次最多办 {MOST} 份，请分几次办。")
        return redirect("desk-documents")
    documents = picked(numbers, request.viewer)
    rows = [(doc, act_of(_ACT_OF[act], doc.document, request.viewer)) for doc in documents]
    able = [(doc, may) for doc, may in rows if may.open]
    own = act == "publish" and any(may.why for _, may in able)
    form = form_for(act, posted, own=own, themes=themes_to_choose())
    if posted is not None and able and form.is_valid():
        seen = dict(pair.split(":", 1) for pair in posted.getlist("seen") if ":" in pair)
        return _done(request, act, [doc for doc, _ in able], form, seen)
    told = {"label": TOGETHER[act], "code": act, "form": form, "rows": rows, "able": len(able)}
    return page(request, "together.jinja", told, status=400 if form.errors else 200)


def _done(request: Request, act: str, able: list[Picked], form: forms.Form, seen: Mapping[str, str]) -> HttpResponse:
    doing = doing_of(request)

    def go(doc: Picked) -> Any:
        if seen.get(str(doc.document.pk)) != doc.digest:
            raise Refused("您核对之后它又有改动，没有办理。")
        return _DO[act](doc, form, doing)

    rows = _each(request, able, act, go, _SAID[act])
    request.session[RESULT] = {"act": act, "rows": rows, "undone": False}
    return redirect("desk-together-done")


def _each(
    request: Request, documents: Iterable[Picked], act: str, go: Callable[[Picked], Any], said: str, *, undoing: bool = False
) -> list[dict[str, Any]]:
    """What became of each document, for the page that tells it. `before` is the revision that was current."""
    rows = []
    try:
        with purged_together():
            for doc in documents:
                may: Act = act_of(_ACT_OF[act], doc.document, request.viewer)
                told = {"number": doc.document.pk, "title": doc.title, "before": doc.revision}
                if not may.allowed or not (undoing or may.open):
                    rows.append(told | {"ok": False, "said": may.why})
                    continue
                try:
                    go(doc)
                except (Refused, Overtaken) as error:
                    rows.append(told | {"ok": False, "said": str(error)})
                else:
                    rows.append(told | {"ok": True, "said": said})
    except PurgeFailed as error:
        messages.warning(request, str(error))
    return rows


def _publish(doc: Picked, form: forms.Form, doing: Doing) -> None:
    if not isinstance(form, PublishForm):
        raise TypeError(type(form))
    why = str(form.cleaned_data.get("own_work_because", ""))
    publish_seen(doc.document.pk, doc.digest, form.given(), doing, own_work_because=why)


_DO: Mapping[str, Callable[[Picked, forms.Form, Doing], Any]] = {
    "confirm": lambda doc, _, doing: confirm(doc.document.pk, doing),
    "publish": _publish,
    "withdraw": lambda doc, form, doing: withdraw(doc.document.pk, form.cleaned_data["reason"], doing),
    "theme": lambda doc, form, doing: add_theme(doc.document.pk, form.cleaned_data["theme"], doing),
}
_BACK: Mapping[str, Callable[[Picked, int, Doing], Any]] = {
    "confirm": lambda doc, _, doing: question_again(doc.document.pk, doing),
    "publish": lambda doc, _, doing: unpublish(doc.document.pk, _UNDONE, doing),
    "withdraw": lambda doc, _, doing: restore(doc.document.pk, _UNDONE, doing),
    "theme": lambda doc, before, doing: reinstate(doc.document.pk, before, _UNDONE, doing, before + 1),
}
