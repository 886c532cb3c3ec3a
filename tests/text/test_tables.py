"""Reading tables that people filled in: what is taken, what is refused, and with which row number."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gongkai.text.tables import LARGEST, Column, UnfitTable, read_table

COLUMNS = (Column("用户名", needed=True, also=("账号",)), Column("姓名"), Column("机构"))


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def refused(data: bytes, most: int = 100) -> str:
    with pytest.raises(UnfitTable) as error:
        read_table(data, COLUMNS, most)
    return str(error.value)


def test_columns_are_found_by_name_in_any_order_below_a_title() -> None:
    table = read_table(xlsx(("青禾县人员名册",), (), ("姓名：", "备注", "账号 *"), ("张伟", "新", "zhang")), COLUMNS, 100)
    assert [(r.number, r.cells["用户名"], r.cells["姓名"], r.cells["机构"]) for r in table.rows] == [(4, "zhang", "张伟", "")]
    assert table.unused == ["备注"]


def test_row_numbers_are_those_of_the_spreadsheet_and_empty_rows_are_left_out() -> None:
    table = read_table(xlsx(("用户名",), ("a",), (), (None,), ("b",)), COLUMNS, 100)
    assert [r.number for r in table.rows] == [2, 5]


def test_numbers_and_days_are_written_as_people_mean_them() -> None:
    rows = ((12, 3.5, date(2024, 3, 1)), (0, True, datetime(2024, 3, 1, 8, 30)))  # noqa: DTZ001 - a spreadsheet knows no zones
    table = read_table(xlsx(("用户名", "姓名", "机构"), *rows), COLUMNS, 100)
    assert [tuple(r.cells.values()) for r in table.rows] == [("12", "3.5", "2024-03-01"), ("0", "True", "2024-03-01")]


def test_several_mistakes_are_told_at_once_with_row_and_column() -> None:
    told = refused(xlsx(("用户名", "姓名"), ("a", "=A1"), (1139992804356850201, "x"), ("c", "长" * 2001)))
    assert told.split("\n") == [
        "第 2 行“姓名”是公式。请复制后选择“粘贴为数值”。",
        "第 3 行“用户名”被表格当成了数字，末几位已经丢失。请先把这一列设为“文本”格式，再重新填写。",
        "第 4 行“姓名”有 2001 字，最多 2000 字。",
    ]


def test_only_the_first_sheet_in_sight_is_read() -> None:
    book = Workbook()
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("人员")
    shown.append(("用户名",))
    shown.append(("a",))
    assert [r.cells["用户名"] for r in read_table(saved(book), COLUMNS, 100).rows] == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", "\t", ";"])
def test_csv_in_the_encodings_that_spreadsheets_write(encoding: str, between: str) -> None:
    text = f"用户名{between}姓名\r\nzhang{between}“张”伟的姓名\r\n\r\nli{between}李娜的姓名\r\n"
    table = read_table(text.encode(encoding), COLUMNS, 100)
    assert [(r.number, r.cells["姓名"]) for r in table.rows] == [(2, "“张”伟的姓名"), (4, "李娜的姓名")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        (b"PK" + b"x" * LARGEST, "最多 5 MB"),
        (b"PK\x03\x04junk", "压缩结构"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "旧版 XLS"),
        (b"%PDF-1.7\n\x00\x01", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是表格文件"),
        ("姓名\n张伟".encode(), "没有找到表头"),
        ("用户名\n".encode(), "表头下面没有内容"),
        ('用户名\n"a'.encode() + b"\0", "不是表格文件"),
    ],
    ids=["empty", "large", "damaged", "xls", "pdf", "png", "no heading", "no rows", "null"],
)
def test_what_is_no_such_table_is_refused(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_more_rows_than_are_taken_at_once_are_refused() -> None:
    assert "超过 3 行" in refused(xlsx(("用户名",), *[(f"u{n}",) for n in range(4)]), most=3)


def test_a_cell_at_the_end_of_the_sheet_does_not_make_a_million_rows_be_read() -> None:
    book = Workbook()
    book.active.append(("用户名",))
    book.active["A1048576"] = "x"
    assert "以后，多半是空行" in refused(saved(book))


def with_sheet(body: bytes) -> bytes:
    """An XLSX file whose first sheet says this."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(("用户名",), ("a",)))) as plain,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in plain.namelist():
            other.writestr(name, body if name == "xl/worksheets/sheet1.xml" else plain.read(name))
    return kept.getvalue()


SOUND = xlsx(("用户名", "姓名"), ("a", "张伟"))
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_table_that_unpacks_to_far_more_than_it_is_packed_is_not_opened() -> None:
    told = refused(with_sheet(b"<worksheet " + SPACE + b"><sheetData>" + b"<row/>" * 5_000_000 + b"</sheetData></worksheet>"))
    assert "压缩" in told or "解压后过大" in told


def test_entities_are_not_blown_up() -> None:
    lol = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    body = b'<!DOCTYPE w [<!ENTITY l0 "lol">' + lol + b"]><worksheet " + SPACE + b'><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'  # fmt: skip
    assert refused(with_sheet(body))


def test_files_of_the_machine_are_not_read_through_a_table() -> None:
    body = b'<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/hostname">]><worksheet ' + SPACE + '><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>用户名</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>&f;</t></is></c></row></sheetData></worksheet>'.encode()  # fmt: skip
    try:
        rows = read_table(with_sheet(body), COLUMNS, 10).rows
    except UnfitTable:
        return
    assert [r.cells["用户名"] for r in rows] == []


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    for whole in (data, b"PK\x03\x04" + data):
        try:
            read_table(whole, COLUMNS, 10)
        except UnfitTable as error:
            assert error.problems  # noqa: PT017 - either way is right


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_xlsx_is_read_or_refused_in_words(data: st.DataObject) -> None:
    whole = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(whole), COLUMNS, 10)
    except UnfitTable as error:
        assert error.problems  # noqa: PT017 - either way is right
