"""Where a restored site is put together, and how it comes to stand in its place all at once.

Everything is made in `restoring/` inside the data folder. The database comes last: SQLite's file is
renamed, PostgreSQL's transaction commits. As long as there is no database, whatever else is there
belongs to a restore that did not finish.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from gongkai.core.backup.appearing import remember
from gongkai.core.backup.layout import FOLDERS, is_kept
from gongkai.core.backup.snapshot import unhurried

_SHOP = "restoring"
_FILE = "gongkai.sqlite3"
_SECRET = "secret.key"  # noqa: S105 - the name of a file, made by the mere start of any command
_MAY_BE_THERE = {_SECRET, _SHOP, "backups", "cache", "logs", "lost+found", "import.lock", "press.lock", "search", "workers"}


class NotEmpty(Exception):
    """There is a site already."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}，没有恢复，什么也没有改动。请换一个空的数据文件夹"
            "（GONGKAI_DATA=新文件夹 gongkai restore …），或者把原来的整个移走再恢复；使用 PostgreSQL 的，另建一个空库。"
        )


def require_empty(data: Path) -> None:
    """Raises NotEmpty where the data folder or the database already holds something."""
    if _has_tables():
        shutil.rmtree(data / _SHOP, ignore_errors=True)  # of a restore that was killed when all was in place
        raise NotEmpty(f"数据库（{connection.settings_dict['NAME']}）不是空的")
    there = (
        {path.name for path in data.iterdir() if path.name[0] != "."} - _MAY_BE_THERE - {_FILE, f"{_FILE}-wal", f"{_FILE}-shm"}
    )
    if (data / _SHOP).exists():  # a restore began here, in an empty folder, and did not finish
        there = {name for name in there if name not in FOLDERS and not is_kept(name)}
    if there:
        raise NotEmpty(f"数据文件夹 {data} 不是空的（有 {'、'.join(sorted(there)[:5])}）")


def _has_tables() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False  # and connecting would make one
    try:
        return bool(connection.introspection.table_names())
    finally:
        connection.close()


def sweep(data: Path) -> None:
    """Remove what a restore that did not finish has left. Only where `require_empty` has let pass."""
    if not (data / _SHOP).exists():
        return
    for path in data.iterdir():
        if is_kept(path.name) and path.name != _SECRET:
            path.unlink()
    for folder in (*FOLDERS, _SHOP):
        if (data / folder).exists():
            shutil.rmtree(data / folder)


@contextmanager
def workshop(data: Path) -> Iterator[Path]:
    """A folder to put things together in. At the end they are in their places; after an exception nothing is left.

    Inside, the default connection is that of the new database.
    """
    shop = data / _SHOP
    shop.mkdir(mode=0o700)
    try:
        with _new_database(shop):
            yield shop
            _put_in_place(shop, data)
        if connection.vendor == "sqlite":
            _install(shop / _FILE)
    except BaseException:
        sweep(data)
        raise
    shutil.rmtree(shop)


@contextmanager
def _new_database(shop: Path) -> Iterator[None]:
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            unhurried(cursor)
            yield
        return
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(shop / _FILE)
    try:
        with connection.cursor() as cursor:  # thrown away if anything goes wrong: it need not be safe before the end
            cursor.execute("PRAGMA journal_mode=MEMORY")
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-65536")
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _put_in_place(shop: Path, data: Path) -> None:
    """All but the database. Kept pages are of another site."""
    shutil.rmtree(data / "cache", ignore_errors=True)
    for path in shop.iterdir():
        if path.name in FOLDERS or is_kept(path.name):
            path.replace(data / path.name)
    os.sync()


def _install(made: Path) -> None:
    """The moment at which the site is there again."""
    place = Path(connection.settings_dict["NAME"])
    for beside in ("-wal", "-shm"):
        place.with_name(place.name + beside).unlink(missing_ok=True)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(place)
    remember(place.parent)
