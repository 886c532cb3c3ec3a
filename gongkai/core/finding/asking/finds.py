"""Whether there is anything at all for some words."""

from __future__ import annotations

from gongkai.search.port import Request, Searcher


def finds(searcher: Searcher, text: str = "", *, phrase: str = "") -> bool:
    """Whether a question finds anything, or whether a phrase stands anywhere; asked as cheaply as can be."""
    phrases = (phrase,) if phrase else ()
    return bool(searcher.search(Request(text, phrases, size=1, counted=False, marked=False, depth=1)).hits)
