"""Finding what was meant by characters typed wrongly, from the site's own words and what stands beside them. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gongkai.search.understanding.changes import Change, Judge
from gongkai.search.understanding.meanings import Meaning, Meanings
from gongkai.search.understanding.mistakes import DOUBLED, SWAPPED, Sort
from gongkai.search.understanding.plausible import plausibility
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import HAN, TermKind, deletions
from gongkai.search.understanding.wording import Wording

LONGEST_RUN = 32
_FOREIGN = re.compile(r"[a-z][a-z0-9]{4,15}")
_FOREIGN_SURE, _MOST_FOREIGN, _IN_USE = 0.6, 12, 3
_LONGEST_SPAN = 8
_MOST_ROUNDS = 3
_PRIOR = 1.0
_JOINED = 0.5
"""What it is worth that a change makes longer words of shorter ones: 社会救助|办法 before 社会|协助|办法."""
_SHORT, _THING = 4, 3
_WHOLE = dict.fromkeys(Sort, 0.0) | {
    Sort.DROPPED: 7.0,
    Sort.ENDING: 7.0,
    Sort.SOUND: 3.0,
    Sort.SHAPE: 3.0,
    Sort.KEYS: 3.0,
    Sort.OTHER: 3.0,
    Sort.DOUBLED: 5.0,
    Sort.SWAPPED: 4.0,
}
_STANDS = frozenset(TermKind) - {TermKind.COMMON, TermKind.CHARACTER}


@dataclass(frozen=True, slots=True)
class Correction:
    """A query put right, and how surely it is what was meant (0–1)."""

    text: str
    confidence: float


def corrections(text: str, vocabulary: Vocabulary, most: int = 3) -> list[Correction]:
    """What `text` (folded words) was probably meant to be, the likeliest first; [] when it stands well as it is."""
    best: list[tuple[str, float]] = [(text, 0.0)]
    reader = _reader(vocabulary)
    for match in reversed([m for m in HAN.finditer(text) if 2 <= len(m[0]) <= LONGEST_RUN]):
        ways = [(match[0], 0.0), *reader.put_right(match[0], most)]
        best = [(whole[: match.start()] + run + whole[match.end() :], gain + more) for whole, gain in best for run, more in ways]
        best = sorted(best, key=lambda way: -way[1])[: most + 1]
    found = [Correction(whole, round(1 / (1 + math.exp(-gain / 3)), 3)) for whole, gain in best if whole != text][:most]
    return found or _foreign(text, vocabulary)


def _foreign(text: str, vocabulary: Vocabulary) -> list[Correction]:
    """Words of other languages and codes, one slip from one that the papers use: covdi-19 → covid-19."""
    right = _FOREIGN.sub(lambda match: _nearest(match[0], vocabulary), text)
    return [Correction(right, _FOREIGN_SURE)] if right != text else []


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    if vocabulary.known(word):
        return word
    ranks = {rank for rest in (word, *deletions(word)) for rank in vocabulary.lacking_one(rest, _MOST_FOREIGN)}
    ranks |= {rank for rest in deletions(word) if (rank := vocabulary.find(rest)) is not None}
    near = (rank for rank in sorted(ranks) if vocabulary.kind(rank) == TermKind.LATIN and vocabulary.weight(rank) >= _IN_USE)
    return next((term for term in map(vocabulary.term, near) if term[0] == word[0] and abs(len(term) - len(word)) <= 1), word)


@lru_cache(2)
def _reader(vocabulary: Vocabulary) -> _Reader:
    return _Reader(vocabulary)


class _Reader:
    """Puts runs right against one vocabulary, remembering what it has looked up. Safe for threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._plausibility = plausibility(vocabulary)
        self._wording = Wording(vocabulary)
        self._meanings = Meanings(vocabulary)
        self._judge = Judge(self._plausibility, self._wording)

    def put_right(self, run: str, most: int) -> list[tuple[str, float]]:
        """One run put right, each way with what is gained; [] when no way is worth it."""
        ways: dict[str, float] = {}
        way, gained = run, 0.0
        for _ in range(_MOST_ROUNDS if len(run) > 4 else 1):
            found = [] if self._stands(way) else self._changes(way)
            for changed, gain in found[:most]:
                if changed != run:
                    ways[changed] = max(ways.get(changed, 0.0), gained + gain)
            if not found:
                break
            way, gained = found[0][0], gained + found[0][1]
        return sorted(ways.items(), key=lambda way: -way[1])[:most]

    def _stands(self, run: str) -> bool:
        """Whether a run is a term as it stands, in use on this site."""
        known = self._vocabulary.find(run)
        return known is not None and self._vocabulary.kind(known) in _STANDS

    def _changes(self, run: str) -> list[tuple[str, float]]:
        """What single changes make of `run` so that it reads better, with what each gains, the best first."""
        weak, loose = self._plausibility.weak(run), self._wording.loose(run)
        if not weak and not loose:
            return []
        found: dict[str, float] = {}
        cheapest: dict[str, float] = {}
        for start, end, meant, price, sort in self._thinkable(run, weak, loose):
            changed = run[:start] + meant + run[end:]
            if price >= cheapest.get(changed, math.inf):
                continue
            cheapest[changed] = price
            cost = price + _PRIOR
            gain = self._plausibility.gain(run, changed, start, end, start + len(meant), least=cost - _WHOLE[sort]) - cost
            if gain <= -_WHOLE[sort]:
                continue
            change = Change(run, start, end, meant, price, sort)
            if self._makes_whole(change, loose):
                gain += _WHOLE[sort]
            if gain > 0 and self._judge.approves(change, gain):
                found[changed] = gain + _JOINED * max(0, self._wording.pieces(run) - self._wording.pieces(changed))
        return sorted(found.items(), key=lambda way: -way[1])

    def _makes_whole(self, change: Change, loose: frozenset[int]) -> bool:
        """Whether nothing is left over after the change: then what the papers never put side by side may stand side by side."""
        inside = change.start > 0 or len(change.meant) > 2
        grown = change.changed.startswith(change.run)
        return bool(loose) and inside and not grown and len(change.changed) > _SHORT and not self._wording.loose(change.changed)

    def _thinkable(self, run: str, weak: list[int], loose: frozenset[int]) -> Iterator[tuple[int, int, str, float, Sort]]:
        """The changes worth weighing (what is taken for what, at what price): none beside neighbours never seen together."""
        for start, end, meanings in self._places(run, weak, loose):
            for meant, price, sort in meanings:
                if sort != Sort.EXTRA or self._plausibility.joins(run, start, end, meant):
                    yield start, end, meant, price, sort
        for at in range(len(run) - 1):
            if run[at] == run[at + 1]:
                yield at, at + 2, run[at], *DOUBLED
            elif at in loose or at + 1 in loose or at + 1 in weak:
                yield at, at + 2, run[at + 1] + run[at], *SWAPPED

    def _places(self, run: str, weak: list[int], loose: frozenset[int]) -> Iterator[tuple[int, int, list[Meaning]]]:
        """Where something is wrong: around characters that stand alone or, where none do, neighbours never seen together."""
        for start in range(len(run)):
            if start in loose:
                ends = _THING <= start == len(run) - 1
                yield start, start + 1, self._meanings.ending(run[start]) if ends else self._meanings.beside(run[start])
            for end in range(start + 2, min(len(run), start + _LONGEST_SPAN) + 1):
                alone = any(start <= place < end for place in loose)
                if alone or (not loose and any(start < place < end for place in weak)):
                    yield start, end, self._meanings.by_sound(run[start:end])
                    yield start, end, self._meanings.by_slip(run[start:end])
                elif end - start == len(run):
                    yield start, end, self._meanings.lacking_one(run[start:end])
