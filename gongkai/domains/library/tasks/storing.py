"""Keeping originals byte for byte, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was hashed and, unless it was a rehearsal, copied into the store."""

    sha256: str
    size: int


def keep(source: Path, store: Path | None) -> Kept:
    """Copy `source` below `store` in chunks, whole or not at all; with no store, only hash it.

    The copy gets its final name only when it is complete, so that a killed import leaves nothing half.
    """
    digest, size = hashlib.sha256(), 0
    temporary = None
    target = None
    if store is not None:
        (store / "incoming").mkdir(parents=True, exist_ok=True)
        temporary = store / "incoming" / f"{os.getpid()}-{hashlib.sha256(os.fsencode(source)).hexdigest()[:16]}"
        target = temporary.open("wb")
    try:
        with source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if target is not None:
                    target.write(chunk)
    finally:
        if target is not None:
            target.close()
    if store is not None and temporary is not None:
        _name(temporary, store, digest.hexdigest())
    return Kept(digest.hexdigest(), size)


def _name(temporary: Path, store: Path, sha256: str) -> None:
    final = store / "originals" / sha256[:2] / sha256
    if final.exists():
        temporary.unlink()
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o444)
    temporary.replace(final)


def sweep(store: Path) -> None:
    """Remove what a killed import left behind unfinished."""
    for leftover in (store / "incoming").glob("*") if (store / "incoming").exists() else ():
        leftover.unlink(missing_ok=True)
