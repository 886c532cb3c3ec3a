"""What is understood of a query. Plain values, for engines, pages and tests alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from gongkai.search.understanding.pinyin import Reading
from gongkai.search.understanding.typos import Correction
from gongkai.search.understanding.years import DateRange


class IntentKind(Enum):
    """The one thing a query may clearly be after."""

    NONE = "none"
    DOCUMENT_NUMBER = "document_number"
    ORGAN_CONTACT = "organ_contact"
    CLAUSE = "clause"
    DISCLOSURE_REQUEST = "disclosure_request"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a query is after, and about what: a number, an organ's name, or the words left over."""

    kind: IntentKind
    about: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of the query and the official term that papers have for them; `weight` is 0–1, how surely."""

    said: str
    official: str
    weight: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What operators ask for: papers of any of these organs, of any of these years, none for all."""

    organs: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """A query understood.

    `text` is what to search for: folded words, without operators and words of asking, blanks between pieces. `whole` is the
    same with the words of asking. Phrases must stand as they are, excluded words must not. `numbers` are document numbers in
    canonical form that the query may mean, the likeliest first. `dates` are offered, not applied. Corrections and readings
    come the likeliest first and are whole queries in place of `whole`.
    """

    typed: str
    whole: str = ""
    text: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    dates: tuple[DateRange, ...] = ()
    numbers: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    corrections: tuple[Correction, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    intent: Intent = field(default_factory=lambda: Intent(IntentKind.NONE))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self.whole or self.phrases or self.numbers or self.filters.organs or self.filters.years)
