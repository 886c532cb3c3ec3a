"""Rows of a backup back into tables, on an empty database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from gongkai.core.backup.archive import Unfit
from gongkai.core.backup.layout import Head
from gongkai.core.backup.pieces import Piece, rows_in
from gongkai.core.backup.reading import Rows
from gongkai.core.backup.tables import Column, Table, nodes, tables_at

_ROWS_AT_ONCE = 500
_TAKEN_AS_THEY_ARE = {"text", "json", "integer", "boolean", "real"}  # by either database, and they are most of all values


def make_tables(head: Head) -> dict[str, Table]:
    """Take an empty database through exactly the migrations of the backup; its tables by name. Raises UnknownMigrations."""
    executor = MigrationExecutor(connection)
    wanted = set(nodes(executor.loader, head.migrations))
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    executor.migrate(None, plan=[(m, back) for m, back in whole if (m.app_label, m.name) in wanted])
    return tables_at(executor.loader, head.migrations)


@contextmanager
def unchecked() -> Iterator[None]:
    """A transaction in which references may point ahead; `Loader.finish` checks them."""
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # a migration may have said IMMEDIATE
        yield


class Loader:
    """Puts rows into tables just made. Use while references are `unchecked`."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables
        self._pieces: dict[str, Piece] = {}
        with connection.cursor() as cursor:
            for name in tables:  # what the migrations themselves have written is in the backup too
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a table's own name

    def load(self, rows: Rows) -> None:
        """Add rows. Raises Unfit: they are not of these tables; DatabaseError: the database does not take them."""
        table = self._tables.get(rows.piece.table)
        if table is None:
            raise Unfit(f"备份里有不认识的表 {rows.piece.table}，已损坏或被改动")
        by_name = {column.name: column for column in table.columns}
        said = [(name, by_name[name].kind.name if name in by_name else "") for name, _ in rows.piece.columns]
        if said != list(rows.piece.columns) or len(said) != len(table.columns):
            raise Unfit(f"备份里表 {table.name} 的栏与它记下的迁移不符，已损坏或被改动")
        self._pieces[table.name] = rows.piece
        columns = [by_name[name] for name, _ in said]
        values = _values(table.name, columns, rows_in(rows.lines))
        with connection.cursor() as cursor:
            while some := list(islice(values, _ROWS_AT_ONCE)):
                cursor.executemany(_insert(table.name, columns), some)

    def finish(self, left_out: list[str]) -> None:
        """Check all references, and give no number twice. Raises Unfit where a table is missing, IntegrityError."""
        if missing := self._tables.keys() - self._pieces.keys() - set(left_out):
            raise Unfit(f"备份里没有表 {min(missing)}，不完整")
        connection.check_constraints()
        for name, piece in self._pieces.items():
            if piece.last and (number := self._tables[name].number) is not None:
                _go_on_after(name, number, piece.last)


def _insert(table: str, columns: list[Column]) -> str:
    quote = connection.ops.quote_name
    places = ["%s::jsonb" if column.kind.name == "json" and connection.vendor == "postgresql" else "%s" for column in columns]
    return f"INSERT INTO {quote(table)} ({', '.join(quote(c.name) for c in columns)}) VALUES ({', '.join(places)})"  # noqa: S608 - names of the schema


def _values(table: str, columns: list[Column], rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Rows as the database takes them. Raises Unfit."""
    takers = [_taker(column) for column in columns]
    for row in rows:
        try:
            yield [None if value is None else take(value) for take, value in zip(takers, row, strict=True)]
        except (ValueError, TypeError, OverflowError, ArithmeticError) as error:
            raise Unfit(f"备份里表 {table} 有一行读不懂，已损坏或被改动") from error


def _taker(column: Column) -> Callable[[Any], Any]:
    read, prepared, database = column.kind.read, column.field.get_db_prep_save, connections[DEFAULT_DB_ALIAS]
    if column.kind.name in _TAKEN_AS_THEY_ARE:
        return read
    return lambda value: prepared(read(value), database)


def _go_on_after(table: str, number: str, last: int) -> None:
    """The next number given out comes after `last`, and after all that are there."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            if cursor.fetchone() is None:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [last, table])
            return
        highest = f"SELECT max({quote(number)}) FROM {quote(table)}"  # noqa: S608 - names of the schema
        sequence = "pg_get_serial_sequence(%s, %s)"
        cursor.execute(f"SELECT setval({sequence}, greatest(coalesce(({highest}), 0), %s))", [quote(table), number, last])


def bring_up_to_date() -> None:
    """The migrations that this software has beyond those of the backup."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # tables with checks outstanding cannot be altered
    call_command("migrate", verbosity=0, interactive=False)
