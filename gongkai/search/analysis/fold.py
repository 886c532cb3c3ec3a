"""Folding: every way of writing the same characters becomes one, for papers and for questions alike.

Full width becomes half (１２ → 12, Ａ → a), traditional becomes simplified (補 → 补), capitals small,
compatibility forms plain (㎡ → m2, ① → 1); punctuation, blanks, controls and pictures go. It works one
character at a time, so what stands together in a text stands together in its folded form: a folded
piece of a text is a piece of the folded text, which is what lets an exact search miss nothing.
"""

from __future__ import annotations

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


_TABLE = _Table()


def spaced(text: str) -> str:
    """The folded text, with a blank for every character that is neither letter nor digit.

    >>> spaced("《關於２０２３年》")
    ' 关于2023年 '
    """
    return text.translate(_TABLE)


def tight(text: str) -> str:
    """The folded text without any blank: what is indexed two characters at a time.

    >>> tight("栖政办发〔２０２３〕 7号")
    '栖政办发20237号'
    """
    return text.translate(_TABLE).replace(" ", "")


def whole(text: str) -> str:
    """`text` without halves of characters, which no engine takes."""
    return text.encode("utf-8", "replace").decode()


def tight_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the index in `text` of the character it comes from."""
    pieces = [_TABLE[ord(character)] for character in text]
    places = [place for place, piece in enumerate(pieces) if piece != " " for _ in piece]
    return "".join(pieces).replace(" ", ""), places
