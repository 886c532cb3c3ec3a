"""How often: a test that repeats itself does so a little in `make test`, and much in `make soak`."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

SOAKING = bool(os.environ.get("GONGKAI_SOAK"))


def often(small: T, full: T) -> T:
    """`small` in `make test`, `full` in `make soak`; mark the test with `soak`."""
    return full if SOAKING else small
