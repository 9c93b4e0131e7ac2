"""Lists that leave as a spreadsheet: text is never a formula, memory stays flat however long they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

from thongsuot.kernel.text import one_line

Cell = str | int | None
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""(title, heads, rows)"""


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Written row by row to a file of its own, closed by the answer that sends it. Whole numbers are numbers; None is empty."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    made = xlsxwriter.Workbook(file, options)
    bold = made.add_format({"bold": True, "text_wrap": True})
    figure = made.add_format({"num_format": "#,##0"})
    for title, heads, rows in sheets:
        sheet = made.add_worksheet(title[:31])
        for place, head in enumerate(heads):
            sheet.set_column(place, place, max(12, min(36, len(head) + 4)))
            sheet.write_string(0, place, head, bold)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell, figure)
                elif cell is not None:
                    sheet.write_string(number, place, one_line(cell))
    made.close()
    file.seek(0)
    return file
