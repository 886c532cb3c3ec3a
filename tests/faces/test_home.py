"""The home page: every door opens, every count is true, and it is cheap to draw."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client

from gongkai.core.agencies.actions import establish
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.front import Month, front
from tests.domains.library.papers import COUNTY, county, filed, notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(doing: Doing) -> list[Document]:
    """Papers published on 20 November 2026: an old one, one begun that month, one ended that month; and a draft."""
    county()
    public = [
        filed(notice(1, "旧有管理办法", year=2019), doing),
        filed(
            notice(2, "新近管理办法", year=2026, month=10, closing="本办法自2026年11月5日起施行，有效期至2031年11月4日。"), doing
        ),
        filed(
            notice(3, "到期管理办法", year=2021, month=11, closing="本办法自2021年11月10日起施行，有效期至2026年11月9日。"), doing
        ),
    ]
    filed(notice(99, "还没有发布的办法", year=2026, month=11), doing, public=False)
    return public


def test_the_month_counts_what_was_published_begun_and_ended_and_no_draft(papers: list[Document]) -> None:
    assert front(date(2026, 11, 20)).month == Month(2026, 11, published=3, begun=1, ended=1)
    assert front(date(2026, 11, 4)).month.begun == 0
    assert front(date(2026, 12, 1)).month == Month(2026, 12, published=0, begun=0, ended=0)


def test_a_month_begins_at_midnight_of_the_office_not_of_greenwich(doing: Doing) -> None:
    county()
    late_in_october_there = Doing("command", datetime(2026, 10, 31, 16, 30, tzinfo=UTC), date(2026, 11, 1))
    filed(notice(1, "跨月管理办法", year=2026, month=10), late_in_october_there)
    assert front(date(2026, 11, 20)).month.published == 1


def test_what_is_withdrawn_leaves_the_counts(papers: list[Document], doing: Doing) -> None:
    before = front(date(2026, 11, 20))
    withdraw(papers[1].pk, "发布有误", doing)
    after = front(date(2026, 11, 20))
    assert (after.total, after.month.published, after.month.begun) == (before.total - 1, before.month.published - 1, 0)


def test_every_link_of_the_home_page_opens(client: Client, papers: list[Document]) -> None:
    html = client.get("/").content.decode()
    links = {unescape(link) for link in re.findall(r'<a[^>]* href="(/[^"]*)"', html)}
    assert {"/library/", "/disclosure/", "/disclosure/request/", "/organs/", "/about/privacy/", "/about/accessibility/"} <= links
    there_is_no_index = 503  # here; that the examples find something is tested in test_search_page.py
    expected = {link: there_is_no_index if link.startswith("/search/?") else 200 for link in links}
    assert {link: client.get(link).status_code for link in links} == expected


def test_every_example_finds_something(client: Client, papers: list[Document]) -> None:
    examples = front(date(2026, 11, 20)).examples
    assert examples
    for words in examples:
        assert "没有符合条件的文件" not in client.get("/library/", {"q": words}).content.decode()


def test_a_month_in_which_nothing_changed_is_said_in_words_not_drawn_as_nothing(client: Client, doing: Doing) -> None:
    county()
    html = client.get("/").content.decode()
    assert "还没有文件公开、施行或者失效" in html
    assert "<svg" not in html


def test_the_foot_names_who_runs_the_site_and_whom_to_tell_of_faults(client: Client) -> None:
    foot = {
        "host": "青禾县人民政府办公室",
        "icp": "东ICP备00000000号-1",
        "public_security": "东公网安备 39992802000001号",
        "telephone": "0599-7220016",
    }
    establish({**COUNTY, "government": {**COUNTY["government"], "site_code": "3999280001", "footer": foot}})
    html = client.get("/").content.decode()
    for words in (*foot.values(), "网站标识码：3999280001", "网站找错", 'href="tel:0599-7220016"', "隐私声明", "无障碍声明"):
        assert words in html, words


def test_the_home_page_asks_the_database_a_fixed_number_of_questions(
    client: Client, papers: list[Document], doing: Doing, django_assert_max_num_queries
) -> None:
    for n in range(10, 30):
        filed(notice(n, f"第{n}项管理办法", year=1995 + n), doing)
    with django_assert_max_num_queries(16):
        client.get("/")
