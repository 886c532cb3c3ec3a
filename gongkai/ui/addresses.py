"""Addresses in templates: Django's `reverse`, asked once for each name instead of a hundred times a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse

_STAND_IN = 918273645  # stands for an argument in the pattern; no address of ours contains it


def address(name: str, args: Sequence[str | int] = ()) -> str:
    """The path of a named page. Raises NoReverseMatch for a name, or a number of arguments, that does not exist."""
    if not args:
        return _fixed(name)
    if len(args) == 1:
        before, after = around(name)
        return f"{before}{quote(str(args[0]), safe=_SAFE)}{after}"
    return reverse(name, args=list(args))


_SAFE = "/~:@!$&'()*+,;="  # what Django leaves as it is in a path


@lru_cache(maxsize=256)
def _fixed(name: str) -> str:
    return reverse(name)


@lru_cache(maxsize=256)
def around(name: str) -> tuple[str, str]:
    """What stands before and after the one argument of a named page's path."""
    before, _, after = reverse(name, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after
