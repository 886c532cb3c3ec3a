"""What is known of an index beside its documents: which state it is in, who writes, how common its characters are."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from gongkai.search.analysis.passages import WINDOW_END
from gongkai.search.port import IndexBusy, Stamp


@dataclass(slots=True)
class Characters:
    """How many windows there are, how long they are together, and in how many each character stands."""

    windows: int = 0
    length: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def count(self, windows: str) -> None:
        """Take a document's windows in."""
        self.length += len(windows)
        for window in windows.split(WINDOW_END) if windows else ():
            self.windows += 1
            for character in set(window):
                self.seen[character] = self.seen.get(character, 0) + 1


class State:
    """The small index beside the generations of one collection."""

    def __init__(self, client: OpenSearch, name: str) -> None:
        self._client = client
        self._index = f"{name}-state"

    def make(self) -> None:
        """Make it where there is none."""
        if not self._client.indices.exists(index=self._index):
            settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
            self._client.indices.create(index=self._index, body={"settings": settings, "mappings": {"enabled": False}})

    def stamp(self) -> Stamp:
        """Which state answers. Raises NotFoundError."""
        told = self._client.get(index=self._index, id="now")["_source"]
        return Stamp(told["generation"], told["commits"], told["documents"])

    def tick(self, generation: int, documents: int, characters: Characters) -> Stamp:
        """Tell of a commit."""
        try:
            commits = self.stamp().commits + 1
        except NotFoundError:
            commits = 1
        told = {"windows": characters.windows, "length": characters.length, "seen": json.dumps(characters.seen)}
        self._client.index(index=self._index, id="characters", body=told)
        self._client.index(
            index=self._index, id="now", body={"generation": generation, "commits": commits, "documents": documents}
        )
        return Stamp(generation, commits, documents)

    def characters(self) -> Characters:
        """As they were at the last commit."""
        try:
            told: dict[str, Any] = self._client.get(index=self._index, id="characters")["_source"]
        except NotFoundError:
            return Characters()
        return Characters(told["windows"], told["length"], json.loads(told["seen"]))

    def lock(self) -> None:
        """Become the one process that writes; a dead process of this machine is no hindrance. Raises IndexBusy."""
        me = {"host": socket.gethostname(), "process": os.getpid()}
        try:
            self._client.index(index=self._index, id="writer", body=me, op_type="create")
        except ConflictError as error:
            held = self._client.get(index=self._index, id="writer")
            holder = held["_source"]
            if holder["host"] != me["host"] or _lives(holder["process"]):
                raise IndexBusy(
                    f"索引“{self._index}”正由 {holder['host']} 的进程 {holder['process']} 写入，同时只能有一个。"
                    f"请等它结束；若该机器已停用，删除 {self._index} 中的 writer 一条后重试。"
                ) from error
            self._client.index(
                index=self._index, id="writer", body=me, if_seq_no=held["_seq_no"], if_primary_term=held["_primary_term"]
            )

    def unlock(self) -> None:
        """Let the next writer in."""
        self._client.delete(index=self._index, id="writer", ignore=[404])


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
