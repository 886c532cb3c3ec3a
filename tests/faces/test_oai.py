"""OAI-PMH: a real client harvests all of it, wrong requests get the protocol's errors, nothing unpublished is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import publish_as_already_public, restore, withdraw
from gongkai.domains.library.models import Document
from gongkai.domains.library.queries.exchange import NAMESPACE, SCHEMA
from gongkai.faces.portal.oai.xml import allowed
from tests.conftest import Site, copied, serve
from tests.domains.library.papers import county, filed, notice
from tests.soaking import often

OAI = "{http://www.openarchives.org/OAI/2.0/}"
OURS = f"{{{NAMESPACE}}}"
pytestmark = pytest.mark.django_db


# The sample, served, and a real client


@pytest.fixture(scope="module")
def library(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample with one paper withdrawn, served with seven records to an answer."""
    data = copied(sample_data, tmp_path_factory.mktemp("oai") / "data")
    done = Site(data).run("document", "withdraw", "6", "--reason", "试")
    assert done.returncode == 0, done.stderr
    os.environ["GONGKAI_OAI_BATCH"] = "7"
    try:
        yield from serve(data)
    finally:
        del os.environ["GONGKAI_OAI_BATCH"]


@pytest.fixture(params=["GET", "POST"])
def client(library: Site, request: pytest.FixtureRequest) -> Sickle:
    return Sickle(f"{library.url}/oai", http_method=request.param)


def test_a_real_client_learns_what_the_library_is(client: Sickle) -> None:
    said = client.Identify()
    assert (said.repositoryName, said.protocolVersion) == ("青禾县人民政府网站", "2.0")
    assert (said.deletedRecord, said.granularity) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    assert said.baseURL == client.endpoint
    formats = {f.metadataPrefix: f.metadataNamespace for f in client.ListMetadataFormats()}
    assert formats == {"oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/", "gongkai": NAMESPACE}
    sets = {s.setSpec: s.setName for s in client.ListSets()}
    assert sets["kind:normative"] == "行政规范性文件"
    assert {spec.partition(":")[0] for spec in sets} == {"kind", "topic", "organ", "theme"}


def test_a_real_client_harvests_everything_in_many_answers_each_record_once(library: Site, client: Sickle) -> None:
    records = list(client.ListRecords(metadataPrefix="oai_dc"))
    names = [r.header.identifier for r in records]
    assert len(names) == len(set(names)) == 64
    assert [r.header.identifier for r in records if r.deleted] == ["oai:www.qinghe.example:6"]
    assert names == [h.identifier for h in client.ListIdentifiers(metadataPrefix="oai_dc")]
    assert all(r.metadata["title"] and r.metadata["language"] == ["zh-CN"] for r in records if not r.deleted)


def test_every_record_of_our_own_format_keeps_to_the_schema_that_the_site_serves(library: Site, client: Sickle) -> None:
    schema = etree.XMLSchema(etree.fromstring(library.get("/oai/gongkai-1.xsd").encode()))
    papers = [r.xml.find(f".//{OURS}document") for r in client.ListRecords(metadataPrefix="gongkai", ignore_deleted=True)]
    assert len(papers) == 63
    for paper in papers:
        assert schema.validate(paper), schema.error_log
        assert paper.findtext(f"{OURS}page").startswith("https://www.qinghe.example/library/")
    ends = {turn.get("kind") for paper in papers for turn in paper.iter(f"{OURS}turn")}
    assert {"commenced", "repealed", "amended"} <= ends
    assert sum(1 for paper in papers for _ in paper.iter(f"{OURS}clause")) > 500
    assert sum(1 for paper in papers for _ in paper.iter(f"{OURS}file")) >= 63


def test_files_are_told_where_the_client_can_get_them(library: Site, client: Sickle) -> None:
    import hashlib
    import urllib.request

    record = client.GetRecord(identifier="oai:www.qinghe.example:5", metadataPrefix="gongkai")
    file = record.xml.find(f".//{OURS}file")
    with urllib.request.urlopen(file.text, timeout=30) as answer:
        data = answer.read()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (file.get("sha256"), int(file.get("size")))


def test_a_real_client_asks_for_a_set_or_a_time(client: Sickle) -> None:
    normative = list(client.ListRecords(metadataPrefix="oai_dc", set="kind:normative", ignore_deleted=True))
    assert 5 < len(normative) < 60
    assert all(r.metadata["type"] == ["行政规范性文件"] for r in normative)
    assert len(list(client.ListIdentifiers(metadataPrefix="oai_dc", set="kind"))) == 64
    stamps = sorted(h.datestamp for h in client.ListIdentifiers(metadataPrefix="oai_dc"))
    middle = stamps[-1]
    since = list(client.ListIdentifiers(metadataPrefix="oai_dc", **{"from": middle}))
    assert {h.datestamp for h in since} == {s for s in stamps if s >= middle}
    assert len(list(client.ListIdentifiers(metadataPrefix="oai_dc", until=middle))) == 64
    day = middle[:10]
    assert len(list(client.ListIdentifiers(metadataPrefix="oai_dc", **{"from": day, "until": day}))) >= 1
    with pytest.raises(NoRecordsMatch):
        client.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")


# The protocol, asked in this process


@pytest.fixture
def papers(doing: Doing, settings) -> list[Document]:
    """Eight public papers, one withdrawn and one draft; three records to an answer."""
    settings.EXCHANGE_BATCH = 3
    county()
    public = [filed(notice(n, f"第{n}项管理办法"), doing) for n in range(1, 9)]
    gone = filed(notice(50, "撤下的办法"), doing)
    withdraw(gone.pk, "试", doing)
    filed(notice(99, "还没有发布的办法"), doing, public=False)
    return [*public, gone]


def asked(arguments: dict[str, str | list[str]], *, post: bool = False) -> etree._Element:
    answer = Client().post("/oai", arguments) if post else Client().get("/oai", arguments)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "X-Page-Tags" not in answer.headers
    return etree.fromstring(answer.content)


def error_of(answer: etree._Element) -> str:
    errors = answer.findall(f"{OAI}error")
    assert len(answer) == 3
    return errors[0].get("code") if errors else ""


DC = {"metadataPrefix": "oai_dc"}
BAD_REQUESTS = [
    ({}, "badVerb"),
    ({"verb": ""}, "badVerb"),
    ({"verb": "identify"}, "badVerb"),
    ({"verb": "Steal"}, "badVerb"),
    ({"verb": ["Identify", "Identify"]}, "badVerb"),
    ({"verb": "Identify", "set": "kind"}, "badArgument"),
    ({"verb": "ListMetadataFormats", "metadataPrefix": "oai_dc"}, "badArgument"),
    ({"verb": "ListSets", "from": "2020-01-01"}, "badArgument"),
    ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "GetRecord"}, "badArgument"),
    ({"verb": "GetRecord", "identifier": "oai:x:1"}, "badArgument"),
    ({"verb": "GetRecord", "identifier": "oai:x:1", **DC}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "oai:127.0.0.1:0", **DC}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "oai:127.0.0.1:９", **DC}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": f"oai:127.0.0.1:{'9' * 40}", **DC}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "oai:127.0.0.1:1", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
    ({"verb": "ListMetadataFormats", "identifier": "oai:x:1"}, "idDoesNotExist"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
    ({"verb": "ListRecords", "metadataPrefix": ""}, "cannotDisseminateFormat"),
    ({"verb": "ListRecords", **DC, "from": "gestern"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": ""}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "2026-02-30"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "0000-01-01"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "2026-01-01T00:00:00"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "2026-01-01T00:00:00+08:00"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "２０２６-01-01"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "2026-01-01", "until": "2026-01-02T00:00:00Z"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "from": "2026-01-02", "until": "2026-01-01"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "until": "2001-01-01"}, "noRecordsMatch"),
    ({"verb": "ListRecords", **DC, "from": "9999-12-31T23:59:59Z", "until": "9999-12-31T23:59:59Z"}, "noRecordsMatch"),
    ({"verb": "ListRecords", **DC, "set": "no such set"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "set": ":"}, "badArgument"),
    ({"verb": "ListRecords", **DC, "set": "nothing:here"}, "noRecordsMatch"),
    ({"verb": "ListRecords", **DC, "set": "organ:99999999999999"}, "noRecordsMatch"),
    ({"verb": "ListRecords", **DC, "set": "topic:00"}, "noRecordsMatch"),
    ({"verb": "ListRecords", **DC, "resumptionToken": "x"}, "badArgument"),
    ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "1i~oai_dc~~~~0~0~1~"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "1r~marc21~~~~0~0~1~"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "1r~oai_dc~organ:;~~~0~0~1~"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": f"1r~oai_dc~~~~{'9' * 18}~0~1~"}, "badResumptionToken"),
    ({"verb": "ListRecords", **DC, "until": "9999-12-31"}, ""),
    ({"verb": "ListRecords", "resumptionToken": "1r~oai_dc~~~~0~0~1~"}, ""),
]


@pytest.mark.parametrize("post", [False, True])
def test_wrong_requests_get_the_error_that_the_protocol_names(papers: list[Document], *, post: bool) -> None:
    for arguments, code in BAD_REQUESTS:
        answer = asked(arguments, post=post)
        assert error_of(answer) == code, arguments
        request = answer.find(f"{OAI}request")
        assert request.text == "http://testserver/oai"
        if code in ("badVerb", "badArgument"):
            assert not request.attrib


def test_an_answer_says_when_it_was_given_and_to_what(papers: list[Document]) -> None:
    answer = asked({"verb": "ListIdentifiers", **DC, "set": "kind:normative"})
    assert [e.tag.removeprefix(OAI) for e in answer] == ["responseDate", "request", "ListIdentifiers"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.findtext(f"{OAI}responseDate"))
    assert dict(answer.find(f"{OAI}request").attrib) == {"verb": "ListIdentifiers", **DC, "set": "kind:normative"}


def walked(**arguments: str) -> tuple[list[tuple[str, bool]], list[dict[str, str]]]:
    """All headers of a list as (identifier, deleted), and the attributes of the tokens."""
    found, tokens = [], []
    said: dict[str, str] = {"verb": "ListIdentifiers", **DC, **arguments}
    while said:
        answer = asked(said)
        found += [(h.findtext(f"{OAI}identifier"), h.get("status") == "deleted") for h in answer.iter(f"{OAI}header")]
        token = answer.find(f".//{OAI}resumptionToken")
        tokens += [dict(token.attrib)] if token is not None else []
        said = {"verb": "ListIdentifiers", "resumptionToken": token.text} if token is not None and token.text else {}
    return found, tokens


def test_a_long_list_comes_in_parts_that_tell_how_long_it_is(papers: list[Document]) -> None:
    found, tokens = walked()
    assert found == [(f"oai:127.0.0.1:{p.pk}", p is papers[-1]) for p in papers]
    assert tokens == [{"completeListSize": "9", "cursor": c} for c in ("0", "3", "6")]
    assert walked(set=f"organ:{papers[0].organs.get().pk}")[1][0] == {"cursor": "0"}


def test_drafts_are_nowhere_and_withdrawn_papers_are_headers_only(papers: list[Document]) -> None:
    draft = Document.objects.get(editorial="draft")
    assert error_of(asked({"verb": "GetRecord", "identifier": f"oai:127.0.0.1:{draft.pk}", **DC})) == "idDoesNotExist"
    gone = asked({"verb": "GetRecord", "identifier": f"oai:127.0.0.1:{papers[-1].pk}", "metadataPrefix": "gongkai"})
    record = gone.find(f".//{OAI}record")
    assert len(record) == 1
    assert record[0].get("status") == "deleted"
    for verb in ("ListRecords", "GetRecord", "ListSets"):
        more = {"identifier": f"oai:127.0.0.1:{papers[-1].pk}"} if verb == "GetRecord" else {}
        said = etree.tostring(asked({"verb": verb, **more, **({} if verb == "ListSets" else DC)}), encoding="unicode")
        assert "还没有发布" not in said
        assert "撤下的办法" not in said


def test_a_revision_that_waits_is_not_told_neither_its_words_nor_its_file(papers: list[Document], doing: Doing, tmp_path) -> None:
    from gongkai.domains.library.tasks.importing import Request, import_papers
    from tests.domains.library.papers import write

    changed = notice(1, "第1项管理办法").replace("为规范管理", "为进一步规范管理")
    report = import_papers(Request((write(tmp_path / "in", {"新版.txt": changed}),), workers=1), doing)
    assert [line.code for line in report.lines] == ["revision"]
    named = {"verb": "GetRecord", "identifier": f"oai:127.0.0.1:{papers[0].pk}", "metadataPrefix": "gongkai"}
    said = etree.tostring(asked(named), encoding="unicode")
    assert "进一步" not in said
    assert "新版.txt" not in said


def test_characters_that_xml_cannot_write_are_left_out(papers: list[Document]) -> None:
    assert allowed("甲\x00\x08乙\ufffe\ud800丙\U0001f600") == "甲乙丙\U0001f600"
    answer = asked({"verb": "GetRecord", "identifier": "a\x01\ufffe<&>\"'", **DC})
    assert error_of(answer) == "idDoesNotExist"
    assert answer.find(f"{OAI}request").get("identifier") == "a<&>\"'"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.dictionaries(
        st.sampled_from(["verb", "metadataPrefix", "from", "until", "set", "identifier", "resumptionToken", "other"]),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                ["ListRecords", "GetRecord", "ListIdentifiers", "oai_dc", "gongkai", "2020-01-01", "kind", "organ:1"]
            ),
            st.from_regex(
                r"1[ir]~(oai_dc|gongkai)~[a-z:]{0,9}~-?\d{0,18}~\d{0,18}~-?\d{1,18}~\d{1,18}~\d{1,6}~\d{0,6}", fullmatch=True
            ),
        ),
        max_size=5,
    ),
    post=st.booleans(),
)
def test_whatever_is_asked_the_answer_is_protocol(papers: list[Document], said: dict[str, str], *, post: bool) -> None:
    asked({k: v.encode("utf-8", "ignore").decode() for k, v in said.items()}, post=post)


def test_the_schema_in_the_source_is_the_one_served(papers: list[Document]) -> None:
    answer = Client().get("/oai/gongkai-1.xsd")
    assert answer.content == SCHEMA.read_bytes()
    assert "X-Page-Tags" in answer.headers


# Changes during a harvest


def now() -> Doing:
    at = datetime.now(UTC)
    return Doing("command", at, at.date())


def turn(document: Document) -> None:
    """Publish a draft, withdraw what is public, restore what is withdrawn."""
    status = Document.objects.get(pk=document.pk).editorial
    if status == "draft":
        publish_as_already_public(document.pk, now())
    else:
        (withdraw if status == "published" else restore)(document.pk, "试", now())


class Reference:
    """A harvester that does just what the protocol says and keeps what it was told."""

    def __init__(self) -> None:
        self.held: dict[str, bool] = {}
        self.since = ""

    def harvest(self, between: Iterator[None]) -> None:
        """One harvest; something else may happen between two answers."""
        said = {"verb": "ListIdentifiers", **DC, **({"from": self.since} if self.since else {})}
        self.since = ""
        seen: set[tuple[str, str]] = set()
        while said:
            answer = asked(said)
            self.since = self.since or answer.findtext(f"{OAI}responseDate")
            for header in answer.iter(f"{OAI}header"):
                name, stamp = header.findtext(f"{OAI}identifier"), header.findtext(f"{OAI}datestamp")
                self.held[name] = header.get("status") != "deleted"
                seen.add((name, stamp))
            token = answer.findtext(f".//{OAI}resumptionToken")
            said = {"verb": "ListIdentifiers", "resumptionToken": token} if token else {}
            next(between, None)


@pytest.mark.soak
@settings(max_examples=often(25, 400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=12))
def test_whatever_changes_during_a_harvest_the_next_one_knows_it_all(papers: list[Document], turns: list[list[int]]) -> None:
    everything = [*papers, Document.objects.order_by("pk").last()]

    def between() -> Iterator[None]:
        for some in turns:
            for number in some:
                turn(everything[number])
            yield

    reference, changes = Reference(), between()
    reference.harvest(changes)
    for _ in changes:
        pass
    reference.harvest(iter(()))
    public = {f"oai:127.0.0.1:{pk}" for pk in Document.objects.public().values_list("pk", flat=True)}
    assert {name for name, held in reference.held.items() if held} == public


def test_nothing_is_sent_twice_while_nothing_changes_even_within_one_moment(papers: list[Document], settings) -> None:
    moment = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert set(Document.objects.exclude(changed_at=None).values_list("changed_at", flat=True)) == {moment}
    for size in (1, 2, 3, 8, 9, 10):
        settings.EXCHANGE_BATCH = size
        names = [name for name, _ in walked()[0]]
        assert len(names) == len(set(names)) == 9, size
    second = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    assert len(walked(**{"from": second, "until": second})[0]) == 9
    assert error_of(asked({"verb": "ListRecords", **DC, "from": f"{moment + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"}))
