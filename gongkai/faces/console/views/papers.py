"""The list of documents, and the same as a table to take along."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.domains.library.queries.papers import PaperList, Wanted, every_row, papers
from gongkai.faces.console.desk import Request, desk
from gongkai.faces.console.forms.papers import PapersForm, file_name, query_of
from gongkai.faces.console.forms.together import TOGETHER
from gongkai.faces.console.shown import page
from gongkai.ui.addresses import address
from gongkai.ui.pages import pagination
from gongkai.ui.sheets import XLSX, sheet

MOST = 10_000  # documents in one table
LAST = "papers"  # where the session keeps the last state of the list, for the way back
_HEADINGS = (
    ("标题", 60), ("文号", 24), ("机构", 24), ("成文日期", 12), ("编辑状态", 12), ("效力", 10), ("类别", 16), ("公开属性", 12),
    ("有效期至", 12), ("索引号", 28), ("待办", 40),
)  # fmt: skip
_FIRST = ("words", "status", "organ", "due", "standing")
_MORE = ("legal", "kind", "attribute", "question", "year")


@require_safe
@desk("documents.see")
def papers_list(request: Request) -> HttpResponse:
    """A page of the list; every state of it has its address."""
    form = PapersForm(request.GET, request.viewer)
    if not form.is_valid():
        return _list(request, form, Wanted(), PaperList(0, [], 1, 1), status=400)
    wanted = form.wanted()
    found = papers(wanted, request.viewer, timezone.localdate())
    query = query_of(wanted, page=found.page)
    if request.session.get(LAST, "") != query:
        request.session[LAST] = query
    return _list(request, form, wanted, found)


@require_safe
@desk("documents.see")
def papers_sheet(request: Request) -> HttpResponse:
    """The whole list as an XLSX file."""
    form = PapersForm(request.GET, request.viewer)
    today = timezone.localdate()
    found = PaperList(0, [], 1, 1)
    if form.is_valid():
        wanted = form.wanted()
        found = papers(replace(wanted, page=1), request.viewer, today)
        if found.total <= MOST:
            response = HttpResponse(_sheet(wanted, request), content_type=XLSX)
            response.headers["Content-Disposition"] = f'attachment; filename="{file_name(today)}"'
            return response
        form.add_error(None, f"符合条件的有 {found.total:,} 份，一张表最多放 {MOST:,} 份。请加上机构、年份等条件，分几次导出。")
    return _list(request, form, Wanted(), found, status=400)


def _list(request: Request, form: PapersForm, wanted: Wanted, found: PaperList, *, status: int = 200) -> HttpResponse:
    def at(number: int) -> str:
        query = query_of(wanted, page=number)
        return address("desk-documents") + (f"?{query}" if query else "")

    more_open = any(getattr(wanted, name) for name in _MORE)
    told = {
        "form": form,
        "found": found,
        "first": _FIRST,
        "more": _MORE,
        "more_open": more_open,
        "filtered": bool(query_of(replace(wanted, sort="filed"))),
        "pages": pagination(found.page, found.pages, at),
        "query": query_of(wanted),
        "acts": TOGETHER,
    }
    return page(request, "papers.jinja", told, status=status)


def _sheet(wanted: Wanted, request: Request) -> bytes:
    rows = every_row(wanted, request.viewer, timezone.localdate(), MOST)
    return sheet(
        "文件",
        _HEADINGS,
        (
            (
                r.title, r.document_number, r.organ, r.issued_on, r.status_label, r.legal_label, r.kind_label, r.attribute_label,
                r.term_ends_on, r.index_number, "；".join(r.marks),
            )
            for r in rows
        ),
    )  # fmt: skip
