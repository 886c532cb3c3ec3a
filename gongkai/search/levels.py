"""How far a question is widened when too little has all that it asks for. Pure."""

from __future__ import annotations

from enum import IntEnum

from gongkai.search.planning import Plan
from gongkai.search.port import Match, Request


class Level(IntEnum):
    """How a document may answer: with words whole, with parts of words, with anything."""

    WHOLE = 0
    PARTS = 1
    ANY = 2


def levels(request: Request, plan: Plan) -> list[Level]:
    """From narrow to wide; only one where nothing can be widened."""
    if not plan.text or request.match is Match.ALL:
        return [Level.WHOLE]
    if request.match is Match.ANY:
        return [Level.ANY]
    parts = any(len(form) > 2 for concept in plan.concepts for form in concept)
    return [Level.WHOLE, *([Level.PARTS] if parts else []), Level.ANY]
