"""Reading pinyin: in full, by initials, mixed with characters, or keyed a little wrong. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gongkai.search.remembered import Remembered
from gongkai.search.understanding.plausible import plausibility
from gongkai.search.understanding.slots import Row, rows, slot, terms_for
from gongkai.search.understanding.syllables import beside, letters, loose
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import TermKind

LONGEST = 60
_LEAST_BESIDE = 4  # pm2.5 is no pinyin
_REGION = re.compile(r"(?:[一-鿿〇]|[a-z])*[a-z](?:[一-鿿〇]|[a-z])*")
_PIECE = re.compile(r"[a-z]+|[一-鿿〇]+")
_LONGEST_WORD = 8
_BEAM, _PER_EDGE = 4, 4
_LIKELY, _WELL = -5.5, -3.5
_REMEMBERED = 1 << 14
EXACT, LOOSE, SENTENCE, KEYED, INITIALS, GUESSED = 0.95, 0.8, 0.75, 0.6, 0.55, 0.4


@dataclass(frozen=True, slots=True)
class Reading:
    """What letters in a query stand for, and how surely (0–1)."""

    text: str
    confidence: float


def readings(text: str, vocabulary: Vocabulary, most: int = 3) -> list[Reading]:
    """The queries in characters that `text` (folded) may stand for, the likeliest first; [] when it holds no pinyin."""
    plain = letters(text[:LONGEST])
    found = list(_REGION.finditer(plain))
    if len(found) != 1 or _is_foreign(found[0][0], vocabulary):
        return []
    region = found[0]
    before, after = plain[: region.start()], plain[region.end() :]
    if (before[-1:] + after[:1]).strip() and len(region[0]) < _LEAST_BESIDE:
        return []
    best: dict[str, float] = {}
    for reading in _read(region[0], vocabulary, most):
        best.setdefault(before + reading.text + after, reading.confidence)
    return [Reading(whole, confidence) for whole, confidence in list(best.items())[:most]]


def _is_foreign(region: str, vocabulary: Vocabulary) -> bool:
    """Whether the letters are no pinyin: too short to tell, or a word of another language that the papers use."""
    pieces = _PIECE.findall(region)
    said = [piece for piece in pieces if piece.isascii()]
    if len(region) < 2 or (all(len(piece) == 1 for piece in said) and len(pieces) == len(said)):
        return True
    for piece in said:
        rank = vocabulary.find(piece)
        if rank is not None and vocabulary.kind(rank) == TermKind.LATIN and vocabulary.weight(rank) > 2:
            return not vocabulary.sounding(piece, 1)
    return False


def _read(region: str, vocabulary: Vocabulary, most: int) -> Iterator[Reading]:
    pieces = _PIECE.findall(region)
    ways = list(rows(pieces))
    found = list(_whole_terms(region, ways, vocabulary, most))
    full = [way for way in ways if all(slot.is_whole for slot in way)]
    if len(found) < most and full:
        found += _sentences(full[:3], vocabulary, most, SENTENCE)
    if not found and region.isascii() and len(region) > 3:
        found = [Reading(term, KEYED) for term in _keyed_wrong(region, vocabulary)[:most]]
    if not found and ways and (not region.isascii() or all(len(slot.typed) == 1 for slot in ways[-1])):
        found = _sentences([ways[0] if not region.isascii() else ways[-1]], vocabulary, most, GUESSED)
    yield from found


def _whole_terms(region: str, ways: list[Row], vocabulary: Vocabulary, most: int) -> Iterator[Reading]:
    """Terms that the whole region stands for: read exactly, loosely, then by initials; longer terms before single characters."""
    if region.isascii():
        ranks = vocabulary.sounding(region, most * 8)
        terms = sorted((vocabulary.term(rank) for rank in ranks), key=lambda term: len(term) == 1)
        yield from (Reading(term, EXACT) for term in terms)
    for loosely, confidence in ((False, EXACT), (True, LOOSE)):
        for row in ways:
            whole = all(slot.is_whole for slot in row)
            if whole or not loosely:
                ranks = terms_for(row, vocabulary, most, loosely=loosely)
                sure = confidence if whole else INITIALS + 0.03 * min(10, len(row))
                yield from (Reading(vocabulary.term(rank), round(sure, 2)) for rank in ranks if len(row) > 1 or whole)
    if region.isascii():
        yield from (Reading(vocabulary.term(rank), LOOSE) for rank in vocabulary.sounding_like(loose(region), most))


def _sentences(ways: list[Row], vocabulary: Vocabulary, most: int, sure: float) -> list[Reading]:
    """Several terms in a row, ranked by how well they read together; sounds are taken loosely only where need be."""
    reading = plausibility(vocabulary)
    found: dict[str, float] = {}
    for loosely in (False, True):
        for row in ways:
            for text, score in _strung(row, vocabulary, loosely=loosely):
                merit = ((score + reading.score(text)) / 2 - 2.0 * loosely) / len(text)
                found[text] = max(merit, found.get(text, -math.inf))
        if found and max(found.values()) > _WELL:
            break
    ranked = sorted(found.items(), key=lambda way: -way[1])[:most]
    return [Reading(text, sure) for text, merit in ranked if merit > _LIKELY]


def _strung(row: Row, vocabulary: Vocabulary, *, loosely: bool) -> list[tuple[str, float]]:
    edges, typed = _edges(vocabulary), tuple(slot.typed for slot in row)
    best: list[list[tuple[str, float]]] = [[] for _ in range(len(row) + 1)]
    best[0] = [("", 0.0)]
    for end in range(1, len(row) + 1):
        ways: dict[str, float] = {}
        for start in range(max(0, end - _LONGEST_WORD), end):
            if best[start]:
                for term, score in edges[typed[start:end], loosely]:
                    for text, spent in best[start]:
                        ways[text + term] = max(ways.get(text + term, -math.inf), spent + score)
        best[end] = sorted(ways.items(), key=lambda way: -way[1])[:_BEAM]
    return best[-1]


Edges = Remembered[tuple[tuple[str, ...], bool], list[tuple[str, float]]]


@lru_cache(2)
def _edges(vocabulary: Vocabulary) -> Edges:
    """The terms that stretches of slots may stand for, with what each costs; taken loosely or not."""
    size = math.log(sum(vocabulary.weight(rank) for rank in range(min(50, len(vocabulary)))) + 1)

    def terms(asked: tuple[tuple[str, ...], bool]) -> list[tuple[str, float]]:
        typed, loosely = asked
        row = tuple(map(slot, typed))
        if all(one.is_character for one in row):
            weight = vocabulary.known(text := "".join(typed))
            return [(text, math.log(weight + 0.5) - size)] if weight or len(row) == 1 else []
        if len(row) == 1 and not row[0].is_whole:
            return []
        ranks = terms_for(row, vocabulary, _PER_EDGE, loosely=loosely)
        return [(vocabulary.term(rank), math.log(vocabulary.weight(rank)) - size) for rank in ranks]

    return Remembered(terms, _REMEMBERED)


def _keyed_wrong(typed: str, vocabulary: Vocabulary) -> list[str]:
    """Terms read as `typed` with one key wrong, missing, doubled or swapped, the heaviest first."""
    ranks: set[int] = set()
    for at in range(len(typed) + 1):
        before, after = typed[:at], typed[at:]
        ways = [before + extra + after for extra in "aeiounghsz"]
        if after:
            ways += [before + after[1:], *(before + key + after[1:] for key in beside(after[0]))]
        if len(after) > 1:
            ways.append(before + after[1] + after[0] + after[2:])
        for way in ways:
            ranks.update(vocabulary.sounding(way, 3))
    for way in _southern(typed):
        ranks.update(vocabulary.sounding_like(loose(way), 3))
    return [term for rank in sorted(ranks) if len(term := vocabulary.term(rank)) > 1]


def _southern(typed: str) -> set[str]:
    """The letters with f for h and r for l, or the other way round: fukou for hukou."""
    return {
        re.sub(r"hu(?=[aeio])", "f", typed),
        re.sub(r"f(?=[aeo])", "hu", typed),
        typed.replace("fu", "hu"),
        typed.replace("hu", "fu"),
        typed.replace("r", "l"),
        re.sub(r"l(?=[aeou])", "r", typed),
    } - {typed}
