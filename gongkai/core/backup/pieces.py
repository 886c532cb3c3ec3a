"""Rows of a table as compressed lines of JSON, in pieces of a few megabytes. No Django.

The first line of a piece says of which table it is, and what each column is called and is like;
every further line is a row.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.core.backup.archive import Unfit

_PIECE = 4 * 1024 * 1024
LARGEST = 256 * 1024 * 1024  # bytes of a piece when it is unpacked; more is a trap, or a row nobody can have meant
_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class RowTooLarge(Exception):
    """A row that a backup has no room for."""

    def __init__(self, table: str, row: object) -> None:
        super().__init__(f"表 {table} 中编号 {row} 的一行超过 {LARGEST // 1048576} MB，装不进备份。请先处理这一行，再备份。")


@dataclass(frozen=True, slots=True)
class Piece:
    """What the first line of a piece says; `last` is the highest number ever given to a row, where numbers are given."""

    table: str
    columns: tuple[tuple[str, str], ...]
    last: int | None


def packed(piece: Piece, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[bytes, int, int]]:
    """Pieces with how many rows and how many bytes before compression each has; one, without rows, of an empty table.

    Raises RowTooLarge.
    """
    head = (_line({"table": piece.table, "columns": piece.columns, "last": piece.last}) + "\n").encode()
    lines, size = [head], len(head)
    given = False
    for row in rows:
        line = (_line(row) + "\n").encode()
        if len(line) + len(head) > LARGEST:
            raise RowTooLarge(piece.table, row[0])
        if size + len(line) > _PIECE and len(lines) > 1:
            yield gzip.compress(b"".join(lines), 1, mtime=0), len(lines) - 1, size
            lines, size, given = [head], len(head), True
        lines.append(line)
        size += len(line)
    if len(lines) > 1 or not given:
        yield gzip.compress(b"".join(lines), 1, mtime=0), len(lines) - 1, size


def unpacked(chunks: Iterable[bytes]) -> bytes:
    """The lines of a piece. Raises Unfit: damaged, or larger than any piece is."""
    stream = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    room = LARGEST
    try:
        for chunk in chunks:
            while chunk and not stream.eof:
                parts.append(stream.decompress(chunk, room + 1))
                room -= len(parts[-1])
                if room < 0:
                    raise Unfit(f"备份里有一段展开后超过 {LARGEST // 1048576} MB，不是本软件写的，没有采用")
                chunk = stream.unconsumed_tail  # noqa: PLW2901 - the same chunk, what is left of it
    except zlib.error as error:
        raise Unfit("备份里有一段解不开，已损坏") from error
    if not stream.eof or stream.unused_data:
        raise Unfit("备份里有一段解不开，已损坏")
    return b"".join(parts)


def head_of(lines: bytes) -> Piece:
    """What the first line says. Raises Unfit."""
    try:
        told = json.loads(lines[: lines.index(b"\n")])
        columns = tuple((str(name), str(kind)) for name, kind in told["columns"])
        return Piece(str(told["table"]), columns, None if told["last"] is None else int(told["last"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unfit("备份里有一段读不懂，已损坏") from error


def rows_in(lines: bytes) -> Iterator[list[Any]]:
    """The rows after the first line. Raises Unfit."""
    at = lines.index(b"\n") + 1
    while at < len(lines):
        end = lines.find(b"\n", at)
        try:
            row = json.loads(lines[at : end if end >= 0 else len(lines)])
        except (ValueError, RecursionError) as error:
            raise Unfit("备份里有一行读不懂，已损坏") from error
        if not isinstance(row, list) or end < 0:
            raise Unfit("备份里有一行读不懂，已损坏")
        yield row
        at = end + 1
