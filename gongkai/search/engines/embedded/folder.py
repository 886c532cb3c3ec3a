"""Where an index lies: generations side by side, which of them answers, and the board that tells of changes.

current              the number of the generation that answers
board                four numbers, mapped into every process: changed after each commit
writer.lock          held by the one process that writes
generations/000007/  about.json, index/ (tantivy), texts, characters.json
"""

from __future__ import annotations

import fcntl
import mmap
import os
import shutil
import struct
from pathlib import Path

from gongkai.search.port import IndexBusy, IndexDamaged, IndexMissing, SearchError

_CELLS = struct.Struct("<QQQQ")
_FORMAT = 0x676B736561726301


class Board:
    """The generation that answers, how often it was committed, how many documents it has. Readers look; one writer changes."""

    def __init__(self, path: Path, *, writes: bool = False) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT if writes else os.O_RDONLY, 0o644)
        try:
            if writes:
                os.posix_fallocate(file, 0, _CELLS.size)
            self._cells = mmap.mmap(file, _CELLS.size, access=mmap.ACCESS_WRITE if writes else mmap.ACCESS_READ)
        finally:
            os.close(file)

    @property
    def ticks(self) -> tuple[int, int, int]:
        """Generation, commits, documents."""
        _, generation, commits, documents = _CELLS.unpack(self._cells[:])
        return generation, commits, documents

    def tick(self, generation: int, documents: int) -> None:
        """Tell all readers that there is something new."""
        self._cells[:] = _CELLS.pack(_FORMAT, generation, self.ticks[1] + 1, documents)

    def close(self) -> None:
        """Unmap it."""
        self._cells.close()


class Folder:
    """The folder of one collection's index."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def board(self) -> Path:
        """The file of the board."""
        return self.root / "board"

    @property
    def current(self) -> int:
        """The generation that answers. Raises IndexMissing, IndexDamaged."""
        try:
            return int((self.root / "current").read_text(encoding="ascii"))
        except FileNotFoundError as error:
            raise IndexMissing(f"“{self.root}”里还没有索引。请先建立索引。") from error
        except ValueError as error:
            raise IndexDamaged(f"索引“{self.root}”的 current 文件已损坏。请重建索引。") from error

    def current_or(self, otherwise: int) -> int:
        """The generation that answers, or `otherwise` where there is none."""
        try:
            return self.current
        except SearchError:
            return otherwise

    def generation(self, number: int) -> Path:
        """The folder of a generation."""
        return self.root / "generations" / f"{number:06}"

    def new_generation(self) -> int:
        """An empty folder for a generation that does not answer yet; its number."""
        number = max((int(path.name) for path in self._generations()), default=0) + 1
        (self.generation(number) / "index").mkdir(parents=True)
        return number

    def switch(self, number: int) -> None:
        """Let a generation answer, durably and in one step."""
        made = self.root / "current.new"
        with made.open("w", encoding="ascii") as file:
            file.write(str(number))
            file.flush()
            os.fsync(file.fileno())
        made.replace(self.root / "current")
        folder = os.open(self.root, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def clean(self, kept: int) -> None:
        """Remove all generations but one: those left by a killed rebuild, and those replaced. Readers keep what they opened."""
        for path in self._generations():
            if int(path.name) != kept:
                shutil.rmtree(path, ignore_errors=True)

    def _generations(self) -> list[Path]:
        return [path for path in (self.root / "generations").glob("*") if path.name.isdecimal()]


class WriterLock:
    """Held by the one process that writes; let go by the system if that process dies."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._file = os.open(root / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise IndexBusy(f"索引“{root}”正由进程 {holder} 写入，同时只能有一个。请等它结束，或先停止它。") from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let the next writer in."""
        os.close(self._file)
