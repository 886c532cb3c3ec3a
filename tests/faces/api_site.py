"""The API of the sample county, asked in this process through all that stands before Django in production."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.test import override_settings

from tests.conftest import another_database, copied
from tests.faces.visitor import Visitor


@contextmanager
def in_this_process(sample: Path, data: Path, blocker: Any) -> Iterator[Visitor]:
    """A visitor of a copy of the sample at `data`."""
    from gongkai.core.freshness import purging, touching

    forget = (touching.board.cache_clear, purging.address_map.cache_clear)
    copied(sample, data)
    with override_settings(DATA_FOLDER=data), blocker.unblock(), another_database(data):
        for clear in forget:
            clear()
        yield Visitor(data)
    for clear in forget:
        clear()


def local(address: str) -> str:
    """An absolute address of the site as a path."""
    return re.sub(r"^https://[^/]+", "", address)


def told(visitor: Visitor, address: str, **headers: str) -> Any:
    """The JSON at an address, which may be absolute; it must be there."""
    status, _, body = visitor.ask(local(address), **headers)
    assert status == 200, (address, status, body.decode())
    return json.loads(body)
