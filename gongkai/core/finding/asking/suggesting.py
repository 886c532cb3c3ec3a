"""Suggestions while somebody types: titles, document numbers, organs and words, by characters or by pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from gongkai.core.finding.asking.finds import finds
from gongkai.core.finding.counting.noting import folded
from gongkai.core.finding.curating.queries import NO_WORDS, Words
from gongkai.search.port import Searcher, Stamp
from gongkai.search.understanding.cleaning import clean
from gongkai.search.understanding.pinyin import readings
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.vocabulary.terms import TermKind

MOST = 8
_MOST_ASKED = 2
_LONGEST_TYPED = 40
_LETTERS = re.compile(r"[a-z]{2,}")
_SORTS = {
    TermKind.ORGAN: "organ",
    TermKind.NUMBER: "number",
    TermKind.TITLE: "title",
    TermKind.OFFICIAL: "said",
    TermKind.QUERY: "said",
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """Words to search for; `sort` is organ, number, title, word (of papers), said (what people say instead), asked (by many)."""

    text: str
    sort: str


def suggest(
    typed: str, searcher: Searcher, vocabulary: Vocabulary, past: Sequence[str] = (), entries: Words = NO_WORDS
) -> list[Suggested]:
    """What goes on from `typed`, the likeliest first, eight at most, two of them questions that many people asked (`past`).

    The vocabulary may be older than the index: words of papers are suggested only as long as they stand in something that
    can be found. Raises as `answer` does.
    """
    words = clean(typed)[:_LONGEST_TYPED].strip()
    if not words:
        return []
    asked = list(islice(_asked(words, past, searcher, entries), _MOST_ASKED))
    known = {words, *(one.text for one in asked)}
    ahead = [
        one for one in dict.fromkeys(_ahead(words, vocabulary)) if one.text not in known and not entries.are_blocked(one.text)
    ]
    stand = list(islice((one for one in ahead if _stands(one.text, searcher)), MOST))
    found = [*asked, *stand, *(one for one in ahead if one.sort == "said" and one not in stand)][:MOST]
    if len(found) < MOST:
        known = {one.text for one in found}
        titles = (Suggested(one.text, "title") for one in searcher.suggest(words, MOST))
        found += [one for one in titles if one.text not in known and not entries.are_blocked(one.text)][: MOST - len(found)]
    return found


def _asked(words: str, past: Sequence[str], searcher: Searcher, entries: Words) -> Iterator[Suggested]:
    """Questions of many people that go on from the words and still find something."""
    start = folded(words)
    for question in past if start else ():
        goes_on = question != start and question.startswith(start) and not entries.are_blocked(question)
        if goes_on and _found(question, searcher, searcher.stamp()):  # type: ignore[arg-type]  # as below
            yield Suggested(question, "asked")


def _ahead(words: str, vocabulary: Vocabulary) -> Iterator[Suggested]:
    """Terms that go on from the words, or from what their letters stand for."""
    starts = [words]
    if _LETTERS.search(words.lower()):
        starts += [one.text for one in readings(words.lower(), vocabulary)]
    for start in starts:
        for term in dict.fromkeys([*([start] if start != words else []), *vocabulary.ahead(start, MOST)]):
            rank = vocabulary.find(term)
            yield Suggested(term, _SORTS.get(vocabulary.kind(rank), "word") if rank is not None else "word")


def _stands(term: str, searcher: Searcher) -> bool:
    return _stood(term, searcher, searcher.stamp())  # type: ignore[arg-type]  # a searcher is what it is, by identity


@lru_cache(maxsize=10_000)
def _stood(term: str, searcher: Searcher, _: Stamp) -> bool:
    """The same for everybody who types the same, until the index changes."""
    return finds(searcher, phrase=term)


@lru_cache(maxsize=5_000)
def _found(question: str, searcher: Searcher, _: Stamp) -> bool:
    """Whether a question finds anything, until the index changes."""
    return finds(searcher, question)
