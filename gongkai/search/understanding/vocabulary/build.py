"""Building a vocabulary: what the site's papers, organs and visitors say, beside the language in general."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rjieba

from gongkai.search.understanding.numbering import year_and_number
from gongkai.search.understanding.vocabulary.index import sorted_sections
from gongkai.search.understanding.vocabulary.keys import keys_of
from gongkai.search.understanding.vocabulary.language import language
from gongkai.search.understanding.vocabulary.layout import write_sections
from gongkai.search.understanding.vocabulary.sounds import readings_table
from gongkai.search.understanding.vocabulary.terms import (
    KEYED,
    PAIR,
    SUGGESTED,
    TRIPLE,
    TermKind,
    plain_number,
    small,
)
from gongkai.search.understanding.vocabulary.titles import names_of

_MOST_WORDS = 150_000
_MOST_PHRASES = 80_000
_MOST_SUGGESTED_LENGTH = 60
_ORGAN_WEIGHT = 60
_TITLE_WEIGHT = 15
_QUERY_WEIGHT = 5
_FEW_PAPERS = 20_000
_FEWEST_DELETED = dict.fromkeys(TermKind, 3) | {
    TermKind.WORD: 2,
    TermKind.OFFICIAL: 2,
    TermKind.NUMBER: 99,
    TermKind.QUERY: 99,
    TermKind.LATIN: 4,
}


@dataclass(frozen=True, slots=True)
class Built:
    """How much a vocabulary holds."""

    papers: int
    terms: int
    bytes: int


class VocabularyBuilder:
    """Takes what the indexer reads, paper by paper, and writes one file in the end.

    Memory stays below a few hundred megabytes whatever is added.
    """

    def __init__(self) -> None:
        self._counts = language().counts.copy()
        self._weights: Counter[str] = Counter()
        self._kinds: dict[str, TermKind] = {}

    def add_paper(self, title: str, text: str, *numbers: str) -> None:
        """One public paper: its title, its whole text and its document numbers in canonical form."""
        for name in names_of(title):
            self._offer(name, TermKind.TITLE, _TITLE_WEIGHT)
            self._counts.read_term(name, 1)
        self._counts.read(f"{title}\n{text}")
        for number in numbers:
            self._offer(number, TermKind.NUMBER, 1)

    def add_organ(self, *names: str) -> None:
        """One organ under all its names, short and former ones too."""
        for name in names:
            self._offer(name, TermKind.ORGAN, _ORGAN_WEIGHT)
            self._counts.read_term(name, 2)

    def add_query(self, text: str, people: int) -> None:
        """What `people` different visitors typed and found something by; the caller leaves out what fewer than five typed."""
        self._offer(text, TermKind.QUERY, _QUERY_WEIGHT * people)

    def write(self, path: Path) -> Built:
        """Write the file at `path`; a reader that has the old one open keeps it."""
        self._take_words()
        ranked = sorted(self._weights, key=lambda term: (-self._weights[term], term))
        write_sections(path, {**self._terms(ranked), **_found_by(ranked, self._kinds), **self._characters(), **readings_table()})
        return Built(self._counts.papers, len(ranked), path.stat().st_size)

    def _offer(self, term: str, kind: TermKind, weight: int) -> None:
        if not 1 <= len(term) <= 255:
            return
        self._weights[term] += weight
        self._kinds[term] = max(kind, self._kinds.get(term, kind))

    def _take_words(self) -> None:
        for word, count in self._counts.words.most_common(_MOST_WORDS):
            if count > 1 or rjieba.has_word(word):
                self._offer(word, TermKind.LATIN if word.isascii() else TermKind.WORD, count)
        at_least = 3 if self._counts.papers < 5_000 else 5
        for phrase, count in self._counts.phrases_seen(at_least, _MOST_PHRASES):
            self._offer(phrase, TermKind.PHRASE, count)
        general = language()
        for word, kind, weight in general.words:
            self._offer(word, kind, weight)
        for char in general.characters:
            self._offer(char, TermKind.CHARACTER, self._counts.single[char] + 1)

    def _terms(self, ranked: list[str]) -> dict[str, array[int] | bytes]:
        at, blob = array("I", [0]), bytearray()
        for term in ranked:
            blob += term.encode()
            at.append(len(blob))
        return {
            "text": bytes(blob),
            "text_at": at,
            "weight": array("I", (min(self._weights[t], 0xFFFFFFFF) for t in ranked)),
            "kind": array("B", (self._kinds[t] for t in ranked)),
        }

    def _characters(self) -> dict[str, array[int] | bytes]:
        single = array("I", bytes(4 * 0x10000))
        for char, count in self._counts.single.items():
            if ord(char) < 0x10000:
                single[ord(char)] = min(count, 0xFFFFFFFF)
        return (
            {
                "single": single,
                "total": array("Q", [self._counts.single.total()]),
            }
            | sorted_sections("pairs", self._packed(self._counts.pairs), PAIR)
            | sorted_sections("triples", self._packed(self._counts.triples), TRIPLE)
        )

    def _packed(self, counts: Counter[str]) -> Iterator[int]:
        """Grams and their counts, one number each: 16 bits per character, 16 for the count's logarithm."""
        at_least = 1 if self._counts.papers < _FEW_PAPERS else 2
        return (
            pack(gram) << 16 | small(count) for gram, count in counts.items() if count >= at_least and max(gram) < "\U00010000"
        )


def pack(gram: str) -> int:
    """A gram of up to three characters of the basic plane as one number."""
    number = 0
    for char in gram:
        number = (number << 16) | ord(char)
    return number


def _found_by(ranked: list[str], kinds: dict[str, TermKind]) -> dict[str, array[int] | bytes]:
    """The indexes: each entry is a key's digest above the term's rank, so that a key's terms stand by weight."""
    exact, sound, alike, initials, dropped, numbers = (array("Q") for _ in range(6))
    general = language().keys
    for rank, term in enumerate(ranked):
        keys = general.get(term) or keys_of(term)
        entries = [key << 32 | rank for key in keys]
        end = 2 + 3 * keys[0]
        exact.append(entries[1])
        sound.extend(entries[2:end:3])
        alike.extend(entries[3:end:3])
        initials.extend(entries[4:end:3])
        kind = kinds[term]
        if len(term) >= _FEWEST_DELETED[kind]:
            dropped.extend(entries[end:])
        if kind == TermKind.NUMBER and (parts := year_and_number(term)):
            numbers.append((parts[0] & 0xFFFF) << 48 | min(parts[1], 0xFFFF) << 32 | rank)
    sections: dict[str, array[int] | bytes] = {"ahead": array("Q", _ahead(ranked, kinds))}
    indexes = {"exact": exact, "sound": sound, "loose": alike, "initials": initials, "dropped": dropped, "numbers": numbers}
    for name, found in indexes.items():
        sections |= sorted_sections(name, found, KEYED)
    return sections


def _ahead(ranked: list[str], kinds: dict[str, TermKind]) -> Iterable[int]:
    """Where suggestions begin, in the order of their text: the rank below the place in the term where one may start typing."""
    starts = [
        (key[at:], at << 32 | rank)
        for rank, term in enumerate(ranked)
        if kinds[term] in SUGGESTED and len(term) <= _MOST_SUGGESTED_LENGTH
        for key in [plain_number(term) if kinds[term] == TermKind.NUMBER else term.lower()]
        for at in _starts(key, kinds[term])
    ]
    starts.sort()
    return (entry for _, entry in starts)


def _starts(key: str, kind: TermKind) -> Iterator[int]:
    yield 0
    if kind == TermKind.NUMBER:
        return
    at = 0
    for word in rjieba.cut(key)[:-1]:
        at += len(word)
        yield at
