"""The OpenSearch engine does what every engine must: on GONGKAI_OPENSEARCH_URL, or on osmem, which speaks its protocol in memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch

from gongkai.search.engines.opensearch.engine import OpenSearchEngine
from tests.opensearch import address
from tests.search.contract import *  # noqa: F403  -- the tests themselves
from tests.search.papers import COLLECTION

__all__ = ["address"]  # the fixture


@pytest.fixture
def engine(address: str) -> Iterator[OpenSearchEngine]:
    """An engine on indices that nobody has."""
    name = f"gongkai-test-{uuid.uuid4().hex[:12]}"
    yield OpenSearchEngine([address], name, COLLECTION, replicas=0)
    client = OpenSearch(hosts=[address])
    for index in client.indices.get(index=f"{name}*", ignore=[404]):
        client.indices.delete(index=index, ignore=[404])
