"""A visitor who asks the byte cache, and through it Django, as granian would."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler

from gongkai.core.freshness.noting import AddressMap
from gongkai.core.freshness.touching import board
from gongkai.faces.portal.copies import Copies
from gongkai.faces.portal.keeping import ByteCache

HOSTS = ["127.0.0.1", "testserver", "localhost"]


class Visitor:
    """Asks the cache as granian would."""

    def __init__(self, folder: Path, *, addresses: AddressMap | None = None, disk: int = 1 << 24, memory: int = 1 << 24) -> None:
        copies = Copies(folder / "cache" / "pages", edition="test", disk_bytes=disk, memory_bytes=memory)
        self.folder, self.made = folder, list[str]()
        self.cache = ByteCache(self._django, board(), copies, hosts=HOSTS, addresses=addresses)
        self._handler = WSGIHandler()

    def _django(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        return self._handler(environ, start_response)

    def ask(self, address: str, *, method: str = "GET", host: str = "127.0.0.1:8000", **headers: str):
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host, "SCRIPT_NAME": "",
            "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}  # fmt: skip
        said = {}
        body = b"".join(self.cache(environ, lambda status, head, *_: said.update(status=status, headers=dict(head))))
        return int(said["status"][:3]), said["headers"], body

    def anew(self, address: str) -> bytes:
        """The page as Django makes it now, whatever is kept."""
        cache, self.cache = self.cache, ByteCache(self._handler, board(), None, hosts=HOSTS, addresses=None)
        try:
            return self.ask(address)[2]
        finally:
            self.cache = cache

    def kept(self, address: str, **headers: str) -> bool:
        """Whether asking now is answered without Django."""
        before = len(self.made)
        self.ask(address, **headers)
        return len(self.made) == before
