"""A table as an XLSX file, for people to take along."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_767  # characters a cell holds
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | int | float | date | datetime | None


def sheet(title: str, headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet with a heading row that stays in sight. `headings` are texts with column widths in characters.

    Text is text, whatever it begins with: no cell ever becomes a formula.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "", title)[:31])
    page.freeze_panes = "A2"
    for number, (_, width) in enumerate(headings, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_cell(page, text, bold=True) for text, _ in headings])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(page: WriteOnlyWorksheet, value: Value, *, bold: bool = False) -> Cell:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, str):
        value = _FORBIDDEN.sub("", value)[:_LONGEST]
    cell: Cell = WriteOnlyCell(page, value)  # type: ignore[arg-type]
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=len(value) > 20, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
