"""What stands above the results when a question is clearly after one thing (搜索即服务)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gongkai.core.finding.asking.answer import Block, Item
from gongkai.core.finding.asking.items import shown
from gongkai.core.finding.collection import Sort
from gongkai.search.analysis.fold import tight
from gongkai.search.port import Match, Request, Searcher
from gongkai.search.understanding.model import IntentKind, Understood
from gongkai.text.keys import number_key

_ENOUGH = 0.5
_FORM = re.compile(r"申请表|登记表|审批表|备案表|报名表|信息表|承诺书|委托书|申请书|协议书|样本|范本|样表")


def block_of(said: Understood, items: Sequence[Item], searcher: Searcher) -> Block | None:
    """The block for a question whose results begin with `items`; None where nothing answers it."""
    kind, about = said.intent.kind, said.intent.about
    if kind is IntentKind.DISCLOSURE_REQUEST:
        return Block(kind, about)
    answering = {
        IntentKind.DOCUMENT_NUMBER: lambda: _numbered(said.numbers, items),
        IntentKind.ORGAN_CONTACT: lambda: _organ(said, searcher),
        IntentKind.CLAUSE: lambda: _clause(about, items),
        IntentKind.FORM: lambda: _form(items),
    }.get(kind)
    found = answering() if answering else ()
    return Block(kind, about, found) if found else None


def _numbered(numbers: Sequence[str], items: Sequence[Item]) -> tuple[Item, ...]:
    """The documents of that number; where one is an older text of an instrument, that text by itself."""
    every = (one for item in items for one in (item, *item.versions, *item.explained_by))
    return tuple(replace(one, extract=()) for one in every if one.number and number_key(one.number) in numbers)


def _organ(said: Understood, searcher: Searcher) -> tuple[Item, ...]:
    """The organ of that name, short or full."""
    about = said.intent.about
    full = [one for one in said.expansions if one.said in about]
    names = {about, *(about.replace(one.said, one.official) for one in full), *(one.official for one in full)}
    request = Request(
        about, sayings=tuple(full), chosen={"kind": (Sort.ORGAN,)}, match=Match.ANY, size=5, counted=False, marked=False
    )
    hits = searcher.search(request).hits
    borne = [(hit, [*str(hit.values.get("organs", "")).split("、"), str(hit.values.get("title", ""))]) for hit in hits]
    exact = [hit for hit, bears in borne if names & set(bears)]
    near = [hit for hit, bears in borne if any(one.endswith(name) for one in bears for name in names)]
    return tuple(shown(hit) for hit in (exact or near)[:1])


def _clause(about: str, items: Sequence[Item]) -> tuple[Item, ...]:
    """The first result's best clause, where it is law today and says enough of what was asked."""
    if not items or not items[0].extract or items[0].is_past:
        return ()
    asked = set(tight(about))
    there = {char for piece in items[0].extract if piece.hit for char in tight(piece.text)}
    return (items[0],) if len(asked & there) >= _ENOUGH * len(asked) else ()


def _form(items: Sequence[Item]) -> tuple[Item, ...]:
    """The first document that names a form where it answers."""
    named = (one for one in items if _FORM.search(one.name + "".join(piece.text for piece in one.extract)) and not one.is_past)
    return tuple(named)[:1]
