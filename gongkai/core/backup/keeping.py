"""Backups in a folder of their own, the newest of which are kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from gongkai.core.backup.appearing import sweep

SUFFIX = ".gongkai"


def place_in(folder: Path, name: str, at: datetime) -> Path:
    """Where the backup of the local moment `at` goes, in a folder that nobody else may read, made where there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder)
    return folder / f"{name}-{at:%Y%m%d-%H%M%S}{SUFFIX}"


def keep_newest(folder: Path, name: str, number: int) -> list[Path]:
    """Remove all backups of that name but the newest `number`; those removed."""
    digits = "[0-9]" * 8 + "-" + "[0-9]" * 6
    old = sorted(folder.glob(f"{name}-{digits}{SUFFIX}"))[:-number]
    for path in old:
        path.unlink()
    return old
