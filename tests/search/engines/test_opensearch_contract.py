"""The OpenSearch engine does what every engine must: on GONGKAI_OPENSEARCH_URL, or on osmem, which speaks its protocol in memory."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch
from osmem_server import OsmemServer

from gongkai.search.engines.opensearch.engine import OpenSearchEngine
from tests.search.contract import *  # noqa: F403  -- the tests themselves
from tests.search.papers import COLLECTION


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where an OpenSearch answers."""
    if url := os.environ.get("GONGKAI_OPENSEARCH_URL"):
        yield url
        return
    with OsmemServer.start(japanese=False) as server:
        yield server.url


@pytest.fixture
def engine(address: str) -> Iterator[OpenSearchEngine]:
    """An engine on indices that nobody has."""
    name = f"gongkai-test-{uuid.uuid4().hex[:12]}"
    yield OpenSearchEngine([address], name, COLLECTION, replicas=0)
    client = OpenSearch(hosts=[address])
    for index in client.indices.get(index=f"{name}*", ignore=[404]):
        client.indices.delete(index=index, ignore=[404])
