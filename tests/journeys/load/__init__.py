"""A mixed load for tests that kill: an app with jobs, and staff who do what officials do."""

from __future__ import annotations

import json
import os


def tell(**said: object) -> None:
    """A line of JSON on standard output, whole or not at all: many share one pipe."""
    os.write(1, f"{json.dumps(said)}\n".encode())


def numbers_of(writer: int, count: int) -> list[int]:
    """The numbers of the three papers that a writer brings as its nth thing; seven digits, which is what a number may have."""
    assert writer < 1_000
    assert count < 3_300
    return [writer * 10_000 + count * 3 + n for n in range(3)]
