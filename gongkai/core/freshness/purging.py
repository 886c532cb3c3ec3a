"""Telling a cache in front (nginx) which addresses it must forget.

Every change writes down what it owes before it commits, and pays after it has settled the board:

1. wait until no worker is still making an answer that it began before the change;
2. send PURGE for every page noted under a tag that is owed, in every display mode it was noted in;
3. strike the debts, save those whose tag another change is just touching: that change will pay.

A page made while one of its tags is marked is never given to a cache in front, so that what is
noted from the moment the board was settled is true.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from gongkai.core.freshness.board import Board, answered_within, slots_of, still_answering
from gongkai.core.freshness.noting import AddressMap, Place

_PATIENCE = 5.0  # seconds that an answer under way may take before the purge is called failed
_ON_THE_WAY = 0.02  # seconds that the bytes of a finished answer may need to reach the cache
_FORGOTTEN = (200, 204, 404, 412)  # forgotten, or never held
_NEVER = 1 << 62


class PurgeFailed(Exception):
    """A cache in front may still show what was changed; the change itself is kept."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"修改已经保存，但前面的缓存 {where} 没有清除（{why}），公众可能仍看到旧页面。"
            "请检查 nginx 后运行 gongkai cache purge；清除成功前请勿视为办结。"
        )


@lru_cache(maxsize=1)
def address_map() -> AddressMap:
    """Where this machine notes what its caches in front may hold."""
    return AddressMap(Path(settings.DATA_FOLDER) / "cache")


def owe(tags: Sequence[str]) -> None:
    """Write down, before a change commits, what the caches in front will have to forget. Raises DebtUnwritten."""
    if settings.CACHES_IN_FRONT:
        address_map().owe(tags)


def purge(board: Board, also: Sequence[Place] = ()) -> int:
    """Make every cache in front forget what is owed, and `also` these; returns how many pages that were.

    Raises PurgeFailed; what is owed stays owed then.
    """
    if not settings.CACHES_IN_FRONT:
        return 0
    noted = address_map()
    debts = noted.debts()
    payable = [debt for debt in debts if board.holds(slots_of([debt.tag]), _NEVER)]
    generation = board.generation
    _await_answers(board, generation)
    places = sorted({*noted.places(debt.tag for debt in debts), *also})
    for cache in settings.CACHES_IN_FRONT:
        forget(cache, places)
    noted.settle(payable, generation)
    return len(places)


def _await_answers(board: Board, generation: int) -> None:
    started = time.monotonic()
    while still_answering(board, generation):
        if time.monotonic() - started > _PATIENCE:
            raise PurgeFailed("（等待中）", "有网页在修改前开始生成，迟迟没有结束")
        time.sleep(0.002)
    if answered_within(board, int(_ON_THE_WAY * 1e9)):
        time.sleep(_ON_THE_WAY)


def forget(cache: str, places: Sequence[Place]) -> None:
    """Send a PURGE for each page to one cache. Raises PurgeFailed."""
    if not places:
        return
    at = urlsplit(cache)
    kind = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    connection = kind(at.hostname or "", at.port, timeout=5)
    try:
        for place in places:
            _forget_one(connection, cache, place)
    except (OSError, http.client.HTTPException) as error:
        raise PurgeFailed(cache, _in_words(error)) from error
    finally:
        connection.close()


def _forget_one(connection: http.client.HTTPConnection, cache: str, place: Place) -> None:
    headers = {"Host": settings.ALLOWED_HOSTS[0], **({"Cookie": f"display={place.mode}"} if place.mode else {})}
    connection.request("PURGE", place.address, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in _FORGOTTEN:
        raise PurgeFailed(cache, f"对 {place.address} 回答 {answer.status}")


def _in_words(error: Exception) -> str:
    match error:
        case ConnectionRefusedError():
            return "连接不上，nginx 可能没有运行"
        case TimeoutError():
            return "没有回答"
        case _:
            return str(error) or type(error).__name__
