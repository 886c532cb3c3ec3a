"""Where tests find an OpenSearch."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from osmem_server import OsmemServer


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The server at GONGKAI_OPENSEARCH_URL, or osmem, which speaks its protocol in memory."""
    if url := os.environ.get("GONGKAI_OPENSEARCH_URL"):
        yield url
        return
    with OsmemServer.start(japanese=False) as server:
        yield server.url
