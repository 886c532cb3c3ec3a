"""What pages tell machines in their heads: the tags inspectors look for, and schema.org."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from gongkai.core.agencies.actions import establish
from gongkai.core.freshness.touching import touch
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.faces.portal.structured import embedded
from tests.conftest import Site
from tests.domains.library.papers import COUNTY, filed, notice

ORIGIN = "https://www.qinghe.example"
SITE = {"SiteName": "青禾县人民政府网站", "SiteDomain": "www.qinghe.example", "SiteIDCode": "3999280001"}
ARTICLE = ("ColumnName", "ColumnType", "ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Url")
COLUMN = ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords")


@pytest.fixture
def browse() -> Client:
    """A visitor whose server errors are answers, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def papers(doing: Doing, db: None) -> list[Document]:
    """A measure, one that repeals it, one based on it; the county has a domain and a code."""
    told = {"domain": "https://www.qinghe.example/", "site_code": "3999280001"}
    establish({**COUNTY, "government": {**COUNTY["government"], **told}})
    public = [filed(notice(2, "第2项管理办法", year=2017), doing)]
    ending = "本办法自2024年2月1日起施行，有效期至2029年1月31日。《青禾县第2项管理办法》（青财〔2017〕2号）同时废止。"
    public.append(filed(notice(9, "接续管理办法", year=2024, month=1, closing=ending), doing))
    based = "根据《青禾县接续管理办法》（青财〔2024〕9号），制定本办法。"
    public.append(filed(notice(7, "补充管理办法", year=2025, body=based), doing))
    return public


def head_of(text: str) -> html.HtmlElement:
    """The head of a page."""
    return html.document_fromstring(text).find("head")


def tags_of(text: str) -> dict[str, str]:
    """Its named meta elements; none may stand twice."""
    found = [(m.get("name"), m.get("content")) for m in head_of(text).iter("meta") if m.get("name")]
    assert len({name for name, _ in found}) == len(found), [name for name, _ in found]
    return dict(found)


def canonical(text: str) -> list[str]:
    """Canonical addresses; a page has one or none."""
    return [link.get("href") for link in head_of(text).iter("link") if link.get("rel") == "canonical"]


def graph_of(text: str) -> dict[str, dict[str, Any]]:
    """The page's JSON-LD by type."""
    (written,) = [s.text for s in html.document_fromstring(text).iter("script") if s.get("type") == "application/ld+json"]
    data = json.loads(written)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def page(browse: Client, path: str) -> str:
    answer = browse.get(path, headers={"host": "localhost"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_papers_page_carries_every_tag_that_inspectors_look_for(browse: Client, papers: list[Document]) -> None:
    tags = tags_of(page(browse, f"/library/{papers[0].pk}/"))
    assert tags.keys() >= {*SITE, *ARTICLE}
    assert {name: tags[name] for name in SITE} == SITE
    assert tags["ArticleTitle"] == papers[0].title
    assert tags["ContentSource"] == "青禾县财政局"
    assert tags["Url"] == f"{ORIGIN}/library/{papers[0].pk}/"
    assert tags["PubDate"] == "2026-11-20 10:00"  # 02:00 in Greenwich
    assert tags["Description"].startswith("为规范管理")
    assert all(tags[name] for name in ARTICLE)


def test_the_day_a_paper_first_became_public_elsewhere_is_its_pubdate(browse: Client, papers: list[Document]) -> None:
    revision = papers[0].published
    type(revision).objects.filter(pk=revision.pk).update(metadata=revision.metadata | {"published_elsewhere_on": "2017-05-03"})
    touch(f"document:{papers[0].pk}")
    text = page(browse, f"/library/{papers[0].pk}/")
    assert tags_of(text)["PubDate"] == "2017-05-03 00:00"
    assert graph_of(text)["Legislation"]["datePublished"] == "2017-05-03"


@pytest.mark.parametrize("path", ["/", "/library/", "/organs/", "/organs/B/"])
def test_column_pages_carry_the_tags_of_their_column(browse: Client, papers: list[Document], path: str) -> None:
    text = page(browse, path)
    tags = tags_of(text)
    assert {name: tags[name] for name in SITE} == SITE
    assert all(tags[name] for name in COLUMN)
    assert canonical(text) == [f"{ORIGIN}{path}"]


def test_addresses_never_come_from_what_a_request_says_of_its_host(browse: Client, papers: list[Document]) -> None:
    for path in ("/", "/library/", f"/library/{papers[0].pk}/", "/organs/B/", "/about/privacy/"):
        text = page(browse, path)
        assert canonical(text) == [f"{ORIGIN}{path}"]
        assert "localhost" not in text, path


def test_states_of_a_list_are_not_taken_for_pages_of_their_own(browse: Client, papers: list[Document]) -> None:
    for query in ("q=x", "kind=normative", "on=2024-01-01"):
        text = page(browse, f"/library/?{query}")
        assert canonical(text) == []
        assert tags_of(text)["robots"] == "noindex,follow"


def test_a_page_shared_elsewhere_has_a_title_and_an_address(browse: Client, papers: list[Document]) -> None:
    text = page(browse, f"/library/{papers[0].pk}/")
    graph = {m.get("property"): m.get("content") for m in head_of(text).iter("meta") if m.get("property")}
    assert graph["og:title"] == papers[0].title
    assert graph["og:url"] == f"{ORIGIN}/library/{papers[0].pk}/"
    assert graph["og:type"] == "article"


def test_the_macros_refuse_options_they_do_not_know() -> None:
    macros = engines["jinja2"].env.get_template("ui/meta.jinja").module
    with pytest.raises(TypeError, match="colour"):
        macros.column_meta(None, "/", "x", "y", colour="red")
    with pytest.raises(TypeError, match="colour"):
        macros.article_meta(None, "/", colour="red")


def test_a_title_full_of_markup_stays_words(browse: Client, papers: list[Document]) -> None:
    title = "办法</script><script>alert(1)</script><!-- \u2028 \"'&amp;]]>"
    Document.objects.filter(pk=papers[0].pk).update(title=title)
    touch("library", f"document:{papers[0].pk}")
    text = page(browse, f"/library/{papers[0].pk}/")
    assert "<script>alert" not in text
    assert tags_of(text)["ArticleTitle"] == title
    assert graph_of(text)["Legislation"]["name"] == title


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_data_can_stand_in_a_script_element_and_comes_back_whole(data: Any) -> None:
    written = str(embedded({"data": data}))
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"data": data}


def test_a_regulatory_paper_is_told_as_legislation(browse: Client, papers: list[Document]) -> None:
    repealed, current, based = (graph_of(page(browse, f"/library/{p.pk}/"))["Legislation"] for p in papers)
    assert current["legislationIdentifier"] == "青财〔2024〕9号"
    assert current["name"] == papers[1].title
    assert current["url"] == f"{ORIGIN}/library/{papers[1].pk}/"
    assert current["legislationDate"] == "2024-01-01"
    assert current["legislationLegalForce"] == "https://schema.org/InForce"
    assert current["temporalCoverage"] == "2024-02-01/2029-01-31"
    assert [o["name"] for o in current["legislationPassedBy"]] == ["青禾县财政局"]
    assert [r["url"] for r in current["legislationRepeals"]] == [f"{ORIGIN}/library/{papers[0].pk}/"]
    assert current["isPartOf"]["url"] == f"{ORIGIN}/"
    assert repealed["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert repealed["temporalCoverage"] == "2017-05-01/2024-01-31"
    assert [r["url"] for r in based["isBasedOn"]] == [f"{ORIGIN}/library/{papers[1].pk}/"]
    assert based["temporalCoverage"] == "2025-05-01/.."


def test_a_withdrawn_paper_is_in_nobodys_relations(browse: Client, papers: list[Document], doing: Doing) -> None:
    withdraw(papers[0].pk, "有误", doing)
    withdraw(papers[1].pk, "有误", doing)
    based = graph_of(page(browse, f"/library/{papers[2].pk}/"))["Legislation"]
    assert "isBasedOn" not in based
    assert f"/library/{papers[1].pk}/" not in json.dumps(based)
    restore(papers[1].pk, "恢复", doing)
    current = graph_of(page(browse, f"/library/{papers[1].pk}/"))["Legislation"]
    assert "legislationRepeals" not in current
    restore(papers[0].pk, "恢复", doing)
    assert "legislationRepeals" in graph_of(page(browse, f"/library/{papers[1].pk}/"))["Legislation"]


def test_an_organ_is_told_with_its_place_in_the_government(browse: Client, papers: list[Document]) -> None:
    establish(
        {
            "government": {**COUNTY["government"], "domain": "www.qinghe.example"},
            "organs": [
                COUNTY["organs"][0],
                {**COUNTY["organs"][1], "telephone": "0599-1", "address": "府前街1号", "hours": "工作日 8:30—12:00"},
            ],
        }
    )
    graph = graph_of(page(browse, "/organs/B/"))
    organ = graph["GovernmentOrganization"]
    assert organ["name"] == "青禾县财政局"
    assert (organ["telephone"], organ["address"], organ["openingHours"]) == ("0599-1", "府前街1号", "工作日 8:30—12:00")
    assert organ["parentOrganization"]["name"] == "青禾县人民政府"
    assert organ["parentOrganization"]["url"] == f"{ORIGIN}/organs/A/"
    steps = graph["BreadcrumbList"]["itemListElement"]
    assert [(s["position"], s["name"]) for s in steps] == [(1, "首页"), (2, "机构"), (3, "青禾县财政局")]


TYPES = {
    "法律法规规章": "Legislation",
    "行政规范性文件": "Legislation",
    "其他政策文件": "Legislation",
    "公告公示": "Article",
    "政策解读": "Article",
    "服务指南": "Article",
}


def test_every_page_of_the_sample_tells_well_formed_data_of_the_right_type(served: Site) -> None:
    sitemap = served.get("/sitemap-1.xml")
    seen = set()
    for path in re.findall(r"<loc>https://www\.qinghe\.example(/library/\d+/)</loc>", sitemap):
        text = served.get(path)
        tags, graph = tags_of(text), graph_of(text)
        kind = TYPES[tags["ColumnType"]]
        assert set(graph) == {kind, "BreadcrumbList"}, path
        check_work(graph[kind], path)
        assert datetime.strptime(tags["PubDate"], "%Y-%m-%d %H:%M")  # noqa: DTZ007 - only its form
        seen |= {kind, *graph[kind]}
        steps = graph["BreadcrumbList"]["itemListElement"]
        assert [s["position"] for s in steps] == [1, 2, 3]
        assert steps[2]["item"] == f"{ORIGIN}{path}"
    assert seen >= {"Legislation", "Article", "legislationRepeals", "legislationChanges", "isBasedOn", "about"}
    organs = re.findall(r"<loc>https://www\.qinghe\.example(/organs/[^/]+/)</loc>", served.get("/sitemap-0.xml"))
    assert len(organs) > 100
    for path in organs[::9]:
        assert graph_of(served.get(path))["GovernmentOrganization"]["url"] == f"{ORIGIN}{path}"


def check_work(work: dict[str, Any], path: str) -> None:
    """What is said of a document: addresses whole, days as days, nothing empty."""
    assert work["url"] == work["@id"] == f"{ORIGIN}{path}"
    assert work["name"]
    assert work["inLanguage"] == "zh-CN"
    assert all(value not in ("", [], None, {}) for value in work.values())
    for name in ("legislationDate", "legislationDateVersion", "datePublished"):
        if name in work:
            date.fromisoformat(work[name])
    assert datetime.fromisoformat(work["dateModified"]).utcoffset() == timedelta(hours=8)
    if "temporalCoverage" in work:
        first, _, last = work["temporalCoverage"].partition("/")
        assert last == ".." or date.fromisoformat(first) <= date.fromisoformat(last)
    for name in ("legislationRepeals", "legislationChanges", "isBasedOn", "legislationApplies", "about"):
        for other in work.get(name, []):
            assert re.fullmatch(rf"{ORIGIN}/library/\d+/", other["url"])
            assert other["url"] != work["url"]
