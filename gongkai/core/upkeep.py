"""What a database wants now and then so that it keeps finding things quickly."""

from __future__ import annotations

from django.db import connection

_ROWS_LOOKED_AT = 1_000  # of each index; enough to tell a selective one from one that selects nothing
_thoroughly: list[str] = []


def count_thoroughly(table: str) -> None:
    """Let every row of this table be looked at: one of whose columns a few values take turns in long stretches."""
    if table not in _thoroughly:
        _thoroughly.append(table)


def refresh_statistics() -> None:
    """Let the database count what its indexes are worth: without that it reads the whole library by date to find ten papers.

    PostgreSQL does so by itself, but only after a while. Takes about a second at 100,000 documents.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE")
            return
        cursor.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA analysis_limit=0")
        for table in _thoroughly:
            cursor.execute(f'ANALYZE "{table}"')
