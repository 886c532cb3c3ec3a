"""The embedded engine does what every engine must."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.search.engines.embedded.engine import EmbeddedEngine
from tests.search.contract import *  # noqa: F403  -- the tests themselves
from tests.search.papers import COLLECTION


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    """An engine on an empty folder."""
    return EmbeddedEngine(tmp_path / "index", COLLECTION)
