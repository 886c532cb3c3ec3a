"""The gate as a file that people write: read from CSV or XLSX, written as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from gongkai.core.finding.asking.question import PAGE_SIZE
from gongkai.core.finding.gate import Line
from gongkai.search.analysis.fold import tight
from gongkai.text.tables import Column, Table, UnfitTable, read_table

MOST = 500
COLUMNS = (
    Column("问题", needed=True, also=("查询词", "检索词")),
    Column("必须出现", also=("应当出现",)),
    Column("不得出现", also=("不应出现",)),
    Column("前几条", also=("名次",)),
)
_BETWEEN = "；"


def read(data: bytes) -> list[Line]:
    """The lines of a CSV or XLSX file. Raises UnfitTable."""
    return _lines(read_table(data, COLUMNS, MOST))


def _lines(table: Table) -> list[Line]:
    lines, problems = [], list[str]()
    for row in table.rows:
        cells = row.cells
        wanted, unwanted, within = _split(cells["必须出现"]), _split(cells["不得出现"]), cells["前几条"] or str(PAGE_SIZE)
        if not tight(cells["问题"]):
            problems.append(f"第 {row.number} 行没有写问题。")
        elif not wanted and not unwanted:
            problems.append(f"第 {row.number} 行“{cells['问题'][:20]}”没有写必须出现或者不得出现什么。")
        elif not (within.isascii() and within.isdecimal() and 1 <= int(within[:9]) <= PAGE_SIZE):
            problems.append(f"第 {row.number} 行“前几条”应当是 1 到 {PAGE_SIZE} 的整数，写的是“{within[:10]}”。")
        else:
            lines.append(Line(cells["问题"], wanted, unwanted, int(within)))
    if problems:
        raise UnfitTable(*problems[:20])
    return lines


def _split(told: str) -> tuple[str, ...]:
    parts = told.replace(";", _BETWEEN).split(_BETWEEN)
    return tuple(part.strip() for part in parts if tight(part))


def written(lines: Iterable[Line]) -> str:
    """The lines as a CSV file that `read` reads and a spreadsheet opens."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([line.question, _BETWEEN.join(line.wanted), _BETWEEN.join(line.unwanted), line.within] for line in lines)
    return out.getvalue()
