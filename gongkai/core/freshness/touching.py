"""Saying what a change makes visible; asking for what was worked out since the last change."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction

from gongkai.core.freshness.board import Board, slots_of
from gongkai.core.freshness.purging import owe, purge

P = ParamSpec("P")
T = TypeVar("T")
_listeners: list[Callable[[list[str]], None]] = []


def tell(listener: Callable[[list[str]], None]) -> None:
    """Call `listener` with the tags that a transaction touches, inside it: what it writes is kept or undone with the change.

    Registering twice does nothing.
    """
    if listener not in _listeners:
        _listeners.append(listener)


@lru_cache(maxsize=1)
def board() -> Board:
    """The board of this machine."""
    return Board(Path(settings.DATA_FOLDER) / "cache")


class _Change:
    """What one transaction changes; settled when it commits, and also when it is rolled back."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self._told: dict[str, Sequence[str | None]] = {}  # inside which savepoints
        self._marked: list[tuple[int, ...]] = []
        self._let_go = weakref.finalize(self, _settle, self._marked)

    def add(self, tags: Iterable[str]) -> None:
        new = set(tags) - self.tags
        if new:
            self.tags |= new
            slots = slots_of(new)
            board().mark(slots)
            self._marked.append(slots)
            owe(sorted(new))

    def tell(self, tags: Iterable[str]) -> None:
        """Tell of each tag once; once more where a savepoint inside which it was told may have been undone since."""
        inside = list(connection.savepoint_ids)
        new = sorted(tag for tag in set(tags) if (at := self._told.get(tag)) is None or inside[: len(at)] != at)
        for listener in _listeners if new else ():
            listener(new)
        self._told.update(dict.fromkeys(new, inside))

    def settle(self) -> None:
        """Raises PurgeFailed when a cache in front could not be told."""
        if _open.get(id(connection.connection)) is self:  # an exception may keep this object alive: no later change is it
            del _open[id(connection.connection)]
        self._let_go()
        if not _together:
            purge(board())


def _settle(marked: list[tuple[int, ...]]) -> None:
    for slots in marked:
        board().settle(slots)


_open: weakref.WeakValueDictionary[int, _Change] = weakref.WeakValueDictionary()
_together: list[None] = []


@contextmanager
def purged_together() -> Iterator[None]:
    """Many changes of a command that speaks for them all: the caches in front are told once, at the end.

    So that a purge that fails after one change does not keep the others from being made. Raises
    PurgeFailed at the end; not for work in several threads.
    """
    _together.append(None)
    try:
        yield
    finally:
        _together.pop()
        purge(board())


def touch(*tags: str) -> None:
    """Call inside the transaction that changes what these tags show.

    From now until the transaction ends no page with one of them is kept; when it has committed,
    every page kept before is void, here and in the caches in front, before the caller goes on.
    """
    change = _open.get(id(connection.connection)) if connection.in_atomic_block else None
    if change is None:
        change = _Change()
        change.add(tags)
        change.tell(tags)
        if connection.in_atomic_block:
            _open[id(connection.connection)] = change
        # the connection's list of callbacks holds the change alive: a rollback drops it, and so settles it
        transaction.on_commit(change.settle)
        return
    change.add(tags)
    change.tell(tags)


def kept(size: int, of: Sequence[str] = ()) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Remember a query's answers until anything public changes; at most `size` of them per process.

    With `of` they are remembered until one of these tags changes: for what is worked out from nothing else.
    Inside a transaction nothing is remembered and nothing remembered is given: the caller may
    have changed what nobody else sees yet.
    """

    def decorate(query: Callable[P, T]) -> Callable[P, T]:
        answers: OrderedDict[Hashable, T] = OrderedDict()
        seen = [0]
        slots = slots_of(of)

        def still_true() -> bool:
            return board().holds(slots, seen[0]) if of else board().quiet and board().generation == seen[0]

        @wraps(query)
        def ask(*args: P.args, **kwargs: P.kwargs) -> T:
            if connection.in_atomic_block:
                return query(*args, **kwargs)
            if not still_true():
                answers.clear()
                seen[0] = board().generation
                if not still_true():  # a change is under way: the old is not worth giving, the new not there yet
                    return query(*args, **kwargs)
            key = (args, *kwargs.items())
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
            answer = query(*args, **kwargs)
            if still_true():
                answers[key] = answer
                if len(answers) > size:
                    answers.popitem(last=False)
            return answer

        return ask

    return decorate
