"""The documents: the list, one of them, its clauses, its legal life."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import BeforeValidator, Field

from gongkai.domains.library.queries.briefs import Brief
from gongkai.domains.library.queries.counting import choices
from gongkai.domains.library.queries.listing import ListRequest
from gongkai.domains.library.queries.records import Naming, Record, record
from gongkai.domains.library.queries.timeline import Timeline, timeline
from gongkai.domains.library.queries.walking import Stretch, place_of, stretch
from gongkai.domains.library.queries.wording import Clause, wording
from gongkai.faces.api import cursors, problems, shapes
from gongkai.faces.api.answers import answered, refused
from gongkai.faces.api.asking import Listed, as_day, conditions_of, list_request, query_of
from gongkai.faces.api.strict import HIGHEST, strict
from gongkai.faces.api.telling import Teller, Told, day, organ, place

router = Router(tags=["文件"])
_NO_SUCH_PAGE = "这个游标不是本接口给出的，或者其他条件与给出它的那一次不同。请去掉 cursor，从第一页开始。"
Number = Annotated[int, Path(ge=1, le=HIGHEST, description="文件的编号，见列表中的 `number`。", examples=[1])]


class OnADay(Schema):
    """Parameters of a document's legal life."""

    on: Annotated[date | None, Field(description="要问哪一天的效力状态。", examples=["2024-03-01"]), BeforeValidator(as_day)] = (
        None
    )


@router.get("", response=shapes.DocumentList, url_name="api-documents", operation_id="listDocuments", summary="文件列表")
@decorate_view(strict(Listed))
def documents(request: HttpRequest, asked: Query[Listed]) -> HttpResponse:
    """已公开的文件，可以按各分面筛选、按某日的效力查询、翻页。

    翻页用 `links` 里给出的地址。翻页期间有文件新公开或者撤下，不会重复也不会遗漏其余的文件。
    """
    del request
    wanted, conditions = list_request(asked), conditions_of(asked)
    if not asked.cursor:
        found = stretch(wanted, asked.limit)
    elif start := cursors.read(asked.cursor, conditions, asked.sort):
        found = stretch(wanted, asked.limit, start[0], backwards=start[1])
    else:
        return refused(problems.NO_SUCH_PAGE, _NO_SUCH_PAGE)
    tell = Teller()
    said = {
        "total": found.total,
        "items": [tell.brief(one) for one in found.briefs],
        "facets": _facets(wanted) if asked.facets else None,
        **_pages(asked, found, conditions),
    }
    return answered(said, ["library", "agencies"], query_of(asked))


def _facets(wanted: ListRequest) -> Told:
    return {name: [asdict(choice) for choice in values] for name, values in choices(wanted).items()}


def _pages(asked: Listed, found: Stretch, conditions: str) -> Told:
    """The pages beside this one, as cursors and as addresses."""

    def address(state: Listed) -> str:
        query = query_of(state)
        return place("v1:api-documents") + (f"?{query}" if query else "")

    def cursor(edge: Brief, *, backwards: bool) -> str:
        return cursors.written(place_of(edge, asked.sort), conditions, backwards=backwards)

    beside = {
        "prev": cursor(found.briefs[0], backwards=True) if found.before else None,
        "next": cursor(found.briefs[-1], backwards=False) if found.behind else None,
    }
    links = {name: address(asked.model_copy(update={"cursor": value})) if value else None for name, value in beside.items()}
    return {"cursors": beside, "links": {"self": address(asked), **links}}


@router.get("/{int:number}", response=shapes.Document, url_name="api-document", operation_id="getDocument", summary="一份文件")
@decorate_view(strict())
def document(request: HttpRequest, number: Number) -> HttpResponse:
    """一份已公开的文件：各项信息、文件下载、与其他文件的关系。"""
    del request
    found = record(number)
    return answered(_whole(found), found.tags) if found else refused(problems.NOT_FOUND)


def _whole(found: Record) -> Told:
    number, tell = found.brief.number, Teller()
    return {
        **tell.brief(found.brief),
        "registration_number": found.registration_number or None,
        "keeper": organ(found.keeper),
        "revision": found.revision,
        "published_elsewhere_on": day(found.published_elsewhere_on),
        "term_ends_on": day(found.term_ends_on),
        "audience": found.audience,
        "themes": [{"slug": slug, "name": name} for slug, name in found.themes],
        "addressees": found.addressees,
        "attachments": [{"name": name, "anchor": anchor} for name, anchor in found.attachments],
        "files": [_file(number, *file, main=first == 0) for first, file in enumerate(found.files)],
        "relations": [_relation(naming, tell) for naming in found.names],
        "related_from": [_relation(naming, tell) for naming in found.named_by],
        "versions": [tell.named(entry) for entry in found.versions],
        "source_url": found.source_url or None,
        "links": {
            "self": place("v1:api-document", number),
            "clauses": place("v1:api-clauses", number),
            "timeline": place("v1:api-timeline", number),
        },
    }


def _file(number: int, sha256: str, form: str, size: int, *, main: bool) -> Told:
    url = place("document-file", number, sha256)
    return {"sha256": sha256, "format": form, "size": size, "main": main, "url": url}


def _relation(naming: Naming, tell: Teller) -> Told:
    return {"kind": naming.kind, "document": tell.named(naming.entry, naming.title, naming.document_number)}


@router.get(
    "/{int:number}/clauses", response=shapes.Clauses, url_name="api-clauses", operation_id="getClauses", summary="条款和全文"
)
@decorate_view(strict())
def clauses(request: HttpRequest, number: Number) -> HttpResponse:
    """现行公开文本的全文，和从中读出的编、章、节、条、款、项。锚点不随修订改变，可以长期引用。"""
    del request
    found = wording(number)
    if found is None:
        return refused(problems.NOT_FOUND)
    said = {
        "number": number,
        "title": found.title,
        "revision": found.revision,
        "text": found.text,
        "items": [_clause(clause) for clause in found.clauses],
        "url": place("document", number),
    }
    return answered(said, [f"document:{number}"], changed_at=found.changed_at)


def _clause(clause: Clause) -> Told:
    return {
        "anchor": clause.anchor,
        "label": clause.label,
        "level": clause.level,
        "heading": clause.heading or None,
        "text": clause.text,
        "children": [_clause(child) for child in clause.below],
    }


@router.get(
    "/{int:number}/timeline", response=shapes.Timeline, url_name="api-timeline", operation_id="getTimeline", summary="效力沿革"
)
@decorate_view(strict(OnADay))
def life(request: HttpRequest, number: Number, asked: Query[OnADay]) -> HttpResponse:
    """一份文件何时施行、修改、废止、失效，由哪份文件引起，以及任何一天的效力状态。"""
    del request
    found = timeline(number)
    if found is None:
        return refused(problems.NOT_FOUND)
    return answered(_life(found, asked.on), found.tags, f"on={asked.on}" if asked.on else "")


def _life(found: Timeline, on: date | None) -> Told:
    tell = Teller()
    return {
        "number": found.document.pk,
        "title": found.document.title,
        "today": {"on": day(found.as_of), "status": found.status},
        "asked": {"on": day(on), "status": found.status_on(on)} if on else None,
        "events": [{"on": day(h.on), "event": h.kind, "by": tell.named(h.by) if h.by else None} for h in found.happenings],
        "spans": [{"status": s.status, "since": day(s.since), "until": day(s.until)} for s in found.spans],
        "url": place("document", found.document.pk),
    }
