"""The attendance report as a spreadsheet: one sheet by site, one with every gap of a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files.workbooks import Cell, workbook
from thongsuot.meetings.models import Conference, SiteTest
from thongsuot.meetings.queries.report import Report


def attendance(conference: Conference, report: Report) -> IO[bytes]:
    """Closed by the answer that sends it."""
    heads = [_("Điểm cầu"), _("Có dự"), _("Thử lần cuối"), _("Số lần thử"), _("Số người"), _("Người trực"), _("Điện thoại")]
    for call in report.calls:
        heads += [
            _("Điểm danh lần %(number)s") % {"number": call.number},
            _("Chủ trì lần %(number)s") % {"number": call.number},
        ]
    heads += [_("Số lần mất đường truyền"), _("Vắng cộng lại (giây)")]
    gaps = [_("Điểm cầu"), _("Mất từ"), _("Đến"), _("Số giây")]
    return workbook([(_("Điểm cầu"), heads, _sites(report)), (_("Mất đường truyền"), gaps, _gaps(report))])


def _sites(report: Report) -> Iterator[list[Cell]]:
    for row in report.rows:
        cells: list[Cell] = [row.unit, _("Có") if row.was_there else _("Không"), _test(row.last_test), len(row.tests)]
        cells += [row.people, row.site.operator_name, row.site.backup_phone]
        for answer in row.answers:
            if answer is None:
                cells += [None, _("Không trả lời")]
            else:
                by_phone = _("%(leader)s (qua điện thoại)") % {"leader": answer.leader}
                cells += [answer.people, by_phone if answer.by_phone else answer.leader]
        yield [*cells, len(row.gaps), round(row.away.total_seconds())]


def _gaps(report: Report) -> Iterator[list[Cell]]:
    for row in report.rows:
        for gap in row.gaps:
            since, until = timezone.localtime(gap.from_at), timezone.localtime(gap.until_at)
            yield [row.unit, f"{since:%d/%m/%Y %H:%M:%S}", f"{until:%d/%m/%Y %H:%M:%S}", gap.seconds]


def _test(test: SiteTest | None) -> str:
    if test is None:
        return _("Chưa thử")
    return _("Đạt") if test.passed else _("Chưa đạt")
