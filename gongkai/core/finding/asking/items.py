"""From hits to items: an instrument once, its newest text in force first, what belongs to it below. Pure but for one question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.core.finding.asking.answer import Item
from gongkai.core.finding.collection import Sort
from gongkai.search.port import Hit, Match, Piece, Request, Searcher

_IN_FORCE = ("in_force", "amended")
_MOST_BELOW = 3


def item_of(hit: Hit, request: Request, searcher: Searcher) -> Item:
    """A group of hits as one item. What of it leads but was not the best hit is asked for once more, for its best clause."""
    members = [hit, *hit.others]
    leading = _leading(members)
    if leading is not hit:
        alone = {"address": _listed(leading, "address")}
        again = replace(
            request,
            phrases=(),
            match=Match.ANY,
            chosen=alone,
            ranges={},
            facets=(),
            sort=None,
            size=1,
            offset=0,
            grouped=False,
            counted=False,
        )
        leading = next(iter(searcher.search(again).hits), leading)
    below = [shown(one) for one in members if one.id != leading.id]
    versions = sorted((one for one in below if one.kind == Sort.DOCUMENT), key=_newest, reverse=True)
    explained_by = tuple(one for one in below if one.kind == Sort.INTERPRETATION)
    return replace(shown(leading), versions=tuple(versions[:_MOST_BELOW]), explained_by=explained_by[:_MOST_BELOW])


def _leading(members: list[Hit]) -> Hit:
    """The newest text in force, where there is one; else the hit that answers best."""
    texts = [one for one in members if _said(one, "kind") == Sort.DOCUMENT and _said(one, "status") in _IN_FORCE]
    return max(texts, key=lambda one: (_said(one, "day"), one.score), default=members[0])


def _newest(item: Item) -> date:
    return item.day or date.min


def shown(hit: Hit) -> Item:
    """One hit by itself."""
    extract = hit.extract
    address = _said(hit, "address")
    return Item(
        id=hit.id,
        kind=_said(hit, "kind"),
        address=address,
        title=hit.marked.get("title") or (Piece(_said(hit, "title")),),
        number=_said(hit, "shown_number"),
        organs="、".join(_listed(hit, "shown_organs")),
        paper=_said(hit, "paper"),
        status=_said(hit, "status"),
        day=_day(_said(hit, "day")),
        extract=extract.pieces if extract and any(piece.hit for piece in extract.pieces) else (),
        place=f"{address}#{extract.anchor}" if extract and extract.anchor else address,
        telephone=_said(hit, "telephone"),
        hours=_said(hit, "hours"),
        seat=_said(hit, "place"),
        score=hit.score,
    )


def _listed(hit: Hit, field: str) -> tuple[str, ...]:
    value: Any = hit.values.get(field, ())
    return value if isinstance(value, tuple) else (str(value),)


def _said(hit: Hit, field: str) -> str:
    return next(iter(_listed(hit, field)), "")


def _day(told: str) -> date | None:
    return date.fromisoformat(told) if told else None
