"""Reading a backup from end to end: part after part, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongkai.core.backup.archive import FOREIGN, Member, Reader, Unfit
from gongkai.core.backup.layout import FIRST, FOLDERS, Head, head_in, path_of, table_of
from gongkai.core.backup.pieces import LARGEST, Piece, head_of, unpacked
from gongkai.core.backup.tally import Progress, Tally, tally_in

_LARGEST_HEAD = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, as lines."""

    piece: Piece
    lines: bytes

    @property
    def count(self) -> int:
        """How many rows."""
        return self.lines.count(b"\n") - 1


@dataclass(frozen=True, slots=True)
class File:
    """A file, and where it belongs below the data folder."""

    path: str
    member: Member


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole and undamaged backup holds."""

    head: Head
    tally: Tally
    digest: str
    size: int


class Opened:
    """A backup that is read once, in order: `head` first, then `parts`, then `contents`."""

    def __init__(self, file: BinaryIO) -> None:
        self._reader = Reader(file)
        self._members = self._reader.members()
        self._seen = Tally()
        self.head = self._head()

    def _head(self) -> Head:
        first = next(self._members, None)
        if first is None or first.name != FIRST or first.size > _LARGEST_HEAD:
            raise Unfit(FOREIGN)
        return head_in(b"".join(first.chunks()))

    def parts(self, progress: Progress, size: int) -> Iterator[Rows | File]:
        """All that follows the head; nothing of it is vouched for before the end. Raises Unfit."""
        for member in self._members:
            if (table := table_of(member.name)) is not None:
                yield self._rows(table, member)
            elif (path := path_of(member.name)) is not None:
                yield self._file(path, member)
            else:
                raise Unfit(f"备份里有不该有的内容“{member.name}”，不是本软件写的，没有采用")
            progress(self._reader.read, size)

    def _rows(self, table: str, member: Member) -> Rows:
        lines = unpacked(member.chunks() if member.size <= LARGEST else ())
        rows = Rows(head_of(lines), lines)
        if rows.piece.table != table:
            raise Unfit("备份里有一段不属于它所在的表，已损坏")
        self._seen.rows[table] = self._seen.rows.get(table, 0) + rows.count
        self._seen.row_bytes += len(lines)
        return rows

    def _file(self, path: str, member: Member) -> File:
        if path.partition("/")[0] in FOLDERS:
            self._seen.files += 1
            self._seen.file_bytes += member.size
        return File(path, member)

    def contents(self) -> Contents:
        """What was read, once `parts` has come to its end: the last member vouches for it. Raises Unfit."""
        said = tally_in(self._reader.word)
        self._seen.faults = said.faults
        if said != self._seen:
            raise Unfit("备份里的行数或文件数与它自己记下的不符，已损坏或被改动")
        return Contents(self.head, said, self._reader.digest, self._reader.read)


def check(path: Path, progress: Progress) -> Contents:
    """What the backup at `path` holds, read from end to end; nothing is changed. Raises Unfit."""
    try:
        with path.open("rb") as file:
            opened = Opened(file)
            for _ in opened.parts(progress, path.stat().st_size):
                pass
            return opened.contents()
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else error.strerror
        raise Unfit(f"备份文件 {path} 读不出来（{why}）", "请核对文件名和权限，或者换一份备份") from error
