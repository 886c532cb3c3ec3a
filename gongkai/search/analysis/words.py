"""Dividing papers into words, for indexing. The dictionary (33 MB) is loaded at the first paper: readers never need it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from typing import Protocol, cast

from gongkai.search.analysis.numerals import counted

_COMMON = 1_000
"""How common a name is taken to be: more than a chance meeting of its characters, less than everyday words."""


class _Jieba(Protocol):
    def cut_for_search(self, text: str) -> list[str]: ...

    def add_word(self, word: str, freq: int | None, tag: str | None) -> int: ...


@cache
def _jieba() -> _Jieba:
    return cast(_Jieba, importlib.import_module("rjieba"))


class Lexicon:
    """Names that are words here: places, organs, titles. Once known they stay so for the process."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(names)
        for name in sorted(self._names):
            _jieba().add_word(name, _COMMON, None)

    def words(self, spaced: str) -> str:
        """The words of a folded text and the shorter words in them, then its numbers in one form, blank-separated.

        >>> Lexicon().words("第十二条 行政复议")
        '第十二条 行政 复议 行政复议 第12条'
        """
        return " ".join([*_jieba().cut_for_search(spaced), *counted(spaced)])
