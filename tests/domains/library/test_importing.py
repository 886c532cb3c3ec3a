"""The importer: every file ends one way, the same file twice is one, a killed run is carried on."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.agencies.queries import UnknownAgency
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.verify import verify
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.models import Document, ImportItem, ImportRun, Original, Revision
from gongkai.domains.library.tasks.alone import AlreadyImporting, alone
from gongkai.domains.library.tasks.importing import Report, Request, import_papers
from gongkai.domains.library.tasks.walking import NoSuchPath
from sample.build.manuscript import Piece
from sample.build.word import to_docx
from tests.domains.library.papers import county, notice, write
from tests.soaking import often

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    county()


@pytest.fixture
def store() -> Path:
    return Path(django_settings.DATA_FOLDER) / "files"


def run(folder: Path, doing: Doing, **more: object) -> Report:
    return import_papers(Request((folder,), workers=1, **more), doing)  # type: ignore[arg-type]


def ends(report: Report) -> dict[str, tuple[str, str]]:
    return {Path(line.path).name: (line.outcome, line.code) for line in report.lines}


def test_every_file_ends_one_way_and_the_four_add_up(tmp_path: Path, doing: Doing) -> None:
    papers = {
        "1.txt": notice(1),
        "1 - 副本.txt": notice(1),
        "2.txt": notice(2, "乙办法").encode("gb18030"),
        "空.txt": b"",
        "坏.pdf": b"%PDF-1.4 broken",
        "扫描.png": b"\x89PNG\r\n\x1a\n" + b"0" * 50,
        "无日期.txt": notice(5).replace("2020年5月1日", ""),
        "依申请.txt": notice(6, "丙办法").replace("此件公开发布", "此件依申请公开"),
        ".hidden": b"x",
        "~$lock.docx": b"x",
    }
    report = run(write(tmp_path / "in", papers), doing, publish=True)
    assert ends(report) == {
        "1.txt": ("duplicate", "same_file"),
        "1 - 副本.txt": ("filed", ""),
        "2.txt": ("filed", ""),
        "空.txt": ("failed", "empty"),
        "坏.pdf": ("failed", "damaged"),
        "扫描.png": ("needs_person", "no_text"),
        "无日期.txt": ("needs_person", "no_date"),
        "依申请.txt": ("filed", "not_proactive"),
    }
    assert sum(report.counts().values()) == report.seen == 8
    assert all(line.reason for line in report.lines if line.outcome != "filed")
    public = set(Document.objects.public().values_list("document_number", flat=True))
    assert public == {"青财〔2020〕1号", "青财〔2020〕2号"}


def test_originals_are_kept_byte_for_byte_even_when_they_cannot_be_read(tmp_path: Path, doing: Doing, store: Path) -> None:
    papers = {"1.txt": notice(1).encode("gb18030"), "坏.pdf": b"%PDF-1.4 broken"}
    run(write(tmp_path / "in", papers), doing)
    for data in papers.values():
        sha256 = hashlib.sha256(data).hexdigest()
        assert (store / "originals" / sha256[:2] / sha256).read_bytes() == data
        assert Original.objects.get(sha256=sha256).size == len(data)
    assert not list((store / "incoming").glob("*"))


def test_importing_the_same_folder_again_finds_only_duplicates(tmp_path: Path, doing: Doing) -> None:
    folder = write(tmp_path / "in", {"1.txt": notice(1), "2.txt": notice(2, "乙办法")})
    run(folder, doing, publish=True)
    before = (Event.objects.count(), Revision.objects.count())
    again = run(folder, doing, publish=True)
    assert again.counts()["duplicate"] == 2
    assert (Event.objects.count(), Revision.objects.count()) == before


def test_the_same_paper_in_another_format_becomes_a_further_file_of_it(tmp_path: Path, doing: Doing) -> None:
    run(write(tmp_path / "a", {"1.txt": notice(1)}), doing)
    word = to_docx([Piece("paragraph", line) for line in notice(1).splitlines()])
    report = run(write(tmp_path / "b", {"1.docx": word}), doing)
    assert ends(report) == {"1.docx": ("duplicate", "same_text")}
    (document,) = Document.objects.all()
    assert sorted(document.renditions.values_list("original__format", flat=True)) == ["docx", "txt"]


def test_a_changed_paper_of_the_same_number_and_title_is_a_revision(tmp_path: Path, doing: Doing) -> None:
    run(write(tmp_path / "a", {"1.txt": notice(1)}), doing, publish=True)
    report = run(write(tmp_path / "b", {"1.txt": notice(1, body="为加强管理，制定本办法。")}), doing, publish=True)
    assert ends(report) == {"1.txt": ("filed", "revision")}
    (document,) = Document.objects.all()
    assert document.revisions.count() == 2
    assert document.published.number == 2
    assert "加强" in document.published.body.text


def test_the_same_number_under_another_title_is_for_a_person_to_settle(tmp_path: Path, doing: Doing) -> None:
    run(write(tmp_path / "a", {"1.txt": notice(1)}), doing)
    report = run(write(tmp_path / "b", {"1.txt": notice(1, "完全不同的规定")}), doing, publish=True)
    assert ends(report) == {"1.txt": ("needs_person", "number_taken")}
    assert Document.objects.public().count() == 0


def test_yearly_notices_of_one_title_are_papers_of_their_own(tmp_path: Path, doing: Doing) -> None:
    papers = {f"{y}.txt": notice(1, "年度工作安排", year=y) for y in (2021, 2022, 2023)}
    assert run(write(tmp_path / "a", papers), doing).counts()["filed"] == 3
    assert Document.objects.count() == 3


def test_a_rehearsal_tells_the_same_and_leaves_nothing_behind(tmp_path: Path, doing: Doing, store: Path) -> None:
    folder = write(tmp_path / "in", {"1.txt": notice(1, body="演练专用的文字。"), "空.txt": b""})
    before = {p for p in store.rglob("*") if p.is_file()} if store.exists() else set()
    rehearsal = run(folder, doing, publish=True, rehearse=True)
    assert rehearsal.rehearsed
    assert (Document.objects.count(), ImportRun.objects.count(), Event.objects.count()) == (0, 0, 0)
    assert {p for p in store.rglob("*") if p.is_file()} == before if store.exists() else True
    assert ends(rehearsal) == ends(run(folder, doing, publish=True))


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.soak
@settings(max_examples=often(12, 1_500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kills=st.lists(st.integers(0, 40), min_size=1, max_size=4))
def test_a_run_killed_at_any_moment_is_carried_on_with_nothing_half_filed(
    kills: list[int], tmp_path_factory: pytest.TempPathFactory, doing: Doing
) -> None:
    papers: dict[str, str | bytes] = {f"{n}.txt": notice(n, f"第{n}办法") for n in range(1, 6)}
    papers |= {"副本.txt": notice(1, "第1办法"), "空.txt": b""}
    folder = write(tmp_path_factory.mktemp("in"), papers)
    from django.db import connection, transaction

    with transaction.atomic():
        for kill in kills:
            statements = itertools.count()

            def count(execute, sql, params, many, context, statements=statements, kill=kill):
                if next(statements) == kill * 8:
                    raise Killed
                return execute(sql, params, many, context)

            try:
                with connection.execute_wrapper(count):
                    run(folder, doing, publish=True)
            except Killed:
                pass
            done = ImportItem.objects.filter(outcome="filed").count()
            assert Document.objects.count() == done  # a paper is filed whole with its line in the report, or not at all
            assert verify().faults == []
        report = run(folder, doing, publish=True)
        if not ImportRun.objects.filter(finished_at=None).exists() and ImportRun.objects.count() == 1:
            assert report.counts() == {"filed": 5, "needs_person": 0, "duplicate": 1, "failed": 1}
        assert Document.objects.public().count() == 5
        assert sum(report.counts().values()) == report.seen == 7
        transaction.set_rollback(True)


def test_a_file_that_kills_its_reader_is_named_and_the_batch_goes_on(tmp_path: Path, doing: Doing) -> None:
    """A deep enough nest of elements is more than a reader bears; whatever it does, the others go in."""
    folder = write(tmp_path / "in", {f"{n}.txt": notice(n, f"第{n}办法") for n in range(1, 6)})
    write(folder, {"3.html": b"<div>" * 200_000 + "深渊里的文字，很长的一句话。".encode()})
    report = import_papers(Request((folder,), workers=2), doing)
    assert report.counts()["filed"] >= 5
    assert sum(report.counts().values()) == 6


def test_wrong_requests_are_refused_before_anything_is_read(tmp_path: Path, doing: Doing) -> None:
    with pytest.raises(NoSuchPath, match="找不到"):
        run(tmp_path / "nowhere", doing)
    with pytest.raises(UnknownAgency):
        run(write(tmp_path / "in", {"1.txt": notice(1)}), doing, agency="没有的局")
    assert ImportRun.objects.count() == 0


def test_two_imports_at_once_are_refused(tmp_path: Path, doing: Doing) -> None:
    folder = write(tmp_path / "in", {"1.txt": notice(1)})
    with alone(), pytest.raises(AlreadyImporting):
        run(folder, doing)


def test_the_holding_organ_is_the_issuer_where_it_is_ours_else_the_government(tmp_path: Path, doing: Doing) -> None:
    elsewhere = notice(1).replace("青禾县财政局", "云州市财政局").replace("青财", "云财")
    run(write(tmp_path / "in", {"1.txt": notice(1), "2.txt": elsewhere}), doing)
    holders = dict(Document.objects.values_list("document_number", "agency__code"))
    assert holders == {"青财〔2020〕1号": "B", "云财〔2020〕1号": "A"}


@pytest.mark.corpus
def test_real_papers_go_in_by_folder(shared: Path, doing: Doing) -> None:
    report = import_papers(Request((shared / "seeds", shared / "corpus/gov_cn", shared / "corpus/portals"), publish=True), doing)
    assert report.counts() == {"filed": 58, "needs_person": 0, "duplicate": 0, "failed": 0}
