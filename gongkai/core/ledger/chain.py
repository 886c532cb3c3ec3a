"""How events are hashed into a chain (SM3, GB/T 32905). Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

ALGORITHM = "sm3"
GENESIS = "0" * 64


class MissingAlgorithm(RuntimeError):
    """This Python cannot compute a hash the ledger uses."""


def canonical(payload: dict[str, Any]) -> str:
    """A payload as the one text that is stored and hashed: sorted keys, no blanks, dates as strings."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(f"{type(value).__name__} cannot stand in a ledger payload")


def digest(fields: list[str | int], algorithm: str = ALGORITHM) -> str:
    """The hash of an event's fields in their fixed order, as hexadecimal. Raises MissingAlgorithm."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    try:
        return hashlib.new(algorithm, text.encode()).hexdigest()
    except ValueError as error:
        raise MissingAlgorithm(f"本机的 Python 不支持 {algorithm} 算法，台账无法核验。请安装带 OpenSSL 3 的 Python。") from error


def moment(at: datetime) -> str:
    """A moment as it is hashed: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
