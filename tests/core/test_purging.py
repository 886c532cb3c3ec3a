"""What a cache in front may hold is always known, and a change is done only when it has been forgotten there."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from django.db import transaction

from gongkai.core.freshness.board import Board, Seat, slots_of
from gongkai.core.freshness.noting import AddressMap, DebtUnwritten, Place
from gongkai.core.freshness.purging import PurgeFailed, address_map, purge
from gongkai.core.freshness.touching import board, purged_together, touch

PAGE, OTHER = Place("/library/1/", ""), Place("/library/", "elder")


class Cache(http.server.BaseHTTPRequestHandler):
    """A cache in front that remembers what it was told to forget."""

    protocol_version = "HTTP/1.1"
    forgotten: ClassVar[list[tuple[str, str | None]]] = []
    status = 200

    def do_PURGE(self) -> None:
        self.forgotten.append((self.path, self.headers["Cookie"]))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def cache(own_database: Path, settings) -> Iterator[type[Cache]]:
    kind = type("OwnCache", (Cache,), {"forgotten": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CACHES_IN_FRONT = [f"http://127.0.0.1:{server.server_port}"]
        yield kind
        server.shutdown()


def test_a_change_tells_the_cache_exactly_what_shows_it_in_the_modes_it_was_kept_in(cache: type[Cache]) -> None:
    address_map().note(PAGE, ["site", "document:1"], board().generation)
    address_map().note(OTHER, ["site", "library"], board().generation)
    touch("document:1")
    assert cache.forgotten == [("/library/1/", None)]
    touch("library")
    assert cache.forgotten[1:] == [("/library/", "display=elder")]
    assert address_map().debts() == []


def test_nothing_is_told_before_the_commit_nor_for_what_was_rolled_back(cache: type[Cache]) -> None:
    address_map().note(PAGE, ["document:1"], board().generation)
    with transaction.atomic():
        touch("document:1")
        assert cache.forgotten == []
        transaction.set_rollback(True)
    assert cache.forgotten == []


def test_a_refused_purge_stays_owed_until_the_cache_gives_in(cache: type[Cache]) -> None:
    address_map().note(PAGE, ["document:1"], board().generation)
    cache.status = 403
    with pytest.raises(PurgeFailed, match="403"):
        touch("document:1")
    assert [debt.tag for debt in address_map().debts()] == ["document:1"]
    cache.status = 200
    touch("document:2")
    assert address_map().debts() == []
    assert cache.forgotten[-1] == ("/library/1/", None)


def test_after_a_purge_that_failed_the_next_change_is_a_change_of_its_own(cache: type[Cache]) -> None:
    cache.status = 500
    address_map().note(PAGE, ["document:1"], board().generation)
    kept_alive = None
    try:
        with transaction.atomic():
            touch("document:1")
    except PurgeFailed as error:
        kept_alive = error
    cache.status = 200
    address_map().note(PAGE, ["document:1"], board().generation)
    before = board().generation
    with transaction.atomic():
        touch("document:1")
    assert board().generation > before
    assert address_map().debts() == []
    assert kept_alive is not None


def test_a_debt_that_another_change_has_just_written_is_left_to_that_change(cache: type[Cache]) -> None:
    address_map().note(PAGE, ["document:1"], board().generation)
    other = Board(Path(address_map_folder()))
    other.mark(slots_of(["document:1"]))
    address_map().owe(["document:1"])
    purge(board())
    assert [debt.tag for debt in address_map().debts()] == ["document:1"]
    other.settle(slots_of(["document:1"]))
    purge(board())
    assert address_map().debts() == []
    assert cache.forgotten.count(("/library/1/", None)) == 2


def test_a_page_made_anew_since_the_change_stays_noted(tmp_path: Path) -> None:
    noted = AddressMap(tmp_path)
    noted.note(PAGE, ["document:1"], 5)
    noted.owe(["document:1"])
    debts = noted.debts()
    noted.note(PAGE, ["document:1"], 7)
    noted.settle(debts, 6)
    assert noted.places(["document:1"]) == [PAGE]
    noted.owe(["document:1"])
    noted.settle(noted.debts(), 8)
    assert noted.places(["document:1"]) == []


def test_a_busy_site_does_not_keep_a_purge_waiting(cache: type[Cache]) -> None:
    seat = Seat(board())
    ended = threading.Event()

    def busy() -> None:
        while not ended.is_set():
            seat.sit(board().generation)
            seat.rise()

    worker = threading.Thread(target=busy)
    worker.start()
    try:
        address_map().note(PAGE, ["document:1"], board().generation)
        touch("document:1")
    finally:
        ended.set()
        worker.join()
    assert address_map().debts() == []


def test_many_changes_are_told_at_once_and_all_are_made_when_the_cache_does_not_answer(cache: type[Cache]) -> None:
    cache.status = 500
    for number in (1, 2):
        address_map().note(Place(f"/library/{number}/", ""), [f"document:{number}"], board().generation)
    done = []

    def work() -> None:
        with purged_together():
            for number in (1, 2):
                touch(f"document:{number}")
                done.append(number)

    with pytest.raises(PurgeFailed):
        work()
    assert done == [1, 2]
    cache.status = 200
    assert purge(board()) == 2


def test_what_cannot_be_written_down_is_not_changed(cache: type[Cache]) -> None:
    address_map()._database.execute("DROP TABLE owed")
    before = board().generation
    with pytest.raises(DebtUnwritten, match="没有保存"), transaction.atomic():
        touch("document:1")
    assert board().quiet
    assert board().generation >= before


def test_a_page_that_cannot_be_noted_is_not_for_a_cache(tmp_path: Path) -> None:
    noted = AddressMap(tmp_path)
    noted._database.execute("DROP TABLE shows")
    assert not noted.note(PAGE, ["document:1"], 1)


def test_a_damaged_map_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "in-front.sqlite3").write_bytes(b"rubbish" * 1000)
    assert AddressMap(tmp_path).places() == []
    assert (tmp_path / "in-front.damaged").exists()


def address_map_folder() -> str:
    """Where the board and the map of this test lie."""
    from django.conf import settings

    return str(Path(settings.DATA_FOLDER) / "cache")
