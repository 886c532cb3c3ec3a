"""Which files a request to import names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from gongkai.text.encodings import file_name

_LONGEST = 2_000  # bytes
_IGNORED_NAMES = {"Thumbs.db", "desktop.ini", ".DS_Store"}


class NoSuchPath(Exception):
    """A path that does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"找不到“{path}”。请检查路径是否写对。")


def told(path: Path) -> str:
    """A path as text, another for every file: whatever its bytes are, and shortened to what an index can hold."""
    text = "/".join(map(_part, os.fsencode(path).decode("utf-8", "surrogateescape").split("/")))
    if len(text.encode()) <= _LONGEST:
        return text
    return f"…{hashlib.sha256(text.encode()).hexdigest()[:16]}…/{text[-_LONGEST // 4 :]}"


def _part(name: str) -> str:
    readable = file_name(name)
    return readable if readable == name else f"{readable}（文件名不是 UTF-8）"


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Every file that the paths name or contain, each once, in a stable order.

    Hidden files, lock files of office software and links that lead out of a folder are passed over.
    Raises NoSuchPath.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise NoSuchPath(path)
        if path.is_file():
            found[path.absolute()] = None
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            here = Path(folder).absolute()
            found.update((here / name, None) for name in sorted(names) if _wanted(here / name))
    return list(found)


def _wanted(path: Path) -> bool:
    name = path.name
    if name.startswith((".", "~$")) or name in _IGNORED_NAMES:
        return False
    return path.is_file() and not path.is_symlink()
