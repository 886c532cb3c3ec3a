"""One change at a time, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_TURN = 7_150_001  # an advisory lock of PostgreSQL; any number will do, as long as nobody else uses it


@contextmanager
def writing() -> Iterator[None]:
    """A transaction beside which no other of its kind runs; a block, or a decorator of actions.

    What it reads, folds, counts or finds missing stays so until it ends, and no two writers wait for
    one another. SQLite begins every transaction like this; on PostgreSQL it is asked for, before
    anything is read or locked.
    """
    with transaction.atomic():
        take_turn()
        yield


def take_turn() -> None:
    """Wait until no other transaction is writing; nobody else will until this one ends.

    Raises OperationalError when the others take too long.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
