"""The revisions of a document: all of them, one, two beside one another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from gongkai.domains.library.queries.acts import act_of
from gongkai.domains.library.queries.revisions import revision_of, revisions_compared, revisions_of
from gongkai.domains.library.queries.sheet import staff_document
from gongkai.faces.console.desk import Request, desk
from gongkai.faces.console.shown import page


@require_safe
@desk("documents.see")
def revisions(request: Request, number: int) -> HttpResponse:
    """Who made each revision, why, and what changed."""
    document = staff_document(number, request.viewer)
    if document is None:
        raise Http404
    may = {name: act_of(name, document, request.viewer) for name in ("reinstate", "seal", "unseal")}
    return page(request, "revisions.jinja", {"doc": document, "rows": revisions_of(document), "may": may})


@require_safe
@desk("documents.see")
def revision(request: Request, number: int, revision: int) -> HttpResponse:
    """One revision as it was."""
    document = staff_document(number, request.viewer)
    found = revision_of(document, revision) if document is not None and revision < 1 << 31 else None
    if document is None or found is None:
        raise Http404
    return page(request, "revision.jinja", {"doc": document, "shown": found})


@require_safe
@desk("documents.see")
def compare(request: Request, number: int) -> HttpResponse:
    """Two revisions: fields before and after, the text clause by clause. Without being told which: the last two."""
    document = staff_document(number, request.viewer)
    if document is None or document.current is None:
        raise Http404
    last = document.current.number
    asked = [request.GET.get("one", str(last - 1)), request.GET.get("other", str(last))]
    if last < 2:
        messages.success(request, "这份文件只有一版，没有可以对照的。")
        return redirect("desk-revisions", number)
    if not all(n.isdecimal() and len(n) < 9 for n in asked):
        raise Http404
    found = revisions_compared(document, int(asked[0]), int(asked[1]))
    if found is None:
        messages.error(request, "要对照的两版不存在，或者选了同一版。请重新选择。")
        return redirect("desk-revisions", number)
    return page(request, "compared.jinja", {"doc": document, "found": found})
