"""Who works on a site: `python -m tests.journeys.load.staff SEED FOLDER` forks one at each line of its standard input.

`work` is a worker for jobs, as `gongkai worker` is one; `write` is a writer. A writer does what officials do, one thing after another, until it is killed. It says in lines of
JSON on standard output what it begins and what came of it: `done` is its word that the thing is done.
To add to the load, add a verb.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django comes first
from django.db import OperationalError  # noqa: E402 - Django comes first
from django.utils import timezone  # noqa: E402 - Django comes first

from gongkai.core.doing import Doing  # noqa: E402 - Django comes first
from gongkai.core.jobs.actions import ask  # noqa: E402 - Django comes first
from gongkai.core.jobs.queries import counts  # noqa: E402 - Django comes first
from gongkai.core.jobs.worker import work  # noqa: E402 - Django comes first
from gongkai.core.ledger.append import Overtaken  # noqa: E402 - Django comes first
from gongkai.domains.library import events  # noqa: E402 - Django comes first
from gongkai.domains.library.actions.correcting import correct  # noqa: E402 - Django comes first
from gongkai.domains.library.actions.errors import Refused  # noqa: E402 - Django comes first
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw  # noqa: E402 - Django comes first
from gongkai.domains.library.models import Document  # noqa: E402 - Django comes first
from gongkai.domains.library.tasks.alone import AlreadyImporting  # noqa: E402 - Django comes first
from gongkai.domains.library.tasks.importing import Request, import_papers  # noqa: E402 - Django comes first
from tests.domains.library.papers import notice, write  # noqa: E402 - Django comes first
from tests.journeys.load import numbers_of, tell  # noqa: E402 - Django comes first


class Enough(Exception):
    """Officials who see that many jobs wait ask for no more: what is asked for must be done by the end of the load."""


_REFUSED = (Refused, Overtaken, AlreadyImporting, Enough, OperationalError)  # the last: others write for too long; a page says so
_MOST_WAITING = 10


class Writer:
    """One writer. Whoever does its nth thing is called `actor`, so that the ledger tells what came of that thing."""

    def __init__(self, number: int, seed: str, folder: Path) -> None:
        self.number, self.folder, self.count = number, folder, 0
        self.chance = random.Random(f"{seed}-{number}")
        self.documents = list(Document.objects.filter(pk__lte=60).values_list("pk", flat=True))

    @property
    def actor(self) -> str:
        return f"w{self.number}-{self.count}"

    @property
    def doing(self) -> Doing:
        at = datetime.now(UTC)
        return Doing(self.actor, at, timezone.localdate(at))

    def withdraw(self) -> str:
        withdraw(self.chance.choice(self.documents), "试", self.doing)
        return events.WITHDRAWN

    def restore(self) -> str:
        restore(self.chance.choice(self.documents), "试", self.doing)
        return events.RESTORED

    def amend(self) -> str:
        document = self.chance.choice(self.documents)
        correct(document, {"summary": self.actor}, self.doing)
        return events.REVISED

    def publish(self) -> str:
        publish_as_already_public(self.chance.choice(self.documents), self.doing)
        return events.PUBLISHED

    def bring(self) -> str:
        import_papers(Request((self._papers(),), publish=True, workers=1), self.doing)
        return "brought"

    def ask_to_amend(self) -> str:
        self._ask("load.amend", {"document": self.chance.choice(self.documents), "words": self.actor}, "更正概述")
        return "asked"

    def ask_to_bring(self) -> str:
        self._ask("load.import", {"folder": str(self._papers())}, "导入文件夹")
        return "asked to bring"

    def _ask(self, kind: str, arguments: dict[str, Any], title: str) -> None:
        standing = counts()
        if sum(standing.values()) - standing["done"] >= _MOST_WAITING:
            raise Enough
        ask(kind, arguments, key=self.actor, title=title, doing=self.doing)

    def _papers(self) -> Path:
        papers = {f"{n}.txt": notice(n, f"第{n}号办法") for n in numbers_of(self.number, self.count)}
        return write(self.folder / self.actor, papers)

    def _say(self, what: str, of: str) -> None:
        tell(writer=self.number, actor=self.actor, what=what, of=of)

    def go_on(self) -> None:
        verbs: list[tuple[Callable[[], str], int]] = [
            (self.withdraw, 3), (self.restore, 6), (self.amend, 4), (self.publish, 4), (self.bring, 1),
            (self.ask_to_amend, 2), (self.ask_to_bring, 1),
        ]  # fmt: skip
        while True:
            self.count += 1
            (verb,) = self.chance.choices([v for v, _ in verbs], [weight for _, weight in verbs])
            self._say("begins", verb.__name__)
            try:
                self._say("done", verb())
            except _REFUSED as refusal:
                self._say("refused", type(refusal).__name__)


def main() -> None:
    """Fork until standard input ends; then all are killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for number, line in enumerate(sys.stdin, 1):
        if (process := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if line == "work\n":
                work(Path(settings.DATA_FOLDER) / "workers", lambda: datetime.now(UTC))
            else:
                Writer(number, sys.argv[1], Path(sys.argv[2])).go_on()
        tell(started=line.strip(), number=number, process=process)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
