"""A site on loopback that stands before another and alters what it answers; and one that answers as told."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "server", "date", "content-encoding"}


@dataclass
class Reply:
    """An answer on its way to the visitor."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/html; charset=utf-8"})

    @property
    def text(self) -> str:
        return self.body.decode()

    @text.setter
    def text(self, said: str) -> None:
        self.body = said.encode()


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]


Answering = Callable[[Asked], Reply | None]


@contextmanager
def answering(answer: Answering) -> Iterator[str]:
    """A server that answers with what `answer` returns, on a port of its own; None closes the connection. Its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = answer(Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            if reply is None:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "content-length" not in {n.lower() for n in reply.headers}:
                self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                try:
                    self.wfile.write(reply.body)
                except OSError:
                    self.close_connection = True

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def passing_on(upstream: str, alter: Callable[[Asked, Reply], Reply | None] = lambda _asked, reply: reply) -> Answering:
    """Fetch from `upstream`, let `alter` have its way, pass on."""
    to = urlsplit(upstream)

    def answer(asked: Asked) -> Reply | None:
        connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=30)
        kept = {k: v for k, v in asked.headers.items() if k not in HOP and k != "accept-encoding"}
        connection.request(asked.method, asked.path, headers=kept)
        got = connection.getresponse()
        headers = {k.lower(): v for k, v in got.getheaders() if k.lower() not in HOP}
        reply = Reply(got.status, got.read(), headers)
        connection.close()
        return alter(asked, reply)

    return answer
