"""The figures as a spreadsheet: by day, by hour, by operator for who leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import IO

from django.utils.translation import gettext as _

from thongsuot.files.workbooks import Cell, Sheet, workbook
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries import figures as queries
from thongsuot.hotline.queries.figures import OUTCOMES, Figures


def figures(city_id: int, first: date, last: date, *, now: datetime, with_operators: bool) -> IO[bytes]:
    """Closed by the answer that sends it."""
    days, hours = queries.by_day(city_id, first, last, now=now), queries.by_hour(city_id, first, last, now=now)
    made: list[Sheet] = [
        (_("Theo ngày"), _heads(_("Ngày")), _rows(days)),
        (_("Theo giờ"), _heads(_("Giờ")), _rows(hours)),
    ]
    if with_operators:
        operators = queries.by_operator(city_id, first, last, now=now)
        made.append((_("Theo tổng đài viên"), _heads(_("Tổng đài viên")), _rows(operators)))
    return workbook(made)


def _heads(first: str) -> list[str]:
    return [
        first,
        _("Cuộc gọi"),
        _("Có người nghe"),
        _("Gác máy trước"),
        _("Phân loại đúng hạn"),
        _("Phân loại quá hạn"),
        _("Chờ trung bình (giây)"),
        _("Chờ lâu nhất (giây)"),
        _("Phân loại trung bình (giây)"),
        *(str(Call.Outcome(one).label) for one in OUTCOMES),
    ]


def _rows(rows: Iterable[tuple[date | int | str, Figures]]) -> Iterator[list[Cell]]:
    for what, one in rows:
        counts: list[Cell] = [one.calls, one.answered, one.abandoned, one.in_time, one.late]
        yield [what, *counts, _seconds(one.wait), _seconds(one.longest), _seconds(one.classifying), *one.outcomes]


def _seconds(of: timedelta | None) -> int | None:
    return None if of is None else round(of.total_seconds())
