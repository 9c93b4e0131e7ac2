"""The register and its figures as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from django.utils.translation import gettext as _

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.queries.register import row_of
from thongsuot.citizen_reception.queries.statistics import KINDS, Figures
from thongsuot.files.workbooks import Cell, workbook
from thongsuot.units import queries as units

MOST_ROWS = 20_000


def kind_labels() -> list[str]:
    return [*map(str, ReceptionEntry.Kind.labels), _("Chưa phân loại")]


def register(entries: Iterable[ReceptionEntry], *, on: date) -> IO[bytes]:
    """Closed by the answer that sends it. Names as the list shows them; no number, no address."""
    heads = [
        _("Số"),
        _("Đơn vị"),
        _("Lúc tiếp"),
        _("Người đến"),
        _("Số người"),
        _("Cách đến"),
        _("Loại việc"),
        _("Tình trạng"),
        _("Cách xử lý"),
        _("Hạn thông báo từ chối"),
    ]
    return workbook([(_("Sổ tiếp công dân"), heads, _rows(entries, on))])


def _rows(entries: Iterable[ReceptionEntry], on: date) -> Iterator[list[Cell]]:
    for entry in entries:
        row = row_of(entry)
        unit = units.unit_row(row.book_unit_id, as_of=on).full_name
        who = row.who or _("Giữ kín")
        yield [
            row.code,
            unit,
            row.received_at,
            who,
            row.people,
            str(row.came_as),
            str(row.kind_label) or _("Chưa phân loại"),
            str(row.state_label),
            str(row.way_label),
            row.refusal_due_at,
        ]


def figures(rows: Iterable[Figures], *, on: date) -> IO[bytes]:
    heads = [_("Tháng"), _("Mã đơn vị"), _("Đơn vị"), _("Lượt tiếp"), _("Số người"), *kind_labels()]
    heads += [_("Đã xong"), _("Từ chối"), _("Thông báo từ chối trễ hạn"), _("Trễ hạn xử lý, giải quyết")]
    return workbook([(_("Số liệu"), heads, _figure_rows(rows, on))])


def _figure_rows(rows: Iterable[Figures], on: date) -> Iterator[list[Cell]]:
    for row in rows:
        unit = units.unit_row(row.unit_id, as_of=on)
        yield [
            f"{row.month:%m/%Y}",
            unit.code,
            unit.full_name,
            row.entries,
            row.people,
            *(row.kinds.get(kind, 0) for kind in KINDS),
            row.closed,
            row.refused,
            row.late,
            row.overdue,
        ]
