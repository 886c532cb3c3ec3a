"""A state of the library list as an address carries it, read and written."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from gongkai.domains.library.queries.listing import FACETS, SORTS, ListRequest
from gongkai.text import dates

MAX_WORDS = 100
MAX_VALUES = 20


def asked_list(request: HttpRequest) -> tuple[ListRequest, str]:
    """The request as typed, and what was wrong with it, in words for the visitor."""
    get = request.GET
    typed = get.get("on", "").strip()
    day = typed_day(typed)
    trouble = f"“{typed[:20]}”不是一个日期，请写成 2024-03-01 或 2024年3月1日。" if typed and day is None else ""
    sort = get.get("sort", "newest")
    number = get.get("page", "1")
    chosen = {name: [value.replace("\x00", "")[:80] for value in get.getlist(name)] for name in FACETS}
    facets: dict[str, Any] = {n: tuple(dict.fromkeys(v for v in values if v))[:MAX_VALUES] for n, values in chosen.items()}
    asked = ListRequest(
        words=" ".join(get.get("q", "").replace("\x00", "").split())[:MAX_WORDS],
        in_force_on=day,
        sort=sort if sort in SORTS else "newest",
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        **facets,
    )
    return asked, trouble


def typed_day(typed: str) -> date | None:
    """The day that was typed in any usual form; None where it is none."""
    if len(typed) == 8 and typed.isdecimal():
        typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    mention = dates.whole(typed) if typed else None
    return mention.day if mention else None


def list_query(asked: ListRequest) -> str:
    """The address of a state: only what differs from the plain list, in a fixed order."""
    pairs = [("q", asked.words)] if asked.words else []
    pairs += [(name, value) for name in FACETS for value in asked.chosen(name)]
    if asked.in_force_on is not None:
        pairs.append(("on", asked.in_force_on.isoformat()))
    if asked.sort != "newest":
        pairs.append(("sort", asked.sort))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
