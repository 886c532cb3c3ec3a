"""The command line: what outside checks and officials rely on."""

from __future__ import annotations

import json
import random
import socket
import subprocess
from pathlib import Path

import pytest

from sample.build.manuscript import Piece
from sample.build.word import to_docx
from tests import databases
from tests.conftest import Site
from tests.domains.library.papers import notice, write
from tests.soaking import often

FIELDS = {
    "file", "format", "sha256", "text", "title", "document_number", "organs", "issued_on", "published_on", "printed_on",
    "addressees", "attribute", "signature", "copies_to", "attachments", "registration_number", "validity", "relations", "clauses",
}  # fmt: skip


@pytest.fixture
def nowhere(tmp_path: Path) -> Site:
    """A data folder that does not exist yet: reading must not need one."""
    return Site(tmp_path / "none" / "data")


def rows(site: Site, *arguments: str) -> list[list[str]]:
    """The lines of `document list` as columns."""
    said = site.run("document", "list", "--limit", "500", *arguments)
    assert said.returncode == 0, said.stderr
    return [line.split("\t") for line in said.stdout.splitlines() if "\t" in line]


def filed_so_far(site: Site) -> int:
    """How many of the papers made for the test are in the library."""
    with databases.opened(site.data) as cursor:
        cursor.execute("SELECT count(*) FROM library_document WHERE title LIKE '%批量办法%'")
        return cursor.fetchone()[0]


def test_read_prints_every_field_of_the_contract_without_a_database(nowhere: Site, tmp_path: Path) -> None:
    write(tmp_path, {"通知.docx": to_docx([Piece("paragraph", line) for line in notice(1).splitlines()])})
    said = nowhere.run("read", str(tmp_path / "通知.docx"), "--json")
    assert said.returncode == 0, said.stderr
    reading = json.loads(said.stdout)
    assert reading.keys() >= FIELDS
    assert reading["format"] == "docx"
    for field in ("title", "document_number", "issued_on"):
        start, end = reading[field]["source"]
        assert 0 <= start < end <= len(reading["text"])
        assert 0 < reading[field]["confidence"] <= 1
    assert reading["document_number"]["value"] == "青财〔2020〕1号"
    assert reading["issued_on"]["value"] == "2020-05-01"
    assert reading["registration_number"] is None
    assert not nowhere.data.exists()


def test_read_says_in_chinese_why_a_file_cannot_be_read(nowhere: Site, tmp_path: Path) -> None:
    write(tmp_path, {"空.pdf": b"", "坏.docx": b"PK\x03\x04 broken"})
    for name in ("空.pdf", "坏.docx", "没有.txt"):
        said = nowhere.run("read", str(tmp_path / name), "--json")
        assert said.returncode == 1
        assert json.loads(said.stdout)["error"]["message"]
        assert name in said.stderr
        assert "Traceback" not in said.stderr


def test_wrong_words_end_with_2_and_a_chinese_sentence(nowhere: Site) -> None:
    for words in (("frob",), ("import",), ("import", "/no/such/folder"), ("import", ".", "--frob"), ("document", "publish", "x")):
        said = nowhere.run(*words)
        assert said.returncode == 2, words
        assert "用法有误" in said.stderr


def test_help_is_in_chinese_throughout(nowhere: Site) -> None:
    for words in ((), ("import",), ("document",), ("document", "correct"), ("ledger",), ("read",), ("serve",)):
        said = nowhere.run(*words, "--help")
        assert said.returncode == 0
        assert "用法：" in said.stdout
        assert not {"Usage", "Options", "Show this", "Commands"} & set(said.stdout.split())


def test_a_command_before_setup_says_what_to_run(tmp_path: Path) -> None:
    said = Site(tmp_path / "data").run("document", "list")
    assert said.returncode == 1
    assert "gongkai setup" in said.stderr


def test_import_tells_every_file_in_json_and_on_a_page(site: Site, tmp_path: Path) -> None:
    papers = {"1.txt": notice(1), "副本.txt": notice(1), "空.txt": b"", "无日期.txt": notice(2).replace("2020年5月1日", "")}
    write(tmp_path / "in", papers)
    report = tmp_path / "out" / "报告.json"
    said = site.run("import", str(tmp_path / "in"), "--report", str(report))
    assert said.returncode == 1
    told = json.loads(report.read_text())
    assert {k: told[k] for k in ("seen", "filed", "needs_person", "duplicate", "failed")} == {
        "seen": 4, "filed": 1, "needs_person": 1, "duplicate": 1, "failed": 1,
    }  # fmt: skip
    assert {Path(f["path"]).name for f in told["files"]} == set(papers)
    assert all(f["reason"] for f in told["files"] if f["outcome"] != "filed")
    page = report.with_suffix(".html").read_text()
    for name in papers:
        assert name in page
    assert "空.txt" in said.stdout


def test_a_rehearsal_by_command_changes_nothing(site: Site, tmp_path: Path) -> None:
    write(tmp_path / "in", {"1.txt": notice(1)})
    before = rows(site)
    said = site.run("import", str(tmp_path / "in"), "--dry-run", "--report", str(tmp_path / "r.json"))
    assert (said.returncode, "演练" in said.stdout) == (0, True)
    assert rows(site) == before


def test_a_clean_import_ends_with_0_and_waits_as_drafts_until_published(site: Site, tmp_path: Path) -> None:
    write(tmp_path / "in", {"1.txt": notice(77, "一次性办法")})
    assert site.run("import", str(tmp_path / "in"), "--report", str(tmp_path / "r.json")).returncode == 0
    ((number, status, *_),) = rows(site, "--title", "一次性办法")
    assert status == "待发布"
    assert "已发布" in site.run("document", "publish", number).stdout
    assert "已撤下" in site.run("document", "withdraw", number, "--reason", "内容有误").stdout
    again = site.run("document", "publish", number, number)
    assert (again.returncode, "restore" in again.stderr or "撤下" in again.stderr) == (1, True)
    assert "已恢复" in site.run("document", "restore", number).stdout
    assert rows(site, "--title", "一次性办法")[0][1] == "已发布"


def test_a_paper_that_needs_a_person_is_settled_by_command(site: Site, tmp_path: Path) -> None:
    write(tmp_path / "in", {"1.txt": notice(78, "缺日期的办法").replace("2020年5月1日", "")})
    site.run("import", str(tmp_path / "in"), "--publish", "--report", str(tmp_path / "r.json"))
    ((number, _, _, _, title),) = rows(site, "--title", "缺日期的办法")
    assert "没有读出成文日期" in title
    refused = site.run("document", "publish", number)
    assert refused.returncode == 1
    assert "成文日期" in refused.stderr
    wrong = site.run("document", "correct", number, "issued_on=2020-02-31")
    assert (wrong.returncode, "2020-02-31" in wrong.stderr) == (1, True)
    assert site.run("document", "correct", number, "issued_on=2020年5月1日").returncode == 0
    assert site.run("document", "publish", number).returncode == 0
    assert "2020-05-01" in site.run("document", "show", number).stdout


def test_commands_on_a_document_that_is_not_there_say_so(site: Site) -> None:
    for words in (("show", "99999"), ("confirm", "99999"), ("publish", "99999"), ("withdraw", "99999", "--reason", "x")):
        said = site.run("document", *words)
        assert said.returncode == 1
        assert "99999" in said.stderr


def test_the_ledger_is_verified_rebuilt_and_a_forgery_found(site: Site) -> None:
    assert "台账完好" in site.run("ledger", "verify").stdout
    assert "逐行一致" in site.run("ledger", "rebuild").stdout
    forgery = "UPDATE ledger_event SET actor = 'nobody' WHERE id = 5"
    with pytest.raises(databases.REFUSALS), databases.opened(site.data) as cursor:
        cursor.execute(forgery)
    with databases.opened(site.data) as cursor, databases.unguarded(cursor):
        cursor.execute(forgery)
    found = site.run("ledger", "verify")
    assert found.returncode == 1
    assert "5" in found.stderr


def test_nightly_expires_what_has_run_out_and_catches_up_on_missed_days(site: Site, tmp_path: Path) -> None:
    ending = "本办法自2026年1月1日起施行，有效期至2027年3月31日。"
    write(tmp_path / "in", {"1.txt": notice(79, "短命的办法", year=2025, month=12, closing=ending)})
    site.run("import", str(tmp_path / "in"), "--publish", "--report", str(tmp_path / "r.json"))
    ahead = site.run("nightly", "--on", "2026-11-21").stdout
    assert "评估　2027-03-31　青财〔2025〕79号" in ahead
    late = site.run("nightly", "--on", "2027-05-20").stdout
    assert "失效　青财〔2025〕79号" in late
    assert "失效　青财〔2025〕79号" not in site.run("nightly", "--on", "2027-05-21").stdout
    assert "2027-04-01" in site.run("document", "show", rows(site, "--title", "短命的办法")[0][0]).stdout


def test_the_sample_is_loaded_once_and_carried_on_when_interrupted(site: Site) -> None:
    before = len(rows(site))
    assert before >= 60
    again = site.run("sample", "--if-empty")
    assert again.returncode == 0
    assert "示例文件" not in again.stdout  # only the accounts are told again
    with databases.opened(site.data) as cursor:
        cursor.execute("UPDATE library_importrun SET finished_at = NULL")
    assert "示例文件" in site.run("sample", "--if-empty").stdout
    assert len(rows(site)) == before


def test_serving_on_a_taken_port_says_which_port_to_try(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = site.run("serve", "--port", str(port))
    assert said.returncode == 1
    assert f"端口 {port} 已被" in said.stderr


@pytest.mark.soak
def test_an_import_killed_in_the_middle_is_carried_on_by_the_next(site: Site, tmp_path: Path) -> None:
    kills, chance = often(2, 100), random.Random(20261120)
    papers = {f"{n}.txt": notice(n, f"第{n}号批量办法") for n in range(1, 100 * kills + 100)}
    write(tmp_path / "in", papers)
    words = ("import", str(tmp_path / "in"), "--publish", "--report", str(tmp_path / "r.json"))
    for _ in range(kills):
        goal = filed_so_far(site) + chance.randrange(60)
        with site.start(*words) as process:
            while process.poll() is None and filed_so_far(site) <= goal:
                continue
            process.kill()
        assert "台账完好" in site.run("ledger", "verify").stdout
    before = filed_so_far(site)
    said = site.run(*words)
    assert said.returncode == 0, said.stderr
    told = json.loads((tmp_path / "r.json").read_text())
    assert told["resumed"] == before
    assert (told["seen"], told["filed"]) == (len(papers), len(papers))
    assert "台账完好" in site.run("ledger", "verify").stdout
    assert "逐行一致" in site.run("ledger", "rebuild").stdout
    assert not list((site.data / "files" / "incoming").glob("*"))


def test_two_imports_at_once_are_refused(site: Site, tmp_path: Path) -> None:
    from filelock import FileLock

    write(tmp_path / "in", {"1.txt": notice(1)})
    with FileLock(site.data / "import.lock"):
        said = site.run("import", str(tmp_path / "in"))
    assert said.returncode == 1
    assert "另一个导入正在进行" in said.stderr


def test_the_console_script_is_installed() -> None:
    said = subprocess.run([str(Path(".venv/bin/gongkai")), "--version"], capture_output=True, text=True, check=False)
    assert said.stdout.startswith("gongkai ")
