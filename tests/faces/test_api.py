"""The open API: what it gives, how it pages, what it refuses, and that it says nothing that is not public."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.agencies.models import Government
from gongkai.core.freshness.touching import touch
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.actions.themes import set_themes
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.listing import SORTS
from gongkai.faces.api.problems import KINDS
from tests.domains.library.papers import county, filed, notice
from tests.faces.api_site import local, told
from tests.faces.visitor import Visitor
from tests.soaking import often

ROOT = "/api/v1/"
LIST = f"{ROOT}documents"


@pytest.fixture
def visitor(own_database: Path) -> Visitor:
    county()
    return Visitor(own_database)


@pytest.fixture
def papers(visitor: Visitor, doing: Doing) -> list[Document]:
    """Seven public papers; three of one day, one without any."""
    days = [(1, 2019, 3), (2, 2020, 5), (3, 2020, 5), (4, 2020, 5), (5, 2021, 7), (6, 2023, 1), (7, 2024, 2)]
    made = [
        filed(notice(n, f"第{n}号管理办法", year=year, month=month), replace(doing, at=doing.at + timedelta(minutes=n)))
        for n, year, month in days
    ]
    Document.objects.filter(pk=made[6].pk).update(issued_on=None)
    made[6].document_organs.update(issued_on=None)
    return made


def problem(visitor: Visitor, address: str, **headers: str):
    """What is said of a request that is refused."""
    status, head, body = visitor.ask(address, **headers)
    said = json.loads(body)
    assert head["Content-Type"] == "application/problem+json", address
    assert said["status"] == status
    assert said["type"] in [kind.type for kind in KINDS]
    return status, said


def numbers(answer) -> list[int]:
    return [item["number"] for item in answer["items"]]


def walk(visitor: Visitor, address: str, way: str = "next") -> Iterator[list[int]]:
    """The numbers on every page, following the links."""
    following: str | None = address
    while following:
        answer = told(visitor, following)
        yield numbers(answer)
        following = answer["links"][way]


# ------------------------------------------------------------------ what it gives


def test_the_root_leads_to_every_resource(visitor: Visitor) -> None:
    root = told(visitor, ROOT)
    assert root["government"] == "青禾县人民政府"
    for name in ("documents", "organs", "topics", "themes", "openapi"):
        told(visitor, root[name])
    assert visitor.ask(local(root["guide"]))[0] == 200


def test_a_document_is_told_with_everything_that_names_it(visitor: Visitor, doing: Doing) -> None:
    set_themes([{"slug": "tingche", "name": "停车", "words": ["停车"]}])
    document = filed(notice(7, "停车管理办法", year=2023), doing)
    correct(document.pk, {"themes": "停车"}, doing)
    publish_as_already_public(document.pk, doing)
    said = told(visitor, f"{LIST}/{document.pk}")
    assert said["revision"] == 2
    assert said["number"] == document.pk
    assert said["document_number"] == "青财〔2023〕7号"
    assert said["index_number"] == document.index_number
    assert said["organs"] == [{"name": "青禾县财政局", "code": "B"}]
    assert said["keeper"]["code"] == "B"
    assert said["themes"] == [{"slug": "tingche", "name": "停车"}]
    assert said["issued_on"] == "2023-05-01"
    assert said["published_at"] == "2026-11-20T10:00:00+08:00"
    assert said["registration_number"] is None
    for link in said["links"].values():
        told(visitor, link)
    assert visitor.ask(local(said["url"]))[0] == 200


def test_the_files_of_a_document_can_be_fetched_by_their_links(visitor: Visitor, doing: Doing) -> None:
    from gongkai.domains.library.tasks.importing import Request, import_papers
    from tests.domains.library.papers import write

    text = notice(1)
    import_papers(Request((write(Path(visitor.folder) / "in", {"a.txt": text}),), publish=True), doing)
    (file,) = told(visitor, f"{LIST}/{Document.objects.get().pk}")["files"]
    assert (file["format"], file["main"], file["size"]) == ("txt", True, len(text.encode()))
    status, _, body = visitor.ask(local(file["url"]))
    assert (status, body.decode()) == (200, text)


def test_clauses_come_with_their_anchors_and_their_own_words(visitor: Visitor, doing: Doing) -> None:
    body = "为规范管理，制定本办法。"
    document = filed(notice(1, body=body, closing="有下列情形之一的：\n（一）甲；\n（二）乙。"), doing)
    said = told(visitor, f"{LIST}/{document.pk}/clauses")
    first, second = said["items"]
    assert (first["anchor"], first["label"], first["text"]) == ("art-1", "第一条", f"第一条 {body}")
    assert second["text"] == "第二条 有下列情形之一的："
    assert [(c["anchor"], c["text"]) for c in second["children"]] == [
        ("art-2-item-1", "（一）甲；"),
        ("art-2-item-2", "（二）乙。"),
    ]
    assert f"第一条 {body}" in said["text"]
    page = visitor.ask(f"/library/{document.pk}/")[2].decode()
    assert 'id="art-2-item-1"' in page


def test_the_legal_life_is_told_day_by_day_with_the_paper_that_caused_it(visitor: Visitor, doing: Doing) -> None:
    old = filed(notice(1, "停车管理办法", year=2019), doing)
    new = filed(
        notice(
            2,
            "停车管理办法",
            year=2023,
            closing="本办法自2023年6月1日起施行，《青禾县停车管理办法》（青财〔2019〕1号）同时废止。",
        ),
        doing,
    )
    said = told(visitor, f"{LIST}/{old.pk}/timeline?on=2023-05-31")
    assert [(e["on"], e["event"]) for e in said["events"]] == [
        ("2019-05-01", "issued"), ("2019-05-01", "commenced"), ("2023-06-01", "repealed"),
    ]  # fmt: skip
    assert said["events"][-1]["by"]["number"] == new.pk
    assert said["asked"] == {"on": "2023-05-31", "status": "in_force"}
    assert told(visitor, f"{LIST}/{old.pk}/timeline?on=2023-06-01")["asked"]["status"] == "repealed"
    assert [(s["status"], s["since"], s["until"]) for s in said["spans"]] == [
        ("not_yet", None, "2019-05-01"), ("in_force", "2019-05-01", "2023-06-01"), ("repealed", "2023-06-01", None),
    ]  # fmt: skip
    assert said["today"]["status"] == "repealed"
    withdraw(new.pk, "误发", doing)
    assert told(visitor, f"{LIST}/{old.pk}/timeline")["events"][-1].get("by") is None
    assert "青财〔2023〕2号" not in visitor.ask(f"{LIST}/{old.pk}")[2].decode()


def test_organs_stand_in_a_tree_with_the_number_of_their_papers(visitor: Visitor, papers: list[Document]) -> None:
    organs = {organ["code"]: organ for organ in told(visitor, f"{ROOT}organs")["items"]}
    assert (organs["A"]["parent"], organs["B"]["parent"]) == (None, "A")
    assert organs["B"]["documents"] == len(papers)
    one = told(visitor, f"{ROOT}organs/B")
    assert one["parent"]["code"] == "A"
    assert told(visitor, one["links"]["documents"])["total"] == len(papers)
    assert problem(visitor, f"{ROOT}organs/Z")[0] == 404


def test_topics_are_the_state_councils_classes_with_true_counts(visitor: Visitor, doing: Doing) -> None:
    document = filed(notice(1), doing)
    correct(document.pk, {"topic": "综合政务/政务公开"}, doing)
    publish_as_already_public(document.pk, doing)
    topics = {topic["name"]: topic for topic in told(visitor, f"{ROOT}topics")["items"]}
    assert len(topics) == 22
    assert topics["综合政务"]["documents"] == 1
    assert {"name": "政务公开", "documents": 1} in topics["综合政务"]["children"]
    assert numbers(told(visitor, topics["综合政务"]["api_url"])) == [document.pk]


def test_addresses_are_absolute_on_the_governments_own_domain_whatever_host_is_asked(visitor: Visitor, doing: Doing) -> None:
    document = filed(notice(1), doing)
    for domain, origin in (("", ""), ("www.qinghe.gov.example", "https://www.qinghe.gov.example")):
        Government.objects.update(domain=domain)
        touch("site")
        assert told(visitor, f"{LIST}/{document.pk}")["url"] == f"{origin}/library/{document.pk}/"
    for host in ("127.0.0.1:8000", "testserver"):
        said = json.loads(visitor.ask(f"{LIST}/{document.pk}", host=host)[2])
        assert said["url"] == f"https://www.qinghe.gov.example/library/{document.pk}/"
        assert said["links"]["clauses"] == f"https://www.qinghe.gov.example{LIST}/{document.pk}/clauses"
    assert problem(visitor, LIST, host="evil.example")[0] == 400


# ------------------------------------------------------------------ the list


def test_the_list_has_the_facets_of_the_public_list(visitor: Visitor, papers: list[Document]) -> None:
    for query in ("kind=normative", "year=2020&year=2021", "status=in_force&sort=oldest", "on=2020-06-01"):
        page = visitor.ask(f"/library/?{query}")[2].decode()
        total = int(re.search(r"共[^0-9]*([0-9,]+)", re.sub(r"<[^>]+>", "", page))[1])
        assert told(visitor, f"{LIST}?{query}")["total"] == total, query


def test_issuers_go_by_code_or_by_name(visitor: Visitor, papers: list[Document]) -> None:
    assert told(visitor, f"{LIST}?organ=B")["total"] == len(papers)
    assert told(visitor, f"{LIST}?organ={quote('青禾县财政局')}")["total"] == len(papers)
    assert told(visitor, f"{LIST}?organ=A")["total"] == 0
    assert told(visitor, f"{LIST}?organ=A&organ=B")["total"] == len(papers)
    assert told(visitor, f"{LIST}?organ=nobody")["total"] == 0


def test_a_document_is_found_by_its_numbers_however_they_are_typed(visitor: Visitor, papers: list[Document]) -> None:
    for typed in ("青财〔2020〕3号", "青财[2020]3号", "青财（2020） 3 号"):
        assert numbers(told(visitor, f"{LIST}?document_number={quote(typed)}")) == [papers[2].pk], typed
    assert numbers(told(visitor, f"{LIST}?index_number={quote(papers[2].index_number, safe='')}")) == [papers[2].pk]
    assert told(visitor, f"{LIST}?document_number={quote('青财')}")["total"] == 0


def test_facets_are_counted_on_request_beside_the_other_conditions(visitor: Visitor, papers: list[Document]) -> None:
    assert told(visitor, LIST)["facets"] is None
    facets = told(visitor, f"{LIST}?year=2020&facets=true")["facets"]
    assert facets["organ"] == [{"value": "B", "label": "青禾县财政局", "count": 3}]
    assert {year["value"]: year["count"] for year in facets["year"]} == {"2019": 1, "2020": 3, "2021": 1, "2023": 1, "2024": 1}
    for name, values in facets.items():
        for value in values:
            alone = told(visitor, f"{LIST}?{name}={quote(value['value'])}" + ("&year=2020" if name != "year" else ""))
            assert alone["total"] == value["count"], (name, value)


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_without_gap_or_repetition_and_lead_back(
    visitor: Visitor, papers: list[Document], sort: str
) -> None:
    conditions = ("kind=normative", "organ=B", f"q={quote('管理办法')}", "year=2020", "on=2024-06-01", "sort=" + sort)
    for condition, limit in product(conditions, (1, 2, 3)):
        first = f"{LIST}?{condition}&limit={limit}" if "sort" in condition else f"{LIST}?{condition}&sort={sort}&limit={limit}"
        (whole,) = walk(visitor, first.replace(f"limit={limit}", "limit=100"))
        pages = list(walk(visitor, first))
        assert [number for page in pages for number in page] == whole
        assert len(set(whole)) == len(whole) == told(visitor, first)["total"] > 0
        last = first
        while following := told(visitor, last)["links"]["next"]:
            last = following
        assert list(walk(visitor, last, "prev")) == pages[::-1]


def test_the_orders_are_those_they_are_called(visitor: Visitor, papers: list[Document]) -> None:
    n = [paper.pk for paper in papers]
    assert numbers(told(visitor, f"{LIST}?sort=newest")) == [n[5], n[4], n[3], n[2], n[1], n[0], n[6]]
    assert numbers(told(visitor, f"{LIST}?sort=oldest")) == [n[0], n[1], n[2], n[3], n[4], n[5], n[6]]
    assert numbers(told(visitor, f"{LIST}?sort=published")) == n[::-1]


@pytest.mark.soak
@settings(max_examples=often(12, 400), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(list(SORTS)),
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["file", "withdraw", "restore"]), st.integers(0, 30)), max_size=6),
)
def test_whoever_walks_the_list_while_it_changes_misses_none_that_stayed_and_sees_none_twice(
    visitor: Visitor, papers: list[Document], doing: Doing, sort: str, limit: int, changes: list[tuple[str, int]]
) -> None:
    standing = set(numbers(told(visitor, f"{LIST}?limit=100")))
    seen: list[int] = []
    following: str | None = f"{LIST}?sort={sort}&limit={limit}"
    while following:
        answer = told(visitor, following)
        seen += numbers(answer)
        following = answer["links"]["next"]
        if changes:
            what, which = changes.pop()
            stayed = change(what, which, doing)
            standing -= stayed
    assert len(seen) == len(set(seen)), "a paper came twice"
    assert standing <= set(seen), "a paper that stood there all the time was missed"


def change(what: str, which: int, doing: Doing) -> set[int]:
    """Change the library; the papers that did not stand there all the time."""
    all_papers = list(Document.objects.order_by("pk"))
    chosen = all_papers[which % len(all_papers)]
    if what == "file":
        filed(notice(100 + len(all_papers), f"第{len(all_papers)}次管理办法", year=2018 + which % 8, month=1 + which % 12), doing)
        return set()
    if what == "withdraw" and chosen.editorial == "published":
        withdraw(chosen.pk, "误发", doing)
    elif what == "restore" and chosen.editorial == "withdrawn":
        restore(chosen.pk, "无误", doing)
    return {chosen.pk}


def test_a_cursor_is_good_for_its_own_list_only_and_cannot_be_made_up(visitor: Visitor, papers: list[Document]) -> None:
    cursor = told(visitor, f"{LIST}?limit=2&sort=oldest")["cursors"]["next"]
    assert numbers(told(visitor, f"{LIST}?sort=oldest&limit=3&facets=true&cursor={cursor}")) == [p.pk for p in papers[2:5]]
    for other in ("sort=newest", "sort=published", "sort=oldest&year=2020", "sort=oldest&q=x"):
        assert problem(visitor, f"{LIST}?{other}&cursor={cursor}")[0] == 404, other
    flipped = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for made_up in (flipped, "p" + cursor[1:], cursor[::-1], "A" * 40):
        status, said = problem(visitor, f"{LIST}?sort=oldest&cursor={made_up}")
        assert (status, said["type"]) == (404, "/api/#no-such-page"), made_up
    for malformed in ("", "x", "..", quote("游标"), "A" * 200):
        status, said = problem(visitor, f"{LIST}?sort=oldest&cursor={malformed}")
        assert (status, said["errors"][0]["parameter"]) == (422, "cursor"), malformed


# ------------------------------------------------------------------ headers


def test_what_has_not_changed_is_not_sent_again(visitor: Visitor, papers: list[Document], doing: Doing) -> None:
    for address in (
        LIST,
        f"{LIST}?limit=3&facets=true",
        f"{LIST}/{papers[0].pk}",
        f"{LIST}/{papers[0].pk}/clauses",
        f"{ROOT}organs",
    ):
        _, headers, _ = visitor.ask(address)
        etag = headers["ETag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            status, again, body = visitor.ask(address, if_none_match=known)
            assert (status, body, again["ETag"]) == (304, b"", etag), (address, known)
        assert visitor.ask(address, if_none_match='"other"')[0] == 200
    withdraw(papers[0].pk, "误发", doing)
    assert visitor.ask(LIST, if_none_match=etag)[0] == 200


def test_an_answer_that_is_not_kept_has_the_same_etag_as_one_that_is(visitor: Visitor, papers: list[Document]) -> None:
    kept = visitor.ask(f"{LIST}?kind=normative&year=2020")[1]["ETag"]
    another_spelling = f"{LIST}?year=2020&kind=normative"
    assert not visitor.kept(another_spelling)
    assert not visitor.kept(another_spelling)
    assert visitor.ask(another_spelling)[1]["ETag"] == kept
    assert visitor.ask(another_spelling, if_none_match=kept)[0] == 304


def test_head_gives_the_headers_alone(visitor: Visitor, papers: list[Document]) -> None:
    for address in (LIST, f"{LIST}/{papers[0].pk}", f"{ROOT}openapi.json", f"{LIST}?nothing=1"):
        asked = visitor.ask(address, method="HEAD")
        given = visitor.ask(address)
        assert (asked[0], asked[1].get("ETag")) == (given[0], given[1].get("ETag")), address
        assert asked[1]["Content-Length"] == str(len(given[2]))
        assert given[0] != 200 or asked[2] == b""


def test_pages_of_any_site_may_ask(visitor: Visitor, papers: list[Document]) -> None:
    for address in (LIST, f"{LIST}/{papers[0].pk}", f"{LIST}?nothing=1", f"{ROOT}nothing"):
        assert visitor.ask(address)[1]["Access-Control-Allow-Origin"] == "*"
    status, headers, body = visitor.ask(LIST, method="OPTIONS", origin="https://a.example", access_control_request_method="GET")
    assert (status, body) == (204, b"")
    assert headers["Access-Control-Allow-Methods"] == headers["Allow"] == "GET, HEAD, OPTIONS"


def test_the_clauses_say_when_they_last_changed(visitor: Visitor, papers: list[Document]) -> None:
    said = visitor.ask(f"{LIST}/{papers[0].pk}/clauses")[1]["Last-Modified"]
    assert said == "Fri, 20 Nov 2026 02:01:00 GMT"
    assert "Last-Modified" not in visitor.ask(LIST)[1]


def test_answers_are_kept_and_void_the_moment_they_change(visitor: Visitor, papers: list[Document], doing: Doing) -> None:
    number = papers[0].pk
    addresses = (
        LIST,
        f"{LIST}/{number}",
        f"{LIST}/{number}/clauses",
        f"{LIST}/{number}/timeline",
        f"{ROOT}organs",
        f"{ROOT}topics",
    )
    for address in addresses:
        visitor.ask(address)
        assert visitor.kept(address), address
    withdraw(number, "误发", doing)
    for address in addresses:
        assert not visitor.kept(address), address
    assert number not in numbers(told(visitor, LIST))


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("nothing=1", "nothing"), ("page=2", "page"), ("Q=x", "Q"), ("kind[]=normative", "kind[]"), ("=1", ""),
        ("q=a&q=b", "q"), ("limit=1&limit=2", "limit"), ("sort=newest&sort=newest", "sort"), ("on=2024-01-01&on=2024-01-01", "on"),
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=-1", "limit"), ("limit=1.0", "limit"), ("limit=1e2", "limit"),
        ("limit=%2B5", "limit"), ("limit=05", "limit"), ("limit=1_0", "limit"), ("limit=" + "9" * 5000, "limit"), ("limit=", "limit"),
        ("limit=" + quote("５"), "limit"), ("kind=law", "kind"), ("kind=", "kind"), ("status=valid", "status"),
        ("topic=" + quote("天气"), "topic"), ("year=24", "year"), ("year=10000", "year"), ("year=2024x", "year"),
        ("on=2024-02-30", "on"), ("on=20240301", "on"), ("on=2024-03-01T00:00:00", "on"), ("on=1700000000", "on"),
        ("on=0000-01-01", "on"), ("sort=title", "sort"), ("facets=1", "facets"), ("facets=True", "facets"),
        ("q=", "q"), ("q=%00", "q"), ("q=a%0Ab", "q"), ("q=" + "x" * 101, "q"), ("organ=%00", "organ"),
        ("theme=" + quote("停车"), "theme"), ("&".join(f"year={2000 + n}" for n in range(21)), "year"),
        ("index_number=%7f", "index_number"), ("document_number=" + "x" * 121, "document_number"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_explained(visitor: Visitor, query: str, parameter: str) -> None:
    status, said = problem(visitor, f"{LIST}?{query}")
    assert status == 422
    assert [error["parameter"] for error in said["errors"]] == [parameter]
    assert re.search(r"[一-鿿]", said["errors"][0]["detail"])


def test_a_refusal_names_what_could_have_been_asked(visitor: Visitor) -> None:
    _, said = problem(visitor, f"{LIST}?kind=law&sort=x&nothing=1")
    assert [error["parameter"] for error in said["errors"]] == ["nothing"]
    assert "kind" in said["errors"][0]["allowed"]
    _, said = problem(visitor, f"{LIST}?kind=law&sort=x")
    assert {error["parameter"]: error["allowed"][:2] for error in said["errors"]} == {
        "kind": ["regulation", "normative"], "sort": ["newest", "oldest"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", ["", "organs", "topics", "themes", "documents/1", "documents/1/clauses", "organs/B", "openapi.json"]
)
def test_resources_without_parameters_take_none(visitor: Visitor, path: str) -> None:
    assert problem(visitor, f"{ROOT}{path}?q=x")[0] == 422


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{LIST}/0", 422), (f"{LIST}/9007199254740992", 422), (f"{LIST}/{'9' * 6000}", 404), (f"{LIST}/-1", 404),
        (f"{LIST}/1.0", 404), (f"{LIST}/9007199254740991", 404), (f"{LIST}/x", 404), (f"{LIST}/", 404), (f"{LIST}/1/", 404),
        (f"{LIST}/1/nothing", 404), (f"{ROOT}nothing", 404), (f"{ROOT}organs/\x00", 404), (f"{ROOT}organs/\x1f", 422), (f"{ROOT}organs/{'Z' * 33}", 422),
        (f"{ROOT}organs/../documents", 404), (f"{LIST}?q=%ff%fe", 400), (f"{LIST}?q=%ed%a0%80", 400), (f"{LIST}?q=%zz", 400),
        (f"{LIST}?q=%", 400), (f"{LIST}?" + "&".join(["a=1"] * 501), 400), (f"{LIST}?q={'x' * 9000}", 414), (f"{LIST}?q={'%20' * 21_000}", 414),
    ],
)  # fmt: skip
def test_rubbish_is_told_for_what_it_is(visitor: Visitor, address: str, status: int) -> None:
    assert problem(visitor, address)[0] == status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY"])
def test_nothing_can_be_written(visitor: Visitor, method: str) -> None:
    for path in ("", "documents", "documents/1", "organs", "openapi.json"):
        status, headers, body = visitor.ask(f"{ROOT}{path}", method=method)
        assert (status, headers["Allow"], json.loads(body)["status"]) == (405, "GET, HEAD, OPTIONS", 405), path
    assert visitor.ask(f"{ROOT}nothing", method=method)[0] == 404
    assert visitor.ask(f"{ROOT}nothing", method="OPTIONS")[0] == 404


@pytest.mark.parametrize("accept", ["", "text/html", "*/*;q=0", "application/json;q=foo", "\xff", ";;;,,,", "a" * 5000])
def test_whatever_a_client_accepts_it_gets_json(visitor: Visitor, accept: str) -> None:
    status, headers, _ = visitor.ask(LIST, accept=accept)
    assert (status, headers["Content-Type"]) == (200, "application/json")


def test_while_the_database_is_away_a_program_is_told_so(visitor: Visitor, papers: list[Document]) -> None:
    from django.db import connection

    kept = visitor.ask(LIST)[2]
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "/nowhere/gongkai.sqlite3" if connection.vendor == "sqlite" else "nowhere"
    try:
        status, said = problem(visitor, f"{LIST}?year=1999")
        assert (status, said["type"]) == (503, "/api/#unavailable")
        assert visitor.ask(f"{LIST}?year=1999")[1]["Retry-After"]
        assert visitor.ask(LIST)[2] == kept
        assert problem(visitor, f"{ROOT}nothing")[0] == 404
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


# ------------------------------------------------------------------ only what is public


def test_what_is_not_public_is_not_there(visitor: Visitor, doing: Doing) -> None:
    draft = filed(notice(1, "机密管理办法"), doing, public=False)
    for rest in ("", "/clauses", "/timeline"):
        assert problem(visitor, f"{LIST}/{draft.pk}{rest}")[0] == 404
    for query in (
        "",
        "?facets=true",
        f"?q={quote('机密')}",
        f"?index_number={quote(draft.index_number, safe='')}",
        "?on=2020-06-01",
    ):
        answer = told(visitor, LIST + query)
        assert (answer["total"], answer["items"]) == (0, []), query
        assert not any((answer["facets"] or {}).values())


# ------------------------------------------------------------------ the page for people


def test_the_page_explains_every_kind_of_problem_and_every_resource(visitor: Visitor) -> None:
    status, _, body = visitor.ask("/api/")
    page = body.decode()
    assert status == 200
    for kind in KINDS:
        assert f'id="{kind.name}"' in page
    for path in ("documents", "documents/{number}/timeline", "organs/{code}", "topics", "themes"):
        assert f"{ROOT}{path}" in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert "style=" not in page


def test_every_example_on_the_page_works(visitor: Visitor, papers: list[Document]) -> None:
    page = visitor.ask("/api/")[2].decode()
    assert "`" not in page, "code is shown as code"
    examples = re.findall(r"curl .*?(/api/v1/documents[^<]*?)(?:&#39;|')</code>", page)
    assert len(examples) > 4
    for example in examples:
        address = unescape(example).replace("documents/1/", f"documents/{papers[0].pk}/")
        assert visitor.ask(address)[0] == 200, address


def test_every_page_leads_to_the_explanation(visitor: Visitor) -> None:
    assert 'href="/api/"' in visitor.ask("/")[2].decode()
