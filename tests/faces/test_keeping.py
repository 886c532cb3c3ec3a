"""The byte cache: quick, never untrue, and there when the database is not."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.freshness.board import slots_of
from gongkai.core.freshness.noting import AddressMap, Place
from gongkai.core.freshness.touching import board
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.faces.portal.copies import Copies, Copy
from tests import databases
from tests.domains.library.papers import county, filed, notice
from tests.faces.visitor import Visitor


@pytest.fixture
def visitor(own_database: Path) -> Visitor:
    county()
    return Visitor(own_database)


@pytest.fixture
def paper(visitor: Visitor, doing: Doing) -> Document:
    return filed(notice(1, "停车管理办法"), doing)


def test_a_page_is_made_once(visitor: Visitor, paper: Document) -> None:
    address = f"/library/{paper.pk}/"
    first = visitor.ask(address)
    second = visitor.ask(address)
    assert first[0] == second[0] == 200
    assert first[2] == second[2]
    assert "停车管理办法" in second[2].decode()
    assert visitor.made == [address]


def test_a_change_of_one_paper_leaves_the_pages_of_others(visitor: Visitor, paper: Document, doing: Doing) -> None:
    other = filed(notice(2, "养犬管理办法"), doing)
    for document in (paper, other):
        visitor.ask(f"/library/{document.pk}/")
    withdraw(paper.pk, "重复", doing)
    assert visitor.kept(f"/library/{other.pk}/")
    assert not visitor.kept(f"/library/{paper.pk}/")
    assert visitor.ask(f"/library/{paper.pk}/")[0] in (404, 410)


def test_a_list_is_new_after_every_publication(visitor: Visitor, paper: Document, doing: Doing) -> None:
    assert "养犬管理办法" not in visitor.ask("/library/")[2].decode()
    filed(notice(2, "养犬管理办法"), doing)
    assert "养犬管理办法" in visitor.ask("/library/")[2].decode()


def test_the_page_of_a_repealed_paper_says_so_as_soon_as_the_repeal_is_public(
    visitor: Visitor, paper: Document, doing: Doing
) -> None:
    assert "废止" not in visitor.ask(f"/library/{paper.pk}/")[2].decode()
    closing = "本办法自2024年2月1日起施行。《青禾县停车管理办法》（青财〔2020〕1号）同时废止。"
    newer = filed(notice(2, "城区停车管理办法", year=2024, month=1, closing=closing), doing)
    assert "已废止" in visitor.ask(f"/library/{paper.pk}/")[2].decode()
    withdraw(newer.pk, "误发", doing)
    assert "已废止" not in visitor.ask(f"/library/{paper.pk}/")[2].decode()


def test_a_draft_changes_no_kept_page(visitor: Visitor, paper: Document, doing: Doing) -> None:
    visitor.ask("/library/")
    filed(notice(3, "未定的办法"), doing, public=False)
    assert visitor.kept("/library/")


def test_display_modes_are_kept_apart(visitor: Visitor, paper: Document) -> None:
    plain = visitor.ask("/library/")[2]
    elder = visitor.ask("/library/", cookie="display=elder")[2]
    assert plain != elder
    assert visitor.ask("/library/")[2] == plain
    assert visitor.kept("/library/", cookie="other=1; display=elder")


@pytest.mark.parametrize(
    "address",
    [
        "/library/?utm=1",
        "/library/?page=1",
        "/library/?sort=newest",
        "/library/?kind=normative&kind=normative",
        "/?x",
        "/library/?q=%e5%81%9c",
    ],
)
def test_an_address_written_another_way_is_answered_and_not_kept(visitor: Visitor, paper: Document, address: str) -> None:
    assert visitor.ask(address)[0] == 200
    assert not visitor.kept(address)


@pytest.mark.parametrize(
    "address",
    [
        "/library/?page=999999",
        "/library/?year=9999",
        "/library/?q=" + "%E5%81%9C" * 100,
        "/library/?status=%00",
        "/library/?unknown[]=1",
    ],
)
def test_odd_addresses_are_no_error(visitor: Visitor, paper: Document, address: str) -> None:
    assert visitor.ask(address)[0] in (200, 400)


def test_a_forged_host_is_refused_even_where_the_page_is_kept(visitor: Visitor, paper: Document) -> None:
    visitor.ask("/library/")
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:8000", "127.0.0.1:8000@evil.example", ""):
        status, _, body = visitor.ask("/library/", host=host)
        assert status == 400, host
        assert b"evil" not in body


def test_unknown_pages_and_mistakes_are_not_kept(visitor: Visitor) -> None:
    assert visitor.ask("/library/9999/")[0] == 404
    assert not visitor.kept("/library/9999/")


def test_a_browser_that_has_the_page_is_told_so(visitor: Visitor, paper: Document) -> None:
    _, headers, _ = visitor.ask("/library/")
    status, again, body = visitor.ask("/library/", if_none_match=headers["ETag"])
    assert (status, body) == (304, b"")
    assert again["ETag"] == headers["ETag"]
    assert headers["Cache-Control"] == "public, no-cache"


def test_a_kept_page_is_sent_squeezed_to_who_can_read_it(visitor: Visitor, paper: Document) -> None:
    plain = visitor.ask("/library/")[2]
    _, headers, squeezed = visitor.ask("/library/", accept_encoding="gzip, br")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed) == plain
    assert int(headers["Content-Length"]) == len(squeezed)


def test_asking_for_the_head_alone_gives_no_body(visitor: Visitor, paper: Document) -> None:
    full = visitor.ask("/library/")[1]
    status, headers, body = visitor.ask("/library/", method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == full["Content-Length"]


def test_what_the_cache_is_told_stays_inside(visitor: Visitor, paper: Document) -> None:
    for _ in range(2):
        assert not [name for name in visitor.ask("/library/")[1] if name.startswith("X-Page")]


def test_kept_pages_survive_a_restart_and_are_shared_by_workers(visitor: Visitor, paper: Document, own_database: Path) -> None:
    visitor.ask(f"/library/{paper.pk}/")
    another = Visitor(own_database)
    assert another.kept(f"/library/{paper.pk}/")


def test_a_withdrawn_paper_does_not_come_back_from_another_workers_memory_or_the_disk(
    visitor: Visitor, paper: Document, doing: Doing, own_database: Path
) -> None:
    another = Visitor(own_database)
    for worker in (visitor, another):
        worker.ask(f"/library/{paper.pk}/")
    withdraw(paper.pk, "误发", doing)
    for worker in (visitor, another, Visitor(own_database)):
        assert worker.ask(f"/library/{paper.pk}/")[0] in (404, 410)


def test_a_damaged_copy_on_disk_is_made_anew(visitor: Visitor, paper: Document, own_database: Path) -> None:
    good = visitor.ask("/library/")[2]
    for file in (own_database / "cache" / "pages").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"</html>", b"<x></x>"))
    assert Visitor(own_database).ask("/library/")[2] == good


def test_a_cache_that_cannot_be_written_is_no_trouble_for_visitors(own_database: Path, doing: Doing) -> None:
    county()
    (own_database / "cache" / "pages").write_text("a file where the folder should be")
    visitor = Visitor(own_database)
    assert visitor.ask("/library/")[0] == 200
    assert visitor.kept("/library/"), "memory serves while the disk cannot"


def test_the_disk_a_cache_takes_is_bounded(tmp_path: Path) -> None:
    copies = Copies(tmp_path, edition="test", disk_bytes=256 * 8_000, memory_bytes=10_000)
    noise = bytes(range(256)) * 8
    for number in range(3_000):
        copies.put(f"/library/{number}/", Copy.of(1, (), 1, [], noise + str(number).encode()))
    on_disk = sum(f.stat().st_size for f in tmp_path.rglob("*") if f.is_file())
    assert on_disk <= 256 * 8_000


def test_kept_pages_answer_while_the_database_is_away_and_all_heals(
    visitor: Visitor, paper: Document, own_database: Path
) -> None:
    address = f"/library/{paper.pk}/"
    page = visitor.ask(address)[2]
    connection.close()
    with databases.away(own_database):
        assert visitor.ask(address)[2] == page
        status, headers, body = visitor.ask("/library/?kind=normative")
        assert status == 503
        assert headers["Retry-After"] == "30"
        assert "暂时打不开" in body.decode()
        assert not visitor.kept("/library/?kind=normative")
        connection.close()
    assert visitor.ask("/library/?kind=normative")[0] == 200


def test_a_cache_in_front_may_keep_only_what_it_can_be_told_to_forget(own_database: Path, paper: Document) -> None:
    addresses = AddressMap(own_database / "cache")
    visitor = Visitor(own_database, addresses=addresses)
    address = f"/library/{paper.pk}/"
    assert visitor.ask(address, cookie="display=elder")[1]["X-Accel-Expires"] == "60"
    assert addresses.places([f"document:{paper.pk}"]) == [Place(address, "elder")]
    for odd in ("/library/?kind=normative", "/library/9999/", "/display/"):
        assert visitor.ask(odd)[1].get("X-Accel-Expires", "0") == "0", odd


def test_a_page_made_while_it_changes_is_for_no_cache(own_database: Path, paper: Document) -> None:
    addresses = AddressMap(own_database / "cache")
    visitor = Visitor(own_database, addresses=addresses)
    slots = slots_of([f"document:{paper.pk}"])
    board().mark(slots)
    try:
        assert visitor.ask(f"/library/{paper.pk}/")[1]["X-Accel-Expires"] == "0"
        assert addresses.places() == []
        assert not visitor.kept(f"/library/{paper.pk}/")
    finally:
        board().settle(slots)


orders = st.lists(st.sampled_from(["withdraw", "restore", "retitle", "publish", "newer", "look"]), min_size=1, max_size=8)


@pytest.mark.soak
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders)
def test_whatever_happens_a_kept_page_says_what_a_new_one_would(visitor: Visitor, doing: Doing, history: list[str]) -> None:
    number = filed(notice(board().generation % 1_000_000_007, f"第{board().generation}号办法"), doing).pk
    pages = [f"/library/{number}/", "/library/", "/", "/library/?kind=normative"]
    for turn, step in enumerate(history):
        document = Document.objects.get(pk=number)
        if step == "withdraw" and document.editorial == "published":
            withdraw(number, "理由", doing)
        elif step == "restore" and document.editorial == "withdrawn":
            restore(number, "理由", doing)
        elif step == "retitle":
            correct(number, {"title": f"青禾县财政局关于印发《改名{turn}办法》的通知"}, doing)
        elif step == "publish" and document.editorial in ("draft", "published") and document.published_id != document.current_id:
            publish_as_already_public(number, doing)
        elif step == "newer":
            generation = board().generation
            closing = f"本办法自2021年2月1日起施行。《青禾县{re.sub('.*《青禾县|》.*', '', document.title)}》同时废止。"
            filed(notice(generation % 1_000_000_009, f"接续{generation}办法", year=2021, closing=closing), doing)
        for address in pages:
            assert visitor.ask(address)[2] == visitor.anew(address)
