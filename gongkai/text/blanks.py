"""Blanks and odd characters, made regular once for all formats.

- zero-width characters, soft hyphens, byte-order marks and control characters go;
- every kind of blank becomes one space, runs collapse, ends are trimmed (`tidy`); beside
  full-width punctuation, which carries its own blank, none is left (`settle`);
- Kangxi radicals and CJK compatibility forms that PDF writers leave become the plain character;
- letters, digits and punctuation stay as the paper has them, full width or half.
"""

from __future__ import annotations

import re
import unicodedata

_DROP = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0), 0xAD, *range(0x200B, 0x2010),
     *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFC, *range(0xFE00, 0xFE10), *range(0xD800, 0xE000)]
)  # fmt: skip
_BLANK = dict.fromkeys([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0, 0x3000, 0x1680, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ")
_DROP_EXCEPT_BLANKS = {code: None for code in _DROP if code not in _BLANK}
_TABLE = {**_DROP_EXCEPT_BLANKS, **_BLANK}
_COMPATIBILITY = re.compile("[⺀-⿟豈-﫿︰-﹏]")
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_RUNS = re.compile(r" {2,}")
_BESIDE = re.compile(
    r"(?<=[，。、；：！？》〉）〕】」』”’《〈（〔【「『“‘]) +| +(?=[，。、；：！？》〉）〕】」』”’《〈（〔【「『“‘])"
)
CJK = "一-鿿㐀-䶿〇"


def tidy(text: str) -> str:
    """One line of text with its blanks made regular."""
    text = text.translate(_TABLE)
    if _COMPATIBILITY.search(text):
        text = _COMPATIBILITY.sub(_plain, text)
    return _RUNS.sub(" ", text).strip(" ")


def characters(text: str) -> str:
    """Without NULs and halves of pairs, which are no characters and which databases refuse."""
    return _NO_CHARACTER.sub("", text)


def settle(text: str) -> str:
    """Without the blanks that stand beside full-width punctuation."""
    return _BESIDE.sub("", text)


def _plain(match: re.Match[str]) -> str:
    char = match[0]
    if "︰" <= char <= "﹏":  # vertical punctuation and small forms keep their look
        return char
    return unicodedata.normalize("NFKC", char)


def squeeze(text: str) -> str:
    """Without any blank: `通 知` → `通知`."""
    return re.sub(r"\s+", "", text)


def width(text: str) -> float:
    """How wide a line is, in full-width characters."""
    return sum(1.0 if ord(c) > 0x2E7F or c in "“”‘’—…·、" else 0.5 for c in text)
