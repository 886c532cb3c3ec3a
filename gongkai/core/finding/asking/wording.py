"""Which words to look for: those that were typed, or those that were meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.core.finding.asking.finds import finds
from gongkai.search.port import Saying, Searcher
from gongkai.search.understanding.intents import without_asking
from gongkai.search.understanding.model import Expansion, Understood

_OTHER_READING = 0.6
_MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """What to look for; `instead` and `offered` as in an answer, `number` where a document number is what is looked for."""

    text: str
    phrases: tuple[str, ...] = ()
    sayings: tuple[Saying, ...] = ()
    instead: str = ""
    offered: tuple[str, ...] = ()
    number: str = ""


def as_typed(said: Understood) -> Wording:
    """The words as they stand; of what they may mean only the terms that papers have for them."""
    plain = () if said.readings or said.corrections else said.expansions
    return Wording(said.text, said.phrases, plain, offered=_meant(said)[:_MOST_OFFERED])


def worded(said: Understood, searcher: Searcher) -> Wording:
    """The words that were probably meant: a number, what letters stand for, what slips of the hand were to be.

    Of a mistake no more than an offer is made as long as what was typed stands anywhere.
    """
    if said.numbers:
        number, *others = said.numbers
        phrases = (*said.phrases, *(() if others else (number,)))
        return Wording(number, phrases, tuple(_other(number, others)), number=number)
    meant = _meant(said)
    if said.readings or (meant and not _stands(said.whole, meant[0], searcher)):
        first, *rest = meant
        text = without_asking(first)
        others = rest if said.readings else []
        return Wording(text, said.phrases, (*said.expansions, *_other(text, others)), first, tuple(rest[:_MOST_OFFERED]))
    return Wording(said.text, said.phrases, said.expansions, offered=meant[:_MOST_OFFERED])


def _meant(said: Understood) -> tuple[str, ...]:
    return tuple(one.text for one in said.readings or said.corrections)


def _other(text: str, others: Iterable[str]) -> Iterable[Expansion]:
    """What else may be meant, each less surely than the one before."""
    return (Expansion(text, other, round(_OTHER_READING / place, 2)) for place, other in enumerate(others, 1))


def _stands(typed: str, meant: str, searcher: Searcher) -> bool:
    """Whether the spot where two queries differ stands, as it was typed, in anything that can be found."""
    spot = spot_of(typed, meant)
    return bool(spot) and finds(searcher, phrase=spot)


def spot_of(typed: str, meant: str) -> str:
    """The part of `typed` that is otherwise in `meant`, with a character on either side where it is no word of its own."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(meant)) - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    return typed[max(0, start - 1) : len(typed) - end + 1].strip()
