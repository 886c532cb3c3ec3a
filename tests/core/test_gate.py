"""The gate: what its files may look like, and that it fails where it should."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.core.doing import Doing
from gongkai.core.finding import gate, gate_files
from gongkai.core.finding.asking.answering import answer
from gongkai.core.finding.checking import run
from gongkai.core.finding.gate import Line
from gongkai.core.ledger import projections
from gongkai.core.ledger.models import Event
from gongkai.text.tables import UnfitTable
from tests.core.finding_papers import fill, write_vocabulary

HEAD = "问题,必须出现,不得出现,前几条\n"
LINE = Line("高龄津贴", ("高龄津贴", "青民〔2023〕18号"), ("养犬",), 3)


def of(*rows: str, encoding: str = "utf-8") -> bytes:
    return (HEAD + "\n".join(rows)).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheets_csv_is_read_whatever_its_encoding(encoding: str) -> None:
    assert gate_files.read(of("高龄津贴,高龄津贴；青民〔2023〕18号,养犬,3", encoding=encoding)) == [LINE]


def test_what_is_written_is_read_as_it_was() -> None:
    assert gate_files.read(gate_files.written([LINE, Line("养犬", (), ("公租房",))]).encode()) == [
        LINE,
        Line("养犬", (), ("公租房",)),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "空的"),
        ("标题,日期\n甲,乙\n".encode(), "没有找到表头"),
        (of(",高龄,,"), "第 2 行没有写问题"),
        (of("高龄津贴,,,"), "没有写必须出现或者不得出现什么"),
        (of("高龄津贴,高龄,,11"), "1 到 10"),
        (of("高龄津贴,高龄,,１"), "1 到 10"),
        (of("高龄津贴,高龄,,前三"), "1 到 10"),
        (of(*["高龄津贴,高龄,,"] * 501), "超过 500 行"),
        (of(*["高龄津贴,高龄,,"] * 10_000), "超过 500 行"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, why: str) -> None:
    with pytest.raises(UnfitTable, match=why):
        gate_files.read(data)


def test_each_line_tells_what_is_missing_and_what_should_not_be_there(tmp_path: Path) -> None:
    searcher, vocabulary = fill(tmp_path / "index").searcher(), write_vocabulary(tmp_path / "vocabulary")
    lines = [
        LINE,
        Line("高龄津贴", ("没有这份",), ("青民〔2023〕18号",), 2),
        Line("高龄津贴", ("/library/1/",), ("/library/7/",), 1),
    ]
    good, bad, by_address = run(lines, date(2026, 11, 20), lambda question, today: answer(question, today, searcher, vocabulary))
    assert (good.trouble, by_address.trouble) == ((), ())
    assert bad.trouble[:2] == ("前 2 条里没有“没有这份”", "出现了“青民〔2023〕18号”")
    assert "排在最前的是" in bad.trouble[2]


@pytest.mark.django_db
def test_the_sites_own_lines_are_kept_as_events_and_come_back_from_them(doing: Doing) -> None:
    assert gate.keep([LINE], doing)
    assert not gate.keep([LINE], doing)
    assert Event.objects.count() == 1
    kept = gate.lines()[1]
    assert (gate.lines()[0], kept and kept.actor) == ([LINE], "command")
    assert projections.rebuild(doing.today).differences == []
    kept.delete()
    assert projections.rebuild(doing.today).differences == ["检索检验集"]
    assert gate.lines()[0] == [LINE]
