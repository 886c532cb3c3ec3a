"""Doing something for a person, and telling them what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.contrib import messages

from gongkai.core.freshness.purging import PurgeFailed
from gongkai.faces.console.desk import Request

T = TypeVar("T")


@contextmanager
def purge_told(request: Request) -> Iterator[None]:
    """What is done within stands even if a cache in front could not be told; the next page says so."""
    try:
        yield
    except PurgeFailed as error:
        messages.warning(request, f"改动已保存，但是：{error}")


def done(request: Request, act: Callable[[], T], said: str) -> T | None:
    """Do it and say so on the next page. A cache in front that could not be told is told of; the act stands all the same."""
    try:
        outcome = act()
    except PurgeFailed as error:
        messages.warning(request, f"{said}　但是：{error}")
        return None
    messages.success(request, said)
    return outcome
