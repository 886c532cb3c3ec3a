"""Rendering a page of the console: the same doors around every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.utils import timezone

from gongkai.core.agencies.queries import present_names, site
from gongkai.core.scope import Viewer, may, viewer_of
from gongkai.core.workbench import waiting_count


@dataclass(frozen=True, slots=True)
class Door:
    """An entry of the side navigation; `verb` None: for everybody."""

    name: str
    label: str
    verb: str | None = None


DOORS: tuple[Door, ...] = (
    Door("workbench", "我的待办"),
    Door("desk-documents", "文件", "documents.see"),
    Door("desk-imports", "上传和导入", "documents.upload"),
    Door("desk-search", "检索", "search.curate"),
    Door("desk-ledger", "台账", "ledger.read"),
    Door("desk-jobs", "后台任务", "jobs.see"),
    Door("desk-people", "人员", "staff.manage"),
    Door("desk-settings", "设置", "columns.arrange"),
)


def around(request: HttpRequest) -> dict[str, Any]:
    """What the layout needs, for our pages and (as a context processor) for allauth's.

    `csrf` is the form token, `said` messages as (level, text), `viewer` None while signed out,
    `organ` the viewer's own as it is called, `missing` what a new site still lacks, `doors` those that
    are open to them, `counts` what waits behind some.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None and request.user.is_authenticated:
        viewer = viewer_of(request.user)
    return {
        "site": site(),
        "path": request.path,
        "csrf": get_token(request),
        "said": [(m.level_tag, str(m)) for m in messages.get_messages(request)],
        "viewer": viewer,
        "missing": _missing(viewer) if viewer else None,
        "organ": present_names().get(viewer.agency or 0, "") if viewer else "",
        "counts": {"workbench": waiting_count(viewer, timezone.localdate())} if viewer else {},
        "doors": [d for d in DOORS if viewer and (d.verb is None or may(viewer, d.verb))],
    }


def _missing(viewer: Viewer) -> tuple[str, str, str] | None:
    """What a site that is being set up still lacks, for who can see to it: a page's name, why, what to do."""
    if not may(viewer, "settings.change"):
        return None
    if not site().government:
        return "desk-government", "本站还没有填写政府信息，公众还看不到网站名称和页脚。", "去填写"
    if not present_names():
        return "desk-organs", "本站还没有机构，文件不知道归谁，人员也没有单位。", "去添加或导入"
    return None


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One of the console's templates as an answer."""
    rendered = engines["jinja2"].get_template(f"console/{template}").render({**around(request), **context})
    return HttpResponse(rendered, status=status)
