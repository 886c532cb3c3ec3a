"""The reading side of an index on OpenSearch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opensearchpy import OpenSearch

from gongkai.search.analysis.fold import tight, whole
from gongkai.search.engines.opensearch.answering import Answer, found_of
from gongkai.search.engines.opensearch.asking import Asker
from gongkai.search.engines.opensearch.naming import about, failures, key_of
from gongkai.search.engines.opensearch.state import State
from gongkai.search.engines.opensearch.vocabulary import RemoteVocabulary
from gongkai.search.planning import Plan, plan, telling
from gongkai.search.port import (
    Collection,
    Expand,
    Fault,
    Hit,
    IndexDamaged,
    IndexOutdated,
    Request,
    Results,
    SearchError,
    Stamp,
    Suggestion,
)
from gongkai.search.ranking import Scale
from gongkai.search.showing import Marks, hit_of

_LONGEST_TYPED, _TITLES_LOOKED_AT = 40, 40


class OpenSearchSearcher:
    """Asks the alias of a collection, which points to the generation that answers."""

    def __init__(self, client: OpenSearch, name: str, collection: Collection, expand: Expand | None = None) -> None:
        self._client = client
        self._name = name
        self._collection = collection
        self._expand = expand
        self._state = State(client, name)
        self._now: tuple[Stamp, RemoteVocabulary] | None = None

    def search(self, request: Request) -> Results:
        """Answer a question."""
        with failures(self._name):
            stamp, vocabulary = self._fresh()
            said = self._expand(" ".join(tight(request.text[:400]).split())) if self._expand else ()
            vocabulary.prepare(request, [*request.sayings, *said])
            planned = plan(request, vocabulary, self._expand)
            return Answer((self._client, self._name), self._collection, request, planned, vocabulary.average).results(stamp)

    def suggest(self, typed: str, size: int = 10) -> list[Suggestion]:
        """Titles in which `typed` stands, those that begin with it first, then the shorter ones, each text once."""
        folded = tight(typed[: _LONGEST_TYPED * 10])[:_LONGEST_TYPED]
        if not folded or size < 1:
            return []
        title = self._collection.titles[0].name
        body = {"query": Asker(self._collection).titled(folded), "size": max(size, _TITLES_LOOKED_AT), "_source": ["kept.told"]}
        with failures(self._name):
            hits = self._client.search(index=self._name, body=body)["hits"]["hits"]
        found: dict[str, Suggestion] = {}
        for told in (hit["_source"]["kept"]["told"] for hit in hits):
            text = " ".join(told["values"][title])
            found.setdefault(text, Suggestion(text, told["id"]))
        order = sorted(found.values(), key=lambda one: (not tight(one.text).startswith(folded), len(one.text)))
        return order[:size]

    def more_like(self, document: str, size: int = 10) -> list[Hit]:
        """Documents that share the telling pairs of this one, the likest first."""
        if size < 1:
            return []
        with failures(self._name):
            _, vocabulary = self._fresh()
            key = key_of(whole(document))
            (there,) = self._client.mget(index=self._name, body={"ids": [key]}, _source=["kept.folded"])["docs"]
            if not there.get("found"):
                return []
            known = Plan(pairs=telling(there["_source"]["kept"]["folded"], vocabulary))
            query = {"bool": {"should": Asker(self._collection).ranking(known), "must_not": [{"ids": {"values": [key]}}]}}
            query["bool"]["minimum_should_match"] = 1  # type: ignore[assignment]
            hits = self._client.search(index=self._name, body={"query": query, "size": size, "_source": ["kept"]})["hits"]["hits"]
        scale = Scale(known, vocabulary.average, [])
        return [hit_of(found_of(hit["_source"]["kept"], hit["_score"], -1), self._collection, Marks(), scale) for hit in hits]

    def stamp(self) -> Stamp:
        """Which commit answers now."""
        with failures(self._name):
            return self._state.stamp()

    def check(self) -> list[Fault]:
        """Ask the server whether all shards are there, and compare the number of documents with the last commit's."""
        if found := present_faults(self._client, self._name, self._collection):
            return found
        with failures(self._name):
            health = self._client.cluster.health(index=self._name)["status"]
            there, told = self._client.count(index=self._name)["count"], self._state.stamp().documents
        if health == "red":
            return [Fault(IndexDamaged, f"OpenSearch 上索引“{self._name}”有分片不可用。请恢复节点，或重建索引。")]
        if there != told:
            return [Fault(IndexDamaged, f"OpenSearch 上索引“{self._name}”应有 {told} 份文件，实有 {there} 份。请重建索引。")]
        return []

    def close(self) -> None:
        """Nothing is held but the client, which belongs to the engine."""
        self._now = None

    def _fresh(self) -> tuple[Stamp, RemoteVocabulary]:
        stamp = self._state.stamp()
        if self._now is None or self._now[0] != stamp:
            if found := present_faults(self._client, self._name, self._collection):
                raise found[0].error(found[0].told)
            vocabulary = RemoteVocabulary(self._client, self._name, stamp.documents, self._state.characters())
            self._now = stamp, vocabulary
        return self._now


def present_faults(client: OpenSearch, name: str, collection: Collection) -> list[Fault]:
    """What is wrong with the generation that answers."""
    try:
        with failures(name):
            mappings: Mapping[str, Any] = client.indices.get_mapping(index=name)
    except SearchError as error:
        return [Fault(type(error), str(error))]
    (mapping,) = mappings.values()
    if mapping["mappings"].get("_meta") == about(collection):
        return []
    return [Fault(IndexOutdated, f"OpenSearch 上的索引“{name}”由另一版本建立，或字段已变更，不能使用。请重建索引。")]
