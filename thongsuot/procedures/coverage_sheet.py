"""The list of procedures with their rights and e-processes as a spreadsheet: text stays text, nothing is computed in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from thongsuot.kernel.text import day
from thongsuot.procedures import words
from thongsuot.procedures.queries import ProcessRow


def sheet(rows: Sequence[ProcessRow], *, on: date, since: date) -> bytes:
    """One row a procedure, headings that stay in view, filters on every column."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_("Quy trình"))
    page.write_string(0, 0, _("Thủ tục cấp xã giải quyết vào ngày %(day)s") % {"day": day(on)}, book.add_format({"bold": True}))
    columns = (
        (_("Mã thủ tục"), 12),
        (_("Tên thủ tục"), 60),
        (_("Lĩnh vực"), 24),
        (_("Thẩm quyền"), 14),
        (_("Căn cứ thẩm quyền"), 40),
        (_("Căn cứ đã đối chiếu"), 14),
        (_("Từ ngày"), 12),
        (_("Quy trình điện tử"), 18),
        (_("Thêm sau ngày %(day)s") % {"day": day(since)}, 14),
    )
    for place, (heading, width) in enumerate(columns):
        page.set_column(place, place, width)
        page.write_string(1, place, heading, head)
    yes, no = _("có"), _("không")
    for number, row in enumerate(rows, start=2):
        cells = (
            row.code,
            row.name,
            row.field,
            words.kind_words(row.kind),
            row.basis,
            no if row.basis_is_assumed else yes,
            day(row.right_from),
            _("riêng") if row.has_own_process else _("mẫu chung"),
            yes if row.is_new else no,
        )
        for place, text in enumerate(cells):
            page.write_string(number, place, text, wrap)
    page.freeze_panes(2, 2)
    page.autofilter(1, 0, max(1, len(rows) + 1), len(columns) - 1)
    book.close()
    return target.getvalue()
