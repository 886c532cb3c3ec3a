"""The writing side of an index on OpenSearch: bulk requests, an alias that is switched, one writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError
from opensearchpy.helpers import bulk

from gongkai.search.analysis.fold import whole
from gongkai.search.analysis.prepare import Prepared, prepare
from gongkai.search.analysis.words import Lexicon
from gongkai.search.engines.opensearch.naming import definition, failures, key_of, source_of
from gongkai.search.engines.opensearch.reader import present_faults
from gongkai.search.engines.opensearch.state import Characters, State
from gongkai.search.engines.rebuild import GenerationRebuild
from gongkai.search.port import Collection, Document, IndexOutdated, Progress, Stamp

_MOST_WAITING = 2_000
_IN_ONE_REQUEST = 500


class _Filling:
    """Changes to one generation; they wait here until `send`, so that what is not committed is not seen."""

    def __init__(self, client: OpenSearch, index: str, collection: Collection, characters: Characters) -> None:
        self._client = client
        self._collection = collection
        self._waiting: dict[str, dict[str, Any]] = {}
        self.index = index
        self.characters = characters

    def put(self, prepared: Prepared) -> None:
        key = key_of(prepared.id)
        self._waiting[key] = {"_op_type": "index", "_index": self.index, "_id": key} | source_of(prepared, self._collection)
        self.characters.count(prepared.windows)

    def remove(self, document: str) -> None:
        key = key_of(document)
        self._waiting[key] = {"_op_type": "delete", "_index": self.index, "_id": key}

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= _MOST_WAITING

    def send(self) -> None:
        operations, self._waiting = list(self._waiting.values()), {}
        bulk(self._client, operations, chunk_size=_IN_ONE_REQUEST, ignore_status=404)

    def documents(self) -> int:
        self._client.indices.refresh(index=self.index)
        return int(self._client.count(index=self.index)["count"])


class OpenSearchIndexer:
    """Writes to a collection's index on OpenSearch; made where there is none. `replicas` hold once a generation is full."""

    def __init__(
        self, client: OpenSearch, name: str, collection: Collection, names: Iterable[str], *, shards: int, replicas: int
    ) -> None:
        self._client = client
        self._name = name
        self._collection = collection
        self._lexicon = Lexicon(names)
        self._shards, self._replicas = shards, replicas
        self._state = State(client, name)
        self._rebuild: OpenSearchRebuild | None = None
        with failures(name):
            self._state.make()
            self._state.lock()
            self._live = self._begin()

    def _begin(self) -> _Filling | None:
        if not self._client.indices.exists_alias(name=self._name):
            self._switch(self._new_generation(), 0, Characters())
        index = self._current()
        self._clean(index)
        if present_faults(self._client, self._name, self._collection):
            return None
        return _Filling(self._client, index, self._collection, self._state.characters())

    def index(self, documents: Iterable[Document]) -> int:
        """Take documents in, in place of those with the same ids."""
        live, number = self._filling(), 0
        for document in documents:
            prepared = prepare(document, self._collection, self._lexicon)
            live.put(prepared)
            if self._rebuild:
                self._rebuild.overtake(prepared.id, prepared)
            number += 1
        return number

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        live = self._filling()
        for document in map(whole, ids):
            live.remove(document)
            if self._rebuild:
                self._rebuild.overtake(document, None)

    def commit(self) -> Stamp:
        """Send the changes and let them be seen."""
        live = self._filling()
        with failures(self._name):
            live.send()
            return self._state.tick(_number(live.index), live.documents(), live.characters)

    @contextmanager
    def rebuild(self, total: int | None = None, progress: Progress | None = None) -> Iterator[OpenSearchRebuild]:
        """Fill a new generation; the alias goes over to it when the context ends well, and it is removed when it does not."""
        with failures(self._name):
            filling = _Filling(self._client, self._new_generation(), self._collection, Characters())
        try:
            self._rebuild = OpenSearchRebuild(filling, self._collection, self._lexicon, total, progress)
            yield self._rebuild
            with failures(self._name):
                filling.send()
                self._switch(filling.index, filling.documents(), filling.characters)
        except BaseException:
            self._client.indices.delete(index=filling.index, ignore=[404])
            raise
        finally:
            self._rebuild = None
        self._live = filling
        self._clean(filling.index)

    def _new_generation(self) -> str:
        number = max((_number(index) for index in self._generations()), default=0) + 1
        index = f"{self._name}-{number:06}"
        self._client.indices.create(index=index, body=definition(self._collection, self._shards))
        return index

    def _switch(self, index: str, documents: int, characters: Characters) -> None:
        self._client.indices.put_settings(index=index, body={"number_of_replicas": self._replicas})
        moves: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._name}}]
        if self._client.indices.exists_alias(name=self._name):
            moves.append({"remove": {"index": self._current(), "alias": self._name}})
        self._client.indices.update_aliases(body={"actions": moves})
        self._state.tick(_number(index), documents, characters)

    def _current(self) -> str:
        (index,) = self._client.indices.get_alias(name=self._name)
        return str(index)

    def _generations(self) -> list[str]:
        try:
            found = self._client.indices.get(index=f"{self._name}-*")
        except NotFoundError:
            return []
        return [index for index in found if index.removeprefix(f"{self._name}-").isdecimal()]

    def _clean(self, kept: str) -> None:
        for index in self._generations():
            if index != kept:
                self._client.indices.delete(index=index, ignore=[404])

    def _filling(self) -> _Filling:
        if self._live is None:
            raise IndexOutdated(f"OpenSearch 上的索引“{self._name}”已损坏，或由另一版本建立，不能续写。请先重建索引。")
        return self._live

    def close(self) -> None:
        """Let the next writer in."""
        with failures(self._name):
            self._state.unlock()


class OpenSearchRebuild(GenerationRebuild):
    """A generation being filled."""

    def __init__(
        self, filling: _Filling, collection: Collection, lexicon: Lexicon, total: int | None, progress: Progress | None
    ) -> None:
        super().__init__(collection, lexicon, total, progress)
        self._filling = filling

    def _is_time(self) -> bool:
        return self._filling.is_full

    def _settle(self) -> None:
        with failures(self._filling.index):
            self._filling.send()
        super()._settle()

    def _put(self, prepared: Prepared) -> None:
        self._filling.put(prepared)

    def _remove(self, document: str) -> None:
        self._filling.remove(document)


def _number(index: str) -> int:
    return int(index.rpartition("-")[2])
