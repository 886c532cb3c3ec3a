"""How a visitor wants pages drawn: larger, with more contrast, or both. No Django here: caches in front of it ask too."""

from __future__ import annotations

import re
from urllib.parse import unquote

from gongkai.core.freshness.noting import MODES

COOKIE = "display"
HOME = "/"
LONGEST_WAY = 2000

_PLAIN = re.compile(r"/[!-\[\]-~]*")
_TRICK = re.compile(r"//|\\|[\x00-\x20\x7f-\x9f]")


def display_of(cookie: str) -> str:
    """The mode that a `Cookie` header, or the cookie's bare value, asks for: one of `MODES`.

    Anything else, a mode misspelt or a header in disorder, is the normal mode; of several cookies of
    the name the last counts. Pages are drawn, and kept copies of them told apart, by this one answer.
    """
    if cookie in MODES:
        return cookie
    asked = ""
    for part in cookie.split(";"):
        name, _, value = part.partition("=")
        if name.strip() == COOKIE:
            asked = value.strip()
    return asked if asked in MODES else ""


def way_back(typed: str) -> str:
    r"""A path of this site to return to, as typed if it is surely one, else the home page.

    A browser takes `//host`, `/\host` and what decodes to them for another site, and a line break for
    the end of a header; so what is not plain printable ASCII, or hides such a thing however often encoded, is refused.
    """
    if len(typed) > LONGEST_WAY or not _PLAIN.fullmatch(typed):
        return HOME
    path = re.split(r"[?#]", typed, maxsplit=1)[0]
    while (decoded := unquote(path)) != path:
        path = decoded
    return HOME if _TRICK.search(path) else typed
