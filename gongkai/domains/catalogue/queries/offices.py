"""Who takes requests for disclosure, and under whose supervision, from what the organs' data say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.core.agencies.models import Agency
from gongkai.core.agencies.queries import government, head_of_government, name_on

# Duties that make an internal office the disclosure office (条例第四条), the surest first.
_SIGNS = (
    re.compile("信息公开申请"),
    re.compile("信息公开工作机构"),
    re.compile("(?:承担|负责|承办)[^。；]*(?:政务公开|信息公开)"),
)
_OFFICE_OF_GOVERNMENT = re.compile("人民政府办公[室厅]$|管理委员会办公[室厅]$")


@dataclass(frozen=True, slots=True)
class DisclosureOffice:
    """Where requests to an organ go. `facts` are (label, value) pairs of what is known."""

    name: str
    telephone: str
    facts: list[tuple[str, str]]


def disclosure_office(organ: Agency) -> DisclosureOffice:
    """The internal office whose duties say so, else the organ itself."""
    keeper = _office_of_government(organ) or organ
    inside = Agency.objects.filter(parent=keeper, kind=Agency.Kind.INTERNAL_OFFICE, abolished_on=None).prefetch_related("names")
    offices = sorted(inside, key=_rank)
    office = offices[0] if offices and _rank(offices[0]) < len(_SIGNS) else keeper
    name = name_on(office, None).name
    fax = office.fax or keeper.fax
    facts = [
        ("受理机构", name),
        ("办公地址", office.address or keeper.address),
        ("邮政编码", _postcode(keeper)),
        ("办公时间", office.hours or keeper.hours),
        ("联系电话", office.telephone or keeper.telephone),
        ("传真", fax),
    ]
    return DisclosureOffice(name, office.telephone or keeper.telephone, [(label, value) for label, value in facts if value])


def _rank(office: Agency) -> int:
    return next((i for i, sign in enumerate(_SIGNS) if sign.search(office.duties)), len(_SIGNS))


def _office_of_government(organ: Agency) -> Agency | None:
    """For the government itself, the office that works for it; None for other organs and where there is none."""
    if organ.parent_id is not None:
        return None
    below = Agency.objects.filter(parent=organ, kind=Agency.Kind.DEPARTMENT, abolished_on=None).prefetch_related("names")
    return next((a for a in below if _OFFICE_OF_GOVERNMENT.search(name_on(a, None).name)), None)


def _postcode(keeper: Agency) -> str:
    """The site's own postcode, which holds for the government and its office only."""
    head = head_of_government()
    leading = {head.pk, (_office_of_government(head) or head).pk}
    return str(government().footer.get("postcode") or "") if keeper.pk in leading else ""


def supervisor() -> str:
    """The office in charge of disclosure in this area (条例第三条): the government's office, else the government."""
    head = head_of_government()
    return name_on(_office_of_government(head) or head, None).name


def reviewer(organ: Agency) -> str:
    """Who decides on an application for review against an organ (行政复议法第二十四条)."""
    head = head_of_government()
    return "上一级人民政府" if organ.pk == head.pk else name_on(head, None).name
