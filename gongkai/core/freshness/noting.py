"""What a cache in front (nginx) may hold, and what it still has to forget."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MODES = ("", "contrast", "elder", "elder-contrast")  # of display; what a page is kept under beside its address
_log = logging.getLogger(__name__)
_TABLES = """PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS shows (
    tag TEXT, mode TEXT, address TEXT, noted INTEGER, PRIMARY KEY (tag, mode, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed (id INTEGER PRIMARY KEY AUTOINCREMENT, tag TEXT);"""


@dataclass(frozen=True, slots=True)
class Debt:
    """A tag whose addresses must be forgotten, as one change wrote it down."""

    id: int
    tag: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A page that a cache in front may hold: its address exactly as it is asked for, and its display mode."""

    address: str
    mode: str


class DebtUnwritten(Exception):
    """It could not be written down what the caches in front must forget, so nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"修改没有保存：记不下前面的缓存要清除哪些网页（{why}）。"
            "请检查数据文件夹下的 cache 是否可写、磁盘是否已满，再试一次。"
        )


class AddressMap:
    """Which addresses show which tags, as far as a cache in front may hold them; and what is still owed to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "in-front.sqlite3"
        try:
            self._database = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            _log.error("address map damaged: begun anew, run gongkai cache clear")
            path.replace(path.with_suffix(".damaged"))
            self._database = _opened(path)

    def note(self, place: Place, tags: Iterable[str], generation: int) -> bool:
        """A cache in front may keep this page, made when the board showed `generation`.

        False where that could not be written down: then no cache may keep it.
        """
        rows = [(tag, place.mode, place.address, generation) for tag in tags]
        try:
            with _together(self._database):
                self._database.executemany(
                    "INSERT INTO shows VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET noted = max(noted, excluded.noted)", rows
                )
        except sqlite3.Error:
            return False
        return True

    def count(self, tag: str) -> int:
        """How many pages show a tag."""
        return int(self._database.execute("SELECT count(*) FROM shows WHERE tag = ?", [tag]).fetchone()[0])

    def places(self, tags: Iterable[str] | None = None) -> list[Place]:
        """The pages that show any of these tags; all noted pages when none are named."""
        if tags is None:
            rows = self._database.execute("SELECT DISTINCT address, mode FROM shows").fetchall()
        else:
            rows = [row for tag in set(tags) for row in self._database.execute(_SHOWING, [tag])]
        return sorted({Place(address, mode) for address, mode in rows})

    def owe(self, tags: Iterable[str]) -> None:
        """These tags change: their addresses must be forgotten. Raises DebtUnwritten."""
        try:
            with _together(self._database):
                self._database.executemany("INSERT INTO owed (tag) VALUES (?)", [(tag,) for tag in tags])
        except sqlite3.Error as error:
            raise DebtUnwritten(str(error)) from error

    def debts(self) -> list[Debt]:
        """What was written down and is not settled yet, oldest first."""
        return [Debt(*row) for row in self._database.execute("SELECT id, tag FROM owed ORDER BY id")]

    def settle(self, debts: Sequence[Debt], generation: int) -> None:
        """The pages of these debts are forgotten; what was noted of them from `generation` on may be held again."""
        with _together(self._database):
            for tag in {debt.tag for debt in debts}:
                self._database.execute("DELETE FROM shows WHERE tag = ? AND noted < ?", [tag, generation])
            self._database.executemany("DELETE FROM owed WHERE id = ?", [(debt.id,) for debt in debts])


_SHOWING = "SELECT address, mode FROM shows WHERE tag = ?"


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        database.executescript(_TABLES)
    except sqlite3.Error:
        database.close()
        raise
    return database


@contextlib.contextmanager
def _together(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
