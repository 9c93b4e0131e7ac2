"""Lists that leave as a spreadsheet: text is never a formula, memory stays flat however long they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from thongsuot.kernel.text import one_line

Cell = str | int | float | date | datetime | None
Head = str | tuple[str, int]
"""A heading, with the width of its column when its own length does not tell it."""
Sheet = tuple[str, Sequence[Head], Iterable[Sequence[Cell]]]
"""(title, heads, rows)"""


def workbook(sheets: Iterable[Sheet], *, staying: int = 1) -> IO[bytes]:
    """Written row by row to a file of its own, closed by the answer that sends it. Days and numbers are such.

    staying   columns that stay in view, as the headings do
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    made = xlsxwriter.Workbook(file, options)
    bold = made.add_format({"bold": True, "text_wrap": True})
    formats = {kind: made.add_format({"num_format": shown}) for kind, shown in _SHOWN.items()}
    for title, heads, rows in sheets:
        sheet = made.add_worksheet(title[:31])
        for place, head in enumerate(heads):
            text, width = head if isinstance(head, tuple) else (head, max(12, min(36, len(head) + 4)))
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, text, bold)
        sheet.freeze_panes(1, staying)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, formats)
    made.close()
    file.seek(0)
    return file


_SHOWN: dict[type, str] = {int: "#,##0", date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm"}


def _write(sheet: Any, row: int, place: int, cell: Cell, formats: dict[type, Any]) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, one_line(cell))
    elif isinstance(cell, datetime):  # a spreadsheet knows no zones and no seconds worth showing
        local = timezone.localtime(cell).replace(tzinfo=None, second=0, microsecond=0)
        sheet.write_datetime(row, place, local, formats[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats[date])
    elif cell is not None:
        sheet.write_number(row, place, cell, formats[int] if isinstance(cell, int) else None)
