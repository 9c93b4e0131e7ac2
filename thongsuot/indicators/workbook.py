"""Spreadsheets, written row by row to a file of their own. Text is only ever text: no cell can be a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | datetime | None


def workbook(sheets: Iterable[tuple[str, Sequence[tuple[str, int]], Iterable[Sequence[Cell]]]]) -> IO[bytes]:
    """A file with a sheet each: (title, [(head, width)], rows)."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    bold, instant = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for title, heads, rows in sheets:
        sheet = book.add_worksheet(title[:31])
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, instant)
    book.close()
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, value: Cell, instant: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0), instant)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, value)


def answered(file: IO[bytes], name: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def counted(rows: Iterable[Sequence[Cell]], note: Callable[[int], None], *, every: int = 1000) -> Iterable[Sequence[Cell]]:
    """The same rows; `note` is told how many went by."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % every == 0:
            note(number)
