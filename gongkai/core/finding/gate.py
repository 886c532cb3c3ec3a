"""The gate: questions, and what must and what must not come up for them; as the site keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.core.doing import Doing
from gongkai.core.finding.asking.question import PAGE_SIZE
from gongkai.core.finding.curating.entries import STREAM
from gongkai.core.finding.models import Gate
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.ledger.projections import Recorded
from gongkai.core.writing import writing

GATE, CHANGED = "gate", "gate_changed"


@dataclass(frozen=True, slots=True)
class Line:
    """A question; what must be among the first `within` things shown, and what must not.

    Things are named by the path of their page, by document number, or by words of their title.
    """

    question: str
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    within: int = PAGE_SIZE


def lines() -> tuple[list[Line], Gate | None]:
    """The site's own lines, and the row that holds them (None before the first)."""
    kept = Gate.objects.first()
    return ([_line(told) for told in kept.lines], kept) if kept else ([], None)


def _line(told: Sequence[Any]) -> Line:
    return Line(str(told[0]), tuple(told[1]), tuple(told[2]), int(told[3]))


def _written(line: Line) -> list[Any]:
    return [line.question, list(line.wanted), list(line.unwanted), line.within]


@writing()
def keep(new: Sequence[Line], doing: Doing) -> bool:
    """These are the site's own lines from now on; False where they were already."""
    told = [_written(line) for line in new]
    kept = Gate.objects.first()
    if kept is not None and kept.lines == told:
        return False
    payload = {"lines": told}
    append(Stream(STREAM, GATE), [Happening(CHANGED, payload)], actor=doing.actor, at=doing.at)
    Gate.objects.update_or_create(pk=1, defaults={"lines": told, "actor": doing.actor, "changed_at": doing.at})
    return True


def rebuild_gate(happened: Sequence[Recorded], today: date) -> list[str]:
    """Write the row anew from the last event; returns what had been different."""
    del today
    last = happened[-1]
    wanted = {"lines": last.payload["lines"], "actor": last.actor, "changed_at": last.happened_at}
    kept = Gate.objects.first()
    if kept is not None and all(getattr(kept, name) == value for name, value in wanted.items()):
        return []
    Gate.objects.update_or_create(pk=1, defaults=wanted)
    return ["检索检验集"]
