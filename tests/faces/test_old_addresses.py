"""Who comes by an address of an older portal is led on, or told what became of the paper."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domains.library.actions.addresses import import_addresses
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.models import Document
from tests.conftest import Site
from tests.domains.library.papers import county, filed, notice

HOST = "www.qinghe.example"
OLD = "/zwgk/2020/t1.html"


@pytest.fixture
def browse() -> Client:
    """A visitor of the older portal's address."""
    with override_settings(ALLOWED_HOSTS=[HOST, "qinghe.example", "localhost"]):
        yield Client(raise_request_exception=False, headers={"host": HOST})


@pytest.fixture
def paper(doing: Doing, db: None) -> Document:
    """A public paper with an old address of each sort."""
    county()
    document = filed(notice(1), doing)
    rows = ["/zwgk/2020/t1.html", "/xxgk/", "/show.jsp?id=5&channel=2", "/文件/1.html", "/%25/x.html"]
    import_addresses("\n".join(f"http://{HOST}{row},{document.pk}" for row in rows).encode())
    return document


@pytest.mark.parametrize(
    "path",
    [
        OLD, f"{OLD}/", f"{OLD}?from=singlemessage", f"{OLD}?page=1", "/xxgk", "/xxgk/", "/xxgk/index.html", "/xxgk/index.shtml",
        "/show.jsp?channel=2&id=5", "/show.jsp?id=5&channel=2&utm_source=x", "/%E6%96%87%E4%BB%B6/1.html", "/zwgk/./2020//t1.html", "/%25/x.html",
    ],
)  # fmt: skip
def test_an_old_address_leads_to_the_paper_for_good(browse: Client, paper: Document, path: str) -> None:
    for host in (HOST, "qinghe.example", f"{HOST}:80"):
        for secure in (True, False):
            answer = browse.get(path, headers={"host": host}, secure=secure)
            assert answer.status_code == 301
            assert answer.headers["Location"] == f"/library/{paper.pk}/"  # the visitor stays on the host asked for
            assert answer.headers["Cache-Control"] == "no-cache"
    assert browse.head(path).status_code == 301
    assert browse.post(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/2020/t2.html", "/show.jsp?id=6&channel=2", "/show.jsp", "/show.jsp?id=5", "/zwgk/x/../2020/t1.html", "/zwgk/%2e%2e/zwgk/2020/t1.html",
        "/zwgk/2020/%2574%31.html", "/zwgk/2020/t1.html%00", "/zwgk/2020/t1.html%0d%0aX:1", "/" + "x" * 6000, f"{OLD}/" + "../" * 500,
        "/show.jsp?" + "&".join(f"a{n}=1" for n in range(3000)), "/%2525/x.html", "/ZWGK/2020/T1.HTML",
    ],
)  # fmt: skip
def test_anything_else_is_not_found(browse: Client, paper: Document, path: str) -> None:
    answer = browse.get(path)
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_an_address_belongs_to_its_host(browse: Client, paper: Document) -> None:
    assert browse.get(OLD, headers={"host": "localhost"}).status_code == 404
    assert browse.get(OLD, headers={"host": "evil.example"}).status_code == 400


def test_a_withdrawn_paper_is_said_to_be_gone_without_a_word_of_it(browse: Client, paper: Document, doing: Doing) -> None:
    withdraw(paper.pk, "涉及个人信息", doing)
    answer = browse.get(OLD)
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "这份文件已经撤下" in text
    assert paper.title not in text
    assert "涉及" not in text
    assert f"document:{paper.pk}" in answer.headers["X-Page-Tags"].split()
    restore(paper.pk, "恢复", doing)
    assert browse.get(OLD).status_code == 301


def test_a_draft_is_not_given_away_by_its_old_address(browse: Client, paper: Document, doing: Doing) -> None:
    draft = filed(notice(2), doing, public=False)
    import_addresses(f"http://{HOST}/draft.html,{draft.pk}".encode())
    assert browse.get("/draft.html").status_code == 404


def test_no_address_can_lead_in_a_circle(browse: Client, paper: Document, doing: Doing) -> None:
    other = filed(notice(2), doing)
    rows = [f"http://{HOST}/library/{paper.pk}/,{other.pk}", f"http://{HOST}/library/{other.pk}/,{paper.pk}"]
    rows += [f"http://{HOST}/library/{paper.pk},{paper.pk}", f"http://{HOST}/organs/,{paper.pk}"]
    import_addresses("\n".join(rows).encode())
    assert browse.get(f"/library/{paper.pk}/").status_code == 200
    assert browse.get("/organs/").status_code == 200
    withdraw(paper.pk, "有误", doing)
    assert browse.get(f"/library/{paper.pk}/").status_code == 404
    followed = browse.get(f"/library/{paper.pk}", follow=True)
    assert [status for _, status in followed.redirect_chain] == [301]
    assert followed.status_code == 404


def test_pages_that_are_there_cost_no_question_about_old_addresses(browse: Client, paper: Document) -> None:
    for path in ("/", "/library/", f"/library/{paper.pk}/", "/library/999999/"):
        with CaptureQueriesContext(connection) as asked:
            browse.get(path)
        assert not [q for q in asked.captured_queries if "oldaddress" in q["sql"]], path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60), query=st.text(max_size=40))
def test_whatever_address_is_asked_for_nothing_breaks(browse: Client, paper: Document, path: str, query: str) -> None:
    assert browse.get(f"/{quote(path, safe='/%.')}?{quote(query, safe='&=%')}").status_code < 500


def test_old_addresses_are_imported_and_listed_by_command(site: Site, tmp_path: Path) -> None:
    listed = site.run("address", "list")
    assert "qinghe.example/zwgk/xzfwj/2018/t20181115_08821.html" in listed.stdout
    rows = tmp_path / "旧地址.csv"
    rows.write_text("旧地址,文件\nhttp://old.example/1.html,1\nhttp://old.example/2.html,\n", encoding="gb18030")
    done = site.run("address", "import", str(rows))
    assert done.returncode == 1
    assert "导入 1 个旧地址" in done.stdout
    assert "第 3 行" in done.stderr
    assert "old.example/1.html\t1\t" in site.run("address", "list", "--find", "1.html").stdout
    assert "逐行一致" in site.run("ledger", "rebuild").stdout
    table = tmp_path / "a.xlsx"
    table.write_bytes(b"PK\x03\x04 not a list")
    refused = site.run("address", "import", str(table))
    assert refused.returncode == 1
    assert "CSV" in refused.stderr
    assert site.run("address", "import", str(tmp_path / "nothing.csv")).returncode == 2
