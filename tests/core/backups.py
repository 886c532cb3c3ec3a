"""Backups taken apart and put together again, as somebody could who knows how they are made."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from gongkai.core.backup.archive import Reader, Writer
from gongkai.core.backup.loading import Loader, unchecked
from gongkai.core.backup.reading import Opened, Rows
from gongkai.core.backup.restoring import Restored, restore
from gongkai.core.backup.tables import LEFT_OUT, tables_at
from gongkai.core.backup.writing import Written, back_up
from tests import databases
from tests.conftest import another_database

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
Members = list[tuple[str, bytes]]


@contextmanager
def unseen(label: str = "") -> Iterator[Callable[[int, int | None], None]]:
    """Progress that nobody looks at."""
    del label
    yield lambda done, total: None


def save(path: Path, data: Path, *, force: bool = False) -> Written:
    """Back up the database that Django's connection leads to, and a data folder."""
    return back_up(path, data, AT, software="gongkai 9", force=force, progress=lambda done, total: None)


def bring_back(path: Path, place: Path, *, despite_ledger: bool = False) -> Restored:
    """Restore into a folder and into the database that Django's connection leads to."""
    return restore(path, place, despite_ledger=despite_ledger, show=unseen)


@contextmanager
def elsewhere(place: Path) -> Iterator[Path]:
    """An empty data folder with an empty database, to which Django's connection leads for a while."""
    place.mkdir(parents=True, exist_ok=True)
    with another_database(place):
        yield place
    databases.drop(place)


def load(path: Path) -> None:
    """Put the rows of a backup into tables that are there and empty, and take them out again."""
    with path.open("rb") as file, unchecked():
        opened = Opened(file)
        loader = Loader(tables_at(MigrationLoader(connection), opened.head.migrations))
        for part in opened.parts(lambda done, total: None, 0):
            if isinstance(part, Rows):
                loader.load(part)
        loader.finish(opened.head.left_out)
        transaction.set_rollback(True)


def taken_apart(path: Path) -> tuple[Members, dict[str, Any]]:
    """The members of a backup but for the last, and what the last one says."""
    with path.open("rb") as file:
        reader = Reader(file)
        found = [(member.name, b"".join(member.chunks())) for member in reader.members()]
        return found, reader.word


def put_together(path: Path, members: Members, word: dict[str, Any]) -> Path:
    """A backup of these, with a digest that fits."""
    with path.open("wb") as file:
        writer = Writer(file, AT)
        for name, content in members:
            writer.add(name, len(content), [content])
        writer.end(word)
    return path


def changed(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with other contents, where `change` gives some, or without a member, where it gives b''; well sealed."""
    members, word = taken_apart(path)
    new = [(name, content if (other := change(name, content)) is None else other) for name, content in members]
    return put_together(path.with_name("changed.gongkai"), [m for m in new if m[1]], word)


def lines_of(content: bytes) -> list[Any]:
    """The lines of a piece: its head, and its rows."""
    return [json.loads(line) for line in gzip.decompress(content).splitlines()]


def piece_of(lines: list[Any]) -> bytes:
    """A piece of these lines."""
    return gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())


def everything() -> dict[str, list[str]]:
    """Every row of every table that Django's connection leads to, past the product; but for when migrations ran and what is counted."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - LEFT_OUT - {"django_migrations", "sqlite_stat1"}
        found = {}
        for name in sorted(names):
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor.fetchall())
        return found


def files_below(data: Path) -> dict[str, bytes]:
    """Every file of the folders that are saved."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for top in ("files", "uploads")
        for path in (data / top).rglob("*")
        if path.is_file()
    }
