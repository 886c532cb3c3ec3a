"""Who does something and when, and the state a document is in before it."""

from __future__ import annotations

from gongkai.core.doing import Doing
from gongkai.core.ledger.append import Stream
from gongkai.core.ledger.projections import recorded
from gongkai.domains.library.events import STREAM
from gongkai.domains.library.models import Document
from gongkai.domains.library.state import DocumentState, fold

__all__ = ["Doing", "state_of", "stream_of"]


def stream_of(number: int) -> Stream:
    """The ledger stream of a document."""
    return Stream(STREAM, str(number))


def state_of(document: Document) -> DocumentState:
    """A document folded from its events."""
    return fold(recorded(stream_of(document.pk)))
