"""Files that leave: the list for a payer, the template of the old list, the report of a month."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _

from thongsuot.allowances.rules.outcomes import SENT_COLUMNS, TOTAL


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
