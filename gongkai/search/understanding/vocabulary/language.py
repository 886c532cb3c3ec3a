"""The language in general, beside which a site's papers are counted: worked out once in a process, the same for all sites."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import rjieba
from pypinyin.phrases_dict import phrases_dict

from gongkai.search.understanding.data import official_terms, service_words
from gongkai.search.understanding.vocabulary.counting import TextCounts
from gongkai.search.understanding.vocabulary.keys import keys_of
from gongkai.search.understanding.vocabulary.sounds import character_readings
from gongkai.search.understanding.vocabulary.terms import HAN, TermKind

_OFFICIAL_WEIGHT, _SERVICE_WEIGHT = 40, 10
_OFFICIAL_COUNTS = 4
_EVERYDAY = 400
_GENERAL = 50  # the language in general counts as about a million characters of papers


@dataclass(frozen=True, slots=True)
class Language:
    """Its words with their kinds and weights, the characters that are written, how often all stand together, and their keys."""

    words: tuple[tuple[str, TermKind, int], ...]
    characters: tuple[str, ...]
    counts: TextCounts
    keys: Mapping[str, array[int]]


@cache
def language() -> Language:
    """Words of the phrase book, official terms and service words."""
    words = [(term, TermKind.OFFICIAL, _OFFICIAL_WEIGHT) for term in official_terms()]
    words += [(word, TermKind.WORD, _SERVICE_WEIGHT) for word in service_words()]
    counts = TextCounts()
    for term, kind, weight in words:
        counts.read_term(term, _OFFICIAL_COUNTS if kind == TermKind.OFFICIAL else weight)
    for word in (w for w in phrases_dict if 2 <= len(w) <= 5 and rjieba.has_word(w) and HAN.fullmatch(w)):
        often = rjieba.suggest_freq(word)
        words.append((word, TermKind.WORD if often > _EVERYDAY else TermKind.COMMON, 1 + often // _GENERAL))
        counts.read_term(word, 1 + often // _GENERAL, edges=False)
    characters = tuple(character_readings())
    for char in characters:
        counts.single[char] += rjieba.suggest_freq(char) // _GENERAL
    keys = {term: keys_of(term) for term in (*(word for word, *_ in words), *characters)}
    return Language(tuple(words), characters, counts, keys)
