"""The workbench: what waits for a person, from whichever part of the work it comes.

A domain registers a provider of sections when it starts; the page asks them all. Providers are asked
in the order in which they stand, and each section says how urgent it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from gongkai.core.scope import Viewer

Link = tuple[str, tuple[int | str, ...]]  # the name of a page and its arguments
SHOWN = 6  # things of a section that the workbench shows itself


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. `due_on` is the day the law or the paper itself names; `why` what is to be done, or its reason."""

    title: str
    link: Link
    number: str = ""
    organ: str = ""
    due_on: date | None = None
    days_left: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind that wait, what is due first at the top.

    Attributes:
        code: its name in the page's address.
        rank: sections of a lower rank come first: 0 late, 1 to be done, 2 coming up, 3 one's own.
        total: how many there are; `things` holds the first of them.
        more: the query string that shows all of them in the list named by `listed`; '' for none.
        counts: whether its total belongs to the number beside the door.
    """

    code: str
    label: str
    rank: int
    total: int = 0
    things: list[Waiting] = field(default_factory=list)
    hint: str = ""
    listed: str = "desk-documents"
    more: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of organs below, for whoever leads them: columns, then one row per organ (its key, its name, its numbers)."""

    label: str
    columns: list[tuple[str, str]]
    rows: list[tuple[int, str, list[int]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bench:
    """A person's workbench."""

    sections: list[Section]
    figures: list[Figures]


Provider = Callable[[Viewer, date], Iterable[Section | Figures]]
Counter = Callable[[Viewer, date], int]
_providers: list[Provider] = []
_counters: list[Counter] = []


def register(provider: Provider, counter: Counter | None = None) -> None:
    """Let `provider` add sections, and `counter` to the number beside the door. Registering twice does nothing."""
    if provider not in _providers:
        _providers.append(provider)
    if counter is not None and counter not in _counters:
        _counters.append(counter)


def workbench(viewer: Viewer, today: date) -> Bench:
    """What waits for this person on a day; sections of which nothing is left are not there."""
    found = [part for provide in _providers for part in provide(viewer, today)]
    sections = sorted((s for s in found if isinstance(s, Section) and s.total), key=lambda s: s.rank)
    return Bench(sections, [f for f in found if isinstance(f, Figures) and f.rows])


def waiting_count(viewer: Viewer, today: date) -> int:
    """How many things wait for this person: the number beside the door of the workbench."""
    return sum(count(viewer, today) for count in _counters)
