"""The byte cache in front of Django: published pages at the speed of a file, and when Django cannot.

It keeps only what Django marked with tags, only under the one address of that state of the page,
and gives it only while the board says that nothing it shows was touched. It imports no Django, so
that a kept page costs a lookup.
"""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from gongkai.core.display import display_of
from gongkai.core.freshness.board import Board, Seat, slots_of
from gongkai.core.freshness.marks import AWAY, QUERY, TAGS
from gongkai.core.freshness.noting import AddressMap, Place
from gongkai.faces.portal.copies import Copies, Copy, etag_of

_INTERNAL = frozenset(name.lower() for name in (TAGS, QUERY, AWAY))
_LONGEST_KEY = 2_000
_LARGEST = 4 * 1024 * 1024
_OFFICE_SECONDS = 8 * 3600  # the office's clock is UTC+8, the whole year
_RECOVER_EVERY = 5.0
_SECONDS_IN_FRONT = 60  # then it asks again, and finds the page here; so also the turn of the day is noticed
_PLAIN = re.compile(r"/[A-Za-z0-9._~/-]*\?[A-Za-z0-9._~&=%+:,-]*")  # as in docs/nginx/gongkai.conf
_LISTS_IN_FRONT = 200  # list states that a cache in front may hold: each is purged at every publication

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class ByteCache:
    """A WSGI application around another.

    Args:
        application: what makes pages.
        board: what has changed.
        copies: where pages are kept; None to keep none (every page is made anew).
        hosts: names the site answers to; others go through to Django, which refuses them.
        addresses: notes what a cache in front may hold; None where there is none to purge.
        hit, miss: called for an answer given from here, and for one that Django had to make.
    """

    def __init__(
        self,
        application: Application,
        board: Board,
        copies: Copies | None,
        *,
        hosts: Iterable[str],
        addresses: AddressMap | None,
        hit: Callable[[], object] = int,
        miss: Callable[[], object] = int,
    ) -> None:
        self._application, self._board, self._copies = application, board, copies
        self._hosts, self._addresses = frozenset(hosts), addresses
        self._seat = Seat(board)
        self._recovered_at = 0.0
        self._noted: set[Place] = set()
        self._noted_at = 0
        self._hit, self._miss = hit, miss

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._pass(environ, start_response)
        copy = self._copies.get(key) if self._copies is not None else None
        day = int((time.time() + _OFFICE_SECONDS) // 86400)
        if copy is not None:
            self._seat.sit(self._board.generation)
            try:
                if not self._board.holds(copy.slots, copy.made_at):
                    copy = None
                elif copy.day == day:
                    self._hit()
                    return _send(copy, environ, start_response)
            finally:
                self._seat.rise()
        self._miss()
        return self._make(environ, start_response, key, day, yesterdays=copy)

    def _key(self, environ: Environ) -> str | None:
        """What an answer depends on; None where it must not come from here."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if not self._knows(environ.get("HTTP_HOST", "")):
            return None
        key = f"{display_of(environ.get('HTTP_COOKIE', ''))}\n{environ['PATH_INFO']}\n{environ.get('QUERY_STRING', '')}"
        return key if len(key) <= _LONGEST_KEY else None

    def _knows(self, host: str) -> bool:
        name, _, port = host.rpartition(":")
        return host in self._hosts or (name in self._hosts and port.isdecimal())

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, _outside(headers), *rest)

        return self._application(environ, start)

    def _make(
        self, environ: Environ, start_response: StartResponse, key: str, day: int, *, yesterdays: Copy | None
    ) -> Iterable[bytes]:
        """Have the page made; keep it where it may be kept; fall back on yesterday's while the database is away."""
        self._look_after_board()
        generation = self._board.generation
        self._seat.sit(generation)
        try:
            answer = _Answer(environ, self._application)
            if answer.stream is not None:
                start_response(answer.status, _outside(answer.headers))
                return answer.stream
            if answer.away and yesterdays is not None:
                return _send(yesterdays, environ, start_response)
            if not answer.may_be_kept(environ):
                return _send_once(answer, environ, start_response, _outside(answer.headers))
            return self._keep(answer, environ, start_response, key=key, generation=generation, day=day)
        finally:
            self._seat.rise()

    def _keep(
        self, answer: _Answer, environ: Environ, start_response: StartResponse, *, key: str, generation: int, day: int
    ) -> Iterable[bytes]:
        """Keep a page, unless what it shows is being changed; say whether a cache in front may."""
        tags = answer.tags
        slots = slots_of(tags)
        holds = self._board.holds(slots, generation)
        seconds = _SECONDS_IN_FRONT if holds and self._note(environ, tags, generation) else 0
        if self._copies is None:
            return _send_once(answer, environ, start_response, _headers(answer, seconds), squeeze=True)
        copy = Copy.of(generation, slots, day, _headers(answer, seconds), answer.body)
        if holds:
            self._copies.put(key, copy)
        return _send(copy, environ, start_response)

    def _note(self, environ: Environ, tags: list[str], generation: int) -> bool:
        """Write down where these tags are shown, before any cache can hold it; False where that would be too much.

        A cache in front knows a page by its address exactly as it was asked for; where another
        spelling could lead here, what is noted would not be what is held.
        """
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if self._addresses is None or (query and "library" in tags) or not _PLAIN.fullmatch(f"{path}?{query}"):
            return False
        place = Place(f"{path}?{query}" if query else path, display_of(environ.get("HTTP_COOKIE", "")))
        if self._noted_at != self._board.generation:
            self._noted_at = self._board.generation
            self._noted.clear()
        if place in self._noted:
            return True
        if "library" in tags and self._addresses.count("library") >= _LISTS_IN_FRONT:
            return False
        if not self._addresses.note(place, tags, generation):
            return False
        self._noted.add(place)
        return True

    def _look_after_board(self) -> None:
        """A writer that died left its marks; once in a while see whether nobody alive holds them."""
        if not self._board.quiet and time.monotonic() - self._recovered_at > _RECOVER_EVERY:
            self._recovered_at = time.monotonic()
            self._board.recover()


class _Answer:
    """What Django answered: read whole where it is a page, passed on where it is a stream."""

    def __init__(self, environ: Environ, application: Application) -> None:
        self.status, self.headers = "", list[tuple[str, str]]()
        self.stream: Iterable[bytes] | None = None
        self.body = b""

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            self.status, self.headers = status, headers

        made = application(environ, start)
        self._of = {name.lower(): value for name, value in self.headers}
        if not self.tags and not self.away:
            self.stream = made
            return
        try:
            self.body = b"".join(made)
        finally:
            if (close := getattr(made, "close", None)) is not None:
                close()

    @property
    def tags(self) -> list[str]:
        return self._of.get(TAGS.lower(), "").split()

    @property
    def away(self) -> bool:
        return AWAY.lower() in self._of

    @property
    def sets_a_cookie(self) -> bool:
        return "set-cookie" in self._of

    def may_be_kept(self, environ: Environ) -> bool:
        """Only whole pages that say what they show, under their one address, and that set nothing."""
        return (
            environ["REQUEST_METHOD"] == "GET"
            and self.status.startswith("200")
            and bool(self.tags)
            and not self.sets_a_cookie
            and self._of.get(QUERY.lower(), "") == environ.get("QUERY_STRING", "")
            and len(self.body) <= _LARGEST
        )


def _outside(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _INTERNAL]


def _send(copy: Copy, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if _has(environ, copy.etag):
        start_response("304 Not Modified", copy.headers)
        return []
    squeezed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
    start_response("200 OK", copy.as_squeezed if squeezed else copy.as_plain)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [copy.squeezed if squeezed else copy.plain]


def _headers(answer: _Answer, seconds_in_front: int) -> list[tuple[str, str]]:
    """What is sent beside the page: browsers may keep it but must ask; a cache in front keeps what it can be told of."""
    return [
        *((n, v) for n, v in _outside(answer.headers) if n.lower() not in ("cache-control", "vary")),
        ("Cache-Control", "public, no-cache"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("X-Accel-Expires", str(seconds_in_front)),
    ]


def _send_once(
    answer: _Answer,
    environ: Environ,
    start_response: StartResponse,
    headers: list[tuple[str, str]],
    *,
    squeeze: bool = False,
) -> Iterable[bytes]:
    """Send what is not kept; whoever has the very same answer already is spared the body here too."""
    body = answer.body
    if answer.status.startswith("200") and not answer.sets_a_cookie:
        etag = etag_of(body)
        headers = [*((n, v) for n, v in headers if n.lower() != "etag"), ("ETag", etag)]
        if _has(environ, etag):
            start_response("304 Not Modified", _without_length(headers))
            return []
    if squeeze and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = gzip.compress(body, 1, mtime=0)
        headers = [*_without_length(headers), ("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start_response(answer.status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _without_length(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(n, v) for n, v in headers if n.lower() != "content-length"]


def _has(environ: Environ, etag: str) -> bool:
    """Whether the visitor says it has this answer: by its etag, one of several, or or made weak by who squeezed it (RFC 9110)."""
    said = environ.get("HTTP_IF_NONE_MATCH", "")
    return said == etag or (bool(said) and any(one.strip().removeprefix("W/") in (etag, "*") for one in said.split(",")))
