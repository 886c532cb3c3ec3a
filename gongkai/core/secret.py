"""A secret kept in a file of its own. No Django."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[], str]) -> Path:
    """The file at `path` (mode 0600), with what `make` gives where there is none.

    Of several processes that come at once the first wins, and the others find its secret. Raises OSError.
    """
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(make(), encoding="ascii")
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path
