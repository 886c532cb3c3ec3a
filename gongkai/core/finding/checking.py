"""Running the gate: asking its questions as the search page does, and looking at what comes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.core.finding.asking.answer import Answer, Item
from gongkai.core.finding.asking.question import Question
from gongkai.core.finding.gate import Line
from gongkai.search.analysis.fold import tight

Ask = Callable[[Question, date], Answer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a line; `trouble` says in Chinese what is wrong, nothing where all is as it should be."""

    line: Line
    trouble: tuple[str, ...]


def run(lines: Iterable[Line], today: date, ask: Ask) -> Iterator[Outcome]:
    """Ask every question as the search page does. Raises what `ask` raises."""
    for line in lines:
        shown = _shown(ask(Question(line.question), today))[: line.within]
        missing = [f"前 {line.within} 条里没有“{name}”" for name in line.wanted if not any(_is(item, name) for item in shown)]
        there = [f"出现了“{name}”" for name in line.unwanted if any(_is(item, name) for item in shown)]
        first = f"排在最前的是“{shown[0].name}”" if shown else "什么也没有查到"
        yield Outcome(line, (*missing, *there, first) if missing or there else ())


def _shown(found: Answer) -> list[Item]:
    """What answers at once, then the list; each thing once."""
    above = found.block.items if found.block else ()
    return list({item.id: item for item in (*above, *found.items)}.values())


def _is(item: Item, name: str) -> bool:
    folded = tight(name)
    if name.startswith("/"):
        return item.address == name
    return bool(folded) and (folded in tight(item.name) or folded == tight(item.number))
