"""What documents are sorted by: organs, topics, themes; and the list of resources itself."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router
from ninja.decorators import decorate_view

from gongkai.core.agencies.queries import AgencyNode, NamedOrgan, OrganPage, organ_page, site, tree
from gongkai.domains.catalogue.queries.themes import themes as theme_cards
from gongkai.domains.library.queries.counting import topic_classes
from gongkai.domains.library.queries.front import counts_by_agency
from gongkai.faces.api import problems, shapes
from gongkai.faces.api.answers import answered, refused
from gongkai.faces.api.expecting import PRINTABLE
from gongkai.faces.api.strict import strict
from gongkai.faces.api.telling import Told, day, organ, place

router = Router()
Code = Annotated[
    str, Path(min_length=1, max_length=32, pattern=PRINTABLE, description="统一代码。", examples=["113999280435568502"])
]


@router.get("/", response=shapes.Root, url_name="api-root", operation_id="getRoot", summary="资源清单", tags=["总览"])
@decorate_view(strict())
def root(request: HttpRequest) -> HttpResponse:
    """本接口有哪些资源。"""
    del request
    said = {
        "government": site().government,
        "version": "1",
        "documents": place("v1:api-documents"),
        "organs": place("v1:api-organs"),
        "topics": place("v1:api-topics"),
        "themes": place("v1:api-themes"),
        "openapi": place("api-openapi"),
        "guide": place("api"),
    }
    return answered(said, [])


@router.get(
    "/organs", response=shapes.OrganList, url_name="api-organs", operation_id="listOrgans", summary="机关目录", tags=["机关"]
)
@decorate_view(strict())
def organs(request: HttpRequest) -> HttpResponse:
    """今天存在的全部机关，不分页。"""
    del request
    counts, items = counts_by_agency(), list[Told]()
    waiting: list[tuple[AgencyNode, str | None]] = [(node, None) for node in reversed(tree(timezone.localdate()))]
    while waiting:
        node, parent = waiting.pop()
        items.append(_listed(node, parent, counts.get(node.agency.pk, 0)))
        waiting += [(child, node.agency.code) for child in reversed(node.children)]
    return answered({"total": len(items), "items": items}, ["agencies", "library"])


def _listed(node: AgencyNode, parent: str | None, documents: int) -> Told:
    code = node.agency.code
    return {
        "code": code,
        "name": node.name,
        "short_name": node.short_name,
        "kind": node.agency.get_kind_display(),
        "parent": parent,
        "documents": documents,
        "url": place("organ", code),
        "api_url": place("v1:api-organ", code),
    }


@router.get(
    "/organs/{code}", response=shapes.Organ, url_name="api-organ", operation_id="getOrgan", summary="一个机关", tags=["机关"]
)
@decorate_view(strict())
def one_organ(request: HttpRequest, code: Code) -> HttpResponse:
    """一个机关：历来的名称、联系方式、职责、上下级。已撤销的机关也查得到。"""
    del request
    found = organ_page(code, timezone.localdate())
    if found is None:
        return refused(problems.NOT_FOUND, "没有这个代码的机关。机关目录见 /api/v1/organs。")
    return answered(_whole(found), ["agencies", "library"])


def _whole(found: OrganPage) -> Told:
    agency = found.agency
    return {
        **organ(NamedOrgan(agency.code, found.name, found.kind)),
        "kind": found.kind,
        "names": [{"name": n.name, "since": day(n.from_on), "until": day(n.until_on)} for n in found.names],
        "abolished_on": day(agency.abolished_on),
        "parent": organ(found.parent) if found.parent else None,
        "successor": organ(found.successor) if found.successor else None,
        "below": [organ(one) for one in found.below],
        "predecessors": [organ(one) for one in found.former],
        **{name: getattr(agency, name) or None for name in ("telephone", "fax", "address", "hours", "duties")},
        "documents": counts_by_agency().get(agency.pk, 0),
        "url": place("organ", agency.code),
        "links": {"self": place("v1:api-organ", agency.code), "documents": _documents("organ", agency.code)},
    }


def _documents(name: str, value: str) -> str:
    return f"{place('v1:api-documents')}?{name}={quote(value, safe='')}"


@router.get(
    "/topics", response=shapes.TopicList, url_name="api-topics", operation_id="listTopics", summary="主题分类", tags=["分类"]
)
@decorate_view(strict())
def topics(request: HttpRequest) -> HttpResponse:
    """国务院主题分类的 22 个大类和它们的子类，各有多少份已公开的文件。"""
    del request
    items = [
        {
            "name": found.name,
            "documents": found.count,
            "children": [{"name": name, "documents": count} for name, count in found.children],
            "api_url": _documents("topic", found.name),
        }
        for found in topic_classes()
    ]
    return answered({"items": items}, ["library"])


@router.get(
    "/themes", response=shapes.ThemeList, url_name="api-themes", operation_id="listThemes", summary="特色主题", tags=["分类"]
)
@decorate_view(strict())
def themes(request: HttpRequest) -> HttpResponse:
    """本地自设的特色主题。"""
    del request
    items = [
        {
            "slug": card.slug,
            "name": card.name,
            "documents": card.total,
            "url": place("theme", card.slug),
            "api_url": _documents("theme", card.slug),
        }
        for card in theme_cards()
    ]
    return answered({"items": items}, ["library", "themes"])
