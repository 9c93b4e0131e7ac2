"""Lists of dossiers as spreadsheets: at once when short, by the worker with progress when long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import IO

from django.db import connections
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Channel, Status
from thongsuot.files.workbooks import Cell, workbook
from thongsuot.indicators import words
from thongsuot.indicators.models import Export
from thongsuot.indicators.queries.dossiers import Behind, all_behind
from thongsuot.indicators.queries.sums import Scope
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import masked_name

AT_ONCE = 2000
MOST = 200_000
KEPT_DAYS = 7


def list_file(
    scope: Scope, period: Period, *, code: str, part: str, note: Callable[[int], None] = lambda done: None
) -> IO[bytes]:
    """The dossiers behind a figure, one a row, names masked."""
    heads = [
        (_("Mã hồ sơ"), 24),
        (_("Thủ tục"), 44),
        (_("Đơn vị giải quyết"), 26),
        (_("Chủ hồ sơ"), 24),
        (_("Kênh"), 18),
        (_("Trạng thái"), 22),
        (_("Nhận"), 17),
        (_("Hẹn trả"), 17),
        (_("Xong"), 17),
        (_("Vì sao ở đây"), 60),
    ]
    rows = (_cells(row, code) for row in all_behind(scope, period, code=code, part=part))
    return workbook([(_("Hồ sơ"), heads, _counted(rows, note))])


def _counted(rows: Iterable[Sequence[Cell]], note: Callable[[int], None], *, every: int = 1000) -> Iterator[Sequence[Cell]]:
    """The same rows; `note` is told how many went by."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % every == 0:
            note(number)


def _cells(row: Behind, code: str) -> Sequence[Cell]:
    return (
        row.code,
        row.procedure,
        row.unit,
        masked_name(row.owner_name),
        str(Channel(row.channel).label),
        str(Status(row.status).label),
        row.received_at,
        row.due_at,
        row.closed_at,
        words.why(row, code),
    )


def make(export_id: int, *, at: datetime) -> None:
    """Write the file of an export that was asked for. Done already: nothing."""
    export = Export.objects.filter(pk=export_id, made_at=None).first()
    if export is None:
        return
    wanted = export.wanted
    scope = Scope(
        unit_ids=frozenset(wanted["units"]),
        procedure_ids=frozenset(wanted["procedures"]) if wanted["procedures"] is not None else None,
    )
    period = Period(first=date.fromisoformat(wanted["first"]), last=date.fromisoformat(wanted["last"]), now=export.asked_at)

    def note(done: int) -> None:
        _say_progress(export_id, done)

    with list_file(scope, period, code=wanted["item"], part=wanted["part"], note=note) as file:
        Export.objects.filter(pk=export_id).update(content=file.read(), made_at=at, done=export.rows)


def _say_progress(export_id: int, done: int) -> None:
    """Seen while the rows are still being read: on a connection of its own, outside the reading transaction."""
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE indicators_export SET done = %s WHERE id = %s", [done, export_id])
    finally:
        other.close()


def sweep(*, at: datetime) -> int:
    """Take away files past their days. Returns how many."""
    gone, _by_model = Export.objects.filter(asked_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return gone


def wanted(scope: Scope, period: Period, *, code: str, part: str) -> dict[str, object]:
    """What an export must know to be made later."""
    return {
        "procedures": sorted(scope.procedure_ids) if scope.procedure_ids is not None else None,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "item": code,
        "part": part,
    }


def file_name(code: str, part: str, period: Period) -> str:
    return f"chi-so-{code}-{part}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
