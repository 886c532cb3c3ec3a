"""The public side of counting: what of a visit is counted, and that none of the visitor is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from gongkai.core.doing import Doing
from gongkai.core.finding.counting.here import notes, write_now
from gongkai.core.finding.counting.noting import Counted
from gongkai.core.finding.counting.queries import Report, learned, report
from gongkai.core.finding.curating.actions import bring
from gongkai.core.finding.curating.entries import Entry, Kind
from gongkai.core.finding.models import Crowd
from tests.faces.test_search_page import addresses, asked, browse, made, papers  # noqa: F401 - fixtures

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    notes().take()
    notes()._askers.clear()


def ask(browse: Client, words: str, *, by: int = 1, agent: str = BROWSER, **headers: str) -> None:  # noqa: F811
    told = {"HTTP_" + name.upper(): value for name, value in headers.items()}
    assert (
        browse.get(
            "/search/", {"q": words}, REMOTE_ADDR=f"10.0.{by // 250}.{by % 250}", HTTP_USER_AGENT=agent, **told
        ).status_code
        == 200
    )


def open_(browse: Client, to: str, words: str = "停车位", *, by: int = 1, **headers: str) -> int:  # noqa: F811
    told = {"HTTP_" + name.upper(): value for name, value in headers.items()}
    remote = f"10.0.{by // 250}.{by % 250}"
    return browse.post("/search/opened", {"q": words, "to": to}, REMOTE_ADDR=remote, HTTP_USER_AGENT=BROWSER, **told).status_code


def counted() -> dict[str, Counted]:
    return {one.question: one for one in notes().take().values()}


def test_asking_is_counted_once_whoever_turns_pages_narrows_or_looks_again(browse: Client, papers) -> None:  # noqa: F811
    ask(browse, "停车位")
    ask(browse, "停车位")
    for query in ({"page": "2"}, {"year": "2020"}, {"typed": "1"}, {"page": "x"}):
        browse.get("/search/", {"q": "停车位", **query}, REMOTE_ADDR="10.0.0.9", HTTP_USER_AGENT=BROWSER)
    browse.head("/search/", {"q": "停车位"}, REMOTE_ADDR="10.0.0.8", HTTP_USER_AGENT=BROWSER)
    ask(browse, "停车位", by=7, agent="Baiduspider/2.0")
    ask(browse, "停车位", by=6, sec_purpose="prefetch")
    (one,) = counted().values()
    assert (one.askings, one.empty) == (1, 0)


def test_what_finds_nothing_and_what_is_asked_anew_is_told_apart(browse: Client, papers) -> None:  # noqa: F811
    ask(browse, "qqqzzz")
    ask(browse, "停车位", referer="http://testserver/search/?q=qqqzzz")
    ask(browse, "停车 办法", by=2, referer="http://elsewhere.example/search/?q=停车位")
    found = counted()
    assert (found["qqqzzz"].empty, found["qqqzzz"].anew) == (1, 1)
    assert found["停车位"].anew == 0


def test_what_is_opened_is_counted_with_the_question_and_only_from_this_site(browse: Client, papers) -> None:  # noqa: F811
    (first, *_) = addresses(asked(browse, q="停车位"))
    assert open_(browse, first) == 204
    assert open_(browse, first) == 204
    assert open_(browse, first, by=2, sec_fetch_site="cross-site") == 204
    for to in ("", "javascript:alert(1)", "/" + "长" * 50, "//elsewhere.example" + "x" * 300):
        assert open_(browse, to, by=3) == 204
    assert open_(browse, first, "字" * 5_000, by=4) == 204
    assert browse.get("/search/opened").status_code == 405
    one = counted()["停车位"]
    assert (one.opened, list(one.opened_at)) == (1, [first])


def test_of_many_visitors_the_question_stays_and_of_none_anything_else(browse: Client, papers) -> None:  # noqa: F811
    (first, *_) = addresses(asked(browse, q="停车位"))
    for person in range(15):
        ask(browse, "停车位", by=person)
        open_(browse, first, by=person)
    ask(browse, "我的邻居某某", by=1)
    assert write_now() == 1
    today = timezone.localdate()
    (row,) = report(Report.MOST, today, 7)
    assert (row.question, row.askings, row.opened) == ("停车位", 15, 15)
    assert [one.address for one in learned()] == [first]
    if connection.vendor == "sqlite":
        whole = "\n".join(line for line in connection.connection.iterdump() if "finding_" in line)
        assert "停车位" in whole
        assert not [word for word in ("10.0.0", "Firefox", "某某") if word in whole]
    assert report(Report.MOST, today + timedelta(days=7), 7) == []


def test_visitors_behind_the_server_in_front_are_told_apart_by_the_group_it_names(browse: Client, papers) -> None:  # noqa: F811
    for group in range(15):
        browse.get("/search/", {"q": "停车位"}, REMOTE_ADDR="127.0.0.1", HTTP_USER_AGENT=BROWSER, HTTP_X_GONGKAI_GROUP=f"{group}")
        browse.get("/search/", {"q": "停车"}, REMOTE_ADDR="10.0.0.1", HTTP_USER_AGENT=BROWSER, HTTP_X_GONGKAI_GROUP=f"{group}")
    found = counted()
    assert (found["停车位"].askings, found["停车"].askings) == (15, 1), "of who comes directly a group is not believed"


def test_a_best_bet_is_marked_on_the_page_and_goes_with_the_entry(browse: Client, papers, doing: Doing) -> None:  # noqa: F811
    *_, last = addresses(asked(browse, q="停车位"))
    bring([Entry(Kind.BEST, "停车位", last)], doing)
    page = asked(browse, q="停车位")
    assert addresses(page)[0] == last
    assert "编辑推荐" in page
    bring([], doing, only=True)
    page = asked(browse, q="停车位")
    assert addresses(page)[0] != last
    assert "编辑推荐" not in page


def test_a_page_does_not_fail_when_nothing_can_be_counted(browse: Client, papers, own_database: Path) -> None:  # noqa: F811
    search = own_database / "search"
    for salt in search.glob("salt-*"):
        salt.unlink()
    notes()._salts._known = (-1, b"")
    search.chmod(0o500)
    try:
        ask(browse, "停车位")
    finally:
        search.chmod(0o700)
    assert Crowd.objects.count() == 0
