"""Harvesting: what another library made public is here, once; what it took down goes; no stranger can do harm."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.ledger.verify import verify
from gongkai.domains.library.actions.correcting import correct
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import withdraw
from gongkai.domains.library.models import Document, Harvest, Harvested, Original, Revision
from gongkai.domains.library.tasks.harvesting import HarvestReport, HarvestRequest, harvest
from gongkai.domains.library.tasks.harvesting_source import Limits, UnfitAddress
from tests import databases
from tests.conftest import ROOT, Site, copied, serve
from tests.domains.library.papers import county, filed, notice
from tests.soaking import often

pytestmark = pytest.mark.django_db
Answer = tuple[int, dict[str, str], bytes]


# A source that says whatever a test wants


@dataclass
class Stub:
    """A provider whose answers a test decides. `pages` are lists of records, `answer` may say anything else."""

    url: str = ""
    pages: list[list[str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    odd: Callable[[str, dict[str, str]], Answer | None] = lambda path, said: None
    formats: tuple[str, ...] = ("oai_dc", "gongkai")
    asked: list[dict[str, str]] = field(default_factory=list)
    stamp: str = "2026-11-20T02:00:00Z"

    def answer(self, path: str, said: dict[str, str]) -> Answer:
        self.asked.append(said | ({"file": path} if path != "/oai" else {}))
        if (odd := self.odd(path, said)) is not None:
            return odd
        if path != "/oai":
            return (200, {}, self.files[path]) if path in self.files else (404, {}, b"")
        return 200, {"Content-Type": "text/xml"}, self._xml(said).encode()

    def _xml(self, said: dict[str, str]) -> str:
        verb = said.get("verb", "")
        if verb == "Identify":
            return self.said(
                "<Identify><repositoryName>试验库</repositoryName><protocolVersion>2.0</protocolVersion>"
                "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
            )
        if verb == "ListMetadataFormats":
            spaces = {"oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/", "gongkai": "urn:gongkai:exchange:1"}
            told = "".join(
                f"<metadataFormat><metadataPrefix>{f}</metadataPrefix><metadataNamespace>{spaces[f]}</metadataNamespace></metadataFormat>"
                for f in self.formats
            )
            return self.said(f"<ListMetadataFormats>{told}</ListMetadataFormats>")
        if verb == "GetRecord":
            found = [r for page in self.pages for r in page if f"<identifier>{said['identifier']}</identifier>" in r]
            return self.said(f"<GetRecord>{found[-1]}</GetRecord>" if found else '<error code="idDoesNotExist">没有</error>')
        place = int(said.get("resumptionToken", "0"))
        if not self.pages:
            return self.said('<error code="noRecordsMatch">没有</error>')
        records = "".join(self.pages[place])
        if verb == "ListIdentifiers":
            records = "".join(re.findall(r"(?s)<header.*?</header>", records))
        token = f"<resumptionToken>{place + 1}</resumptionToken>" if place + 1 < len(self.pages) else ""
        return self.said(f"<{verb}>{records}{token}</{verb}>")

    def said(self, inside: str) -> str:
        return (
            f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{self.stamp}</responseDate>'
            f"<request>{self.url}</request>{inside}</OAI-PMH>"
        )


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, headers, body = made.answer(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()})
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, *said: object) -> None:
            del said

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/oai"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


def header(name: str, *, deleted: bool = False, stamp: str = "2026-11-20T01:00:00Z") -> str:
    status = ' status="deleted"' if deleted else ""
    return f"<header{status}><identifier>{name}</identifier><datestamp>{stamp}</datestamp></header>"


def gone(name: str, stamp: str = "2026-11-20T01:30:00Z") -> str:
    return f"<record>{header(name, deleted=True, stamp=stamp)}</record>"


def record(
    number: int,
    *,
    name: str = "",
    body: str = "为规范管理，制定本办法。",
    stamp: str = "2026-11-20T01:00:00Z",
    file: str = "",
    more: str = "",
    title: str = "",
    turns: str = "",
) -> str:
    """A paper of the city in our format. `file` is a ready `file` element."""
    title = title or f"云州市人民政府关于印发《云州市第{number}项管理办法》的通知"
    html = f'<p id="art-1" class="clause">第一条 {body}</p><p id="art-2" class="clause">第二条 本办法自印发之日起施行。</p>'
    digest = hashlib.sha256(f"{number}{body}{title}".encode()).hexdigest()
    escaped = html.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<record>{header(name or f'oai:city:{number}', stamp=stamp)}<metadata>"
        f'<document xmlns="urn:gongkai:exchange:1" revision="1" digest="{digest}" textDigest="{digest}">'
        f"<page>https://www.city.example/library/{number}/</page><title>{title}</title>"
        f"<documentNumber>云政发〔2026〕{number}号</documentNumber><indexNumber>{number}</indexNumber><kind>normative</kind>"
        f"<attribute>proactive</attribute><organ>云州市人民政府</organ><holder code='C'>云州市人民政府</holder>"
        f"<issuedOn>2026-03-01</issuedOn><publishedAt>2026-03-02T00:00:00Z</publishedAt><validity fromIssue='true'/>{turns}"
        f"<clauses/>{file}<body>{escaped}</body>{more}</document></metadata></record>"
    )


def at(doing: Doing) -> Callable[[], Doing]:
    return lambda: doing


def run(stub: Stub, doing: Doing, *, publish: bool = True, **more: object) -> HarvestReport:
    waited: list[float] = []
    request = HarvestRequest(stub.url, publish=publish, **more)  # type: ignore[arg-type]
    report = harvest(request, at(doing), wait=waited.append)
    stub.waited = waited  # type: ignore[attr-defined]
    return report


def ends(report: HarvestReport) -> dict[str, tuple[str, str]]:
    return {line.identifier: (line.outcome, line.code) for line in report.lines}


def public() -> set[str]:
    return set(Document.objects.public().values_list("document_number", flat=True))


def test_a_record_becomes_a_document_with_its_issuer_and_its_source(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)], [record(2)]]
    report = run(stub, doing)
    assert ends(report) == {"oai:city:1": ("filed", ""), "oai:city:2": ("filed", "")}
    document = Document.objects.get(document_number="云政发〔2026〕1号")
    assert (document.agency.code, document.organs_label) == ("A", "云州市人民政府")
    assert document.published.metadata["source_url"] == "https://www.city.example/library/1/"
    assert [c["anchor"] for c in document.published.body.clauses] == ["art-1", "art-2"]
    assert (document.kind, document.legal, document.issued_on) == ("normative", "in_force", date(2026, 3, 1))
    assert verify().faults == []


def test_without_publish_it_waits_as_a_draft_and_publishing_later_needs_no_change_there(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)]]
    run(stub, doing, publish=False)
    assert Document.objects.get().editorial == "draft"
    run(stub, doing, publish=True)
    assert public() == {"云政发〔2026〕1号"}


def test_the_same_harvest_again_changes_nothing(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1), record(2)]]
    run(stub, doing)
    again = run(stub, doing)
    assert (again.lines, again.unchanged) == ([], 2)
    assert stub.asked[-1]["from"] == "2026-11-20T01:50:00Z"  # the source's clock, less the overlap
    assert Revision.objects.count() == 2


def test_a_new_version_becomes_a_revision_and_the_old_one_is_kept(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)]]
    run(stub, doing)
    stub.pages = [[record(1, body="为进一步规范管理，制定本办法。", stamp="2026-11-20T01:10:00Z")]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("filed", "revision")}
    document = Document.objects.get()
    assert "进一步" in document.published.body.text
    assert document.revisions.count() == 2


def test_what_the_source_takes_down_goes_and_what_it_restores_comes_back(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1), record(2)]]
    run(stub, doing)
    stub.pages = [[gone("oai:city:1")]]
    report = run(stub, doing)
    assert ends(report) == {"oai:city:1": ("withdrawn", "")}
    assert report.lines[0].reason.startswith("来源已撤下")
    assert public() == {"云政发〔2026〕2号"}
    stub.pages = [[record(1, stamp="2026-11-20T01:40:00Z")]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("filed", "back")}
    assert len(public()) == 2


def test_a_page_that_comes_again_because_its_paper_changed_within_a_second_is_no_circle(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)], [record(2)], [record(1)], [record(3)]]
    report = run(stub, doing)
    assert (report.trouble, len(report.lines)) == ("", 3)
    assert len(public()) == 3


def test_what_we_took_down_ourselves_does_not_come_back_by_itself(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)]]
    run(stub, doing)
    withdraw(Document.objects.get().pk, "本县不适用", doing)
    for body in ("为规范管理，制定本办法。", "为进一步规范管理，制定本办法。"):
        stub.pages = [[record(1, body=body, stamp="2026-11-20T01:40:00Z")]]
        assert ends(run(stub, doing)) == {"oai:city:1": ("needs_person", "withdrawn_here")}
    assert public() == set()


def test_a_paper_of_our_own_is_neither_doubled_nor_changed_nor_withdrawn(stub: Stub, doing: Doing) -> None:
    mine = filed(notice(1), doing)
    said = record(1, title="青禾县财政局关于印发《青禾县某某管理办法》的通知").replace("云政发〔2026〕1号", "青财〔2020〕1号")
    stub.pages = [[said]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("needs_person", "differs")}
    stub.pages = [[gone("oai:city:1")]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("withdrawn", "kept")}
    mine.refresh_from_db()
    assert (mine.editorial, mine.revisions.count(), Document.objects.count()) == ("published", 1, 1)


def test_a_correction_made_here_is_not_overwritten_without_a_person(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)]]
    run(stub, doing)
    correct(Document.objects.get().pk, {"summary": "本县的概述"}, doing)
    stub.pages = [[record(1, body="为进一步规范管理，制定本办法。", stamp="2026-11-20T01:40:00Z")]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("needs_person", "corrected_here")}
    assert "进一步" not in Document.objects.get().published.body.text


def test_a_turn_whose_cause_is_not_here_is_heeded_and_lifted_again(stub: Stub, doing: Doing) -> None:
    repealed = '<turn on="2026-06-01" kind="repealed" by="oai:city:9"/>'
    stub.pages = [[record(1, turns=repealed)]]
    run(stub, doing)
    assert Document.objects.get().legal == "repealed"
    stub.pages = [[record(1, stamp="2026-11-20T01:40:00Z")]]
    run(stub, doing)
    assert Document.objects.get().legal == "in_force"


def test_the_original_is_taken_when_its_digest_is_right_and_else_the_text(stub: Stub, doing: Doing) -> None:
    text = notice(7, "从原件读出的办法").encode()
    right, wrong = hashlib.sha256(text).hexdigest(), "0" * 64
    stub.files["/f"] = text
    host = stub.url.removesuffix("/oai")

    def file(sha256: str, address: str) -> str:
        return f'<file sha256="{sha256}" size="{len(text)}" format="txt" name="../../etc/办法.txt">{address}</file>'

    stub.pages = [[
        record(1, file=file(right, f"{host}/f")), record(2, file=file(wrong, f"{host}/f")), record(3, file=file(right, f"{host}/no")),
        record(4, file=file(right, "http://169.254.169.254/f")), record(5, file=file(right, "http://127.0.0.1:1/f")),
    ]]  # fmt: skip
    report = run(stub, doing)
    assert ends(report) == {"oai:city:1": ("filed", ""), **{f"oai:city:{n}": ("filed", "note") for n in (2, 3, 4, 5)}}
    told = [line.reason for line in report.lines]
    assert ["摘要不符" in told[1], "404" in told[2], "不在来源自己的主机" in told[3], "不在来源自己的主机" in told[4]] == [
        True
    ] * 4
    original = Original.objects.get()
    assert (original.sha256, original.name) == (right, "办法.txt")
    assert (Path(django_settings.DATA_FOLDER) / "files" / original.path).read_bytes() == text
    assert "从原件读出的办法" in Document.objects.get(document_number="云政发〔2026〕1号").published.body.text


def test_html_from_elsewhere_brings_nothing_but_text(stub: Stub, doing: Doing) -> None:
    nasty = '好。<script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:x">点</a><iframe src="//evil"></iframe>'
    stub.pages = [[record(1, body=nasty)]]
    assert ends(run(stub, doing)) == {"oai:city:1": ("filed", "")}
    html = Document.objects.get().published.body.html
    assert "好。" in html
    assert not re.search(r"script|img|onerror|href|iframe|alert", html)


def test_a_catalogue_without_texts_asks_a_person_and_gives_the_link(stub: Stub, doing: Doing) -> None:
    stub.formats = ("oai_dc",)
    card = (
        f"<record>{header('oai:old:1')}<metadata><dc xmlns='http://www.openarchives.org/OAI/2.0/oai_dc/' "
        "xmlns:d='http://purl.org/dc/elements/1.1/'><d:title>老库里的办法</d:title>"
        "<d:identifier>12345</d:identifier><d:identifier>https://old.example/1.html</d:identifier></dc></metadata></record>"
    )
    stub.pages = [[card]]
    report = run(stub, doing)
    assert ends(report) == {"oai:old:1": ("needs_person", "metadata_only")}
    assert "https://old.example/1.html" in report.lines[0].reason
    assert "老库里的办法" in report.lines[0].reason
    assert not Document.objects.exists()


# Strangers


def test_one_bad_record_does_not_stop_the_others_and_is_tried_again(stub: Stub, doing: Doing) -> None:
    bad = [
        record(2, more="<extra/>"), record(3).replace("2026-03-01", "12026-03-01"), record(4).replace("proactive", "withheld"),
        record(5).replace('digest="', 'digest="zz'), "<record><metadata/></record>", f"<record>{header('oai:city:6')}</record>",
        record(7).replace("fromIssue='true'", "years='9999'"), record(8).replace("normative", "spell"),
    ]  # fmt: skip
    stub.pages = [[record(1), *bad, record(9)]]
    report = run(stub, doing)
    assert report.trouble == ""
    assert report.counts() == {"filed": 2, "needs_person": 0, "duplicate": 0, "withdrawn": 0, "failed": 8}
    assert all(re.search(r"[一-龥]", line.reason) for line in report.lines if line.outcome == "failed")
    stub.pages = [[record(2)]]
    stub.asked.clear()
    again = ends(run(stub, doing))
    assert again["oai:city:2"] == ("filed", "")
    assert len(public()) == 3


def test_a_damaged_answer_is_gone_around_record_by_record(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)], [record(2), record(3, body="\x08坏字符"), record(4)]]
    report = run(stub, doing)
    assert report.trouble == ""
    assert {i: o for i, (o, _) in ends(report).items()} == {
        "oai:city:1": "filed", "oai:city:2": "filed", "oai:city:3": "failed", "oai:city:4": "filed"
    }  # fmt: skip


def test_an_answer_that_is_too_large_is_gone_around_too(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1), record(2, body="长" * 30_000), record(3)]]
    report = run(stub, doing, limits=Limits(page=60_000))
    assert {i: o for i, (o, _) in ends(report).items()} == {"oai:city:1": "filed", "oai:city:2": "failed", "oai:city:3": "filed"}
    assert "没有读取" in next(line.reason for line in report.lines if line.outcome == "failed")


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
HOSTILE: dict[str, tuple[Callable[[Stub, dict[str, str]], Answer | None], str]] = {
    "the same token for ever": (
        lambda s, said: (200, {}, s.said(f"<ListRecords>{record(1)}<resumptionToken>x</resumptionToken></ListRecords>").encode()),
        "没有尽头",
    ),
    "ever new tokens with the same records": (
        lambda s, said: (
            200,
            {},
            s.said(f"<ListRecords>{record(1)}<resumptionToken>{len(s.asked)}</resumptionToken></ListRecords>").encode(),
        ),
        "没有尽头",
    ),
    "ever new tokens with nothing": (
        lambda s, said: (
            200,
            {},
            s.said(f"<ListRecords><resumptionToken>{len(s.asked)}</resumptionToken></ListRecords>").encode(),
        ),
        "没有尽头",
    ),
    "a token without end": (
        lambda s, said: (
            200,
            {},
            s.said(f"<ListRecords>{record(1)}<resumptionToken>{'x' * 9000}</resumptionToken></ListRecords>").encode(),
        ),
        "过长",
    ),
    "entities": (
        lambda s, said: (200, {}, (BOMB + s.said(f"<ListRecords>{record(1, body='&b;')}</ListRecords>")).encode()),
        "DOCTYPE",
    ),
    "a thousand levels": (lambda s, said: (200, {}, s.said("<a>" * 1000 + "</a>" * 1000).encode()), "XML"),
    "another site": (lambda s, said: (302, {"Location": "http://169.254.169.254/latest/"}, b""), "转到别处"),
    "a file": (lambda s, said: (302, {"Location": "file:///etc/passwd"}, b""), "转到别处"),
    "in circles": (lambda s, said: (302, {"Location": f"{s.url}?verb=ListRecords"}, b""), "转到别处"),
    "busy for a day": (lambda s, said: (503, {"Retry-After": "86400"}, b""), "1440 分钟"),
    "busy for ever": (lambda s, said: (503, {"Retry-After": "1"}, b""), "503"),
    "an error": (lambda s, said: (500, {}, b"oops"), "HTTP 500"),
    "a page": (lambda s, said: (200, {}, b"<html><body>hi</body></html>"), "不是 OAI-PMH"),
    "an answer to nothing": (lambda s, said: (200, {}, s.said("").encode()), "没有 List"),
    "nothing": (lambda s, said: (200, {}, b""), "XML"),
    "squeezed": (lambda s, said: (200, {"Content-Encoding": "gzip"}, b"x"), "压缩"),
    "another error": (lambda s, said: (200, {}, s.said('<error code="badArgument">no</error>').encode()), "badArgument"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_source_is_told_in_chinese_and_leaves_the_library_sound(stub: Stub, doing: Doing, kind: str) -> None:
    odd, told = HOSTILE[kind]
    stub.odd = lambda path, said: odd(stub, said) if said.get("verb") in ("ListRecords", "ListIdentifiers") else None
    report = run(stub, doing)
    assert told in report.trouble, report.trouble
    assert len(stub.asked) < 60
    assert verify().faults == []


def test_a_busy_source_is_waited_for_as_long_as_it_asks(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1)]]
    stub.odd = lambda path, said: (503, {"Retry-After": "7"}, b"") if len(stub.asked) in (3, 4) else None
    assert ends(run(stub, doing)) == {"oai:city:1": ("filed", "")}
    assert stub.waited == [7.0, 7.0]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url", ["ftp://x/oai", "file:///etc/passwd", "x", "http://", "http://a:b@c/oai", "http://x:99999/", "http://x/?a=1"]
)
def test_only_a_plain_web_address_is_a_source(url: str) -> None:
    with pytest.raises(UnfitAddress, match="不是采集地址"):
        HarvestRequest(url)


def test_a_harvest_that_broke_off_is_carried_on_where_it_stood(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(n)] for n in range(1, 5)]
    stub.odd = lambda path, said: (500, {}, b"") if said.get("resumptionToken") == "2" else None
    first = run(stub, doing)
    assert (len(first.lines), bool(first.trouble), first.resumed) == (2, True, False)
    stub.odd = lambda path, said: None
    stub.asked.clear()
    second = run(stub, doing)
    assert (len(second.lines), second.trouble, second.resumed) == (4, "", True)
    assert [said.get("resumptionToken") for said in stub.asked] == ["2", "3"]
    assert Harvest.objects.count() == 1


def test_a_token_that_the_source_has_forgotten_means_from_the_start_and_nothing_twice(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(n)] for n in range(1, 4)]
    stub.odd = lambda path, said: (500, {}, b"") if said.get("resumptionToken") == "2" else None
    run(stub, doing)
    forgotten = stub.said('<error code="badResumptionToken">x</error>').encode()
    stub.odd = lambda path, said: (200, {}, forgotten) if len(stub.asked) == 1 else None
    stub.asked.clear()
    assert run(stub, doing).counts()["filed"] == 3
    assert Document.objects.count() == 3
    assert Revision.objects.count() == 3


def test_nothing_is_half_filed_when_the_harvester_dies_at_any_record(stub: Stub, doing: Doing) -> None:
    stub.pages = [[record(1), record(2)], [record(3), record(4)]]

    class Killed(BaseException):
        """As a signal would."""

    for calls in range(2, 9):
        left = iter(range(calls))

        def clock() -> Doing:
            if next(left, None) is None:  # noqa: B023 - asked only within this turn of the loop
                raise Killed
            return doing

        try:
            harvest(HarvestRequest(stub.url, publish=True), clock)
        except Killed:
            assert Harvested.objects.count() == Document.objects.count() == len(public())
    assert run(stub, doing).trouble == ""
    assert len(public()) == Document.objects.count() == Revision.objects.count() == 4


# Real libraries


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[str], set[str]]]]:
    """Another library in a process of its own: its address, and a way to make it do things."""
    env = {**os.environ, "GONGKAI_DATA": str(tmp_path_factory.mktemp("another") / "data"), "GONGKAI_OAI_BATCH": "2"}
    command = [sys.executable, "-m", "tests.domains.library.another_library"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())

        def do(what: str) -> set[str]:
            process.stdin.write(f"{what}\n")
            return set(process.stdout.readline().strip().split("|")) - {""}

        try:
            yield f"http://127.0.0.1:{port}/oai", do
        finally:
            process.stdin.close()
            process.wait(10)


def now() -> Doing:
    moment = datetime.now(UTC)
    return Doing("command", moment, moment.date())


@pytest.mark.soak
@settings(max_examples=often(6, 80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.lists(st.tuples(st.sampled_from(["turn", "turn", "revise"]), st.integers(1, 8)), max_size=3), max_size=6)
)
def test_whatever_happens_there_during_a_harvest_after_one_more_both_show_the_same(another, changes) -> None:
    url, do = another
    waiting = iter(changes)

    def meanwhile(done: int, size: int | None) -> None:
        for what, number in next(waiting, ()):
            do(f"{what} {number}")

    for _ in range(2):
        report = harvest(HarvestRequest(url, publish=True), now, meanwhile)
        assert (report.trouble, report.counts()["failed"]) == ("", 0), report.lines
    for some in waiting:
        for what, number in some:
            do(f"{what} {number}")
    harvest(HarvestRequest(url, publish=True), now)
    assert shown() == do("look")


def shown() -> set[str]:
    """What is public here, as the other library tells what is public there."""
    rows = Document.objects.public().values_list("document_number", "published__body__text")
    return {f"{number}={re.findall(r'第[0-9]+稿', text)[0]}" for number, text in rows}


CITY = """
government: {name: 云州市人民政府, short_name: 云州, level: city, site_name: 云州市人民政府网站, domain: www.yunzhou.example}
organs:
  - {code: "Y1", kind: government, names: [{name: 云州市人民政府}]}
"""
PUBLIC = """
SELECT d.title, d.document_number, d.organs_label, d.issued_on, d.kind, d.topic, d.subtopic, d.summary, d.legal,
  d.in_force_from, d.in_force_until, b.clauses, b.html, b.text, r.text_digest,
  (SELECT {joined} FROM (SELECT e."on" || e.kind || coalesce(c.title, '') AS x FROM library_legalevent e
     LEFT JOIN library_document c ON c.id = e.by_id WHERE e.document_id = d.id ORDER BY 1) turns),
  (SELECT {joined} FROM (SELECT original_id AS x FROM library_rendition WHERE document_id = d.id ORDER BY 1) files)
FROM library_document d JOIN library_revision r ON r.id = d.published_id JOIN library_body b ON b.id = r.body_id
WHERE d.editorial = 'published' ORDER BY d.title, d.document_number, d.issued_on
"""


def published(site: Site) -> list[tuple[object, ...]]:
    """All that the public sees of a library's papers, read from its database."""
    with databases.opened(site.data) as cursor:
        cursor.execute(PUBLIC.format(joined="string_agg(x, ',')" if databases.SERVER else "group_concat(x)"))
        return cursor.fetchall()


@pytest.fixture
def county_and_city(sample_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, Site]]:
    """The sample county, served in small answers, and a city with nothing yet."""
    monkeypatch.setenv("GONGKAI_OAI_BATCH", "10")
    copied(sample_data, tmp_path / "county")
    city = Site(tmp_path / "city")
    (tmp_path / "city.yaml").write_text(CITY, encoding="utf-8")
    for command in (("setup",), ("agency", "import", str(tmp_path / "city.yaml"))):
        done = city.run(*command)
        assert done.returncode == 0, done.stderr
    for served in serve(tmp_path / "county"):
        yield served, city


def test_a_county_passes_its_papers_up_to_the_city_and_takes_them_back(
    county_and_city: tuple[Site, Site], tmp_path: Path
) -> None:
    lower, upper = county_and_city
    source, report = f"{lower.url}/oai", tmp_path / "report.json"

    def harvested() -> dict[str, Any]:
        done = upper.run("harvest", source, "--publish", "--report", str(report))
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(report.read_text())

    with upper.start("harvest", source, "--publish") as first:  # killed on its way, whatever it was doing
        wait_for_papers(upper, 12)
        first.kill()
    half = len(published(upper))
    assert 12 <= half < 64
    said = harvested()
    assert (said["resumed"], said["failed"], said["needs_person"], said["trouble"]) == (True, 0, 0, "")
    assert len(published(upper)) == 64
    assert published(upper) == published(lower)
    lower.run("document", "withdraw", "5", "--reason", "试")
    lower.run("document", "correct", "8", "summary=改过的概述")
    lower.run("document", "publish", "8")
    said = harvested()
    assert (said["withdrawn"], said["filed"]) == (1, 1)
    assert len(published(upper)) == 63
    assert published(upper) == published(lower)
    lower.run("document", "restore", "5")
    harvested()
    assert len(published(upper)) == 64
    assert published(upper) == published(lower)
    for words in (("ledger", "verify"), ("ledger", "rebuild")):
        assert upper.run(*words).returncode == 0


def wait_for_papers(site: Site, number: int) -> None:
    """Look again and again until a library shows that many papers."""
    deadline = time.monotonic() + 120
    while len(published(site)) < number:
        assert time.monotonic() < deadline


def test_the_command_says_what_is_wrong_and_how_it_ended(site: Site) -> None:
    wrong = site.run("harvest", "ftp://x/oai")
    assert (wrong.returncode, "不是采集地址" in wrong.stderr) == (2, True)
    assert site.run("harvest", "http://127.0.0.1:9/oai", "--from", "gestern").returncode == 2
    away = site.run("harvest", "http://127.0.0.1:9/oai")
    assert (away.returncode, "连不上来源" in away.stderr) == (1, True)
