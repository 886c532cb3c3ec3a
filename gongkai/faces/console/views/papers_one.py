"""One document: its page, and the acts that its officials may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.doing import Doing
from gongkai.core.ledger.append import Overtaken
from gongkai.domains.library.actions.correcting import confirm
from gongkai.domains.library.actions.editing import reinstate
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.publishing import publish_seen, replace, restore, withdraw
from gongkai.domains.library.actions.sealing import seal_revision, unseal_revision
from gongkai.domains.library.queries.acts import Act
from gongkai.domains.library.queries.sheet import Sheet, sheet
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import done
from gongkai.faces.console.forms.acts import PublishForm, ReasonForm, ReplaceForm, RevisionForm
from gongkai.faces.console.forms.together import NothingForm
from gongkai.faces.console.shown import page
from gongkai.faces.console.views.papers import LAST
from gongkai.faces.console.views.refused import closed

Done = Callable[[Sheet, Mapping[str, Any], Doing], Any]
_SAID = {
    "confirm": "已确认，待核对的问题已了结。",
    "publish": "已发布，公众现在可以看到。",
    "withdraw": "已撤下，公众看不到了。",
    "replace": "已撤下，公众打开时会被带到新文件。",
    "restore": "已恢复公开。",
    "reinstate": "已把旧版存为新的一版。",
    "seal": "已封存，公众看不到这一版了。",
    "unseal": "已解除封存，公众又可以在历次文本里看到这一版。",
}
_ABOUT = {
    "confirm": "您看过原件，认为读出的内容没有错。",
    "publish": "发布后，公众立即可以看到这一版。",
    "withdraw": "撤下后，公众打开它会看到“没有这个页面”，各处列表里也不再出现。以后可以恢复。",
    "replace": "撤下这份文件，公众打开它时会看到“本文件已由新文件替代”和链接。新文件须已经公开。",
    "restore": "恢复后，公众看到的是撤下以前的那一版。",
    "reinstate": "把旧版的内容存为新的一版；公众看到的不变，要另行发布。",
    "seal": "封存后，公众在“历次文本”里看不到这一版，也不能用它来对照；只含这一版文字的原件也不再提供下载。",
    "unseal": "解除封存后，公众又可以在“历次文本”里看到这一版。",
}
_OF_A_REVISION = ("reinstate", "seal", "unseal")
_FIRST = ("confirm", "publish")  # of these the first that is open is what the paper waits for
_GRAVE = ("withdraw", "replace", "seal")


@require_safe
@desk("documents.see")
def one(request: Request, number: int) -> HttpResponse:
    """What it is, what happened, what may be done now."""
    doc = _found(request, number)
    told = {
        "doc": doc,
        "primary": next((a.name for a in doc.acts if a.open and a.name in _FIRST), ""),
        "back": request.session.get(LAST, ""),
        "revisions": _OF_A_REVISION,
        "saved": "saved" in request.GET,
    }
    return page(request, "paper.jinja", told)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("documents.see")
def act_on(request: Request, number: int, code: str) -> HttpResponse:
    """Ask what has to be known before an act, then do it."""
    doc = _found(request, number)
    act = next((a for a in doc.acts if a.name == code and code in _SAID), None)
    if act is None:
        raise Http404
    if not act.allowed:
        return closed(request, act.why)
    posted = request.POST if request.method == "POST" else None
    form = _form(doc, act, posted, request.GET.get("revision", ""))
    if not act.open:  # perhaps somebody has done it already
        messages.error(request, f"没有办理“{act.label}”：{act.why}")
        return redirect("desk-document", number)
    if posted is None or not form.is_valid():
        return _asked(request, doc, act, form)
    seen = posted.get("seen", "")
    if seen != doc.digest:
        form.add_error(None, "您打开这一页之后，文件又有改动。下面已是现在的情形，请核对后再办理。")
        return _asked(request, doc, act, form)
    try:
        done(request, lambda: _DO[code](doc, form.cleaned_data | {"form": form}, doing_of(request)), _SAID[code])
    except (Refused, Overtaken) as error:
        form.add_error(None, str(error))
        return _asked(request, doc, act, form)
    return redirect("desk-document", number)


def _found(request: Request, number: int) -> Sheet:
    found = sheet(number, request.viewer, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _form(doc: Sheet, act: Act, posted: QueryDict | None, revision: str) -> forms.Form:
    if act.name == "confirm":
        return NothingForm(posted)
    if act.name == "publish":
        return PublishForm(posted, own=bool(act.why))
    if act.name == "replace":
        return ReplaceForm(posted)
    if act.name in _OF_A_REVISION:
        asked = int(revision) if revision.isdecimal() and len(revision) < 9 else None
        return RevisionForm(posted, initial={"revision": asked or doc.revision})
    return ReasonForm(posted)


def _asked(request: Request, doc: Sheet, act: Act, form: forms.Form) -> HttpResponse:
    revision = form["revision"].value() if "revision" in form.fields else None
    told = {
        "doc": doc,
        "act": act,
        "form": form,
        "about": _ABOUT[act.name],
        "grave": act.name in _GRAVE,
        "revision": revision,
    }
    return page(request, "paper_act.jinja", told, status=400 if form.errors else 200)


def _publish(doc: Sheet, said: Mapping[str, Any], doing: Doing) -> None:
    form: PublishForm = said["form"]
    why = str(said.get("own_work_because", ""))
    publish_seen(doc.document.pk, doc.digest, form.given(), doing, own_work_because=why)


_DO: Mapping[str, Done] = {
    "confirm": lambda doc, _, doing: confirm(doc.document.pk, doing),
    "publish": _publish,
    "withdraw": lambda doc, said, doing: withdraw(doc.document.pk, said["reason"], doing),
    "replace": lambda doc, said, doing: replace(doc.document.pk, said["successor"], said["reason"], doing),
    "restore": lambda doc, said, doing: restore(doc.document.pk, said["reason"], doing),
    "reinstate": lambda doc, said, doing: reinstate(doc.document.pk, said["revision"], said["reason"], doing, doc.revision),
    "seal": lambda doc, said, doing: seal_revision(doc.document.pk, said["revision"], said["reason"], doing),
    "unseal": lambda doc, said, doing: unseal_revision(doc.document.pk, said["revision"], said["reason"], doing),
}
