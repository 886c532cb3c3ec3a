"""What a database wants now and then so that it keeps finding things quickly."""

from __future__ import annotations

from django.db import connection

_ROWS_LOOKED_AT = 1_000  # of each index; enough to tell a selective one from one that selects nothing


def refresh_statistics() -> None:
    """Let SQLite count what its indexes are worth: without that it reads the whole library by date to find ten papers.

    PostgreSQL sees to it by itself. Takes well under a second at 100,000 documents.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={_ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")
