"""Understanding a query: one pure function from what was typed to what may have been meant."""

from __future__ import annotations

import re
from datetime import date

from gongkai.search.understanding.cleaning import clean, words
from gongkai.search.understanding.expanding import NOTHING_OWN, Own, expansions
from gongkai.search.understanding.intents import intent_of, without_asking
from gongkai.search.understanding.model import Expansion, Filters, Understood
from gongkai.search.understanding.numbering import find_number
from gongkai.search.understanding.operators import take_operators
from gongkai.search.understanding.pinyin import Reading, readings
from gongkai.search.understanding.typos import Correction, corrections
from gongkai.search.understanding.vocabulary.store import Vocabulary
from gongkai.search.understanding.years import ranges

_LETTERS = re.compile(r"[a-z]")
_SHOUTED = re.compile(r"[A-Z]{2,}")
_HAN = re.compile(r"[一-鿿〇]")
_LONGEST_PUT_RIGHT = 60


def understand(query: str, vocabulary: Vocabulary, today: date, own: Own = NOTHING_OWN) -> Understood:
    """What `query` says and may mean, by the site's `vocabulary` and its `own` pairs; `today` gives words like 去年 their year.

    Takes any text of any size without an error, in bounded time: only the first 2,000 characters are looked at.
    """
    cleaned = clean(query)
    operated = take_operators(cleaned)
    whole = words(operated.words)
    seen = find_number((operated.number or operated.words).lower(), vocabulary)
    numbers = seen.keys if seen else ()
    read = () if numbers else _readings(operated.words, whole, vocabulary)
    return Understood(
        typed=query[: len(cleaned) + 200],
        whole=whole,
        text=without_asking(whole),
        phrases=tuple(filter(None, map(words, operated.phrases))),
        excluded=tuple(filter(None, map(words, operated.excluded))),
        filters=Filters(operated.organs, operated.years),
        dates=() if numbers else tuple(ranges(operated.words.lower(), today)),
        numbers=numbers,
        readings=read,
        corrections=(right := () if numbers or read else _corrections(whole, vocabulary)),
        expansions=_expansions(whole, read, right, own),
        intent=intent_of(whole, numbers, vocabulary),
    )


def _readings(typed: str, whole: str, vocabulary: Vocabulary) -> tuple[Reading, ...]:
    """Letters in capitals beside characters are a name as it stands: ETC办理."""
    if not _LETTERS.search(typed.lower()) or (_SHOUTED.search(typed) and _HAN.search(typed)):
        return ()
    return tuple(readings(typed.lower() if not _HAN.search(typed) else whole, vocabulary))


def _corrections(whole: str, vocabulary: Vocabulary) -> tuple[Correction, ...]:
    return tuple(corrections(whole, vocabulary)) if len(whole) <= _LONGEST_PUT_RIGHT else ()


def _expansions(whole: str, read: tuple[Reading, ...], right: tuple[Correction, ...], own: Own) -> tuple[Expansion, ...]:
    """Of the query itself and, as surely as that is meant, of its likeliest reading or correction."""
    found = {one.official: one for one in expansions(whole, own)}
    likeliest = [(one.text, one.confidence) for one in read[:1]] + [(one.text, one.confidence) for one in right[:1]]
    for text, sure in likeliest:
        for one in expansions(text, own):
            found.setdefault(one.official, Expansion(one.said, one.official, round(one.weight * sure, 2)))
    return tuple(found.values())
