"""The public site: every page answers, counts are true, what is not public is nowhere."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document, DocumentOrgan, DocumentTheme
from gongkai.domains.library.queries.listing import ListRequest, listing
from gongkai.domains.library.tasks.importing import Request, import_papers
from tests.domains.library.papers import county, filed, notice, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse() -> Client:
    """A visitor whose server errors are answers, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def papers(doing: Doing) -> list[Document]:
    """Ten public papers of several years, one of which repeals another; and a draft."""
    county()
    public = [filed(notice(n, f"第{n}项管理办法", year=2015 + n), doing) for n in range(1, 9)]
    ending = "本办法自2024年2月1日起施行，有效期至2029年1月31日。《青禾县第2项管理办法》（青财〔2017〕2号）同时废止。"
    public.append(filed(notice(9, "接续管理办法", year=2024, month=1, closing=ending), doing))
    filed(notice(99, "还没有发布的办法"), doing, public=False)
    return public


def text(response) -> str:
    return response.content.decode()


def test_every_page_answers_in_chinese_with_its_own_title(browse: Client, papers: list[Document]) -> None:
    titles = set()
    for path in ("/", "/library/", f"/library/{papers[0].pk}/", "/organs/", "/organs/B/"):
        page = browse.get(path)
        assert page.status_code == 200, path
        assert 'lang="zh-CN"' in text(page)
        titles.add(re.search(r"<title>(.+?)</title>", text(page), re.DOTALL)[1].strip())
        assert text(page).count("<h1") == 1, path
    assert len(titles) == 5


def test_a_fresh_site_without_a_government_says_so_instead_of_breaking(browse: Client) -> None:
    for path in ("/", "/library/", "/organs/"):
        assert browse.get(path).status_code == 200


def test_pages_that_are_not_there_say_what_to_do(browse: Client, papers: list[Document]) -> None:
    missing = ["/nothing/", "/library/999999/", f"/library/{10**30}/", "/organs/ZZ/", "/library/999999/original/"]
    missing += [f"/library/{papers[0].pk}/files/{'0' * 64}/", f"/library/{papers[0].pk}/files/..%2f..%2fsecret/"]
    for path in missing:
        page = browse.get(path)
        assert page.status_code == 404, path
        assert "没有找到" in text(page) or "找不到" in text(page)


def test_only_reading_is_allowed(browse: Client, papers: list[Document]) -> None:
    for path in ("/", "/library/", f"/library/{papers[0].pk}/", "/organs/"):
        assert browse.post(path).status_code == 405
        assert browse.head(path).status_code == 200


def test_every_answer_carries_the_content_security_policy(browse: Client, papers: list[Document]) -> None:
    for path in ("/", "/library/", f"/library/{papers[0].pk}/", "/organs/", "/nothing/"):
        headers = browse.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_script_style_or_handler(browse: Client, papers: list[Document]) -> None:
    for path in ("/", "/library/", f"/library/{papers[0].pk}/", "/organs/", "/organs/B/", "/nothing/"):
        html = text(browse.get(path))
        assert not re.search(r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json">)', html), path  # data is no script
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), path


@pytest.mark.parametrize("typed", ["2024-03-01", "2024年3月1日", "20240301", "二〇二四年三月一日"])
def test_a_day_can_be_typed_as_people_write_it(browse: Client, papers: list[Document], typed: str) -> None:
    page = text(browse.get("/library/", {"on": typed}))
    assert "2024年3月1日有效" in page
    assert "第3项管理办法" in page
    assert "接续管理办法" in page
    assert "第2项管理办法" not in re.sub(r"(?s)<aside.*?</aside>", "", page)


def test_a_day_that_does_not_exist_is_told_and_nothing_is_lost(browse: Client, papers: list[Document]) -> None:
    page = text(browse.get("/library/", {"on": "2024-02-31", "q": "办法"}))
    assert "“2024-02-31”不是一个日期" in page
    assert 'value="办法"' in page
    assert "<strong>9</strong>" in page


def test_asking_by_number_in_sloppy_form_finds_the_paper(browse: Client, papers: list[Document]) -> None:
    for typed in ("青财〔2018〕3号", "青财[2018]3号", "青财(2018)3号", "青财【2018】 3 号"):
        found = listing(ListRequest(words=typed))
        assert [e.document_number for e in found.entries] == ["青财〔2018〕3号"], typed


def test_a_repealed_paper_says_so_first_and_links_to_what_replaced_it(browse: Client, papers: list[Document]) -> None:
    page = text(browse.get(f"/library/{papers[1].pk}/"))
    banner = re.search(r'(?s)<section class="banner.*?</section>', page)[0]
    assert page.index("banner") < page.index("<article")
    assert "已废止" in banner
    assert f'href="/library/{papers[8].pk}/"' in banner
    successor = text(browse.get(f"/library/{papers[8].pk}/"))
    assert f'href="/library/{papers[1].pk}/"' in successor


def test_clauses_can_be_linked_to(browse: Client, papers: list[Document]) -> None:
    page = text(browse.get(f"/library/{papers[0].pk}/"))
    assert 'id="art-1"' in page
    assert 'id="art-2"' in page


def surfaces(browse: Client, document: Document) -> dict[str, bool]:
    """Every public surface, and whether the document shows there."""
    address = f"/library/{document.pk}/"
    link = f'href="{address}"'
    organ = DocumentOrgan.objects.filter(document=document).values_list("authority__agency__code", flat=True).first()
    shown = {
        "page": browse.get(address).status_code == 200,
        "original": browse.get(f"{address}original/").status_code == 200,
        "home": link in text(browse.get("/")),
        "list": link in text(browse.get("/library/")),
        "found by title": link in text(browse.get("/library/", {"q": document.title[:40]})),
        "found by number": link in text(browse.get("/library/", {"q": document.document_number})),
        "in force on": link in text(browse.get("/library/", {"on": "2026-11-20"})),
        "organ": link in text(browse.get(f"/organs/{organ}/")),
        "cited by others": link in text(browse.get(f"/library/{Document.objects.order_by('-pk').first().pk}/")),
    }
    shown |= {
        f"file {sha256[:8]}": browse.get(f"{address}files/{sha256}/").status_code == 200
        for sha256 in document.renditions.values_list("original__sha256", flat=True)
    }
    return shown


def test_a_withdrawn_paper_vanishes_from_every_surface_and_comes_back_to_all(
    browse: Client, tmp_path: Path, doing: Doing
) -> None:
    county()
    citing = notice(2, "引用办法").replace("为规范管理", "根据《青禾县某某管理办法》（青财〔2020〕1号）")
    folder = write(tmp_path / "in", {"1.txt": notice(1, closing="本办法自2020年6月1日起施行。")})
    import_papers(Request((folder,), publish=True, workers=1), doing)
    import_papers(Request((write(tmp_path / "in2", {"2.txt": citing}),), publish=True, workers=1), doing)
    document = Document.objects.get(document_number="青财〔2020〕1号")
    assert all(surfaces(browse, document).values()), surfaces(browse, document)
    withdraw(document.pk, "测试撤下", doing)
    assert not any(surfaces(browse, document).values()), surfaces(browse, document)
    restore(document.pk, "测试恢复", doing)
    assert all(surfaces(browse, document).values())


def test_a_draft_is_on_no_surface(browse: Client, papers: list[Document]) -> None:
    draft = Document.objects.get(document_number__contains="99号")
    assert not any(surfaces(browse, draft).values())
    for path in ("/", "/library/", "/organs/", "/organs/B/"):
        assert "还没有发布的办法" not in text(browse.get(path))


@pytest.mark.parametrize("name", ["坏人.html", "坏人.txt"])
def test_an_uploaded_file_is_only_ever_a_sealed_download(browse: Client, tmp_path: Path, doing: Doing, name: str) -> None:
    county()
    lines = "".join(f"<p>{line}</p>" for line in notice(1).splitlines())
    html = f"<html><body><script>alert(1)</script>{lines}<img src=x onerror=alert(2)></body></html>"
    folder = write(tmp_path / "in", {name: html if name.endswith("html") else notice(1)})
    import_papers(Request((folder,), publish=True, workers=1), doing)
    (document,) = Document.objects.public()
    answer = browse.get(f"/library/{document.pk}/original/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == (tmp_path / "in" / name).read_bytes()
    page = text(browse.get(f"/library/{document.pk}/"))
    assert "alert(" not in page
    assert "onerror" not in page


def brute_force(request: ListRequest, documents: list[Document]) -> dict[str, dict[str, int]]:
    """Facet counts by looking at every public document, one after another."""
    organs: dict[int, set[str]] = {}
    for document, authority in DocumentOrgan.objects.values_list("document_id", "authority_id"):
        organs.setdefault(document, set()).add(str(authority))
    themes: dict[int, set[str]] = {}
    for document, slug in DocumentTheme.objects.values_list("document_id", "theme__slug"):
        themes.setdefault(document, set()).add(slug)

    def values(document: Document, facet: str) -> set[str]:
        own = {"organ": organs.get(document.pk, set()), "theme": themes.get(document.pk, set())}
        plain = {"status": document.legal, "kind": document.kind, "topic": document.topic, "year": str(document.year or "")}
        return own[facet] if facet in own else {plain[facet]} - {"", "none"}

    out: dict[str, dict[str, int]] = {}
    for facet in ("status", "kind", "organ", "topic", "theme", "year"):
        counts: dict[str, int] = {}
        for document in documents:
            others = [f for f in ("status", "kind", "organ", "topic", "theme", "year") if f != facet and request.chosen(f)]
            if all(values(document, f) & set(request.chosen(f)) for f in others):
                for value in values(document, facet):
                    counts[value] = counts.get(value, 0) + 1
        out[facet] = counts
    return out


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.lists(st.sampled_from(["in_force", "repealed", "expired", "amended"]), max_size=2, unique=True),
    year=st.lists(st.sampled_from(["2016", "2018", "2024"]), max_size=2, unique=True),
    kind=st.lists(st.sampled_from(["normative", "policy"]), max_size=1),
)
def test_facet_counts_are_what_counting_by_hand_gives(
    papers: list[Document], status: list[str], year: list[str], kind: list[str]
) -> None:
    request = ListRequest(status=tuple(status), year=tuple(year), kind=tuple(kind))
    expected = brute_force(request, list(Document.objects.public()))
    for facet in listing(request).facets:
        assert {v.value: v.count for v in facet.values if v.count} == expected[facet.name], facet.name


def test_choosing_a_value_of_a_facet_gives_as_many_papers_as_it_said(papers: list[Document]) -> None:
    plain = ListRequest()
    checked = 0
    for facet in listing(plain).facets:
        for value in facet.values:
            assert listing(plain.toggled(facet.name, value.value)).total == value.count
            checked += 1
    assert checked >= 10


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["9999-12-31", "0000-00-00", "-1", "1e9", "%00", "' OR 1=1 --", "\x00", "𠮷" * 30, str(10**40), "٣"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["q", "on", "sort", "page", "status", "kind", "organ", "topic", "theme", "year", "unknown"]),
        st.lists(ANYTHING, max_size=4),
        max_size=5,
    )
)
def test_whatever_is_asked_of_the_list_it_answers(browse: Client, papers: list[Document], asked: dict[str, list[str]]) -> None:
    page = browse.get("/library/", asked)
    assert page.status_code == 200
    assert "政府文件库" in text(page)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=60))
def test_whatever_address_is_asked_for_nothing_breaks(browse: Client, path: str) -> None:
    for start in ("/", "/library/", "/organs/", "/library/1/files/"):
        assert browse.get(start + quote(path, safe="/")).status_code < 500


def test_a_huge_query_is_cut_not_choked_on(browse: Client, papers: list[Document]) -> None:
    assert browse.get("/library/", {"q": "办" * 50_000, "organ": ["1"] * 400}).status_code == 200


def test_a_forged_host_is_refused_politely(browse: Client) -> None:
    page = browse.get("/library/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "evil.example" not in text(page)


def test_the_day_of_a_term_is_the_last_day_of_force(papers: list[Document]) -> None:
    successor = papers[8]
    assert successor in Document.objects.public().in_force_on(date(2029, 1, 31))
    assert successor not in Document.objects.public().in_force_on(date(2029, 2, 1))
    assert successor not in Document.objects.public().in_force_on(date(2024, 1, 31))


def test_when_something_fails_the_page_says_so_without_the_database(papers: list[Document], monkeypatch) -> None:
    from django.db import connection

    client = Client(raise_request_exception=False)

    def refuse(*_: object) -> None:
        raise RuntimeError("the database has gone")

    with connection.execute_wrapper(refuse):
        page = client.get("/library/")
    assert page.status_code == 500
    assert "请过几分钟再试" in text(page)
    assert "database" not in text(page)


def test_the_file_of_a_version_nobody_has_published_is_not_given_out(
    browse: Client, doing: Doing, tmp_path: Path, settings
) -> None:
    county()
    first, second = notice(1, "停车管理办法"), notice(1, "停车管理办法", body="为规范停车，制定本办法。")
    import_papers(Request((write(tmp_path / "a", {"a.txt": first}),), publish=True), doing)
    import_papers(Request((write(tmp_path / "b", {"b.txt": second}),), publish=False), doing)
    document = Document.objects.get()
    waiting = document.current.original_id
    assert document.current != document.published
    address = f"/library/{document.pk}/files/{waiting}/"
    assert browse.get(address).status_code == 404
    assert waiting not in browse.get(f"/library/{document.pk}/").content.decode()
    again = import_papers(Request((write(tmp_path / "c", {"c.txt": second}),), publish=False), doing)
    assert again.counts()["duplicate"] == 1
    assert browse.get(address).status_code == 404
    publish_as_already_public(document.pk, doing)
    assert browse.get(address).status_code == 200
    assert browse.get(f"/library/{document.pk}/original/").getvalue() == second.encode()
