"""How often one address may ask: counted for all workers of a machine together, and forgotten every minute. No Django.

Neither an address nor a digest of one is kept: what is kept are two rows of counters, and which two
of them an address belongs to follows from a salt that is drawn anew every minute. Others may share
one of the two; that all share both is as good as impossible, so the smaller one is the address's own.
"""

from __future__ import annotations

import ipaddress
import mmap
import os
import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from gongkai.faces.api import problems

PREFIX = "/api/v1"
SECONDS = 60
_ROW = 1 << 16
_FORMAT = 0x676B7201
_KIND, _WINDOW, _COUNTERS = 0, 1, 8  # cells of four bytes; the salt lies between
_SALT = slice(16, 32)  # bytes
_BYTES = 4 * (_COUNTERS + 2 * _ROW)
_FULL = (1 << 32) - 1

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Counters:
    """Counters of one minute in a file below `folder`, shared by all processes that open it.

    Nothing is locked, so that no process ever waits for another: of counts made at the very same
    instant one may be lost, which only lets a request more through.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / "rate", os.O_RDWR | os.O_CREAT, 0o600)
        os.posix_fallocate(file, 0, _BYTES)  # a disk that fills up later would kill who counts
        self._bytes = mmap.mmap(file, _BYTES)
        os.close(file)
        self._cells = memoryview(self._bytes).cast("I")
        self._clock = clock

    def count(self, address: str) -> tuple[int, int]:
        """Count a request; how many came from that address this minute, and in how many seconds the minute ends."""
        now = int(self._clock())
        cells, window = self._cells, now // SECONDS
        if cells[_WINDOW] != window or cells[_KIND] != _FORMAT:
            self._begin(window)
        places = blake2b(address.encode("utf-8", "replace"), digest_size=4, key=self._bytes[_SALT]).digest()
        one, other = _COUNTERS + int.from_bytes(places[:2]), _COUNTERS + _ROW + int.from_bytes(places[2:])
        cells[one] = first = min(cells[one] + 1, _FULL)
        cells[other] = second = min(cells[other] + 1, _FULL)
        return min(first, second), SECONDS - now % SECONDS

    def _begin(self, window: int) -> None:
        self._bytes[_SALT] = os.urandom(16)
        self._bytes[4 * _COUNTERS :] = bytes(_BYTES - 4 * _COUNTERS)
        self._cells[_WINDOW], self._cells[_KIND] = window, _FORMAT


class RateLimit:
    """A WSGI application around another: the API answers an address so often a minute, whoever makes the answer.

    It stands outside the byte cache, so that kept answers count too.
    """

    def __init__(self, application: Application, counters: Counters, a_minute: int) -> None:
        self._application, self._counters, self._most = application, counters, a_minute

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return self._application(environ, start_response)
        count, seconds = self._counters.count(client(environ.get("REMOTE_ADDR", "")))
        limits = [
            ("RateLimit-Policy", f'"address";q={self._most};w={SECONDS}'),
            ("RateLimit", f'"address";r={max(0, self._most - count)};t={seconds}'),
        ]
        if count > self._most:
            return _refuse(environ, start_response, limits, self._most, seconds)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *limits], *rest)

        return self._application(environ, start)


def client(address: str) -> str:
    """Who asks: an IPv4 address, or the network of 64 bits that one subscriber of IPv6 has."""
    if ":" not in address:
        return address
    try:
        known = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(known.ipv4_mapped or known.packed[:8].hex())


def _refuse(
    environ: Environ, start_response: StartResponse, limits: list[tuple[str, str]], most: int, seconds: int
) -> Iterable[bytes]:
    body = problems.body(problems.TOO_MANY, f"每个网络地址每分钟最多 {most} 次。请在 {seconds} 秒之后再试。")
    headers = [
        ("Content-Type", problems.MEDIA_TYPE), ("Content-Length", str(len(body))), ("Retry-After", str(seconds)),
        ("Cache-Control", "no-store"), *problems.SHARED, *limits,
    ]  # fmt: skip
    start_response("429 Too Many Requests", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
