"""Files that leave: the list for a payer, the template of the old list, the report of a month."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from thongsuot.allowances.rules.outcomes import SENT_COLUMNS, TOTAL
from thongsuot.kernel.text import one_line

Cell = str | int


def write_batch(file: IO[bytes], lines: Iterable[Sequence[str]], *, lines_said: int, total_dong: int) -> None:
    """CSV as payers read it: one line a payment, in the end how many and how much. Text is never a formula."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    with translation.override("vi"):
        writer.writerow([str(column.heading) for column in SENT_COLUMNS])
    for line in lines:
        writer.writerow([_plain(cell) for cell in line])
    writer.writerow([TOTAL, str(lines_said), *([""] * (len(SENT_COLUMNS) - 3)), str(total_dong)])
    text.flush()
    text.detach()


def _plain(text: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> IO[bytes]:
    """Written row by row to a file of its own: memory stays flat. Text is text, whole numbers are numbers."""
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
                else:
                    sheet.write_string(number, place, one_line(cell))
    made.close()
    file.seek(0)
    return file


def sheet_head() -> list[str]:
    """Headings of a unit's list for signing."""
    return [_("Mã"), _("Họ và tên"), _("Nhóm"), _("Số tiền (đồng)"), _("Người nhận"), _("Ký, ghi rõ họ tên")]


def twice_head() -> list[str]:
    """Headings of what was paid a second time."""
    return [_("Mã chi trả"), _("Người hưởng"), _("Đơn vị"), _("Phải thu hồi (đồng)"), _("Đã xác minh")]


def report_rows_head() -> list[str]:
    """Headings of the rows of a payer's file that were not simply applied."""
    heads = [_("Dòng"), _("Mã chi trả"), _("Kết quả"), _("Lý do"), _("Tình trạng"), _("Vì sao")]
    return [*heads, _("Đã xác minh")]


def sums_head() -> list[str]:
    """Headings of the report by unit."""
    return [
        _("Mã"),
        _("Đơn vị"),
        _("Số người"),
        _("Số khoản đã chốt"),
        _("Số tiền đã chốt (đồng)"),
        _("Số khoản đã trả"),
        _("Số tiền đã trả (đồng)"),
        _("Số khoản chưa trả được"),
        _("Số tiền chưa trả được (đồng)"),
        _("Số khoản chờ kết quả"),
        _("Số tiền chờ kết quả (đồng)"),
    ]
