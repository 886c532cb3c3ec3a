"""From a question to a plan that every engine can follow: what must be there, what counts, and how much. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from gongkai.search.analysis.dividing import divide
from gongkai.search.analysis.fold import spaced, tight
from gongkai.search.analysis.grams import END, pairs
from gongkai.search.analysis.numerals import counted, spellings
from gongkai.search.analysis.passages import body_of
from gongkai.search.port import LONGEST_QUERY, Expand, Match, Request, Saying

_MOST_PAIRS, _MOST_CONCEPTS, _MOST_PHRASES = 40, 12, 8
_MOST_UNITS = 24
"""Of a long question the common characters tell little, and are what takes time."""
_RARITY = 0.8
"""The power to which rarity is taken: below 1, so that many common words outweigh one rare word."""
_CHARACTER = 3.0
"""How much a rare character counts beside a pair as rare: paraphrases share characters more than words."""
_WORD = 0.5
_SAID_OTHERWISE = 0.7
_BODY_LOOKED_AT, _TELLING, _HEAD_COUNTS = 4_000, 25, 3


class Vocabulary(Protocol):
    """What an index knows of its words."""

    @property
    def documents(self) -> int:
        """How many documents there are."""

    @property
    def windows(self) -> int:
        """How many windows their bodies have."""

    def pair(self, pair: str) -> int:
        """In how many documents a pair stands."""

    def word(self, word: str) -> int:
        """In how many documents a word stands, as the indexer divided them."""

    def character(self, character: str) -> int:
        """In how many windows a character stands."""


Concept = tuple[str, ...]
"""One thing that is asked for: any of some folded forms."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    `concepts`, of which `least` must be there; `pairs` and `words` with their factors, for candidates; `units` (characters
    and pairs) with their weights, for the close look. Of each of `phrases` one spelling must stand, of `excluded` none.
    `frequencies` are in how many documents each of the concepts stands at most. `seams` are pairs that go from one word into
    the next: where one stands by itself (民政 of 人民|政府 in 民政局), that is chance.
    """

    text: str = ""
    concepts: tuple[Concept, ...] = ()
    least: int = 0
    frequencies: tuple[int, ...] = ()
    pairs: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)
    seams: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()
    shortened: bool = False

    def strict(self) -> Plan:
        """The same, with all concepts asked for."""
        return replace(self, least=len(self.concepts))


def plan(request: Request, vocabulary: Vocabulary, expand: Expand | None = None) -> Plan:
    """Plan the answer to a request; bounded, whatever the request holds."""
    runs, shortened = _runs(request.text)
    text = "".join(runs)
    sayings = [*request.sayings, *(expand(" ".join(runs)) if expand and text else ())]
    divided = [divide(run, vocabulary.word, vocabulary.documents) for run in runs]
    words = [word for run in divided for word in run]
    concepts = _concepts(words, sayings, vocabulary)
    said = _weighed(runs, sayings)
    found = {pair: weight for pair, weight in said.items() if vocabulary.pair(pair)} if len(text) > 1 else {}
    rarest = {pair: found[pair] for pair in sorted(found, key=vocabulary.pair)[:_MOST_PAIRS]}
    tokens = {token for word in words for token in (word, *counted(word)) if len(token) > 1}
    return Plan(
        text=text,
        concepts=concepts,
        least=_least(len(concepts), request.match),
        frequencies=tuple(sum(_frequency(form, vocabulary) for form in concept) for concept in concepts),
        pairs=rarest,
        words={token: _WORD for token in sorted(tokens) if vocabulary.word(token)},
        units=_units(rarest, text, vocabulary),
        seams=_seams(divided, [*words, *(tight(saying.official) for saying in sayings)]),
        phrases=tuple(tuple(spellings(phrase)) for phrase in _folded(request.phrases)),
        excluded=tuple(_folded(request.excluded)),
        shortened=shortened,
    )


def telling(folded: str, vocabulary: Vocabulary) -> dict[str, float]:
    """The pairs that tell a document (fields and windows, END between) from others: often here and rare elsewhere."""
    *heads, body = folded.split(END)
    seen = Counter(pairs(body_of(body[:_BODY_LOOKED_AT])))
    for head in heads:
        seen.update(dict.fromkeys(pairs(head), _HEAD_COUNTS))
    often = {pair: number for pair, number in seen.most_common(_TELLING * 8) if len(pair) == 2}
    weights = {pair: n / (n + 2) * rarity(vocabulary.pair(pair), vocabulary.documents) for pair, n in often.items()}
    return {pair: weights[pair] for pair in sorted(weights, key=lambda pair: -weights[pair])[:_TELLING]}


def _runs(text: str) -> tuple[list[str], bool]:
    """The folded runs of a question between blanks and marks, up to its longest length."""
    looked_at = text[: LONGEST_QUERY * 10]
    runs, room = [], LONGEST_QUERY
    for run in spaced(looked_at).split():
        if room <= 0:
            break
        runs.append(run[:room])
        room -= len(run)
    return runs, room < 0 or len(looked_at) < len(text)


def _seams(divided: Iterable[Sequence[str]], known: Iterable[str]) -> frozenset[str]:
    """The pairs across the ends of words, without those that are also inside one; single characters may be parts of a name."""
    across = {left[-1] + right[0] for words in divided for left, right in pairwise(words) if max(len(left), len(right)) > 1}
    return frozenset(across.difference(*map(pairs, known)))


def _folded(phrases: Iterable[str]) -> list[str]:
    return list(filter(None, (tight(phrase[: LONGEST_QUERY * 10])[:LONGEST_QUERY] for phrase in phrases)))[:_MOST_PHRASES]


def _concepts(words: Sequence[str], sayings: Sequence[Saying], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The words as concepts, rarest first where there are too many; single characters only where there is nothing else."""
    chosen = list(dict.fromkeys(word for word in words if len(word) > 1)) or list(dict.fromkeys(words))
    if len(chosen) > _MOST_CONCEPTS:
        rarest = set(sorted(chosen, key=lambda word: vocabulary.word(word) or vocabulary.documents)[:_MOST_CONCEPTS])
        chosen = [word for word in chosen if word in rarest]
    return tuple(tuple(dict.fromkeys([*spellings(word), *_otherwise(word, sayings)])) for word in chosen)


def _frequency(form: str, vocabulary: Vocabulary) -> int:
    return min((vocabulary.pair(pair) for pair in pairs(form)), default=0)


def _otherwise(word: str, sayings: Sequence[Saying]) -> list[str]:
    """What papers may have in place of `word`: it stands in what is said, or has that in it."""
    return [
        official
        for saying in sayings
        if (said := tight(saying.said)) and (word in said or said in word) and (official := tight(saying.official)) != word
    ]


def _weighed(runs: Sequence[str], sayings: Sequence[Saying]) -> dict[str, float]:
    """The pairs of a question, and those of the terms that papers may have for it, with less weight."""
    weights = {pair: saying.weight * _SAID_OTHERWISE for saying in sayings for pair in pairs(tight(saying.official))}
    return weights | {pair: 1.0 for run in runs for pair in pairs(run) if len(pair) == 2}


def _units(found: Mapping[str, float], text: str, vocabulary: Vocabulary) -> dict[str, float]:
    weights = {pair: weight * rarity(vocabulary.pair(pair), vocabulary.windows) for pair, weight in found.items()}
    characters: dict[str, float] = {}
    for pair, weight in found.items():
        for character in pair:
            characters[character] = max(characters.get(character, 0), weight)
    characters |= dict.fromkeys(text[:_MOST_PAIRS], 1.0)
    for character, weight in characters.items():
        weights[character] = _CHARACTER * weight * rarity(vocabulary.character(character), vocabulary.windows)
    heaviest = sorted(weights, key=lambda unit: -weights[unit])[:_MOST_UNITS]
    return {unit: weights[unit] for unit in heaviest if weights[unit] > 0}


def rarity(seen: int, windows: int) -> float:
    """The weight of what stands in `seen` of so many windows or documents."""
    seen = min(seen, windows)
    return float(math.log(1 + (windows - seen + 0.5) / (seen + 0.5)) ** _RARITY)


def _least(concepts: int, match: Match) -> int:
    """How many of the concepts must be there."""
    if match is Match.ANY:
        return min(concepts, 1)
    if match is Match.ALL or concepts <= 2:
        return concepts
    return math.ceil(concepts * 0.6)
