"""`gongkai index`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import explained

# isort: split
from gongkai.core.finding.indexing import Indexing
from gongkai.faces.terminal.supervising import Child
from gongkai.search.port import SearchError
from gongkai.ui.addresses import address


@chinese.command(told="把公开内容的变化随时收进检索库。gongkai serve 已带一个；同时只能有一个。")
@explained(SearchError, OSError)
def index() -> None:
    """Index until told to stop."""
    address("home")  # all addresses are loaded now, and not when the first change waits for it
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    Indexing(lambda: datetime.now(UTC), over.is_set, _renew).run()


def _renew() -> subprocess.Popen[bytes]:
    """Make the vocabulary anew in a process that ends with this one."""
    return Child([sys.executable, "-m", "gongkai.faces.terminal", "search", "words"], os.environ).process
