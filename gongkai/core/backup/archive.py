"""The file itself: a plain tar whose last member vouches for every byte before it. No Django.

Any `tar` unpacks it. Members are read strictly in order and only as regular files, so that there
is no way for one to lead out of its folder. What `Reader` gives out is not vouched for until its
last member was read.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

LAST = "end.json"
_BLOCK = 512
_CHUNK = 1024 * 1024
_LONGEST_NAME = 4096
_LARGEST_WORD = 64 * 1024 * 1024  # bytes of the last member, which is read as a whole

FOREIGN = "这不是公开（Gongkai）的备份文件"


class Unfit(Exception):
    """A file that is no backup, is damaged or incomplete; says so and what to do."""

    def __init__(self, why: str, then: str = "请换一份备份") -> None:
        super().__init__(f"{why}。{then}。")


def _sealed(root: bytes, word: bytes) -> str:
    return hashlib.sha256(root + word).hexdigest()


def _followed(root: bytes, name: str, size: int, content: bytes) -> bytes:
    """The digest of all members so far, one further."""
    return hashlib.sha256(b"\0".join((root, name.encode("utf-8", "surrogateescape"), str(size).encode(), content))).digest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogateescape")


class SizeChanged(Exception):
    """What was to be written is longer or shorter than was said."""


class Writer:
    """Writes members one after another into an open file, which is not closed here; `at` is what tar shows as their time.

    Raises OSError.
    """

    def __init__(self, file: BinaryIO, at: datetime) -> None:
        self._file, self._at = file, at
        self._root = b""

    def add(self, name: str, size: int, chunks: Iterable[bytes]) -> str:
        """A member of `size` bytes; the SHA-256 of its content. Raises SizeChanged when the chunks hold more or less."""
        digest, left = hashlib.sha256(), size
        self._head(name, size)
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            self._file.write(chunk)
        if left:
            raise SizeChanged(name)
        self._file.write(bytes(-size % _BLOCK))
        self._root = _followed(self._root, name, size, digest.digest())
        return digest.hexdigest()

    def end(self, word: dict[str, Any]) -> str:
        """The last member: `word`, and the digest that vouches for it and for all members before; the digest."""
        seal = _sealed(self._root, _canonical(word))
        content = _canonical({"word": word, "digest": seal})
        self._head(LAST, len(content))
        self._file.write(content + bytes(-len(content) % _BLOCK + 2 * _BLOCK))
        return seal

    def _head(self, name: str, size: int) -> None:
        self._file.write(_head(name, size, int(self._at.timestamp())))


@dataclass(slots=True)
class Member:
    """A member whose content may be read, before the next one is asked for."""

    name: str
    size: int
    _reader: Reader = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """What has not been read yet. Raises Unfit where the file ends too soon."""
        return self._reader.content()


class Reader:
    """Reads an archive from its beginning. After `members` has come to its end, `word` and `digest` are true of all of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._root = b""
        self._left = 0
        self._hash = hashlib.sha256()
        self.word: dict[str, Any] = {}
        self.digest = ""
        self.read = 0

    def members(self) -> Iterator[Member]:
        """Every member but the last. Raises Unfit."""
        while True:
            info = self._info()
            if info.name == LAST:
                self._end(info.size)
                return
            self._hash, self._left = hashlib.sha256(), info.size
            yield Member(info.name, info.size, self)
            for _ in self.content():
                pass
            self._nothing(-info.size % _BLOCK)
            self._root = _followed(self._root, info.name, info.size, self._hash.digest())

    def content(self) -> Iterator[bytes]:
        """The rest of the member at hand."""
        while self._left:
            chunk = self._take(min(self._left, _CHUNK))
            self._left -= len(chunk)
            self._hash.update(chunk)
            yield chunk

    def _info(self) -> tarfile.TarInfo:
        """The next head, which must be exactly as `Writer` writes it."""
        block = whole = self._take(_BLOCK)
        info = self._parsed(block)
        if info.type == tarfile.GNUTYPE_LONGNAME and 0 < info.size <= _LONGEST_NAME:
            name = self._take(info.size)
            padding = self._take(-info.size % _BLOCK)
            block = self._take(_BLOCK)
            whole += name + padding + block
            info = self._parsed(block)
            info.name = name.rstrip(b"\0").decode("utf-8", "surrogateescape")
        if info.type != tarfile.REGTYPE:
            raise Unfit(f"备份里的“{info.name}”不是普通文件（而是链接、设备或文件夹），不是本软件写的，没有采用")
        if info.size < 0 or whole != _head(info.name, info.size, int(info.mtime)):
            raise Unfit(_damaged(self.read))
        return info

    def _parsed(self, block: bytes) -> tarfile.TarInfo:
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise Unfit(FOREIGN if self.read == _BLOCK else _damaged(self.read)) from error

    def _take(self, size: int) -> bytes:
        block = self._file.read(size)
        self.read += len(block)
        if len(block) != size:
            raise Unfit(f"备份不完整：到第 {self.read} 字节就断了" if self.read > _BLOCK else FOREIGN)
        return block

    def _nothing(self, size: int) -> None:
        """What fills a block up, or comes after the last one."""
        if self._take(size).strip(b"\0"):
            raise Unfit(_damaged(self.read))

    def _end(self, size: int) -> None:
        if size > _LARGEST_WORD:
            raise Unfit(_damaged(self.read))
        content = self._take(size)
        try:
            told = json.loads(content)
            word, digest = told["word"], told["digest"]
            fits = _canonical(told) == content and digest == _sealed(self._root, _canonical(word))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unfit(_damaged(self.read)) from error
        if not fits or not isinstance(word, dict):
            raise Unfit("备份的内容与它自己记下的摘要不符，已损坏或被改动")
        self._nothing(-size % _BLOCK + 2 * _BLOCK)
        if self._file.read(1):
            raise Unfit("备份的末尾有多余的内容，已损坏或被改动")
        self.word, self.digest = word, digest


def _head(name: str, size: int, seconds: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, seconds
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _damaged(at: int) -> str:
    return f"备份已损坏：第 {at} 字节附近读不通"
