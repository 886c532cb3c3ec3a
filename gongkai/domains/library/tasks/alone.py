"""One at a time: whoever takes papers in from outside has the library to itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from filelock import FileLock, Timeout

_IMPORTING = 7_150_002  # an advisory lock of PostgreSQL, beside that of core/writing


class AlreadyImporting(Exception):
    """Another import or harvest is under way in this library."""

    def __init__(self) -> None:
        super().__init__("另一个导入正在进行，或正在采集别处的文件库。请等它结束后再来；确认没有在运行时，稍候片刻重试即可。")


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of the data folder, and of a database that other machines may share. Raises AlreadyImporting."""
    folder = Path(settings.DATA_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "import.lock", timeout=0)
    try:
        with lock, _alone_in_database():
            yield
    except Timeout as error:
        raise AlreadyImporting from error


@contextmanager
def _alone_in_database() -> Iterator[None]:
    """The server lets go of it by itself when this process or its connection dies."""
    if connection.vendor == "postgresql" and not _answer("SELECT pg_try_advisory_lock(%s)"):
        raise AlreadyImporting
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            with suppress(Error):  # a connection that broke holds nothing any more
                _answer("SELECT pg_advisory_unlock(%s)")


def _answer(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [_IMPORTING])
        return bool(cursor.fetchone()[0])
