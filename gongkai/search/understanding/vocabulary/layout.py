"""One file of named sections that many processes map at once: written whole, opened in no time. Pure."""

from __future__ import annotations

import json
import mmap
import os
import struct
from array import array
from collections.abc import Mapping
from pathlib import Path

MAGIC = b"GKVOCAB3"
_ALIGN = 8
_LONGEST_HEADER = 1 << 20


class VocabularyUnreadable(Exception):
    """The file is missing, cut short, from another version or no vocabulary at all; `str` says what to do."""


def write_sections(path: Path, sections: Mapping[str, array[int] | bytes]) -> None:
    """Write `sections` beside `path` and put the finished file in its place, so that a reader sees the old or the new."""
    header, at = {}, 0
    for name, body in sections.items():
        size = len(body) * (body.itemsize if isinstance(body, array) else 1)
        header[name] = [at, size, body.typecode if isinstance(body, array) else "B"]
        at += size + -size % _ALIGN
    said = json.dumps(header).encode()
    said += b" " * (-len(said) % _ALIGN)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with unfinished.open("wb") as file:
            file.write(MAGIC + struct.pack("<QQ", len(said), at) + said)
            for body in sections.values():
                data = memoryview(body).cast("B")
                file.write(data)
                file.write(b"\0" * (-len(data) % _ALIGN))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


class Sections:
    """The sections of one file, read through one shared map of it; `close` before the file may go on some systems."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise VocabularyUnreadable(f"词表打不开：{path}（{error}）。请重建检索库。") from error
        self._views: list[memoryview] = []
        try:
            self._header, self._body = self._read_header(path)
        except VocabularyUnreadable:
            self._map.close()
            raise

    def _read_header(self, path: Path) -> tuple[dict[str, list[object]], int]:
        start = len(MAGIC) + 16
        if len(self._map) < start or self._map[: len(MAGIC)] != MAGIC:
            raise VocabularyUnreadable(f"不是本版本的词表：{path}。请重建检索库。")
        length, size = struct.unpack("<QQ", self._map[len(MAGIC) : start])
        if length > _LONGEST_HEADER or len(self._map) != start + length + size:
            raise VocabularyUnreadable(f"词表不完整：{path}。请重建检索库。")
        try:
            return json.loads(self._map[start : start + length]), start + length
        except ValueError as error:
            raise VocabularyUnreadable(f"词表已损坏：{path}。请重建检索库。") from error

    def view(self, name: str) -> memoryview:
        """The section `name` as a read-only view of its numbers (or bytes)."""
        try:
            at, size, code = self._header[name]
            whole = memoryview(self._map)[self._body + int(str(at)) : self._body + int(str(at)) + int(str(size))]
            view: memoryview[int] = whole.cast(str(code))  # type: ignore[call-overload]
        except (KeyError, TypeError, ValueError) as error:
            raise VocabularyUnreadable(f"词表缺少 {name} 一节。请重建检索库。") from error
        self._views.append(view)
        return view

    def close(self) -> None:
        """Give the map back; views taken from it can no longer be read."""
        for view in self._views:
            view.release()
        self._views.clear()
        try:
            self._map.close()
        except BufferError:
            return  # somebody still holds a slice; the map goes when that does
