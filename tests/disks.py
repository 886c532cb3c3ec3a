"""What a full disk looks like to a process."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


def few_bytes(most: int) -> None:
    """No file of this process may become larger from now on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """The same for a while."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    few_bytes(most)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
