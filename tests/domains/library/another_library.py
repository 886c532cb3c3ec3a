"""Another library in a process of its own, for tests: it serves OAI-PMH and does what its standard input says.

    GONGKAI_DATA=folder python -m tests.domains.library.another_library

It prints its port. Each line `turn N` publishes, withdraws or restores its paper N, `revise N` gives it
new words; each is answered by a line: what is public.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.embedded"
import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django comes first
from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django comes first

from gongkai.domains.library.actions.doing import Doing  # noqa: E402 - Django comes first
from gongkai.domains.library.actions.filing import revise  # noqa: E402 - Django comes first
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw  # noqa: E402 - Django comes first
from gongkai.domains.library.models import Document, Revision  # noqa: E402 - Django comes first
from tests.domains.library.papers import content, county, filed, notice  # noqa: E402 - Django comes first


class _Quiet(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        del said


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def now() -> Doing:
    """Somebody doing something at this moment."""
    at = datetime.now(UTC)
    return Doing("command", at, at.date())


def turn(number: int) -> None:
    """Publish a draft, withdraw what is public, restore what is withdrawn."""
    document = Document.objects.get(pk=number)
    if document.editorial == "draft":
        publish_as_already_public(number, now())
    elif document.editorial == "published":
        withdraw(number, "试", now())
    else:
        restore(number, "试", now())


def renew(number: int) -> None:
    """New words for a paper; they go out at once where the paper is public, else they wait."""
    document = Document.objects.get(pk=number)
    version = document.revisions.count() + 1
    revise(document, content(notice(number, f"第{number}项办法", body=f"第{version}稿。")), None, Revision.Ground.REVISED, now())
    if document.editorial == "published":
        publish_as_already_public(number, now())


def public() -> list[str]:
    """What is public, as number and draft: 青财〔2020〕3号=第2稿."""
    rows = Document.objects.public().order_by("pk").values_list("document_number", "published__body__text")
    return [f"{number}={re.findall(r'第[0-9]+稿', text)[0]}" for number, text in rows]


def main() -> None:
    """Serve until standard input ends."""
    call_command("migrate", verbosity=0)
    county()
    for number in range(1, 9):
        filed(notice(number, f"第{number}项办法", body="第1稿。"), now(), public=number % 2 == 1)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 - this is what the test reads
    for line in sys.stdin:
        verb, _, number = line.strip().partition(" ")
        {"turn": turn, "revise": renew}.get(verb, lambda _: None)(int(number or 0))
        print(*public(), sep="|", flush=True)  # noqa: T201 - this is what the test reads


if __name__ == "__main__":
    main()
