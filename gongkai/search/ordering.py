"""In which order results stand, and where a walk through them goes on. Pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from gongkai.search.port import BadRequest, Collection, Kind, Request, Sort

_LONGEST = 400


def sort_of(request: Request, collection: Collection, *, asked: bool) -> Sort | None:
    """The order that was asked for; where nothing was asked at all, the newest first. Raises BadRequest."""
    if request.sort:
        if collection.get(request.sort.field).kind not in (Kind.DATE, Kind.NUMBER):
            raise BadRequest(f"不能按字段“{request.sort.field}”排序，只能按日期和数字排序。")
        return request.sort
    days = collection.of_kind(Kind.DATE)
    return None if asked or not days else Sort(days[0].name)


@dataclass(frozen=True, slots=True)
class Cursor:
    """After `skip` documents: of all, or, in an order by a field, of those with the value `at`; engines may count otherwise."""

    skip: int
    field: str = ""
    at: float | str | None = None

    def told(self) -> str:
        """As a word for an address."""
        return base64.urlsafe_b64encode(json.dumps([self.skip, self.field, self.at]).encode()).decode().rstrip("=")


def cursor_of(request: Request, sort: Sort | None) -> Cursor:
    """Where the page that is asked for begins. Raises BadRequest for a word that is no cursor, or one of another order."""
    field = sort.field if sort and not request.grouped else ""
    if not request.after:
        return Cursor(max(request.offset, 0), field)
    cursor = _read(request.after)
    if cursor is None or cursor.field != field:
        raise BadRequest("翻页标记无效，或与这次查询不符。请从第一页重新查起。")
    return cursor


def _read(word: str) -> Cursor | None:
    try:
        skip, field, at = json.loads(base64.urlsafe_b64decode(word[:_LONGEST] + "=" * (-len(word) % 4)))
    except (ValueError, TypeError):
        return None
    if type(skip) is not int or not 0 <= skip < 1 << 63 or not isinstance(at, str | int | float | None):
        return None
    return Cursor(skip, str(field), at) if isinstance(at, str | None) or abs(at) < 1 << 64 else None
