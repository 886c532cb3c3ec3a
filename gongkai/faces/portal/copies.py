"""Finished pages as bytes, in memory and on disk. No Django.

The disk serves all workers and survives a restart; the memory of each worker holds what is asked
for most. Neither is ever trusted by age: the board says whether a copy still holds.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path


def edition() -> str:
    """Differs whenever the code or the templates that make pages do, so that an upgrade starts with none kept."""
    stamp = hashlib.sha256()
    here = Path(__file__).parents[2]
    for file in sorted(f for f in here.rglob("*") if f.suffix in (".py", ".jinja", ".json", ".yaml")):
        status = file.stat()
        stamp.update(f"{file.relative_to(here)} {status.st_mtime_ns} {status.st_size}\n".encode())
    for manifest in here.parent.glob("static/built/staticfiles.json"):
        stamp.update(manifest.read_bytes())
    return stamp.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Copy:
    """A page as it left Django.

    Attributes:
        made_at: the board's generation before the page was made.
        slots: what it shows, as slots of the board.
        day: the office's day on which it was made, as a number of days.
        headers: type, policy and the like; length and encoding are added when it is sent.
        plain, squeezed: the body as it is and as gzip.
    """

    made_at: int
    slots: tuple[int, ...]
    day: int
    headers: list[tuple[str, str]]
    plain: bytes
    squeezed: bytes
    etag: str = ""
    as_plain: list[tuple[str, str]] = field(default_factory=list, compare=False)
    as_squeezed: list[tuple[str, str]] = field(default_factory=list, compare=False)

    def __post_init__(self) -> None:
        self.as_plain.extend([*self.headers, ("Content-Length", str(len(self.plain)))])
        self.as_squeezed.extend([*self.headers, ("Content-Encoding", "gzip"), ("Content-Length", str(len(self.squeezed)))])

    @classmethod
    def of(cls, made_at: int, slots: tuple[int, ...], day: int, headers: list[tuple[str, str]], body: bytes) -> Copy:
        """A copy of a body, squeezed once so that sending it costs nothing."""
        etag = etag_of(body)
        named = [(name, value) for name, value in headers if name.lower() not in ("content-length", "etag")]
        return cls(made_at, slots, day, [*named, ("ETag", etag)], body, gzip.compress(body, 6, mtime=0), etag)

    def packed(self) -> bytes:
        """As one file: a line of JSON, then both bodies."""
        head = [self.made_at, list(self.slots), self.day, self.headers, len(self.plain), self.etag]
        return json.dumps(head).encode() + b"\n" + self.plain + self.squeezed

    @classmethod
    def unpacked(cls, data: bytes) -> Copy:
        """What `packed` gave. Raises ValueError where the file is damaged."""
        head, _, bodies = data.partition(b"\n")
        try:
            made_at, slots, day, headers, length, etag = json.loads(head)
            pairs = [(name, value) for name, value in headers]
        except (TypeError, ValueError) as error:
            raise ValueError("damaged copy") from error
        plain = bodies[:length]
        if etag != etag_of(plain):
            raise ValueError("damaged copy")
        return cls(made_at, tuple(slots), day, pairs, plain, bodies[length:], etag)


class Copies:
    """Copies by key. `disk_bytes` and `memory_bytes` bound them; what was used least goes first."""

    def __init__(self, folder: Path, *, edition: str, disk_bytes: int, memory_bytes: int) -> None:
        self._folder, self._edition = folder, edition
        self._disk_bytes, self._memory_bytes = disk_bytes, memory_bytes
        self._memory: OrderedDict[str, Copy] = OrderedDict()
        self._held = 0
        self._sizes: dict[str, int] = {}

    def get(self, key: str) -> Copy | None:
        """The copy under a key, from memory or disk."""
        copy = self._memory.get(key)
        if copy is not None:
            self._memory.move_to_end(key)
            return copy
        path = self._path(key)
        try:
            copy = Copy.unpacked(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            self._drop(path)
            return None
        self._remember(key, copy)
        return copy

    def put(self, key: str, copy: Copy) -> None:
        """Keep a copy. A disk that is full or read-only is no reason not to answer: memory serves."""
        self._remember(key, copy)
        path = self._path(key)
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            packed = copy.packed()
            self._make_room(path.parent, len(packed))
            temporary.write_bytes(packed)
            temporary.replace(path)
        except OSError:
            self._drop(temporary)

    def _path(self, key: str) -> Path:
        name = hashlib.blake2b(f"{self._edition}\n{key}".encode(), digest_size=20).hexdigest()
        return self._folder / name[:2] / name

    def _remember(self, key: str, copy: Copy) -> None:
        if (old := self._memory.pop(key, None)) is not None:
            self._held -= _size(old)
        self._memory[key] = copy
        self._held += _size(copy)
        while self._held > self._memory_bytes and len(self._memory) > 1:
            _, oldest = self._memory.popitem(last=False)
            self._held -= _size(oldest)

    def _make_room(self, folder: Path, size: int) -> None:
        """Bring one of the 256 folders under its share, the oldest files first, when this one more would be too many.

        Looking through a folder costs, so its size is remembered; other workers' files are found at the next look.
        """
        share = self._disk_bytes // 256
        if self._sizes.get(folder.name, share) + size > share:
            files = sorted((f.stat().st_mtime_ns, f.stat().st_size, f) for f in folder.iterdir())
            total = sum(length for _, length, _ in files)
            for _, length, file in files:
                if total + size <= share * 3 // 4:
                    break
                self._drop(file)
                total -= length
            self._sizes[folder.name] = total
        self._sizes[folder.name] += size

    @staticmethod
    def _drop(path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()


def _size(copy: Copy) -> int:
    return len(copy.plain) + len(copy.squeezed) + 2_000


def etag_of(body: bytes) -> str:
    """What tells one body from another in the headers."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
