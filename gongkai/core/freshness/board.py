"""The board: when each tag last changed, in memory shared by all processes of a machine. No Django.

A page remembers the *generation* that the board showed before the page was made, and the slots of
its tags. It holds as long as none of its slots was marked or settled since. A change marks its
slots before it commits and settles them after; a writer that dies in between leaves them marked,
so that nothing is kept of what it may or may not have changed, until `recover`.

Tags share 65,536 slots: two tags in one slot make a page void once too often, never too seldom.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SLOTS = 1 << 16
_WORKERS = 64
_GENERATION, _MARKED, _FIRST_SLOT = 1, 2, 3
_FIRST_WORKER = _FIRST_SLOT + _SLOTS
_CELLS = _FIRST_WORKER + 3 * _WORKERS  # of a worker: process, generation of its request, when it was done
_FORMAT = 0x676B626F61726401
_MARKS = 0xFF  # the low byte of a slot counts who has marked it


def slots_of(tags: Iterable[str]) -> tuple[int, ...]:
    """The slots of some tags."""
    return tuple(int.from_bytes(hashlib.blake2b(tag.encode(), digest_size=2).digest()) for tag in tags)


class Board:
    """A board in a file below `folder`; made where there is none, begun anew where it is damaged."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / "board.lock", os.O_RDWR | os.O_CREAT, 0o644)
        self._writing = os.open(folder / "board.writing", os.O_RDWR | os.O_CREAT, 0o644)
        self._held = 0
        with self._alone():
            file = os.open(folder / "board", os.O_RDWR | os.O_CREAT, 0o644)
            os.posix_fallocate(file, 0, _CELLS * 8)  # room for all of it now: a disk that fills up later would kill who writes
            self._cells = memoryview(mmap.mmap(file, _CELLS * 8)).cast("Q")
            os.close(file)
            if self._cells[0] != _FORMAT:
                self._begin()

    def _begin(self) -> None:
        """A board that knows nothing starts at the present microsecond, later than any page kept before."""
        for cell in range(_MARKED, _CELLS):
            self._cells[cell] = 0
        self._cells[_GENERATION] = time.time_ns() // 1_000
        for slot in range(_SLOTS):
            self._cells[_FIRST_SLOT + slot] = self._cells[_GENERATION] << 8
        self._cells[0] = _FORMAT

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    @property
    def generation(self) -> int:
        """Grows with every change that visitors can see."""
        return self._cells[_GENERATION]

    @property
    def quiet(self) -> bool:
        """Whether nothing is about to change."""
        return self._cells[_MARKED] == 0

    def holds(self, slots: Iterable[int], made_at: int) -> bool:
        """Whether what was made when the generation was `made_at` is still true of these slots."""
        cells = self._cells
        for slot in slots:
            cell = cells[_FIRST_SLOT + slot]
            if cell & _MARKS or cell >> 8 > made_at:
                return False
        return True

    def mark(self, slots: Iterable[int]) -> None:
        """These are about to change: nothing made from now on may be kept until they are settled."""
        with self._alone():
            if self._held == 0:
                fcntl.flock(self._writing, fcntl.LOCK_SH)
            self._held += 1
            self._cells[_MARKED] += 1
            for slot in set(slots):
                cell = self._cells[_FIRST_SLOT + slot]
                self._cells[_FIRST_SLOT + slot] = cell + 1 if cell & _MARKS < _MARKS else cell

    def settle(self, slots: Iterable[int]) -> int:
        """These have changed, or not: whatever was made of them before is void. Returns the new generation."""
        with self._alone():
            generation = self._advance()
            for slot in set(slots):
                marks = self._cells[_FIRST_SLOT + slot] & _MARKS
                self._cells[_FIRST_SLOT + slot] = generation << 8 | max(0, marks - 1)
            self._held -= 1
            self._cells[_MARKED] -= 1 if self._cells[_MARKED] else 0
            if self._held == 0:
                fcntl.flock(self._writing, fcntl.LOCK_UN)
        return generation

    def void(self, slots: Iterable[int]) -> int:
        """Mark and settle at once: for changes that need no transaction."""
        self.mark(slots := tuple(slots))
        return self.settle(slots)

    def recover(self) -> bool:
        """Settle what dead writers left marked; False while a living writer holds a mark."""
        with self._alone():
            if self._held:
                return False
            try:
                fcntl.flock(self._writing, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            try:
                left = [slot for slot in range(_SLOTS) if self._cells[_FIRST_SLOT + slot] & _MARKS]
                generation = self._advance() if left else 0
                for slot in left:
                    self._cells[_FIRST_SLOT + slot] = generation << 8
                self._cells[_MARKED] = 0
            finally:
                fcntl.flock(self._writing, fcntl.LOCK_UN)
        return True

    def _advance(self) -> int:
        self._cells[_GENERATION] += 1
        return self._cells[_GENERATION]


class Seat:
    """A worker's place on the board: says since when it has been making an answer."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._cell = self._claim()

    def _claim(self) -> int:
        cells = self._board._cells  # noqa: SLF001 - one room
        with self._board._alone():  # noqa: SLF001
            for seat in range(_WORKERS):
                cell = _FIRST_WORKER + 3 * seat
                if cells[cell] in (0, os.getpid()) or not _alive(cells[cell]):
                    cells[cell], cells[cell + 1], cells[cell + 2] = os.getpid(), 0, 0
                    return cell
        raise RuntimeError("同时运行的网站进程超过 64 个，请减少进程数（gongkai serve --workers）。")

    def sit(self, generation: int) -> None:
        """An answer is being made from what the board showed at `generation`."""
        self._board._cells[self._cell + 1] = generation  # noqa: SLF001

    def rise(self) -> None:
        """The answer is made and on its way out."""
        cells = self._board._cells  # noqa: SLF001
        cells[self._cell + 2] = time.monotonic_ns()
        cells[self._cell + 1] = 0


def still_answering(board: Board, generation: int) -> bool:
    """Whether a living worker of this machine is still making an answer that it began before `generation`."""
    return any(begun and begun < generation for begun, _ in _seats(board))


def answered_within(board: Board, nanoseconds: int) -> bool:
    """Whether an answer left a worker so lately that its bytes may still be on their way."""
    now = time.monotonic_ns()
    return any(now - done < nanoseconds for _, done in _seats(board))


def _seats(board: Board) -> Iterator[tuple[int, int]]:
    cells = board._cells  # noqa: SLF001 - one room
    for seat in range(_WORKERS):
        process, begun, done = (cells[_FIRST_WORKER + 3 * seat + n] for n in range(3))
        if process and _alive(process):
            yield begun, done


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
