"""The scheme of index numbers (索引号): whether it always gives numbers, each its own. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from string import Formatter

LONGEST = 80  # characters of an index number
_FIELDS = {"code": "机构代码", "year": "年份", "serial": "流水号", "category": "主题分类的序号"}
_NEEDED = ("code", "year", "serial")
_LONGEST_CODE = "9" * 32
_WIDTH = re.compile(r"0[1-9]d|")
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff/_.()（）〔〕:-]*")


class UnfitScheme(Exception):
    """A scheme that would not give every paper a number of its own; `str()` says why and what to do."""


def checked(scheme: str) -> str:
    """A scheme as it is kept. Raises UnfitScheme."""
    written = scheme.strip()
    try:
        parts = list(Formatter().parse(written))
    except ValueError:
        raise UnfitScheme("花括号没有配对。每个“{”后面要有“}”，如 {code}/{year}-{serial:05d}。") from None
    for literal, name, width, conversion in parts:
        if not _PLAIN.fullmatch(literal):
            raise UnfitScheme("花括号外只能用汉字、字母、数字和 / - _ . : ( ) 〔 〕。")
        if name is not None and (name not in _FIELDS or conversion or not _fits(name, width or "")):
            known = "、".join(f"{{{f}}}（{label}）" for f, label in _FIELDS.items())
            raise UnfitScheme(f"“{{{name}}}”不认识或写法不对。可以用：{known}；流水号可写成 {{serial:05d}}，即补足五位。")
    present = [name for _, name, _, _ in parts if name]
    if missing := [f"{{{f}}}（{_FIELDS[f]}）" for f in _NEEDED if f not in present]:
        raise UnfitScheme(f"缺少{'、'.join(missing)}。流水号按机构和年份各自编，少了就会重号。")
    if touching := _touching(parts):
        raise UnfitScheme(f"{touching}之间要有分隔，如 / 或 -，否则会重号。")
    if len(example(written, _LONGEST_CODE, 2026, 99_999_999)) > LONGEST:
        raise UnfitScheme(f"编出来的索引号会超过 {LONGEST} 字，请写短一些。")
    return written


def example(scheme: str, code: str, year: int, serial: int, category: str = "04") -> str:
    """An index number in this scheme."""
    return scheme.format(code=code, year=year, serial=serial, category=category)


def _fits(name: str, width: str) -> bool:
    return bool(_WIDTH.fullmatch(width)) and (not width or name == "serial")


def _touching(parts: list[tuple[str, str | None, str | None, str | None]]) -> str:
    """Two fields with nothing between them, where one has no fixed width."""
    for (_, one, _, _), (between, other, _, _) in pairwise(parts):
        if not between and {one, other} & {"code", "serial"} and one and other:
            return f"{{{one}}} 和 {{{other}}}"
    return ""
