"""Feeds, sitemaps and robots.txt: complete, valid, and of public papers only."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.agencies.actions import establish
from gongkai.core.freshness.touching import touch
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries import outlines
from tests.conftest import Site
from tests.domains.library.papers import COUNTY, filed, notice

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ORIGIN = "https://www.qinghe.example"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@pytest.fixture
def browse() -> Client:
    """A visitor whose server errors are answers, not exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def papers(doing: Doing) -> list[Document]:
    """Four public papers, one of which repeals another; and a draft."""
    establish({**COUNTY, "government": {**COUNTY["government"], "domain": "www.qinghe.example"}})
    set_themes([{"slug": "farming", "name": "惠农", "words": ["惠农"]}])
    public = [filed(notice(n, f"第{n}项管理办法", year=2015 + n), doing) for n in (1, 2)]
    ending = "本办法自2024年2月1日起施行。《青禾县第2项管理办法》（青财〔2017〕2号）同时废止。"
    later = Doing(doing.actor, doing.at + timedelta(hours=1), doing.today)
    public.append(filed(notice(9, "接续管理办法", year=2024, month=1, closing=ending), later))
    public.append(filed(notice(7, "惠农资金管理办法", year=2025, body="为落实惠农政策，制定本办法。"), later))
    for paper, changes in ((public[0], {"kind": "policy"}), (public[3], {"themes": "惠农"})):
        correct(paper.pk, changes, later)
        publish_as_already_public(paper.pk, later)
    filed(notice(99, "还没有发布的办法"), doing, public=False)
    return public


def numbers(xml: bytes) -> list[int]:
    """The documents whose pages an XML names, in order."""
    return [int(n) for n in re.findall(rb"/library/(\d+)/", xml)]


def check_atom(xml: bytes) -> ET.Element:
    """What RFC 4287 asks of a feed, rule by rule (its sections in brackets); the root."""
    root = ET.fromstring(xml)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for thing in (root, *entries):
        for once in ("id", "title", "updated"):  # [4.1.1, 4.1.2]
            assert len(thing.findall(f"{ATOM}{once}")) == 1, once
        for at_most_once in ("published", "summary", "subtitle", "rights"):
            assert len(thing.findall(f"{ATOM}{at_most_once}")) <= 1
        assert urlsplit(thing.findtext(f"{ATOM}id")).scheme == "tag"  # an IRI [4.2.6]
        for moment in (*thing.findall(f"{ATOM}updated"), *thing.findall(f"{ATOM}published")):
            assert DATE.fullmatch(moment.text or ""), moment.text  # [3.3]
        links = [(link.get("rel"), link.get("type")) for link in thing.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert [rel for rel, _ in links].count("alternate") == 1
        assert all(urlsplit(link.get("href")).scheme == "https" for link in thing.findall(f"{ATOM}link"))
        assert all(author.findtext(f"{ATOM}name") for author in thing.findall(f"{ATOM}author"))  # [3.2.1]
        assert thing.find(f"{ATOM}author") is not None or root.find(f"{ATOM}author") is not None
    assert [link.get("href") for link in root.findall(f"{ATOM}link[@rel='self']")]  # SHOULD [4.1.1]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert root.findtext(f"{ATOM}updated") == max(updated, default="1970-01-01T00:00:00Z")
    return root


def test_the_librarys_feed_is_valid_atom_of_all_public_papers(browse: Client, papers: list[Document]) -> None:
    answer = browse.get("/library/feed/")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "library" in answer.headers["X-Page-Tags"].split()
    check_atom(answer.content)
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "政府文件库 - 青禾县人民政府网站"
    assert read.feed.language == "zh-CN"
    assert {link.rel: link.href for link in read.feed.links} == {
        "self": f"{ORIGIN}/library/feed/",
        "alternate": f"{ORIGIN}/library/",
    }
    assert sorted(numbers(answer.content)) == sorted(p.pk for p in papers)
    entry = next(e for e in read.entries if e.link == f"{ORIGIN}/library/{papers[1].pk}/")
    assert entry.id == f"tag:www.qinghe.example,2026:document/{papers[1].pk}"
    assert entry.title == papers[1].title
    assert "已废止" in entry.summary
    assert [a.name for a in entry.authors] == ["青禾县财政局"]


def test_a_papers_updated_is_when_the_public_could_last_see_it_change(browse: Client, papers: list[Document]) -> None:
    read = feedparser.parse(browse.get("/library/feed/").content)
    for entry in read.entries:
        document = Document.objects.get(pk=int(entry.link.split("/")[-2]))
        assert datetime(*entry.updated_parsed[:6], tzinfo=UTC) == document.changed_at
    repealed = next(e for e in read.entries if e.link.endswith(f"/{papers[1].pk}/"))
    assert repealed.updated > repealed.published
    assert [e.updated for e in read.entries] == sorted((e.updated for e in read.entries), reverse=True)


@pytest.mark.parametrize(
    "query", ["status=repealed", "kind=normative", "year=2024&year=2025", "q=接续", "on=2023-01-01", "theme=farming"]
)
def test_every_filter_state_has_its_feed_of_the_same_papers(browse: Client, papers: list[Document], query: str) -> None:
    answer = browse.get(f"/library/feed/?{query}")
    check_atom(answer.content)
    listed = set(re.findall(r'class="entry__title"><a href="/library/(\d+)/"', browse.get(f"/library/?{query}").content.decode()))
    assert {str(n) for n in numbers(answer.content)} == listed
    assert 0 < len(listed) < len(papers)


def test_the_state_of_a_feed_has_one_address_whatever_order_and_page_were_asked(browse: Client, papers: list[Document]) -> None:
    plain = browse.get("/library/feed/?kind=normative&year=2024").content
    for query in ("year=2024&kind=normative", "kind=normative&year=2024&page=3&sort=oldest", "kind=normative&year=2024&utm=x"):
        assert browse.get(f"/library/feed/?{query}").content == plain


def test_organs_and_themes_have_their_feeds(browse: Client, papers: list[Document]) -> None:
    organ = browse.get("/organs/B/feed/")
    check_atom(organ.content)
    assert sorted(numbers(organ.content)) == sorted(p.pk for p in papers)
    assert feedparser.parse(organ.content).feed.title.startswith("青禾县财政局发布的文件")
    nobody = browse.get("/organs/A/feed/")
    assert check_atom(nobody.content).findall(f"{ATOM}entry") == []
    theme = browse.get("/themes/farming/feed/")
    check_atom(theme.content)
    assert numbers(theme.content) == [papers[3].pk]
    assert feedparser.parse(theme.content).feed.title.startswith("特色主题：惠农")
    assert browse.get("/organs/ZZ/feed/").status_code == 404
    assert browse.get("/themes/nothing/feed/").status_code == 404


def test_columns_of_the_disclosure_platform_have_their_feeds(served: Site) -> None:
    columns = re.findall(r"<loc>https://www\.qinghe\.example(/disclosure/[^<]+/)</loc>", served.get("/sitemap-0.xml"))
    assert len(columns) > 20
    feeds = {}
    for column in columns:
        head, _, body = served.get(column).partition("</head>")
        for feed in re.findall(r'type="application/atom\+xml"[^>]* href="([^"]+)"', head):
            feeds[feed] = numbers(served.get(feed).encode())
            check_atom(served.get(feed).encode())
            assert set(numbers(body.encode())) <= set(feeds[feed])
    assert len(feeds) > 10
    assert sum(map(bool, feeds.values())) > 5


def test_a_withdrawn_paper_is_in_no_feed_and_no_sitemap_until_it_is_restored(
    browse: Client, papers: list[Document], doing: Doing
) -> None:
    places = ("/library/feed/", "/library/feed/?kind=normative", "/organs/B/feed/", "/themes/farming/feed/", "/sitemap-1.xml")
    withdraw(papers[3].pk, "有误", doing)
    assert [p for p in places if papers[3].pk in numbers(browse.get(p).content)] == []
    restore(papers[3].pk, "恢复", doing)
    assert [p for p in places if papers[3].pk not in numbers(browse.get(p).content)] == []


def test_a_feed_holds_the_fifty_that_came_last(browse: Client, papers: list[Document], doing: Doing) -> None:
    more = [filed(notice(n, f"新增第{n}项管理办法", year=2026), doing) for n in range(100, 152)]
    found = numbers(browse.get("/library/feed/?year=2026").content)
    assert len(found) == 50
    assert set(found) == {p.pk for p in more[2:]}


def test_what_xml_cannot_carry_is_left_out_and_what_it_could_misread_is_escaped(browse: Client, papers: list[Document]) -> None:
    Document.objects.filter(pk=papers[0].pk).update(title="办法\x0b<b>&\ufffe]]>\x01", organs_label="")
    touch("library")
    read = feedparser.parse(browse.get("/library/feed/").content, sanitize_html=False)
    assert not read.bozo
    assert "办法<b>&]]>" in {e.title for e in read.entries}


def test_lists_pages_name_their_feeds(browse: Client, papers: list[Document]) -> None:
    wanted = {
        "/": "/library/feed/",
        "/library/": "/library/feed/",
        "/library/?year=2024&kind=normative&page=1&sort=oldest": "/library/feed/?kind=normative&amp;year=2024",
        "/library/?q=%E5%8A%9E%E6%B3%95": "/library/feed/?q=%E5%8A%9E%E6%B3%95",
        "/organs/": "/library/feed/",
        "/organs/B/": "/organs/B/feed/",
    }
    for page, feed in wanted.items():
        head = browse.get(page).content.decode().partition("</head>")[0]
        named = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="([^"]+)" href="([^"]+)">', head)
        assert [href for _, href in named] == [feed], page
        assert browse.get(feed.replace("&amp;", "&")).status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["q", "on", "sort", "page", "status", "kind", "organ", "theme", "year", "unknown"]),
        st.lists(st.one_of(st.text(max_size=20), st.sampled_from(["9999-12-31", "-1", "\x00", "]]>", "<x>"])), max_size=3),
        max_size=4,
    )
)
def test_whatever_is_asked_of_a_feed_the_answer_is_valid(browse: Client, papers: list[Document], asked: dict) -> None:
    answer = browse.get("/library/feed/", asked)
    assert answer.status_code == 200
    check_atom(answer.content)


def sitemap_places(xml: bytes) -> dict[str, str | None]:
    """Address → lastmod."""
    return {e.findtext(f"{SITEMAP}loc"): e.findtext(f"{SITEMAP}lastmod") for e in ET.fromstring(xml)}


def test_the_sitemap_names_every_public_page_by_the_sites_own_domain(browse: Client, papers: list[Document]) -> None:
    parts = sitemap_places(browse.get("/sitemap.xml").content)
    assert list(parts) == [f"{ORIGIN}/sitemap-0.xml", f"{ORIGIN}/sitemap-1.xml"]
    places = {}
    for part in parts:
        answer = browse.get(urlsplit(part).path, headers={"host": "localhost"})
        assert "library" in answer.headers["X-Page-Tags"].split()
        places |= sitemap_places(answer.content)
    documents = {f"{ORIGIN}/library/{p.pk}/" for p in papers}
    pages = {
        f"{ORIGIN}{path}"
        for path in ("/", "/library/", "/organs/", "/organs/A/", "/organs/B/", "/about/privacy/", "/about/accessibility/")
    }
    assert documents | pages <= set(places)
    assert len([p for p in places if "/library/" in p]) == len(documents) + 1
    for place in places:
        assert browse.get(urlsplit(place).path).status_code == 200, place
    changed = {f"{ORIGIN}/library/{d.pk}/": d.changed_at for d in Document.objects.public()}
    for place, moment in changed.items():
        assert datetime.fromisoformat(places[place]) == moment
    assert datetime.fromisoformat(parts[f"{ORIGIN}/sitemap-1.xml"]) == max(changed.values())


def test_a_large_library_is_told_in_several_sitemaps(browse: Client, papers: list[Document], monkeypatch) -> None:
    monkeypatch.setattr(outlines, "BLOCK", 2)
    parts = sitemap_places(browse.get("/sitemap.xml").content)
    found = [numbers(browse.get(urlsplit(part).path).content) for part in list(parts)[1:]]
    assert len(found) > 1
    assert all(0 < len(part) <= 2 for part in found)
    assert sorted(n for part in found for n in part) == sorted(p.pk for p in papers)


def test_sitemaps_that_are_not_there_are_not_found(browse: Client, papers: list[Document]) -> None:
    for path in ("/sitemap-2.xml", "/sitemap-999999.xml", f"/sitemap-{10**30}.xml", "/sitemap--1.xml", "/sitemap-1.xml/"):
        assert browse.get(path).status_code == 404, path


def test_robots_may_read_all_pages_but_not_every_choice_of_filters(browse: Client, papers: list[Document]) -> None:
    answer = browse.get("/robots.txt", headers={"host": "localhost"})
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in lines
    rules = [line.split(": ") for line in lines if line.startswith(("Allow", "Disallow"))]

    def allowed(path: str) -> bool:
        """The longest rule that fits holds (RFC 9309)."""
        return max((len(rule), verb == "Allow") for verb, rule in rules if path.startswith(rule))[1]

    assert all(
        map(allowed, ("/", "/library/", "/library/?page=2", "/library/5/", "/organs/A/", "/library/feed/", "/sitemap.xml"))
    )
    assert not any(map(allowed, ("/library/?status=repealed&kind=normative", "/library/?q=x", "/library/feed/?q=x")))


def test_a_site_without_a_government_has_no_feeds_and_says_so_politely(browse: Client) -> None:
    for path in ("/library/feed/", "/sitemap.xml", "/sitemap-0.xml"):
        assert browse.get(path).status_code == 404
    assert browse.get("/robots.txt").status_code == 200
