"""Several processes write at once: nothing is lost, nobody waits for ever, on either database."""

from __future__ import annotations

from pathlib import Path

from tests import databases
from tests.conftest import Site
from tests.domains.library.papers import notice, write

CORRECTED, WITHDRAWN = 5, (7, 8, 9, 12)


def test_whoever_changes_papers_at_the_same_time_changes_them_one_after_the_other(site: Site) -> None:
    corrections = [("document", "correct", str(CORRECTED), f"summary=第{n}次更正") for n in range(6)]
    withdrawals = [("document", "withdraw", str(number), "--reason", "试") for number in WITHDRAWN]
    writers = [site.start(*words) for words in (*corrections, *withdrawals)]
    assert [writer.wait(180) for writer in writers] == [0] * len(writers)
    with databases.opened(site.data) as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT number) FROM library_revision WHERE document_id = {CORRECTED}")
        assert tuple(cursor.fetchone()) == (1 + len(corrections), 1 + len(corrections))
    assert "台账完好" in site.run("ledger", "verify").stdout
    assert "逐行一致" in site.run("ledger", "rebuild").stdout


def test_of_two_imports_at_once_one_files_the_papers_and_the_other_is_refused_or_finds_them_done(
    site: Site, tmp_path: Path
) -> None:
    write(tmp_path / "in", {f"{n}.txt": notice(n, f"第{n}号并行办法") for n in range(1, 20)})
    both = [site.start("import", str(tmp_path / "in"), "--report", str(tmp_path / f"{n}.json")) for n in (1, 2)]
    ended = [one.wait(180) for one in both]
    assert 0 in ended
    assert set(ended) <= {0, 1}
    with databases.opened(site.data) as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT index_number) FROM library_document WHERE title LIKE '%并行办法%'")
        assert tuple(cursor.fetchone()) == (19, 19)
    assert "台账完好" in site.run("ledger", "verify").stdout
