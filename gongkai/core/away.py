"""Telling a database that is not there, or cannot hold what it was given, from one that was asked something wrong."""

from __future__ import annotations

from django.db import DataError, Error, InterfaceError, OperationalError

_NOT_SET_UP, _ONLY_READ = "42P01", "25006"  # PostgreSQL's names for a missing table, and for a server that takes no changes
_UNFIT = ("22001", "22003", "22021", "22P05")  # too long, too large, no character, no character in JSON


def is_away(error: BaseException | None) -> bool:
    """Whether the database cannot be reached, opened or used; a faulty query or value is an error of ours.

    What SQLite calls an OperationalError may have another name in PostgreSQL.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, Error) and _state(error) in (_NOT_SET_UP, _ONLY_READ)


def cannot_hold(error: BaseException | None) -> bool:
    """Whether a value is too long or too large, or holds what is no character to PostgreSQL: a NUL, half of a pair."""
    return isinstance(error, DataError) and ("NUL" in str(error) or _state(error) in _UNFIT)


def _state(error: Error) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
