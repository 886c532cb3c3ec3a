"""Keeping a made part of the manifest as a file until a paper in it changes. Only a cache: it may be deleted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from gongkai.core.signing import canonical


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the manifest as it is served: canonical JSON of so many documents."""

    number: int
    documents: int
    data: bytes

    @property
    def sha256(self) -> str:
        """The digest by which the index vouches for it."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where parts are kept; nowhere, without a folder."""

    folder: Path | None

    def find(self, number: int) -> tuple[str, Part | None]:
        """The state for which a part was kept, and the part; None where there is none or it is damaged."""
        if self.folder is None:
            return "", None
        try:
            head, _, data = self._path(number).read_bytes().partition(b"\n")
            said = json.loads(head)
            part = Part(number, said["documents"], data)
            return (said["state"], part) if part.sha256 == said["sha256"] else ("", None)
        except (OSError, ValueError, KeyError, TypeError):
            return "", None

    def put(self, state: str, part: Part) -> None:
        """Keep a part for next time; a full disk costs time, never an answer."""
        if self.folder is None:
            return
        head = canonical({"documents": part.documents, "sha256": part.sha256, "state": state})
        path = self._path(part.number)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(head + b"\n" + part.data)
            temporary.replace(path)

    def _path(self, number: int) -> Path:
        return (self.folder or Path()) / f"part-{number}.json"
