"""A query as typed, of any size and from anywhere, made a line of words. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

from gongkai.search.analysis.fold import spaced

MOST_READ, MOST_KEPT = 2_000, 300
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")


def clean(query: str) -> str:
    """One line of at most 300 characters: half-width, simplified, no control characters or pictures, single blanks.

    Only the first 2,000 characters are looked at. Case stays, so that initials typed as such can be told.
    """
    seen = _UNSEEN.sub(" ", query[:MOST_READ])
    seen = "".join(" " if unicodedata.category(char) in _LEFT_OUT else char for char in unicodedata.normalize("NFKC", seen))
    return " ".join(_simplifier().convert(seen[:MOST_READ]).split())[:MOST_KEPT].strip()


def words(text: str) -> str:
    """The folded words of a text, with single blanks where marks were."""
    return " ".join(spaced(text).split())


_LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
