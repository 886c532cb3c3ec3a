"""What a fold sees of an event. No Django, so that states stay pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Happened(Protocol):
    """An event as the ledger hands it to a fold."""

    @property
    def sequence(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def actor(self) -> str: ...
    @property
    def happened_at(self) -> datetime: ...
