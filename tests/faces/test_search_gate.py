"""The project's own gate over the sample county, and the commands that editors' words come in and go out by."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import ROOT, Site

GATE = ROOT / "tests" / "search" / "sets" / "gate.csv"


def test_the_sample_county_passes_its_gate(sample_data: Path) -> None:
    done = Site(sample_data).run("search", "check", str(GATE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "个问题都合要求" in done.stdout


def test_a_line_that_does_not_hold_ends_the_command_with_1_and_is_told(sample_data: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "gate.csv"
    wrong.write_text(
        "问题,必须出现,不得出现,前几条\n养犬,高龄津贴发放管理办法,养犬管理办法,3\n养犬,养犬管理办法,,3\n", encoding="gb18030"
    )
    done = Site(sample_data).run("search", "check", str(wrong))
    assert done.returncode == 1
    (line, last) = done.stdout.splitlines()
    assert line.split("\t")[:2] == ["不合要求", "养犬"]
    assert ("没有“高龄津贴发放管理办法”" in line, "出现了“养犬管理办法”" in line) == (True, True)
    assert last == "2 个问题，1 个不合要求。"


def test_without_any_lines_the_command_says_what_it_wants(sample_data: Path) -> None:
    done = Site(sample_data).run("search", "check")
    assert (done.returncode, "请给一个文件" in done.stderr) == (1, True)


def test_editors_words_come_in_by_a_file_are_in_force_at_once_and_go_out_the_same(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(
        "synonyms:\n- {say: 寿星红包, official: 高龄津贴}\nbest_bets:\n- {ask: 停车, address: /disclosure/}\n", encoding="utf-8"
    )
    tried = site.run("search", "entries", "import", "--dry-run", str(file))
    assert "没有导入" in tried.stdout
    assert "寿星红包" not in site.run("search", "entries", "export").stdout
    done = site.run("search", "entries", "import", str(file))
    assert done.returncode == 0, done.stderr
    assert "添加 2 条：寿星红包 → 高龄津贴、停车 → /disclosure/" in done.stdout
    assert "高龄津贴发放管理办法" in site.run("search", "寿星红包").stdout.splitlines()[0]
    file.write_text(site.run("search", "entries", "export").stdout, encoding="utf-8")
    assert "未变 2 条" in site.run("search", "entries", "import", "--only", str(file)).stdout
    file.write_text("synonyms:\n- {say: 高龄津贴, official: 寿星红包}\n", encoding="utf-8")
    refused = site.run("search", "entries", "import", str(file))
    assert (refused.returncode, "绕了一圈" in refused.stderr) == (1, True)
    assert "一致" in site.run("ledger", "rebuild").stdout or site.run("ledger", "verify").returncode == 0
