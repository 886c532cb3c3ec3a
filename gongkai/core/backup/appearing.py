"""A file that appears under its name when it is complete, and not before. No Django."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class BeingWritten(Exception):
    """Another process is writing the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"另一个程序正在写 {path}，请等它结束。")


@contextmanager
def appearing(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A new file (mode 0600) that gets the name `path` at the end, safe on disk; after an exception nothing of it is left.

    Raises FileExistsError unless `force` says that what is there may be replaced; BeingWritten; OSError.
    """
    if not force and path.exists():
        raise FileExistsError(path)
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            _lock(file)
        except BlockingIOError as error:
            raise BeingWritten(path) from error
        except OSError:  # a disk of the network may have no locks
            pass
        try:
            file.truncate()
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.replace(path) if force else _named(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    remember(path.parent)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed left unfinished in a folder."""
    for part in folder.glob(".*.part"):
        with suppress(OSError), part.open("rb") as file:  # gone, still being written, or nobody can tell
            _lock(file)
            part.unlink()


def _named(part: Path, path: Path) -> None:
    """Refuses where somebody else took the name meanwhile, as far as the disk can tell."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError as error:  # a stick may have no links
        if path.exists():
            raise FileExistsError(path) from error
        part.replace(path)
    else:
        part.unlink()


def _lock(file: BinaryIO) -> None:
    """The kernel lets go of it when the process ends, however it ends."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remember(folder: Path) -> None:
    """See to it that the names in a folder are safe on disk, where the disk lets itself be told."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
