"""The search page: what it shows, that every state has its address, and that nothing typed into it breaks it."""

from __future__ import annotations

import html
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.finding.curating.actions import put, remove
from gongkai.core.finding.curating.entries import Entry, Kind
from gongkai.core.finding.indexing import rebuild_here
from gongkai.core.finding.models import Word
from gongkai.core.finding.opening import home
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import withdraw
from gongkai.domains.library.models import Document
from tests import databases
from tests.conftest import another_database
from tests.domains.library.papers import TODAY, county, filed, notice
from tests.faces.visitor import Visitor


@pytest.fixture(scope="module")
def made(migrated: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker) -> Path:
    """A database with fourteen public papers of fourteen years and a draft, and an index of them; to be copied."""
    folder = tmp_path_factory.mktemp("town")
    databases.copy(migrated, folder)
    doing = Doing("command", datetime(2026, 11, 20, 2, 0, tzinfo=UTC), TODAY)
    with django_db_blocker.unblock(), another_database(folder), override_settings(DATA_FOLDER=folder):
        county()
        for n in range(1, 15):
            filed(notice(n, f"第{n}项停车管理办法", year=2009 + n, body="机动车应当停在停车位里。"), doing)
        filed(notice(99, "还没有发布的停车办法", body="秘密的停车场。"), doing, public=False)
        rebuild_here(TODAY)
    return folder


@pytest.fixture
def browse(own_database: Path) -> Client:
    """A visitor of a site without anything, whose server errors are answers, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def papers(browse: Client, made: Path, own_database: Path) -> list[Document]:
    """The public papers of the town, to be found at `browse`."""
    connection.close()
    databases.copy(made, own_database)
    shutil.copytree(made / "search", own_database / "search")
    return list(Document.objects.public().order_by("issued_on"))


def asked(browse: Client, **parameters) -> str:
    page = browse.get("/search/?" + urlencode(parameters, doseq=True))
    assert page.status_code == 200, parameters
    return page.content.decode()


def total(page: str) -> int:
    return int(re.search(r"共 <strong>([\d,]+)</strong>", page)[1].replace(",", ""))


def addresses(page: str) -> list[str]:
    return re.findall(r'<h2 class="entry__title"><a href="([^"]+)"', page)


def test_results_lead_to_the_papers_and_their_clauses(browse: Client, papers) -> None:
    page = asked(browse, q="停车位")
    assert total(page) == 14
    assert len(addresses(page)) == 10
    for address in addresses(page):
        assert browse.get(address).status_code == 200
    anchor = re.search(r'href="(/library/\d+/)#([^"]+)"', page)
    assert f'id="{anchor[2]}"' in browse.get(anchor[1]).content.decode()
    assert "<mark>停车位</mark>" in page


def test_what_is_not_public_is_neither_found_nor_counted_nor_suggested_nor_marked(browse: Client, papers, doing) -> None:
    for words in ('"秘密的停车场"', '"还没有发布的停车办法"'):
        page = asked(browse, q=words)
        assert not addresses(page)
        assert "共 <strong>" not in page
    assert "还没有发布" not in browse.get("/search/suggest?q=还没有发布").content.decode()
    withdraw(papers[0].pk, "试一试撤下", doing)
    rebuild_here(TODAY)
    page = asked(browse, q="停车位")
    assert total(page) == 13
    assert f'"/library/{papers[0].pk}/' not in page


def test_every_link_of_the_page_is_a_state_that_keeps_its_promise(browse: Client, papers) -> None:
    """Facets find as many as they say, also when several are chosen; chosen ones can be taken back."""
    page = asked(browse, q="停车位", year=["2010", "2011"])
    assert total(page) == 2
    for address, count in re.findall(r'<li>\s*<a href="([^"]+)"\s+rel="nofollow">.*?facet__count">([\d,]+)', page, re.DOTALL):
        then = browse.get(html.unescape(address)).content.decode()
        chosen_years = html.unescape(address).count("year=")
        assert total(then) == int(count) + (2 if chosen_years == 3 else 0), address
    assert 'aria-label="已选条件"' in page
    assert "2010年" in page


def test_what_words_mean_is_remembered_until_an_editor_says_otherwise(browse: Client, papers, doing) -> None:
    assert "停车管理办法" not in asked(browse, q="车子放哪儿")
    put(Entry(Kind.SYNONYM, "车子放哪儿", "停车管理办法"), doing)
    assert "停车管理办法" in asked(browse, q="车子放哪儿")
    assert total(asked(browse, q="车子放哪儿", sort="newest", kind="document")) == len(papers)
    remove(Word.objects.get().pk, doing)
    assert "停车管理办法" not in asked(browse, q="车子放哪儿")


def test_pages_orders_days_and_a_day_in_force_are_addresses(browse: Client, papers) -> None:
    first, second = asked(browse, q="停车位"), asked(browse, q="停车位", page=2)
    assert len(set(addresses(first)) | set(addresses(second))) == 14
    assert addresses(asked(browse, q="停车位", sort="oldest"))[0] == f"/library/{papers[0].pk}/"
    assert addresses(asked(browse, q="停车位", sort="newest"))[0] == f"/library/{papers[-1].pk}/"
    assert total(asked(browse, q="停车位", **{"from": "2012", "to": "2013-12-31"})) == 2
    assert total(asked(browse, q="停车位", on="2012年6月1日")) == 3
    assert total(asked(browse, organ="B", kind="document")) == 14, "conditions alone list everything that fulfils them"


def test_years_are_a_picture_of_links_with_a_sentence_and_a_list_beside_it(browse: Client, papers) -> None:
    page = asked(browse, q="停车位")
    bars = re.findall(r'<a href="([^"]+)" tabindex="-1" data-year="(\d+)"', page)
    assert [year for _, year in bars] == [str(year) for year in range(2010, 2024)]
    assert total(browse.get(html.unescape(bars[3][0])).content.decode()) == 1
    assert "年最多，" in page


def test_a_number_that_was_asked_for_stands_at_the_top(browse: Client, papers) -> None:
    page = asked(browse, q="青财2012 3号")
    assert page.index("文号为") < page.index('class="found"')
    assert f'"/library/{papers[2].pk}/"' in page
    assert "没有文号为" in asked(browse, q="青财办〔1999〕1号")


def test_when_nothing_is_found_the_page_says_where_to_go_on(browse: Client, papers) -> None:
    for words in ("火星移民", "😀", "\x01"):
        page = asked(browse, q=words)
        assert "/disclosure/request/" in page
        assert "/organs/" in page
    assert "去掉筛选条件后有 14 条结果" in asked(browse, q="停车位", topic="没有的主题")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"from": "昨日黄花"}, "不是一个日期"),
        ({"on": "2024-02-31"}, "不是一个日期"),
        ({"from": "2024", "to": "2023"}, "早于"),
        ({"page": 10**9}, "页码应当是"),
        ({"page": "-1"}, "页码应当是"),
        ({"page": "٣"}, "页码应当是"),
        ({"page": "9" * 5000}, "页码应当是"),
        ({"sort": "drop table"}, "没有这种排序"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_told_and_the_rest_is_answered(browse: Client, papers, wrong: dict, told: str) -> None:
    page = browse.get("/search/?" + urlencode({"q": "停车位", **wrong}))
    assert page.status_code == 400
    assert told in page.content.decode()
    assert total(page.content.decode()) == 14


def test_a_page_beyond_the_last_says_so(browse: Client, papers) -> None:
    assert "没有第 50 页" in asked(browse, q="停车位", page=50)


@pytest.mark.parametrize(
    "words", ["公" * 100_000, "((" * 50_000, "a*?" * 30_000, "' OR 1=1 --", "title:[a TO z]~2", "\x00\x1b[31m", "😀" * 999]
)
def test_nothing_typed_breaks_the_page_or_gets_into_it_as_markup(browse: Client, papers, words: str) -> None:
    asked(browse, q=words)
    page = asked(browse, q=f'<script>alert(1)</script>"><img src=x>{words}')
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


VALUES = st.text(max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q", "kind", "status", "organ", "topic", "year", "from", "to", "on", "sort", "page", "typed", "x"]),
            VALUES,
        ),
        max_size=6,
    )
)
def test_no_address_whatever_is_an_error_of_ours(browse: Client, papers, pairs) -> None:
    query = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs])
    assert browse.get(f"/search/?{query}").status_code in (200, 400)
    assert browse.get(f"/search/suggest?{query}").status_code == 200


def test_suggestions_are_json_and_never_more_than_was_asked_for(browse: Client, papers) -> None:
    told = browse.get("/search/suggest?q=青禾县财")
    assert told.headers["Content-Type"].startswith("application/json")
    assert {"text": "青禾县财政局", "sort": "organ"} in json.loads(told.content)["suggestions"]
    assert json.loads(browse.get("/search/suggest").content) == {"suggestions": []}


class TestWithoutAnIndex:
    def test_the_page_says_so_and_leads_to_the_list(self, browse: Client) -> None:
        county()
        page = browse.get("/search/?q=停车")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
        assert "/library/?q=%E5%81%9C%E8%BD%A6" in page.content.decode()
        assert json.loads(browse.get("/search/suggest?q=停车").content) == {"suggestions": []}

    def test_the_empty_page_comes_up_all_the_same(self, browse: Client) -> None:
        county()
        assert browse.get("/search/").status_code == 200

    @pytest.mark.parametrize("left", ["vocabulary", "site"])
    def test_a_part_that_is_lost_or_broken_is_no_error_of_the_page(self, browse: Client, papers, left: str) -> None:
        lost = home().folder / left
        home()._searcher = None
        shutil.rmtree(lost) if lost.is_dir() else lost.write_bytes(b"broken")
        assert browse.get("/search/?q=停车").status_code == 503

    def test_an_index_of_another_version_is_no_error_of_the_page(self, browse: Client, papers) -> None:
        for file in (home().folder / "site").rglob("kind*"):
            file.write_text("{}", encoding="ascii")
        home()._searcher = None
        assert browse.get("/search/?q=停车").status_code in (200, 503)


def test_results_are_never_kept_by_a_cache(papers, own_database: Path) -> None:
    visitor = Visitor(own_database)
    status, headers, _ = visitor.ask("/search/?q=%E5%81%9C%E8%BD%A6")
    assert status == 200
    assert headers["Cache-Control"] == "private, no-cache"
    assert "X-Accel-Expires" not in headers
    assert not visitor.kept("/search/?q=%E5%81%9C%E8%BD%A6")


def test_the_box_in_the_head_and_on_the_home_page_ask_the_whole_site(browse: Client, papers) -> None:
    for path in ("/", "/library/", "/organs/", "/search/"):
        page = browse.get(path).content.decode()
        assert page.count('action="/search/"') == 1, path
        assert 'data-suggest="/search/suggest"' in page


def test_every_example_on_the_home_page_finds_something(browse: Client, papers) -> None:
    home_page = browse.get("/").content.decode()
    examples = re.findall(r'href="(/search/\?q=[^"]+)"', home_page)
    assert examples
    for address in examples:
        assert total(browse.get(html.unescape(address)).content.decode()) > 0
