"""The texts beside the index: what is weighed and what is shown of each document, found by its offset.

Records are only ever appended, so that readers need no lock; those of deleted documents stay until
the next rebuild. Read with pread, not mapped: the memory of the processes stays small.
"""

from __future__ import annotations

import json
import os
import struct
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.search.analysis.prepare import Prepared, digest
from gongkai.search.port import IndexDamaged
from gongkai.search.remembered import Remembered

_HEADER = struct.Struct("<4sIIIIf")
_MAGIC = b"gkst"
_FIRST_READ = 8192
_REMEMBERED = 400
"""Documents that are asked for again: some ten thousand bytes each."""


class Record(NamedTuple):
    """What is weighed of a document, and where to find what is shown; `rest` is as much of that as was read along."""

    folded: str
    quality: float
    shown_at: int
    shown_size: int
    text_size: int
    rest: bytes = b""


class Texts:
    """The texts of one generation."""

    def __init__(self, path: Path, *, writes: bool = False) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT if writes else os.O_RDONLY, 0o644)
        self.close = weakref.finalize(self, os.close, self._file)
        self._end = os.fstat(self._file).st_size
        self._waiting: list[bytes] = []
        self._records = Remembered(self._record, _REMEMBERED)
        self._told = Remembered(self._shown_of, _REMEMBERED)

    def append(self, prepared: Prepared) -> int:
        """Put a document's texts behind the others; its offset. Written with `flush`."""
        folded = prepared.folded.encode("utf-16-le")
        rest = b"".join((folded, prepared.shown, prepared.text))
        sizes = (len(folded), len(prepared.shown), len(prepared.text))
        offset = self._end
        self._waiting.append(_HEADER.pack(_MAGIC, digest(rest), *sizes, prepared.quality) + rest)
        self._end += _HEADER.size + len(rest)
        if len(self._waiting) >= 256:
            self._write()
        return offset

    def flush(self) -> int:
        """Write what waits, durably; the size of the file."""
        self._write()
        os.fdatasync(self._file)
        return self._end

    def forget(self) -> None:
        """Leave out what was not written, after an error."""
        self._waiting.clear()
        self._records.clear()
        self._told.clear()
        self._end = os.fstat(self._file).st_size

    def _write(self) -> None:
        data = b"".join(self._waiting)
        at = self._end - len(data)
        while data:
            written = os.pwrite(self._file, data, at)
            data, at = data[written:], at + written
        self._waiting.clear()

    def read(self, offset: int) -> Record:
        """What is weighed of the document at an offset. Raises IndexDamaged."""
        return self._records[offset]

    def _record(self, offset: int) -> Record:
        data = os.pread(self._file, _FIRST_READ, offset)
        size, shown, text, quality = self._sizes(data, offset)
        end = _HEADER.size + size
        if len(data) < end:
            data = os.pread(self._file, end, offset)
        return Record(data[_HEADER.size : end].decode("utf-16-le"), quality, offset + end, shown, text, data[end:])

    def shown(self, record: Record) -> Mapping[str, Any]:
        """What is told of a hit: id, group, values, passages."""
        return self._told[record]

    def _shown_of(self, record: Record) -> Mapping[str, Any]:
        return dict(json.loads(self._shown(record, 0, record.shown_size)))

    def text(self, record: Record, start: int, size: int) -> str:
        """A piece of the body as it is written, from byte `start` of it on."""
        return self._shown(record, record.shown_size + start, size).decode("utf-16-le", "replace")

    def _shown(self, record: Record, start: int, size: int) -> bytes:
        read = record.rest[start : start + size]
        return read if len(read) == size else os.pread(self._file, size, record.shown_at + start)

    def sound(self, offset: int) -> bool:
        """Whether the document's texts are as they were written."""
        try:
            folded, shown, text, _ = self._sizes(os.pread(self._file, _HEADER.size, offset), offset)
        except IndexDamaged:
            return False
        size = folded + shown + text
        _, crc, *_ = _HEADER.unpack(os.pread(self._file, _HEADER.size, offset))
        rest = os.pread(self._file, size, offset + _HEADER.size)
        return len(rest) == size and digest(rest) == crc

    def _sizes(self, data: bytes, offset: int) -> tuple[int, int, int, float]:
        if len(data) < _HEADER.size or data[:4] != _MAGIC:
            raise IndexDamaged(f"索引的正文文件“{self._path}”在 {offset} 处已损坏。请重建索引。")
        _, _, folded, shown, text, quality = _HEADER.unpack_from(data)
        return folded, shown, text, quality
