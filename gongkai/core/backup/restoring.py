"""Bringing a site back from a backup, into an empty data folder and an empty database."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, DataError, IntegrityError, connection

from gongkai.core.backup.archive import Unfit
from gongkai.core.backup.loading import Loader, bring_up_to_date, make_tables, unchecked
from gongkai.core.backup.placing import require_empty, sweep, workshop
from gongkai.core.backup.reading import Contents, File, Opened, Rows, check
from gongkai.core.backup.tally import Progress
from gongkai.core.ledger.verify import ANCHORS, Anchor, Fault, Verdict, load_anchors, verify
from gongkai.core.upkeep import refresh_statistics

_log = logging.getLogger(__name__)
Show = Callable[[str], AbstractContextManager[Progress]]


class Unrestored(Exception):
    """Nothing was restored, and nothing of it is left."""

    def __init__(self, why: str) -> None:
        super().__init__(f"没有恢复：{why}。数据文件夹里没有留下恢复到一半的内容。")


class LedgerBroken(Exception):
    """The ledger in the backup was not as it was written; nothing was restored."""

    def __init__(self, faults: list[Fault]) -> None:
        told = "\n".join(f"  {fault}" for fault in faults[:20])
        super().__init__(
            f"没有恢复：备份里的台账有 {len(faults)} 处不符，在备份之前就被改动了。\n{told}\n"
            "请换一份更早的备份；为查明情况确要恢复它，加 --despite-ledger。"
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and what the ledger said when it was verified."""

    contents: Contents
    verdict: Verdict


def restore(path: Path, data: Path, *, despite_ledger: bool, show: Show) -> Restored:
    """Bring back the site saved at `path`: its files into `data`, its rows into the database of the settings.

    All of it or nothing: a restore that was killed is simply run again. Nothing is added to the ledger,
    unless migrations that this software has beyond those of the backup do so.

    Args:
        path: a backup.
        data: the data folder; empty but for what any command makes there.
        despite_ledger: restore even a ledger with faults.
        show: called with the name of each stage, gives something to tell its progress to.

    Raises:
        Unfit: no backup, or damaged. NotEmpty. UnknownMigrations: the backup is of newer software.
        LedgerBroken, Unrestored.
    """
    with show("核对备份") as advance:
        contents = check(path, advance)
    data.mkdir(parents=True, exist_ok=True)
    with _alone(data):
        require_empty(data)
        sweep(data)
        _require_room(data, contents)
        with _explained(), workshop(data) as shop:
            verdict = _put_together(path, shop, contents, show)
            if verdict.faults and not despite_ledger:
                raise LedgerBroken(verdict.faults)
    _log.info("restored: %s, ledger faults: %d", contents.tally, len(verdict.faults))
    return Restored(contents, verdict)


def _put_together(path: Path, shop: Path, contents: Contents, show: Show) -> Verdict:
    with show("建立数据库"):
        tables = make_tables(contents.head)
    with show("恢复内容") as advance, path.open("rb") as file, unchecked():
        loader, opened = Loader(tables), Opened(file)
        for part in opened.parts(advance, contents.size):
            if isinstance(part, Rows):
                loader.load(part)
            else:
                _unpack(part, shop)
        if opened.contents() != contents:
            raise Unfit("备份文件在恢复的时候变了")
        loader.finish(contents.head.left_out)
    with show("升级数据库"):
        bring_up_to_date()
    with show("核验台账"):
        verdict = _verify(shop / ANCHORS, contents.head.ledger)
        refresh_statistics()
    return verdict


def _unpack(part: File, shop: Path) -> None:
    path = shop / part.path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            for chunk in part.member.chunks():
                file.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise Unfit(f"备份里“{part.path}”不止一个，已损坏或被改动") from error
    path.chmod(0o444 if part.path.startswith("files/originals/") else 0o600)


def _verify(anchors: Path, ledger: Anchor) -> Verdict:
    """The ledger against its anchors, and against the backup's own of its last event."""
    try:
        known = load_anchors(anchors)
    except (ValueError, TypeError):
        known = []
        unread = [Fault(0, "封存点", f"{ANCHORS} 读不懂")]
    else:
        unread = []
    verdict = verify([ledger, *known] if ledger.count else known)  # of two with the same count, the one kept outside is asked
    verdict.faults += unread
    return verdict


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """The folder to oneself; the kernel lets go of it when the process ends, however it ends."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unrestored("另一个恢复正在进行，请等它结束") from error
    finally:
        os.close(folder)


def _require_room(data: Path, contents: Contents) -> None:
    rows = contents.tally.row_bytes // 2 if connection.vendor == "sqlite" else 0  # a database may be smaller than its lines
    needed, free = contents.tally.file_bytes + rows, shutil.disk_usage(data).free
    if free < needed:
        raise Unrestored(f"磁盘空间不够：至少还要 {needed >> 20} MB，只剩 {free >> 20} MB")


@contextmanager
def _explained() -> Iterator[None]:
    """Whatever the disk or the database does not take, in words. Raises Unrestored."""
    try:
        yield
    except IntegrityError as error:
        raise Unrestored(f"备份里的行互相对不上（{error}）") from error
    except DataError as error:
        raise Unrestored(f"备份里有的内容这种数据库存不下（{error}）") from error
    except DatabaseError as error:
        raise Unrestored(f"数据库不接受（{error}），请检查磁盘空间和数据库") from error
    except OSError as error:
        raise Unrestored(f"{error.strerror or error}（{error.filename or '数据文件夹'}），请检查磁盘空间和权限") from error
