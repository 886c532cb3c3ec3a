"""Reading a table that people filled in, XLSX or CSV, with the row numbers they see. Pure.

Nothing is calculated and nothing guessed: a formula, a number that lost digits or a file that
unpacks to more than a table should is refused with a sentence that says what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from openpyxl import load_workbook

from gongkai.text.archive import Archive
from gongkai.text.encodings import decode
from gongkai.text.errors import UnreadableFile

LARGEST = 5 * 1024 * 1024  # bytes
_UNPACKED = 24 * 1024 * 1024
_MOST_COLUMNS = 60
_LAST_ROW = 100_000
_MOST_PROBLEMS = 100
_HEADING_WITHIN = 10  # rows: a title and a note may stand above the headings
_LONGEST = 2_000  # characters of a cell
_EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
R = TypeVar("R")
_OLD = b"\xd0\xcf\x11\xe0"  # OLE: an XLS file, or an XLSX file under a password


class UnfitTable(Exception):
    """A table that cannot be taken; `problems` say what and in which row."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: its heading, other ways to write it, whether the table must have it."""

    name: str
    needed: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says something. `number` is the spreadsheet's own, `cells` every column that was looked for, '' where empty."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says. `unused` are headings that nobody looked for."""

    rows: list[Row]
    unused: list[str] = field(default_factory=list)


def read_table(data: bytes, columns: Sequence[Column], most_rows: int) -> Table:
    """The rows of the first sheet below its headings, which are found by name in any order. Raises UnfitTable."""
    if not data:
        raise UnfitTable("文件是空的。")
    if len(data) > LARGEST:
        raise UnfitTable(
            f"文件有 {len(data) / 1048576:.0f} MB，最多 {LARGEST // 1048576} MB。请只留要导入的那张表，删去图片和别的工作表。"
        )
    lines = _sheet(data) if data[:2] == b"PK" else _text(data)
    at, unused = _below_headings(lines, columns)
    problems: list[str] = []
    rows: list[Row] = []
    for number, values in lines:
        cells = {c.name: _written(values, at.get(c.name), f"第 {number} 行“{c.name}”", problems) for c in columns}
        if any(cells.values()):
            rows.append(Row(number, cells))
            if len(rows) > most_rows:
                raise UnfitTable(f"表里超过 {most_rows} 行。请分成几个文件，一次导入不超过 {most_rows} 行。")
    if problems:
        raise UnfitTable(*problems[:_MOST_PROBLEMS])
    if not rows:
        raise UnfitTable("表头下面没有内容。")
    return Table(rows, unused)


def _below_headings(lines: Iterator[tuple[int, Sequence[object]]], columns: Sequence[Column]) -> tuple[dict[str, int], list[str]]:
    """Read on until the headings; where each column stands, and the headings that nobody looks for."""
    for number, values in lines:
        at = _headings(values, columns)
        if at is not None:
            return at, [str(v).strip() for i, v in enumerate(values) if i not in at.values() and str(v or "").strip()]
        if number >= _HEADING_WITHIN:
            break
    needed = "、".join(c.name for c in columns if c.needed)
    raise UnfitTable(f"没有找到表头。前 {_HEADING_WITHIN} 行里要有一行写着：{needed}。")


def _headings(values: Sequence[object], columns: Sequence[Column]) -> dict[str, int] | None:
    """Where each column stands; None where this row lacks one that is needed."""
    written = [re.sub(r"[\s*＊:：]", "", str(v or "")) for v in values]
    at = {c.name: written.index(name) for c in columns for name in reversed((c.name, *c.also)) if name in written}
    return at if all(c.name in at for c in columns if c.needed) else None


def _sheet(data: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        archive = Archive(data)
    except UnreadableFile as error:
        raise UnfitTable(str(error)) from error
    if "xl/workbook.xml" not in archive:
        raise UnfitTable("这不是 XLSX 表格。请用表格软件另存为 XLSX 或 CSV。")
    _bounded(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next(s for s in book.worksheets if s.sheet_state == "visible")
        sheet.reset_dimensions()  # some programs write wrong ones
        for row in _within(sheet.iter_rows(max_row=_LAST_ROW + 1, max_col=_MOST_COLUMNS)):
            number = next((cell.row for cell in row if cell.value is not None), 0)
            if number:
                yield number, [_Formula() if cell.data_type == "f" else cell.value for cell in row]
    except UnfitTable:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise UnfitTable("表格已损坏，读不出来。请用表格软件打开，另存一份再上传。") from error


def _within(rows: Iterable[R]) -> Iterator[R]:
    for at, row in enumerate(rows, 1):
        if at > _LAST_ROW:
            raise UnfitTable(f"表格一直延伸到 {_LAST_ROW} 行以后，多半是空行。请把要导入的内容复制到一张新表格里。")
        yield row


def _bounded(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if sum(member.file_size for member in book.infolist()) > _UNPACKED:
            raise UnfitTable("表格解压后过大，没有打开。请只留要导入的那张表，删去图片和别的工作表。")


def _text(data: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    if data.startswith(_OLD):
        raise UnfitTable("这是旧版 XLS 文件，或者加了打开密码。请用表格软件另存为 XLSX（不设密码）再上传。")
    text, encoding = decode(data)
    if encoding.endswith("?") or "\0" in text:
        raise UnfitTable("这不是表格文件。请上传 XLSX，或者用逗号分隔的 CSV。")
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    try:
        for values in reader:
            if any(v.strip() for v in values):
                yield reader.line_num, values[:_MOST_COLUMNS]
    except csv.Error as error:
        raise UnfitTable(f"第 {reader.line_num} 行读不出来（{error}）。请用表格软件另存为 XLSX 再上传。") from error


class _Formula:
    """Stands for a cell that calculates something."""

    def __str__(self) -> str:
        return "公式"


def _written(values: Sequence[object], at: int | None, where: str, problems: list[str]) -> str:
    """A cell as text; what cannot be taken as it stands is told."""
    value = values[at] if at is not None and at < len(values) else None
    if isinstance(value, _Formula):
        problems.append(f"{where}是公式。请复制后选择“粘贴为数值”。")
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**_EXACT_DIGITS:
            problems.append(f"{where}被表格当成了数字，末几位已经丢失。请先把这一列设为“文本”格式，再重新填写。")
        return f"{value:.0f}" if float(value).is_integer() else str(value)
    text = re.sub(r"[\x00-\x1f\x7f\u200b\ufeff]+", " ", str(value if value is not None else "")).strip()
    if len(text) > _LONGEST:
        problems.append(f"{where}有 {len(text)} 字，最多 {_LONGEST} 字。")
    return text
