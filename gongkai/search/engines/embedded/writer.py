"""The writing side of an index in a folder: one process, one lock, generations replaced in one step."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.search.analysis.fold import whole
from gongkai.search.analysis.prepare import Prepared, prepare
from gongkai.search.analysis.words import Lexicon
from gongkai.search.engines.embedded.folder import Board, Folder, WriterLock
from gongkai.search.engines.embedded.generation import fault_of_kind, faults
from gongkai.search.engines.embedded.writing import Writing, create, failures
from gongkai.search.engines.rebuild import GenerationRebuild
from gongkai.search.port import Collection, Document, IndexDamaged, IndexMissing, IndexOutdated, Progress, Stamp

_HEAP, _HEAP_OF_REBUILD = 64_000_000, 200_000_000
_THREADS_OF_REBUILD = 2
"""One would be a little quicker beside the thread that prepares papers, but lets ten thousand of them wait (600 MB)."""


class EmbeddedIndexer:
    """Writes to an index in a folder; made where there is none.

    An index that is outdated or damaged is kept as it is: only `rebuild` will do, everything else raises what is wrong.
    `names` are words that papers here use: places, organs, titles. Raises IndexBusy.
    """

    def __init__(self, root: Path, collection: Collection, names: Iterable[str] = ()) -> None:
        self._lock = WriterLock(root)
        self._folder = Folder(root)
        self._collection = collection
        self._lexicon = Lexicon(names)
        self._rebuild: EmbeddedRebuild | None = None
        self._live: Writing | None = None
        try:
            with failures(root):
                self._board = Board(self._folder.board, writes=True)
            self._begin()
        except BaseException:
            self._lock.release()
            raise

    def _begin(self) -> None:
        try:
            number = self._folder.current
        except IndexMissing:
            number = self._folder.new_generation()
            create(self._folder.generation(number), self._collection)
            self._folder.switch(number)
        except IndexDamaged:
            return
        self._folder.clean(number)
        path = self._folder.generation(number)
        if not fault_of_kind(path, self._collection) and not faults(path):
            self._live = Writing(path, self._collection, _HEAP)
            self._board.tick(number, self._live.commit())  # a writer killed between commit and tick left readers untold

    def index(self, documents: Iterable[Document]) -> int:
        """Take documents in, in place of those with the same ids."""
        live, number = self._writing(), 0
        for document in documents:
            prepared = prepare(document, self._collection, self._lexicon)
            live.put(prepared)
            if self._rebuild:
                self._rebuild.overtake(prepared.id, prepared)
            number += 1
        return number

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        live = self._writing()
        for document in map(whole, ids):
            live.remove(document)
            if self._rebuild:
                self._rebuild.overtake(document, None)

    def commit(self) -> Stamp:
        """Make changes visible to every searcher."""
        documents = self._writing().commit()
        self._board.tick(self._folder.current, documents)
        return Stamp(*self._board.ticks)

    @contextmanager
    def rebuild(self, total: int | None = None, progress: Progress | None = None) -> Iterator[EmbeddedRebuild]:
        """Fill a new generation; it replaces the present one when the context ends well, and is removed when it does not."""
        number = self._folder.new_generation()
        path = self._folder.generation(number)
        try:
            create(path, self._collection)
            writing = Writing(path, self._collection, _HEAP_OF_REBUILD, _THREADS_OF_REBUILD)
            try:
                self._rebuild = EmbeddedRebuild(writing, self._collection, self._lexicon, total, progress)
                yield self._rebuild
                documents = writing.commit()
                writing.finish()
            finally:
                self._rebuild = None
                writing.close()
            self._replace(number, documents)
        except BaseException:
            if self._folder.current_or(0) != number:
                shutil.rmtree(path, ignore_errors=True)
            raise

    def _replace(self, number: int, documents: int) -> None:
        if found := faults(self._folder.generation(number)):
            raise IndexDamaged(found[0].told)
        if self._live:
            self._live.close()
        self._folder.switch(number)
        self._live = Writing(self._folder.generation(number), self._collection, _HEAP)
        self._board.tick(number, documents)
        self._folder.clean(number)

    def _writing(self) -> Writing:
        if self._live is None:
            raise IndexOutdated(f"索引“{self._folder.root}”已损坏，或由另一版本建立，不能续写。请先重建索引。")
        return self._live

    def close(self) -> None:
        """Let the next writer in."""
        if self._live:
            self._live.close()
        self._live = None
        self._board.close()
        self._lock.release()


class EmbeddedRebuild(GenerationRebuild):
    """A generation being filled."""

    def __init__(
        self, writing: Writing, collection: Collection, lexicon: Lexicon, total: int | None, progress: Progress | None
    ) -> None:
        super().__init__(collection, lexicon, total, progress)
        self._writing = writing
        self._seen: set[str] = set()

    def _fill(self, prepared: Prepared) -> None:
        self._writing.put(prepared, new=prepared.id not in self._seen)
        self._seen.add(prepared.id)

    def _is_time(self) -> bool:
        return self._added % 100 == 0

    def _put(self, prepared: Prepared) -> None:
        self._writing.put(prepared)

    def _remove(self, document: str) -> None:
        self._writing.remove(document)
