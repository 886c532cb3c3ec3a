"""The OpenSearch engine as the port has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from opensearchpy import OpenSearch

from gongkai.search.engines.opensearch.reader import OpenSearchSearcher, present_faults
from gongkai.search.engines.opensearch.writer import OpenSearchIndexer
from gongkai.search.port import Collection, Expand, Fault


class OpenSearchEngine:
    """One collection's index on a cluster, below the alias `name`. `connection` goes to the client as it is: credentials, TLS."""

    def __init__(
        self,
        addresses: Sequence[str],
        name: str,
        collection: Collection,
        *,
        shards: int = 1,
        replicas: int = 1,
        names: Iterable[str] = (),
        expand: Expand | None = None,
        connection: dict[str, Any] | None = None,
    ) -> None:
        settings: dict[str, Any] = {"timeout": 30, "max_retries": 2, "retry_on_timeout": True} | (connection or {})
        self._client = OpenSearch(hosts=list(addresses), **settings)
        self._name = name
        self._collection = collection
        self._shards, self._replicas = shards, replicas
        self._names = frozenset(names)
        self._expand = expand

    def searcher(self) -> OpenSearchSearcher:
        """A reading side."""
        return OpenSearchSearcher(self._client, self._name, self._collection, self._expand)

    def indexer(self) -> OpenSearchIndexer:
        """The writing side."""
        return OpenSearchIndexer(
            self._client, self._name, self._collection, self._names, shards=self._shards, replicas=self._replicas
        )

    def faults(self) -> list[Fault]:
        """What is wrong, as far as can be seen at once."""
        return present_faults(self._client, self._name, self._collection)
