"""Answers that are remembered by their question, no more than some number of them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(dict[K, V]):
    """A dictionary that forgets everything when there is no room for one more. Safe for threads."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(key, value)


class Remembered(Bounded[K, V]):
    """`found[key]` is `make(key)`, made once. A dictionary, so that what is known costs no call at all.

    >>> lengths = Remembered(len, 2)
    >>> lengths["税"], lengths["社保"], lengths["失业金"], sorted(lengths)
    (1, 2, 3, ['失业金'])
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__(most)
        self._make = make

    def __missing__(self, key: K) -> V:
        self[key] = found = self._make(key)
        return found
