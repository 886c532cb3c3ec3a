"""`gongkai backup`, `restore` and `upgrade`: the drill, and what goes wrong on the way."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests import databases
from tests.conftest import Site, process_wait, serve
from tests.core.backups import everything, files_below
from tests.disks import few_bytes
from tests.domains.library.papers import notice, write
from tests.faces.test_terminal import filed_so_far
from tests.soaking import often


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Site]:
    """A data folder in which there is nothing yet."""
    (tmp_path / "new").mkdir()
    yield Site(tmp_path / "new")
    databases.drop(tmp_path / "new")


@pytest.fixture(scope="session")
def sample_backup(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site as one file."""
    path = tmp_path_factory.mktemp("sample-backup") / "site.gongkai"
    said = Site(sample_data).run("backup", str(path))
    assert said.returncode == 0, said.stderr
    assert "66 个文件" in said.stdout
    return path


@contextmanager
def looking_into(data: Path) -> Iterator[None]:
    """Django's connection leads to the database of a data folder."""
    from tests.conftest import another_database

    with another_database(data):
        yield


def rows_of(data: Path, django_db_blocker) -> dict[str, list[str]]:
    """Every row of a site, but for the counts of a database."""
    with django_db_blocker.unblock(), looking_into(data):
        return everything()


def destroyed(site: Site) -> Site:
    """The site after a fire: an empty folder, an empty database."""
    shutil.rmtree(site.data)
    site.data.mkdir()
    databases.drop(site.data)
    return site


def restored(site: Site, path: Path, *words: str) -> str:
    """What the command says that brings it back."""
    said = site.run("restore", str(path), *words)
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_the_drill_use_back_up_destroy_restore_and_every_page_is_as_it_was(site: Site, tmp_path: Path, django_db_blocker) -> None:
    used(site, tmp_path)
    said = site.run("backup", str(tmp_path / "site.gongkai"))
    assert said.returncode == 0, said.stderr
    rows, files = rows_of(site.data, django_db_blocker), files_below(site.data)
    pages = every_page(site)
    assert len(pages) > 100
    told = restored(destroyed(site), tmp_path / "site.gongkai")
    assert re.search(r"台账完好：\d{3,} 条记录", told)
    assert rows_of(site.data, django_db_blocker) == rows
    assert files_below(site.data) == files
    assert every_page(site) == pages
    assert "台账完好" in site.run("ledger", "verify").stdout
    assert "逐行一致" in site.run("ledger", "rebuild").stdout


def used(site: Site, tmp_path: Path) -> None:
    """A day's work: papers imported, one corrected, one withdrawn, the night's routine."""
    write(tmp_path / "in", {f"{n}.txt": notice(n, f"第{n}号办法") for n in range(1, 4)})
    for words in (
        ("import", str(tmp_path / "in"), "--publish"),
        ("document", "correct", "67", "title=更正后的标题"),
        ("document", "withdraw", "68", "--reason", "内容有误"),
        ("nightly",),
    ):
        said = site.run(*words)
        assert said.returncode == 0, said.stderr + said.stdout


def every_page(site: Site) -> dict[str, str]:
    """Each public page that the site map names, and each of a document's papers, as visitors get them."""
    for at_work in serve(site.data):
        listed = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", at_work.get("/sitemap-0.xml") + at_work.get("/sitemap-1.xml"))
        own = [path for path in ("/", "/library/", "/disclosure/", "/library/?status=in_force") if path not in listed]
        return {path: at_work.get(path) for path in [*listed, *own]}
    raise AssertionError


def test_a_backup_taken_while_others_write_is_one_moment_of_the_site(site: Site, empty: Site, tmp_path: Path) -> None:
    write(tmp_path / "in", {f"{n}.txt": notice(n, f"第{n}号批量办法") for n in range(1, 200)})
    with site.start("import", str(tmp_path / "in"), "--publish", "--report", str(tmp_path / "r.json")) as importing:
        while filed_so_far(site) < 10:
            assert importing.poll() is None
            process_wait(importing)
        said = site.run("backup", str(tmp_path / "site.gongkai"))
        assert importing.poll() is None, "the import was over before the backup"
        assert importing.wait(300) == 0
    assert said.returncode == 0, said.stderr
    assert filed_so_far(site) == 199
    restored(empty, tmp_path / "site.gongkai")
    assert 10 <= filed_so_far(empty) < 199
    assert "逐行一致" in empty.run("ledger", "rebuild").stdout
    whole, part = events(site), events(empty)
    assert part == whole[: len(part)]
    missing = [sha for sha in originals(empty) if not (empty.data / f"files/originals/{sha[:2]}/{sha}").is_file()]
    assert missing == []
    again = empty.run("import", str(tmp_path / "in"), "--publish", "--report", str(tmp_path / "r.json"))
    assert (again.returncode, filed_so_far(empty)) == (0, 199)
    assert "台账完好" in empty.run("ledger", "verify").stdout


def events(site: Site) -> list[tuple[object, ...]]:
    """The ledger, past the product."""
    with databases.opened(site.data) as cursor:
        cursor.execute("SELECT id, hash FROM ledger_event ORDER BY id")
        return list(cursor.fetchall())


def originals(site: Site) -> list[str]:
    """The SHA-256 of every original that the site knows."""
    with databases.opened(site.data) as cursor:
        cursor.execute("SELECT sha256 FROM library_original")
        return [sha for (sha,) in cursor.fetchall()]


@pytest.mark.postgresql
def test_a_site_moves_from_sqlite_to_postgresql_and_back(
    sample_backup: Path, empty: Site, tmp_path: Path, django_db_blocker
) -> None:
    restored(empty, sample_backup)
    assert "逐行一致" in empty.run("ledger", "rebuild").stdout
    assert empty.run("backup", str(tmp_path / "from-postgresql.gongkai")).returncode == 0
    (tmp_path / "back").mkdir()
    file = replace(empty, data=tmp_path / "back", env={"GONGKAI_DATABASE": ""})
    restored(file, tmp_path / "from-postgresql.gongkai")
    assert (file.data / "gongkai.sqlite3").is_file()
    assert "逐行一致" in file.run("ledger", "rebuild").stdout
    assert file.run("backup", str(tmp_path / "from-sqlite.gongkai")).returncode == 0
    rows = rows_of(empty.data, django_db_blocker)
    databases.drop(empty.data)
    shutil.rmtree(empty.data)
    empty.data.mkdir()
    restored(empty, tmp_path / "from-sqlite.gongkai")
    assert rows_of(empty.data, django_db_blocker) == rows


@pytest.mark.soak
def test_a_restore_that_is_killed_is_simply_run_again(sample_backup: Path, empty: Site) -> None:
    chance = random.Random(20261126)
    for _ in range(often(3, 100)):
        with empty.start("restore", str(sample_backup)) as process:
            try:
                process.wait(chance.uniform(1, 6))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            else:
                break
    again = empty.run("restore", str(sample_backup))
    assert again.returncode == 0 or "不是空的" in again.stderr  # the last of them had come to its end
    assert not (empty.data / "restoring").exists()
    assert "台账完好" in empty.run("ledger", "verify").stdout
    assert "逐行一致" in empty.run("ledger", "rebuild").stdout


def test_a_full_disk_is_told_and_nothing_half_is_left(site: Site, sample_backup: Path, empty: Site, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    said = cramped(site, 2_000_000, "backup", str(tmp_path / "out" / "site.gongkai"))
    assert (said.returncode, "没有做成" in said.stderr, list((tmp_path / "out").iterdir())) == (1, True, [])
    said = cramped(empty, 100_000, "restore", str(sample_backup))
    assert (said.returncode, "没有恢复" in said.stderr) == (1, True), said.stderr
    assert [path.name for path in empty.data.iterdir() if path.name != "secret.key"] == []
    restored(empty, sample_backup)


def cramped(site: Site, most: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command that can write no file larger than `most` bytes."""
    command, env = site._command(words), site._env()
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, preexec_fn=lambda: few_bytes(most), timeout=300
    )


def test_what_cannot_be_is_said_in_one_sentence(site: Site, sample_backup: Path, empty: Site, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("各乡镇人民政府：\n" * 100, encoding="utf-8")
    (tmp_path / "half.gongkai").write_bytes(sample_backup.read_bytes()[:1_000_000])
    for words, code, why in (
        (("backup", str(sample_backup)), 1, "--force"),
        (("backup", str(tmp_path / "nowhere" / "x.gongkai")), 1, "没有做成"),
        (("backup",), 2, "--into"),
        (("backup", "a", "--into", "b"), 2, "--into"),
        (("backup", "a", "--keep", "3"), 2, "--keep"),
        (("backup", "--check", str(tmp_path / "letter.txt")), 1, "不是公开（Gongkai）的备份文件"),
        (("backup", "--check", str(tmp_path / "half.gongkai")), 1, "不完整"),
        (("restore", str(tmp_path / "letter.txt")), 1, "不是公开（Gongkai）的备份文件"),
        (("restore", str(sample_backup)), 1, "不是空的"),
        (("restore", str(tmp_path / "none.gongkai")), 1, "没有这个文件"),
        (("backup", "--check", str(tmp_path)), 1, "读不出来"),
    ):
        said = site.run(*words)
        assert (said.returncode, why in said.stderr, "Traceback" in said.stderr) == (code, True, False), (words, said.stderr)
    nothing = empty.run("backup", str(tmp_path / "nothing.gongkai"))
    assert (nothing.returncode, "gongkai setup" in nothing.stderr) == (1, True)


def test_backups_of_every_night_are_checked_counted_and_the_oldest_go(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "nights"
    folder.mkdir()
    for day in range(1, 4):
        (folder / f"gongkai-202611{day:02}-030000.gongkai").write_text("old")
    said = site.run("backup", "--into", str(folder), "--keep", "2")
    assert (said.returncode, said.stdout.count("已删去旧的备份")) == (0, 2)
    kept = sorted(folder.iterdir())
    assert (len(kept), kept[0].name) == (2, "gongkai-20261103-030000.gongkai")
    checked = site.run("backup", "--check", str(kept[1]))
    digest = re.search(r"摘要 ([0-9a-f]{64})", said.stdout)
    assert digest is not None
    assert (checked.returncode, digest[1] in checked.stdout, "备份完好" in checked.stdout) == (0, True, True)


def test_a_missing_original_fails_the_nightly_backup_but_not_what_it_saves(site: Site, empty: Site, tmp_path: Path) -> None:
    lost = next(path for path in (site.data / "files/originals").rglob("*") if path.is_file())
    lost.unlink()
    said = site.run("backup", str(tmp_path / "site.gongkai"))
    assert (said.returncode, lost.name in said.stderr) == (1, True)
    again = empty.run("restore", str(tmp_path / "site.gongkai"))
    assert (again.returncode, lost.name in again.stderr, "台账完好" in again.stdout) == (1, True, True)


def test_an_upgrade_saves_first_and_its_backup_brings_back_what_was(site: Site, empty: Site, django_db_blocker) -> None:
    with django_db_blocker.unblock(), looking_into(site.data):
        from django.core.management import call_command

        call_command("migrate", "monitor", "zero", verbosity=0)
    (site.data / "backups").mkdir()
    for day in range(1, 7):
        (site.data / "backups" / f"before-upgrade-202610{day:02}-030000.gongkai").write_text("old")
    said = site.run("upgrade")
    assert said.returncode == 0, said.stderr
    assert "gongkai restore" in said.stdout
    kept = sorted((site.data / "backups").iterdir())
    assert len(kept) == 5
    assert "没有要升级的" in site.run("upgrade").stdout
    assert sorted((site.data / "backups").iterdir()) == kept
    assert "台账完好" in restored(empty, kept[-1])


def test_without_a_backup_nothing_is_upgraded(site: Site, tmp_path: Path, django_db_blocker) -> None:
    with django_db_blocker.unblock(), looking_into(site.data):
        from django.core.management import call_command

        call_command("migrate", "monitor", "zero", verbosity=0)
    for command in ("upgrade", "setup"):
        said = cramped(site, 2_000_000, command)
        assert (said.returncode, "没有做成" in said.stderr) == (1, True), said.stderr
    with databases.opened(site.data) as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'monitor'")
        assert cursor.fetchone()[0] == 0
