"""What the site answers. Plain values for pages, commands and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.core.finding.asking.question import Question
from gongkai.search.port import Count, Piece
from gongkai.search.understanding.model import IntentKind
from gongkai.search.understanding.years import DateRange


@dataclass(frozen=True, slots=True)
class Item:
    """A thing found, as a list shows it.

    `title` and `extract` are in pieces, those that were asked for told apart; `extract` is empty where there is none, and
    `place` the address of the clause it is from. `organs` are names. `versions` are other texts of the same instrument,
    the newest first; `explained_by` its interpretations. `recommended`: it stands first because an editor says so.
    """

    id: str
    kind: str
    address: str
    title: tuple[Piece, ...]
    number: str = ""
    organs: str = ""
    paper: str = ""
    status: str = ""
    day: date | None = None
    extract: tuple[Piece, ...] = ()
    place: str = ""
    telephone: str = ""
    hours: str = ""
    seat: str = ""
    versions: tuple[Item, ...] = ()
    explained_by: tuple[Item, ...] = ()
    score: float = 0.0
    recommended: bool = False

    @property
    def name(self) -> str:
        """The title as a line of text."""
        return "".join(piece.text for piece in self.title)

    @property
    def is_past(self) -> bool:
        """Whether it is no longer the law."""
        return self.status in ("repealed", "expired", "superseded")


@dataclass(frozen=True, slots=True)
class Block:
    """What a question is clearly after, to stand above the results: of one kind, about some words, with what answers it."""

    kind: IntentKind
    about: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """Where to go when nothing was found: how many there are without the conditions, and words that do find something."""

    unconditioned: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    `total` and `facets` count documents (each facet as if nothing were chosen in it); `whole` of them have all that was
    asked, the rest a part. `instead` is the query that was searched in place of what was typed, "" for none, and
    `from_letters` says that it is what its letters stand for; `offered` are queries that may be meant; `dates` stretches of
    time the words speak of. `unread`: no words could be made out. `absent` is the document number that was asked for and
    that no document bears. `shortened`: the question was too long.
    """

    question: Question
    items: tuple[Item, ...] = ()
    total: int = 0
    whole: int = 0
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    more: bool = False
    block: Block | None = None
    instead: str = ""
    from_letters: bool = False
    offered: tuple[str, ...] = ()
    dates: tuple[DateRange, ...] = ()
    absent: str = ""
    unread: bool = False
    shortened: bool = False
    nearest: Nearest | None = None
