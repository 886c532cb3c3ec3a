"""Chinese numerals: 二十三, 一百零五, 二〇二三, １２ and 12 all become integers."""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "Ｏ": 0, "Ο": 0, "О": 0, "O": 0, "◯": 0, "两": 2,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "廿": 20, "卅": 30}
NUMERAL = "0-9０-９〇一二三四五六七八九十百千零○两壹贰叁肆伍陆柒捌玖拾佰仟"

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def to_int(text: str) -> int | None:
    """The number that `text` writes, or None when it writes none. Blanks inside are ignored.

    >>> to_int("二十三"), to_int("一百零五"), to_int("二〇二三"), to_int("１２"), to_int("甲")
    (23, 105, 2023, 12, None)
    """
    text = re.sub(r"\s", "", text).translate(_FULL_WIDTH)
    if not text:
        return None
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(c in UNITS for c in text):
        return _positional(text)
    return _with_units(text)


def _positional(text: str) -> int | None:
    digits = [DIGITS.get(c, int(c) if c.isascii() and c.isdigit() else None) for c in text]
    if any(d is None for d in digits):
        return None
    return int("".join(str(d) for d in digits))


def _with_units(text: str) -> int | None:
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            unit = UNITS[char]
            total += unit if unit in (20, 30) else (digit or 1) * unit
            digit = 0
        else:
            return None
    return total + digit
