"""What a reading process has open: the generation that answers, as of the last commit that the board tells of."""

from __future__ import annotations

import threading
from pathlib import Path

from gongkai.search.engines.embedded.folder import Board, Folder
from gongkai.search.engines.embedded.generation import Opened, View
from gongkai.search.port import Collection, IndexDamaged, SearchError, Stamp

_TRIES = 5


class Opening:
    """Looks at the board (a few mapped bytes) at each question, and opens anew only what changed. Safe for threads."""

    def __init__(self, root: Path, collection: Collection) -> None:
        self._folder = Folder(root)
        self._collection = collection
        self._lock = threading.Lock()
        self._board: Board | None = None
        self._generation = 0
        self._opened: Opened | None = None
        self._now: tuple[View, Stamp] | None = None

    def view(self) -> tuple[View, Stamp]:
        """The last commit, and its stamp. Raises IndexMissing, IndexOutdated, IndexDamaged."""
        now = self._now
        if now and self._board and self._board.ticks[:2] == (now[1].generation, now[1].commits):
            return now
        with self._lock:
            return self._opened_now()

    def _opened_now(self) -> tuple[View, Stamp]:
        current = self._folder.current
        if self._board is None:
            self._board = _board(self._folder)
        for tries in range(_TRIES):
            generation, commits, _ = self._board.ticks
            if self._now and (self._now[1].generation, self._now[1].commits) == (generation, commits):
                return self._now
            try:
                view = self._view(current)
            except SearchError:
                newer = self._folder.current
                if newer == current or tries == _TRIES - 1:
                    raise
                current = newer  # it was replaced, and its files removed, between looking and opening
            else:
                self._now = view, Stamp(generation, commits, view.documents)
                return self._now
        raise IndexDamaged(f"索引“{self._folder.root}”正在频繁更换，没有打开。请稍后重试。")

    def _view(self, generation: int) -> View:
        if self._opened is None or self._generation != generation:
            self._opened, self._generation = Opened(self._folder.generation(generation), self._collection), generation
        return self._opened.view()

    def close(self) -> None:
        """Let go of everything; a later question opens it again."""
        with self._lock:
            if self._board:
                self._board.close()
            self._board = self._opened = self._now = None


def _board(folder: Folder) -> Board:
    try:
        return Board(folder.board)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"索引“{folder.root}”的 board 文件缺失或已损坏。索引进程下次启动会补上它。") from error
