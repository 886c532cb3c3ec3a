"""One generation being written: tantivy's writer, the texts and the counts of characters, committed together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from gongkai.search.analysis.passages import WINDOW_END
from gongkai.search.analysis.prepare import Prepared
from gongkai.search.engines.embedded.fields import ID, document_of, schema_of
from gongkai.search.engines.embedded.generation import Characters, about
from gongkai.search.engines.embedded.texts import Texts
from gongkai.search.port import Collection, IndexDamaged, IndexFull

_FULL = ("No space left", "File too large", "Disk quota", "os error 28", "os error 27", "os error 122")
_ALL_COUNTED, _ONE_IN = 2_000, 8


def create(path: Path, collection: Collection) -> None:
    """An empty index in the folder of a new generation."""
    with failures(path):
        (path / "about.json").write_text(json.dumps(about(collection)), encoding="utf-8")
        tantivy.Index(schema_of(collection), str(path / "index"))
        (path / "texts").touch()


@contextmanager
def failures(path: Path) -> Iterator[None]:
    """What goes wrong with files, told so that a person can act on it. Raises IndexFull, IndexDamaged."""
    try:
        yield
    except (OSError, ValueError) as error:
        if any(sign in str(error) for sign in _FULL):
            raise IndexFull(f"写索引“{path}”时磁盘空间不足（{error}）。原有的索引不受影响；请腾出空间后重试。") from error
        raise IndexDamaged(f"写索引“{path}”时出错：{error}。请重建索引。") from error


class Writing:
    """Changes to one generation. `heap` is how many bytes tantivy gathers before it writes segments, in so many threads."""

    def __init__(self, path: Path, collection: Collection, heap: int, threads: int = 1) -> None:
        self._path = path
        self._collection = collection
        self._heap = heap
        self._threads = threads
        with failures(path):
            self._index = tantivy.Index.open(str(path / "index"))
            self._writer: tantivy.IndexWriter | None = self._index.writer(heap, threads)
            self._texts = Texts(path / "texts", writes=True)
        self._characters = Characters.load(path)
        self._taken = 0

    def put(self, prepared: Prepared, *, new: bool = False) -> None:
        """Take a document in, in place of the one with its id; `new` says that there is none."""
        with self._safely() as writer:
            if not new:
                writer.delete_documents_by_term(ID, prepared.id)
            place = self._texts.append(prepared)
            writer.add_document(document_of(prepared, self._collection, place))
        self._count(prepared)

    def remove(self, document: str) -> None:
        """Take a document out."""
        with self._safely() as writer:
            writer.delete_documents_by_term(ID, document)

    def commit(self) -> int:
        """Make the changes lasting; how many documents there are now."""
        with self._safely() as writer:
            self._characters.texts = self._texts.flush()
            self._characters.write(self._path)
            writer.commit()
            self._index.reload()
        return int(self._index.searcher().num_docs)

    def finish(self) -> None:
        """Let merges end, and close."""
        if self._writer:
            with failures(self._path):
                self._writer.wait_merging_threads()
        self.close()

    def close(self) -> None:
        """Let go; what was not committed is forgotten."""
        self._writer = None
        self._texts.close()

    @contextmanager
    def _safely(self) -> Iterator[tantivy.IndexWriter]:
        """After an error begin again from the last commit: a writer that has failed takes nothing more."""
        try:
            with failures(self._path):
                self._writer = self._writer or self._index.writer(self._heap, self._threads)
                yield self._writer
        except (IndexFull, IndexDamaged):
            self._writer = None
            self._texts.forget()
            raise

    def _count(self, prepared: Prepared) -> None:
        """In how many windows each character stands; of many documents, one in eight is looked at and counts for all."""
        self._taken += 1
        windows = prepared.windows.split(WINDOW_END) if prepared.windows else []
        self._characters.windows += len(windows)
        self._characters.length += len(prepared.windows)
        if self._taken > _ALL_COUNTED and self._taken % _ONE_IN:
            return
        weight = 1 if self._taken <= _ALL_COUNTED else _ONE_IN
        seen = self._characters.seen
        for window in windows:
            for character in set(window):
                seen[character] = seen.get(character, 0) + weight
