"""From what people say to what papers say: plain speech and short names, by the reviewed tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from gongkai.search.analysis.fold import tight
from gongkai.search.understanding.data import Pair, abbreviations, plain_speech
from gongkai.search.understanding.model import Expansion

_MOST = 12
_SLACK = re.compile(r"[的了我您你要想去给个地得家里能\s]")


@dataclass(frozen=True, slots=True)
class Own:
    """A site's own pairs by what people say (`longest` characters at most), and pairs (folded) of the tables it does not want."""

    pairs: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    longest: int = 0
    off: frozenset[tuple[str, str]] = frozenset()


NOTHING_OWN = Own()


def expansions(text: str, own: Own = NOTHING_OWN) -> tuple[Expansion, ...]:
    """The official terms for what stands in `text` (folded words), the surest first; twelve at most.

    Of a term to which both lead, the site's `own` weight holds.
    """
    found: dict[str, Expansion] = {}
    for table, longest in _tables():
        for one in _found(text, table, longest).values():
            known = found.get(one.official)
            if (known is None or known.weight < one.weight) and not _unwanted(one, own):
                found[one.official] = one
    found |= _found(text, own.pairs, own.longest)
    return tuple(sorted(found.values(), key=lambda one: -one.weight)[:_MOST])


def _unwanted(one: Expansion, own: Own) -> bool:
    return bool(own.off) and (tight(one.said), tight(one.official)) in own.off


def _found(text: str, table: Mapping[str, tuple[Pair, ...]], longest: int) -> dict[str, Expansion]:
    found: dict[str, Expansion] = {}
    for form in dict.fromkeys((text, _SLACK.sub("", text))) if longest else ():
        for said in _said(form, table, longest):
            for pair in table[said]:
                known = found.get(pair.official)
                if pair.official not in text and (known is None or known.weight < pair.weight):
                    found[pair.official] = Expansion(said, pair.official, pair.weight)
    return found


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
