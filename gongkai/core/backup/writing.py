"""Making a backup while the site is in use."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connections
from django.db.migrations.loader import MigrationLoader

from gongkai.core.backup import named
from gongkai.core.backup.appearing import appearing
from gongkai.core.backup.archive import SizeChanged, Writer
from gongkai.core.backup.layout import FILES, FIRST, FOLDERS, FORMAT, UPLOADS, Head, kept_in
from gongkai.core.backup.pieces import Piece, packed
from gongkai.core.backup.snapshot import last_numbers, snapshot
from gongkai.core.backup.tables import LEFT_OUT, Table, migrations_of, tables_at
from gongkai.core.backup.tally import Progress, Tally
from gongkai.core.ledger.verify import take_anchor

_UNFINISHED = "incoming"  # below files/: what an import is just copying
_READ_FIRST = 64 * 1024 * 1024  # bytes of a file that are read before it has a place in the backup
_CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)


class Unmade(Exception):
    """No backup was made; nothing half is left."""

    def __init__(self, why: str) -> None:
        super().__init__(f"备份没有做成：{why}。没有留下不完整的文件。")


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was made: what stands in it, the digest that vouches for it, its size in bytes."""

    tally: Tally
    digest: str
    size: int


def back_up(path: Path, data: Path, at: datetime, *, software: str, force: bool, progress: Progress) -> Written:
    """Save the database, the files and the keys in the data folder as one new file at `path` (mode 0600).

    Args:
        path: the new file.
        data: the data folder.
        at: now, as the backup will say.
        software: the version that makes it.
        force: replace what is there.
        progress: told how many rows and files are done, and of how many.

    Raises:
        Unmade: the disk is full, a file cannot be written, the database is not set up, a row has no form.
        UnknownMigrations, RowTooLarge, FileExistsError, BeingWritten.
    """
    try:
        with appearing(path, force=force) as file:
            saving = _Saving(Writer(file, at), data, progress)
            digest = saving.run(at, software)
            done = Written(saving.tally, digest, file.tell())
    except FileExistsError:
        raise
    except OSError as error:
        raise Unmade(f"{error.strerror or error}（{error.filename or path}），请检查磁盘空间和权限") from error
    except SizeChanged as error:
        raise Unmade(f"{error} 在备份的时候变了，请再备份一次") from error
    _log.info("backup made: %s", done.tally)
    return done


class _Saving:
    def __init__(self, archive: Writer, data: Path, progress: Progress) -> None:
        self.tally = Tally()
        self._archive, self._data = archive, data
        self._progress, self._done, self._total = progress, 0, 0

    def run(self, at: datetime, software: str) -> str:
        kept = [(path.name, path.read_bytes()) for path in kept_in(self._data)]
        with snapshot() as alias:  # after the anchors were read: none of them is ahead of the ledger that is saved
            self._tables(alias, at, software)
        for name, content in kept:
            self._archive.add(f"data/{name}", len(content), [content])
        self._files(FILES)  # after the rows: the files that they name are all there by now
        return self._archive.end(asdict(self.tally))

    def _tables(self, alias: str, at: datetime, software: str) -> None:
        migrations = migrations_of(alias)
        if not migrations:
            raise Unmade("数据库还没有建好，请先运行 gongkai setup")
        tables = tables_at(MigrationLoader(connections[alias]), migrations)
        saved = [table for name, table in tables.items() if name not in LEFT_OUT]
        self._total = sum(table.count(alias) for table in saved) + sum(1 for top in FOLDERS for _ in _files_in(self._data / top))
        left_out = sorted(LEFT_OUT & tables.keys())
        engine = connections[alias].vendor
        head = Head(FORMAT, software, at, engine, sorted(migrations), left_out, take_anchor(at, alias)).written()
        self._archive.add(FIRST, len(head), [head])
        self._files(UPLOADS)  # at once: when they have been read they are removed
        last = last_numbers(alias, saved)
        for table in saved:
            self._table(table, alias, last.get(table.name))

    def _table(self, table: Table, alias: str, last: int | None) -> None:
        piece = Piece(table.name, tuple((column.name, column.kind.name) for column in table.columns), last)
        self.tally.rows[table.name] = 0
        for number, (content, count, size) in enumerate(packed(piece, self._rows(table, alias)), 1):
            self._archive.add(f"tables/{table.name}/{number:06}.jsonl.gz", len(content), [content])
            self.tally.rows[table.name] += count
            self.tally.row_bytes += size
            self._advance(count)

    def _rows(self, table: Table, alias: str) -> Iterator[list[Any]]:
        names = [column.name for column in table.columns]
        writers = [column.kind.written for column in table.columns]
        path_of = named.path_of(table.name)
        for row in table.rows(alias):
            if path_of is not None:
                self._look_for(path_of(dict(zip(names, row, strict=True))))
            try:
                yield [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            except (TypeError, ValueError) as error:
                raise Unmade(f"表 {table.name} 中编号 {row[0]} 的一行有不合规格的值（{error}）") from error

    def _look_for(self, name: str) -> None:
        if not (self._data / FILES / name).is_file():
            self.tally.faults.append(f"缺少 {FILES}/{name}")

    def _files(self, top: str) -> None:
        for path in _files_in(self._data / top):
            with suppress(FileNotFoundError):  # read by now, and removed; of an original the rows tell
                self._file(path)
            self._advance(1)

    def _file(self, path: Path) -> None:
        name = path.relative_to(self._data).as_posix()
        with ExitStack() as opened:
            try:
                file = opened.enter_context(_opened(path))
                first = file.read(_READ_FIRST)
            except FileNotFoundError:
                raise
            except OSError as error:  # of this file, and before it has a place in the backup: the others are saved all the same
                self.tally.faults.append(f"{name} 读不出来（{error.strerror}），没有存入备份")
                return
            size = len(first) if len(first) < _READ_FIRST else os.fstat(file.fileno()).st_size
            digest = self._archive.add(name, size, chain([first], iter(lambda: file.read(_CHUNK), b"")))
        self.tally.files += 1
        self.tally.file_bytes += size
        if _DIGEST.fullmatch(path.name) and digest != path.name:
            self.tally.faults.append(f"{name} 的内容与名称不符，已损坏（照样存入备份）")

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


def _opened(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise OSError(0, "不是普通文件")
    return path.open("rb")


def _files_in(folder: Path, *, left_out: str = _UNFINISHED) -> Iterator[Path]:
    """Every file below a folder, in a fixed order, but for what an import is just copying into it."""
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != left_out:
                yield from _files_in(entry, left_out="")
        else:
            yield entry
