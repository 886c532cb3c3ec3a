"""What kinds of term a vocabulary holds, and the keys under which each is found. Pure."""

from __future__ import annotations

import math
import re
import zlib
from enum import IntEnum

HAN = re.compile(r"[一-鿿〇]+")
EDGE = "\x02"
KEYED, PAIR, TRIPLE = 48, 32, 48  # where the 16 bits that choose a bucket begin in an entry of each sort of index
LONGEST_SOUND = 14
LONGEST_DELETED = 9
_STEPS = 2048


class TermKind(IntEnum):
    """Where a term comes from; of several places the last. COMMON words are those that only the language in general has."""

    CHARACTER = 0
    COMMON = 1
    WORD = 2
    PHRASE = 3
    OFFICIAL = 4
    ORGAN = 5
    TITLE = 6
    NUMBER = 7
    QUERY = 8
    LATIN = 9


SUGGESTED = frozenset({TermKind.OFFICIAL, TermKind.ORGAN, TermKind.TITLE, TermKind.NUMBER, TermKind.QUERY, TermKind.PHRASE})


def digest(text: str) -> int:
    """32 bits that stand for a key; whoever looks up compares the term itself afterwards."""
    return zlib.crc32(text.encode())


def small(count: int) -> int:
    """A count of any size in 16 bits: its logarithm in steps of a third of a thousandth. `large` gives it back, nearly."""
    return min(0xFFFF, round(math.log2(count) * _STEPS))


def large(kept: int) -> float:
    """The count that `small` made `kept` of."""
    return math.exp2(kept / _STEPS)


def deletions(text: str) -> list[str]:
    """`text` with each one of its characters left out, none twice."""
    return list(dict.fromkeys(text[:i] + text[i + 1 :] for i in range(len(text))))


def plain_number(number: str) -> str:
    """A document number as a key to type ahead against: 青政办发〔2023〕7号 → 青政办发20237."""
    return re.sub(r"[〔〕\[\]()（）第号年\s]", "", number).lower()
