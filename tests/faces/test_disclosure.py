"""The disclosure platform: five entries, organ by organ, true counts, honest about what is not there."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from gongkai.core.agencies.actions import establish
from gongkai.core.agencies.queries import find_agency
from gongkai.domains.catalogue.actions.columns import arrange
from gongkai.domains.catalogue.queries.papers import papers_in
from gongkai.domains.catalogue.tasks.reading import default_columns, read_columns
from gongkai.domains.library.actions.content import content_of
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.filing import file_document
from gongkai.domains.library.actions.publishing import already_public, withdraw
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document
from gongkai.text.read import read_bytes
from tests.conftest import Site
from tests.domains.library.papers import COUNTY, filed, notice

pytestmark = pytest.mark.django_db

OFFICE = {
    "code": "C",
    "kind": "department",
    "parent": "A",
    "names": [{"name": "青禾县人民政府办公室"}],
    "fax": "0599-7220014",
    "address": "府前街1号",
}
INSIDE = {
    "code": "C-01",
    "kind": "internal_office",
    "parent": "C",
    "names": [{"name": "青禾县人民政府办公室政务公开科"}],
    "telephone": "0599-7220016",
    "hours": "工作日 8:30—12:00",
    "duties": "受理向县政府提出的政府信息公开申请。",
}
OLD = {
    "code": "D",
    "kind": "department",
    "parent": "A",
    "names": [{"name": "青禾县物价局"}],
    "abolished_on": "2019-03-01",
    "succeeded_by": "B",
}
VILLAGE = {"code": "V", "kind": "village", "parent": "A", "names": [{"name": "溪口村民委员会"}]}
ENTRIES = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开")


@pytest.fixture
def browse() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def papers(doing: Doing) -> list[Document]:
    """A county with a disclosure office, its columns, and 23 papers of the finance bureau."""
    footer = {"postcode": "399928"}
    establish(
        {"government": {**COUNTY["government"], "footer": footer}, "organs": [*COUNTY["organs"], OFFICE, INSIDE, OLD, VILLAGE]}
    )
    set_themes([{"slug": "budget", "name": "财政预算", "words": ["预算"]}, {"slug": "dogs", "name": "养犬", "words": ["养犬"]}])
    arrange(default_columns(), doing)
    return [filed(notice(n, f"第{n}项预算管理办法", year=2000 + n), doing) for n in range(1, 24)]


def text(response) -> str:
    return response.content.decode()


def plain(response) -> str:
    """The words of a page's main part, blanks squeezed."""
    main = text(response)[text(response).index("<main") :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main[: main.index("</main>")]))


def test_the_platform_shows_the_five_entries_in_their_order_and_no_others(browse: Client, papers: list[Document]) -> None:
    for path in ("/disclosure/", "/disclosure/guide/", "/disclosure/organs/B/", "/disclosure/statutory/budgets/"):
        found = re.findall(r'class="columns__entry"[^>]*>([^<]+)<', text(browse.get(path)))
        assert tuple(found) == ENTRIES, path


def test_every_address_answers_with_one_heading_its_own_title_and_what_it_shows(browse: Client, papers: list[Document]) -> None:
    titles = set()
    paths = ["/disclosure/", "/disclosure/organs/", "/disclosure/organs/B/", "/themes/", "/themes/budget/"]
    for base in ("/disclosure/", "/disclosure/organs/B/"):
        paths += [f"{base}{entry}/" for entry in ("guide", "rules", "statutory", "report", "request")]
        paths += [f"{base}statutory/budgets/", f"{base}statutory/functions/"]
    for path in paths:
        page = browse.get(path)
        assert page.status_code == 200, path
        assert text(page).count("<h1") == 1, path
        assert "library" in page.headers["X-Page-Tags"], path
        titles.add(re.search(r"<title>(.+?)</title>", text(page), re.DOTALL)[1].strip())
    assert len(titles) == len(paths)


@pytest.mark.parametrize(
    "path",
    [
        "/disclosure/nothing/",
        "/disclosure/statutory/nothing/",
        "/disclosure/guide/budgets/",
        "/disclosure/nothing/budgets/",
        "/disclosure/organs/ZZ/",
        "/disclosure/organs/ZZ/guide/",
        "/disclosure/organs/ZZ/statutory/budgets/",
        "/disclosure/organs/V/",
        "/disclosure/organs/B/statutory/rural-policy/",
        "/themes/nothing/",
    ],
)
def test_what_does_not_exist_is_not_found(browse: Client, papers: list[Document], path: str) -> None:
    assert browse.get(path).status_code == 404


def test_only_reading_is_allowed(browse: Client, papers: list[Document]) -> None:
    for path in ("/disclosure/", "/disclosure/guide/", "/disclosure/statutory/budgets/", "/disclosure/organs/", "/themes/"):
        assert browse.post(path).status_code == 405


def test_an_abolished_organ_leads_to_the_one_that_took_it_over(browse: Client, papers: list[Document]) -> None:
    for path in ("/disclosure/organs/D/", "/disclosure/organs/D/guide/"):
        assert browse.get(path).headers["Location"] == "/disclosure/organs/B/"


def test_counts_are_those_of_the_lists_they_lead_to(browse: Client, papers: list[Document]) -> None:
    for base in ("/disclosure/", "/disclosure/organs/B/"):
        shown = text(browse.get(f"{base}statutory/"))
        side = re.findall(
            r'href="([^"]+/statutory/[\w-]+/)"[^>]*><span>[^<]+</span><span class="columns__count">([\d,]+)<', shown
        )
        assert len(side) > 20
        for address, count in side:
            listed = re.search(r"共 <strong>([\d,]+)</strong> 份", text(browse.get(address)))
            assert (listed[1] if listed else "0") == count, address


def test_pages_hold_twenty_and_what_is_out_of_range_gives_the_last(browse: Client, papers: list[Document]) -> None:
    address = "/disclosure/statutory/budgets/"
    assert text(browse.get(address)).count('class="entry"') == 20
    for number in ("2", "99", "999999"):
        page = browse.get(f"{address}?page={number}")
        assert text(page).count('class="entry"') == 3
        assert page.headers["X-Page-Query"] == "page=2"
    for number in ("0", "-1", "x", "٣", "9" * 50, ""):
        page = browse.get(f"{address}?page={number}")
        assert text(page).count('class="entry"') == 20, number
        assert "X-Page-Query" not in page.headers


def test_an_organ_s_platform_holds_its_own_papers_only(browse: Client, papers: list[Document]) -> None:
    assert "第23项预算" in text(browse.get("/disclosure/organs/B/statutory/budgets/"))
    mine = browse.get("/disclosure/organs/C/statutory/budgets/")
    assert "第23项预算" not in text(mine)
    assert "暂无" in plain(mine)
    assert "看全部机关在这个栏目公开的23份文件" in plain(mine)
    assert 'href="/disclosure/statutory/budgets/"' in text(mine)


def test_an_empty_column_says_why_and_where_else_to_look(browse: Client, papers: list[Document]) -> None:
    page = browse.get("/disclosure/statutory/procurement/")
    assert "暂无目前没有属于这个栏目的已公开文件" in plain(page)
    assert "政府采购网" in plain(page)
    assert "0599-7220016" in plain(page)
    assert 'href="/disclosure/request/"' in text(page)
    assert "看全部机关" not in plain(page)


def test_the_guide_is_made_from_the_organs_data(browse: Client, papers: list[Document]) -> None:
    page = plain(browse.get("/disclosure/guide/"))
    for told in ("青禾县人民政府办公室政务公开科", "0599-7220016", "0599-7220014", "府前街1号", "399928", "工作日8:30—12:00"):
        assert told in page, told
    for article in ("第二十六条", "第二十九条", "第三十条", "第三十一条", "第三十三条", "第四十二条", "第四十七条", "第五十一条"):
        assert article in page, article
    assert "20个工作日" in page
    assert "向上一级人民政府提出" in page


def test_a_department_has_its_own_guide_and_is_reviewed_by_the_government(browse: Client, papers: list[Document]) -> None:
    page = plain(browse.get("/disclosure/organs/B/guide/"))
    assert "申请由青禾县财政局受理" in page
    assert "向青禾县人民政府提出" in page
    assert "主管部门青禾县人民政府办公室提出" in page
    assert "399928" not in page


def test_a_government_can_write_its_own_guide_for_one_organ(browse: Client, papers: list[Document], doing: Doing) -> None:
    own = "columns:\n  - slug: guide\n    name: 指南\n    entry: guide\n    text: 通用\n    texts: {B: '## 财政局\n\n      <b>{受理机构}</b>'}\n"
    arrange(read_columns(own), doing)
    page = browse.get("/disclosure/organs/B/guide/")
    assert "&lt;b&gt;青禾县财政局&lt;/b&gt;" in text(page)
    assert "通用" in plain(browse.get("/disclosure/guide/"))


def test_what_is_not_built_yet_says_so_and_how_to_do_it_today(browse: Client, papers: list[Document]) -> None:
    request = plain(browse.get("/disclosure/request/"))
    assert "网上申请正在建设" in request
    assert "当面、邮寄、传真" in request
    assert "0599-7220016" in request
    report = plain(browse.get("/disclosure/report/"))
    assert "正在建设" in report
    assert "0599-7220016" in report


def test_the_only_column_of_an_entry_has_one_address(browse: Client, papers: list[Document]) -> None:
    assert browse.get("/disclosure/guide/guide/").headers["Location"] == "/disclosure/guide/"


def test_several_columns_of_an_entry_share_its_page(browse: Client, papers: list[Document], doing: Doing) -> None:
    more = "columns:\n  - {slug: own-rules, name: 本县制度, entry: rules, selection: {words: [预算]}}\n"
    arrange(read_columns(more), doing)
    page = browse.get("/disclosure/rules/")
    assert "全部23份" in plain(page)
    assert text(page).count('class="entry"') == 5
    assert text(browse.get("/disclosure/rules/own-rules/?page=2")).count('class="entry"') == 3


def test_a_withdrawn_paper_is_on_no_page_of_the_platform(browse: Client, papers: list[Document], doing: Doing) -> None:
    withdraw(papers[-1].pk, "有误", doing)
    for path in ("/disclosure/statutory/budgets/", "/disclosure/organs/B/statutory/budgets/", "/"):
        assert "第23项" not in text(browse.get(path)), path
    assert papers_in("budgets").total == 22


def test_a_fresh_site_without_government_or_columns_says_so_instead_of_breaking(browse: Client, doing: Doing) -> None:
    assert "还没有设置机构" in text(browse.get("/disclosure/"))
    assert browse.get("/disclosure/guide/").status_code == 404
    assert browse.get("/disclosure/organs/").status_code == 200
    assert "还没有设置特色主题" in text(browse.get("/themes/"))
    establish(COUNTY)
    assert "还没有设置栏目" in text(browse.get("/disclosure/"))
    assert "暂无" in plain(browse.get("/disclosure/guide/"))


def test_a_theme_groups_its_papers_and_counts_what_it_shows(browse: Client, papers: list[Document], doing: Doing) -> None:
    themes = {"budget": ["预算"]}
    for n in range(31, 54):
        said = content_of(read_bytes(notice(n, f"第{n}项预算管理办法", year=1970 + n).encode(), "a.txt"), themes, doing.today)
        file_document(said, None, find_agency("B"), doing, already_public(said.digest, doing))
    page = plain(browse.get("/themes/budget/"))
    assert "现行政策23份" in page
    assert "查看全部23份现行政策" in page
    assert "暂无解读" in page
    assert "养犬" in plain(browse.get("/themes/"))
    assert "暂无现行政策" in plain(browse.get("/themes/dogs/"))


def test_the_front_page_asks_little_of_the_database(
    browse: Client, papers: list[Document], django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(30):
        browse.get("/disclosure/")


def test_the_command_lists_exports_and_imports_columns(site: Site, tmp_path, today: date) -> None:
    listed = site.run("column", "list")
    assert listed.returncode == 0
    assert "政务公开工作要点" in listed.stdout
    file = tmp_path / "own.yaml"
    file.write_text(site.run("column", "export").stdout, encoding="utf-8")
    again = site.run("column", "import", str(file), "--only")
    assert again.returncode == 0, again.stderr
    assert "新增 0 个栏目" in again.stdout
    file.write_text("columns:\n  - slug: x\n    nam: 错\n", encoding="utf-8")
    refused = site.run("column", "import", str(file))
    assert refused.returncode == 1
    assert "第 3 行" in refused.stderr
    assert site.run("column", "import").returncode == 1
    assert site.run("ledger", "verify").returncode == 0
