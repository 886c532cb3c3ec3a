"""A generation being filled, whichever engine keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from gongkai.search.analysis.prepare import Prepared, prepare
from gongkai.search.analysis.words import Lexicon
from gongkai.search.port import Collection, Document, Progress


class GenerationRebuild(ABC):
    """Takes documents in, in place of those with the same ids; those changed in the meantime keep their newer state."""

    def __init__(self, collection: Collection, lexicon: Lexicon, total: int | None, progress: Progress | None) -> None:
        self._collection = collection
        self._lexicon = lexicon
        self._total = total
        self._progress = progress
        self._overtaken: set[str] = set()
        self._added = 0

    def add(self, documents: Iterable[Document]) -> int:
        """Take documents in; returns how many."""
        before = self._added
        for document in documents:
            prepared = prepare(document, self._collection, self._lexicon)
            if prepared.id not in self._overtaken:
                self._fill(prepared)
            self._added += 1
            if self._is_time():
                self._settle()
        self._settle()
        return self._added - before

    def overtake(self, document: str, prepared: Prepared | None) -> None:
        """A document changed while the generation was being filled; None where it was deleted."""
        self._overtaken.add(document)
        if prepared:
            self._put(prepared)
        else:
            self._remove(document)

    def _fill(self, prepared: Prepared) -> None:
        self._put(prepared)

    def _settle(self) -> None:
        """See to what was taken in, and tell how far it is."""
        if self._progress:
            self._progress(self._added, self._total)

    @abstractmethod
    def _is_time(self) -> bool:
        """Whether to settle before the last document."""

    @abstractmethod
    def _put(self, prepared: Prepared) -> None: ...

    @abstractmethod
    def _remove(self, document: str) -> None: ...
