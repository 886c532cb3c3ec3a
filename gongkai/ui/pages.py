"""Turning pages: the options of GOV.UK's pagination, in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def pagination(page: int, pages: int, address: Callable[[int], str]) -> dict[str, Any] | None:
    """Options for the pagination macro: first, last and the pages around; None for a single page."""
    if pages < 2:
        return None
    wanted = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    items: list[dict[str, Any]] = []
    before = 0
    for number in wanted:
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append(
            {"number": number, "href": address(number), "current": number == page, "visuallyHiddenText": f"第{number}页"}
        )
        before = number
    options: dict[str, Any] = {"items": items, "landmarkLabel": "翻页"}
    if page > 1:
        options["previous"] = {"text": "上一页", "href": address(page - 1)}
    if page < pages:
        options["next"] = {"text": "下一页", "href": address(page + 1)}
    return options
