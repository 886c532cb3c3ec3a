"""A state of the search page as an address carries it, read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from gongkai.core.finding.asking.question import FACETS, MAX_PAGE, SORTS, Question
from gongkai.faces.portal.asking import typed_day
from gongkai.ui.addresses import address

MAX_VALUES = 60
_LONGEST_WORDS, _LONGEST_VALUE, _LONGEST_TYPED = 2_000, 80, 20
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_DAYS = {"from": "since", "to": "until", "on": "as_of"}


def asked_question(request: HttpRequest) -> tuple[Question, dict[str, str]]:
    """The question as typed, and what was wrong with each part that could not be read, in words for the visitor."""
    get, trouble = request.GET, dict[str, str]()
    values = {name: [value.replace("\x00", "")[:_LONGEST_VALUE] for value in get.getlist(name)] for name in FACETS}
    chosen: dict[str, Any] = {name: tuple(dict.fromkeys(v for v in given if v))[:MAX_VALUES] for name, given in values.items()}
    days: dict[str, Any] = {field: _day(name, get.get(name, "").strip(), trouble) for name, field in _DAYS.items()}
    question = Question(
        words=" ".join(get.get("q", "")[:_LONGEST_WORDS].replace("\x00", " ").split()),
        sort=_sort(get.get("sort", ""), trouble),
        page=_page(get.get("page", "1"), trouble),
        as_typed=get.get("typed") == "1",
        **chosen,
        **days,
    )
    if question.since and question.until and question.since > question.until:
        trouble["to"] = "“到”的日期早于“从”的日期，请改过来再查。"
        question = replace(question, since=None, until=None)
    return question, trouble


def _day(name: str, typed: str, trouble: dict[str, str]) -> date | None:
    """A day, or for the ends of a stretch a year."""
    if not typed:
        return None
    if name != "on" and _YEAR.fullmatch(typed):
        year = int(typed[:4])
        return date(year, 1, 1) if name == "from" else date(year, 12, 31)
    day = typed_day(typed[: _LONGEST_TYPED + 1])
    if day is None:
        trouble[name] = f"“{typed[:_LONGEST_TYPED]}”不是一个日期，请写成 2024-03-01 或 2024年3月1日。"
    return day


def _sort(typed: str, trouble: dict[str, str]) -> str:
    if typed and typed not in SORTS:
        trouble["sort"] = "没有这种排序方式，已按相关程度排列。"
    return typed if typed in SORTS else "relevance"


def _page(typed: str, trouble: dict[str, str]) -> int:
    """Digits of any length and script come in; only a page that can be shown is one."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 0
    if 1 <= number <= MAX_PAGE:
        return number
    trouble["page"] = f"页码应当是 1 到 {MAX_PAGE} 的整数，下面是第 1 页。"
    return 1


def question_query(question: Question) -> str:
    """The address of a state: only what differs from the plain page, in a fixed order."""
    return "&".join(_written(name, value) for name, value in _pairs(question))


def question_address(question: Question) -> str:
    """The path of the search page in this state."""
    query = question_query(question)
    return address("search") + (f"?{query}" if query else "")


def toggling(question: Question) -> Callable[[str, str], str]:
    """Gives the addresses with one value of a facet added or taken away; what they share is written once."""
    first = list(_pairs(replace(question, page=1)))
    ahead = [_written(name, value) for name, value in first if name == "q"]
    behind = [_written(name, value) for name, value in first if name != "q" and name not in FACETS]
    chosen = {name: [_written(name, value) for value in question.chosen(name)] for name in FACETS}
    path = address("search")

    def toggled(facet: str, value: str) -> str:
        piece, pieces = _written(facet, value), list(ahead)
        for name, written in chosen.items():
            if name != facet:
                pieces += written
            elif piece in written:
                pieces += [one for one in written if one != piece]
            else:
                pieces += [*written, piece]
        pieces += behind
        return f"{path}?{'&'.join(pieces)}" if pieces else path

    return toggled


@lru_cache(maxsize=5_000)
def _written(name: str, value: str) -> str:
    return f"{name}={quote(value, safe='')}"


def hidden_fields(question: Question) -> list[tuple[str, str]]:
    """What a form that asks for days anew has to carry on."""
    return [(name, value) for name, value in _pairs(replace(question, page=1)) if name not in _DAYS]


def _pairs(question: Question) -> Iterator[tuple[str, str]]:
    if question.words:
        yield "q", question.words
    for name in FACETS:
        yield from ((name, value) for value in question.chosen(name))
    for name, field in _DAYS.items():
        if day := getattr(question, field):
            yield name, day.isoformat()
    if question.sort != "relevance":
        yield "sort", question.sort
    if question.as_typed:
        yield "typed", "1"
    if question.page > 1:
        yield "page", str(question.page)
