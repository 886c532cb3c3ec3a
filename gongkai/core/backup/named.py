"""Which files the rows of a table name: a domain says so, and a backup can tell when one is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

PathOf = Callable[[Mapping[str, Any]], str]
_paths: dict[str, PathOf] = {}


def register(table: str, path_of: PathOf) -> None:
    """Say which file below `files/` a row of `table` names, told its columns."""
    _paths[table] = path_of


def path_of(table: str) -> PathOf | None:
    """What was said of a table."""
    return _paths.get(table)
