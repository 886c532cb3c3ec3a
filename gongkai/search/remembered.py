"""Answers that are remembered by their question, no more than some number of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(dict[K, V]):
    """`found[key]` is `make(key)`, made once; everything is forgotten when `most` are known. Safe for threads.

    A dictionary, so that what is known costs no call at all.

    >>> lengths = Remembered(len, 2)
    >>> lengths["税"], lengths["社保"], lengths["失业金"], sorted(lengths)
    (1, 2, 3, ['失业金'])
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        self[key] = found = self._make(key)
        return found
