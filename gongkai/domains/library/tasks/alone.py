"""One at a time: whoever takes papers in from outside has the data folder to itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from filelock import FileLock, Timeout


class AlreadyImporting(Exception):
    """Another import or harvest is under way in this data folder."""

    def __init__(self) -> None:
        super().__init__("另一个导入正在进行，或正在采集别处的文件库。请等它结束后再来；确认没有在运行时，稍候片刻重试即可。")


@contextmanager
def alone() -> Iterator[None]:
    """Hold the data folder's lock. Raises AlreadyImporting."""
    folder = Path(settings.DATA_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "import.lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout as error:
        raise AlreadyImporting from error
