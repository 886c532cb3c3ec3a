"""Folding the streams about searching anew: words, tasks, the gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gongkai.core.finding.curating.actions import rebuild_words
from gongkai.core.finding.curating.entries import WORDS
from gongkai.core.finding.errands import PREFIX, rebuild_task
from gongkai.core.finding.gate import rebuild_gate
from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.projections import Recorded


def rebuild(stream: Stream, happened: Sequence[Recorded], today: date) -> list[str]:
    """Write the rows of one stream; returns what had been different."""
    if stream.id == WORDS:
        return rebuild_words(happened, today)
    return rebuild_task(stream, happened, today) if stream.id.startswith(PREFIX) else rebuild_gate(happened, today)
