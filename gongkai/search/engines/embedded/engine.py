"""The embedded engine as the port has it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gongkai.search.engines.embedded.folder import Folder
from gongkai.search.engines.embedded.reader import EmbeddedSearcher, present_faults
from gongkai.search.engines.embedded.writer import EmbeddedIndexer
from gongkai.search.port import Collection, Expand, Fault


class EmbeddedEngine:
    """One collection's index in the folder `root`. `names` are words that papers here use: places, organs, titles."""

    def __init__(self, root: Path, collection: Collection, *, names: Iterable[str] = (), expand: Expand | None = None) -> None:
        self._root = root
        self._collection = collection
        self._names = frozenset(names)
        self._expand = expand

    def searcher(self) -> EmbeddedSearcher:
        """A reading side, opened at its first question."""
        return EmbeddedSearcher(self._root, self._collection, self._expand)

    def indexer(self) -> EmbeddedIndexer:
        """The writing side."""
        return EmbeddedIndexer(self._root, self._collection, self._names)

    def faults(self) -> list[Fault]:
        """What is wrong, as far as can be seen without reading everything."""
        return present_faults(Folder(self._root), self._collection)
