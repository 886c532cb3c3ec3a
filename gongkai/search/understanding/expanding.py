"""From what people say to what papers say: plain speech and short names, by the reviewed tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from gongkai.search.understanding.data import Pair, abbreviations, plain_speech
from gongkai.search.understanding.model import Expansion

_MOST = 12
_SLACK = re.compile(r"[的了我您你要想去给个地得家里能\s]")


def expansions(text: str) -> tuple[Expansion, ...]:
    """The official terms for what stands in `text` (folded words), the surest first; twelve at most."""
    found: dict[str, Expansion] = {}
    for table, longest in _tables():
        for form in dict.fromkeys((text, _SLACK.sub("", text))):
            for said in _said(form, table, longest):
                for pair in table[said]:
                    known = found.get(pair.official)
                    if pair.official not in text and (known is None or known.weight < pair.weight):
                        found[pair.official] = Expansion(said, pair.official, pair.weight)
    return tuple(sorted(found.values(), key=lambda one: -one.weight)[:_MOST])


def _said(text: str, table: Mapping[str, tuple[Pair, ...]], longest: int) -> Iterator[str]:
    """The longest sayings in `text`, none inside another."""
    covered = 0
    for start in range(len(text)):
        for end in range(min(len(text), start + longest), max(covered, start + 1), -1):
            if text[start:end] in table:
                covered = end
                yield text[start:end]
                break


@cache
def _tables() -> tuple[tuple[Mapping[str, tuple[Pair, ...]], int], ...]:
    return tuple((table, max(map(len, table), default=0)) for table in (plain_speech(), abbreviations()))
