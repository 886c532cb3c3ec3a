"""Writing down what the index has to learn, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.core.finding.models import Change
from gongkai.core.finding.offers import is_claimed

REBUILD = "rebuild"
"""A tag that asks the indexer to make the whole index anew."""


def note(tags: Iterable[str]) -> None:
    """Write down those of the tags that the index is concerned with; in one statement, or none."""
    claimed = [Change(tag=tag) for tag in tags if is_claimed(tag)]
    if claimed:
        Change.objects.bulk_create(claimed)


def waiting() -> int:
    """How many changes the index has not taken in yet."""
    return Change.objects.count()
