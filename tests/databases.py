"""A database for every data folder that a test has, on SQLite and on PostgreSQL alike.

On SQLite it is a file in the folder. On PostgreSQL (GONGKAI_TEST_DATABASE) it is a database whose
name follows from the folder's path, made when somebody first asks for it and dropped when the
tests end.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

SERVER = os.environ.get("GONGKAI_TEST_DATABASE", "")
FILE = "gongkai.sqlite3"
REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RaiseException)  # by triggers
_made: set[str] = set()


def name_of(data: Path) -> str:
    """What Django calls the database of a data folder: a file, or a database on the server."""
    if not SERVER:
        return str(data / FILE)
    return f"gongkai_{hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:24]}"


def address_of(data: Path) -> str:
    """GONGKAI_DATABASE for a data folder, whose database is made where there is none; '' on SQLite."""
    return _address(_there(name_of(data))) if SERVER else ""


def copy(data: Path, to: Path) -> None:
    """A copy of one folder's database for another; nobody may be using it."""
    if SERVER:
        _make(name_of(to), template=_there(name_of(data)))
        return
    to.mkdir(parents=True, exist_ok=True)
    for file in data.glob(f"{FILE}*"):
        shutil.copy(file, to / file.name)


def drop(data: Path) -> None:
    """Forget the database of a data folder; on SQLite it goes with the folder."""
    if name_of(data) in _made:
        _drop(name_of(data))


def drop_all() -> None:
    """Drop every database that this process made."""
    for name in sorted(_made):
        _drop(name)
    if _server.cache_info().currsize:
        _server().close()


@contextmanager
def opened(data: Path) -> Iterator[Any]:
    """A cursor past the product; what it did is committed at the end."""
    if SERVER:
        with psycopg.connect(address_of(data)) as connection, connection.cursor() as cursor:
            yield cursor
        return
    with closing(sqlite3.connect(data / FILE)) as connection, connection:
        yield connection.cursor()


@contextmanager
def unguarded(cursor: Any) -> Iterator[None]:
    """While the triggers of the ledger are out of action: what an intruder who owns the database could do."""
    if SERVER:
        for table in ("ledger_event", "ledger_streamhead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in ("ledger_event", "ledger_streamhead"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        cursor.execute(sql)


@contextmanager
def away(data: Path) -> Iterator[None]:
    """While the database of a data folder does not answer. Its connections are broken, new ones are refused."""
    if SERVER:
        name = name_of(data)
        _tell("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
        try:
            _end_connections(name)
            yield
        finally:
            _tell("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)
        return
    hidden = {file: file.with_name(f"{file.name}.away") for file in data.glob(f"{FILE}*")}
    for file, elsewhere in hidden.items():
        file.rename(elsewhere)
    (data / FILE).mkdir()  # what stands there cannot be opened
    try:
        yield
    finally:
        (data / FILE).rmdir()
        for file, elsewhere in hidden.items():
            elsewhere.rename(file)


def _address(name: str) -> str:
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def _there(name: str) -> str:
    if name not in _made:
        _make(name)
    return name


def _make(name: str, template: str = "template0") -> None:
    _tell("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _end_connections(template)
    order = "" if template != "template0" else " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    _tell(f"CREATE DATABASE {{}} TEMPLATE {{}}{order}", name, template)
    _made.add(name)


def _drop(name: str) -> None:
    _tell("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _made.discard(name)


def _end_connections(name: str) -> None:
    _server().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def _tell(order: str, *names: str) -> None:
    _server().execute(SQL(order).format(*map(Identifier, names)))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _server() -> psycopg.Connection[Any]:
    return psycopg.connect(SERVER, autocommit=True)
