"""Folding: every way of writing the same characters becomes one, for papers and for questions alike.

Full width becomes half (１２ → 12, Ａ → a), traditional becomes simplified (補 → 补), capitals small,
compatibility forms plain (㎡ → m2, ① → 1); punctuation, blanks, controls and pictures go. It works one
character at a time, so what stands together in a text stands together in its folded form: a folded
piece of a text is a piece of the folded text, which is what lets an exact search miss nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import opencc

_TO_SIMPLIFIED = opencc.OpenCC("t2s")


class _Table(dict[int, str]):
    """Filled as characters are met: the few thousand that papers use, not all of Unicode."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)) if not 0xD800 <= code < 0xE000 else ""
        kept = "".join(c for c in plain.lower() if c.isalnum())
        self[code] = folded = _TO_SIMPLIFIED.convert(kept) if kept and not kept.isascii() else kept or " "
        return folded


def _lasting() -> str:
    """The common characters that folding leaves as they are."""
    common = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = _TO_SIMPLIFIED.convert("\n".join(common)).split("\n")
    return "".join(one for one, other in zip(common, simple, strict=True) if one == other)


_TABLE = _Table()
_MARKS = (*range(0x80), *range(0x2000, 0x2070), *range(0x3000, 0x3040), *range(0xFF00, 0xFF10))
_BLANK = re.compile(f"[{re.escape(''.join(chr(code) for code in _MARKS if _TABLE[code] == ' '))}]")
_CHANGING = re.compile(f"[^ 0-9a-z{_lasting()}]")
"""Common marks become blanks and most characters stay, both at once; only the others are looked up one by one."""


def _folded(match: re.Match[str]) -> str:
    return _TABLE[ord(match[0])]


def spaced(text: str) -> str:
    """The folded text, with a blank for every character that is neither letter nor digit.

    >>> spaced("《關於２０２３年》")
    ' 关于2023年 '
    """
    return _CHANGING.sub(_folded, _BLANK.sub(" ", text))


def tight(text: str) -> str:
    """The folded text without any blank: what is indexed two characters at a time.

    >>> tight("栖政办发〔２０２３〕 7号")
    '栖政办发20237号'
    """
    return spaced(text).replace(" ", "")


def whole(text: str) -> str:
    """`text` without halves of characters, which no engine takes."""
    return text.encode("utf-8", "replace").decode()


def tight_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the index in `text` of the character it comes from."""
    pieces = [_TABLE[ord(character)] for character in text]
    places = [place for place, piece in enumerate(pieces) if piece != " " for _ in piece]
    return "".join(pieces).replace(" ", ""), places
