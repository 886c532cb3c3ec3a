"""One unchanging view of the whole database, however long it is looked at and whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from gongkai.core.backup.tables import Table

_ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection of its own that sees the database as it is now, and keeps nobody from writing."""
    view = connection.copy(_ALIAS)
    if view.vendor == "sqlite":
        view.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"  # ours is IMMEDIATE, which would keep all writers waiting
    connections[_ALIAS] = view
    try:
        with transaction.atomic(using=_ALIAS):  # what is read first settles what is seen
            if view.vendor == "postgresql":
                with view.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    unhurried(cursor)
            yield _ALIAS
    finally:
        view.close()
        del connections[_ALIAS]


def last_numbers(alias: str, tables: Iterable[Table]) -> dict[str, int]:
    """The highest number each table has ever given to a row, though the row may be gone: it must not be given again."""
    view = connections[alias]
    with view.cursor() as cursor:
        if view.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return dict(cursor.fetchall())
        found = {}
        for table in tables:
            if table.number is not None:
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [view.ops.quote_name(table.name), table.number])
                cursor.execute(f"SELECT last_value, is_called FROM {cursor.fetchone()[0]}")  # noqa: S608 - the server's own word
                last, given = cursor.fetchone()
                found[table.name] = last if given else 0
        return found


def unhurried(cursor: CursorWrapper) -> None:
    """Let a transaction of PostgreSQL take its time, which pages may not."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET LOCAL {limit} = 0")
