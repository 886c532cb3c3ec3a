"""Making the index anew after a restore."""

from __future__ import annotations

import importlib
import logging
from datetime import date

from gongkai.search.port import SearchError

_log = logging.getLogger(__name__)


def make_anew(today: date) -> None:
    """Index what was restored. Where that fails the indexing process will do it: the site need not wait for it."""
    indexing = importlib.import_module("gongkai.core.finding.indexing")  # brings dictionaries that no web process needs
    try:
        indexing.rebuild_here(today)
    except SearchError as error:
        _log.warning("index: not rebuilt now: %s", error)
