"""What a worker's first visitors would wait for, two seconds and more, done before it takes a request."""

from __future__ import annotations

from django.template import engines
from django.urls import get_resolver

from gongkai.search.understanding.data import abbreviations, look_alikes, plain_speech

_MOST_VISITED = ("home", "library", "document", "search", "organ", "disclosure", "not_found")


def begin() -> None:
    """Import every view, compile the templates that most visitors see, read the tables of the search."""
    get_resolver().url_patterns  # noqa: B018 - resolving imports them
    for page in _MOST_VISITED:
        engines["jinja2"].get_template(f"portal/{page}.jinja")
    for table in (abbreviations, look_alikes, plain_speech):
        table()
