"""How terms and characters are read aloud; used when a vocabulary is built, never when it is read."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from gongkai.search.understanding.syllables import NUMBER_OF

FIRST, LAST = 0x4E00, 0x9FFF
PER_CHARACTER = 3
_MOST_READINGS = 4
_SELDOM = 0.04


@cache
def _heard() -> dict[str, Counter[str]]:
    """How often each character is read in which way in the phrase book: that leaves out readings only scholars know."""
    heard: dict[str, Counter[str]] = {}
    for phrase, said in phrases_dict.items():
        for char, syllables in zip(phrase, said, strict=False):
            heard.setdefault(char, Counter())[_plain(syllables[0])] += 1
    return heard


@cache
def _readings(char: str) -> tuple[str, ...]:
    heard = _heard().get(char, Counter())
    listed = [_plain(said) for said in pinyin_dict.get(ord(char), "").split(",") if said]
    often = [said for said, times in heard.most_common(PER_CHARACTER) if times > _SELDOM * heard.total() and times > 1]
    return tuple(said for said in often or listed[:1] if said in NUMBER_OF)


@cache
def _plain(said: str) -> str:
    return to_normal(said).replace("ü", "v")


def character_readings() -> Iterator[str]:
    """The characters of everyday writing (GB 2312), each of which has a reading."""
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            char = bytes((row, cell)).decode("gb2312", errors="ignore")
            if len(char) == 1 and _readings(char):
                yield char


@cache
def readings_table() -> dict[str, array[int] | bytes]:
    """For each character of the first plane's block up to three syllables, numbered from one; nought is none."""
    table = array("H")
    for point in range(FIRST, LAST + 1):
        numbers = [NUMBER_OF[s] + 1 for s in _readings(chr(point))]
        table.extend(numbers + [0] * (PER_CHARACTER - len(numbers)))
    return {"readings": table}


def term_sounds(term: str) -> list[tuple[str, ...]]:
    """How a term may be read: as the phrase book has it first, then each character by itself, four readings at most."""
    known = phrases_dict.get(term)
    if known:
        said = tuple(_plain(syllables[0]) for syllables in known)
    else:
        said = tuple(s.replace("ü", "v") for s in lazy_pinyin(term, style=Style.NORMAL, v_to_u=False))
    found = [said] if len(said) == len(term) and all(s in NUMBER_OF for s in said) else []
    if len(term) <= 6:
        found += islice(product(*(_readings(c)[:2] for c in term)), _MOST_READINGS)
    return list(dict.fromkeys(found))[:_MOST_READINGS]
