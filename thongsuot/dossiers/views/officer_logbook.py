"""The logbook of a unit: on the page, as PDF, as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.dossiers import printing
from thongsuot.dossiers.documents import agency_of
from thongsuot.dossiers.printing import facts as f
from thongsuot.dossiers.queries.search import LogbookRow, logbook_count, logbook_page
from thongsuot.dossiers.queries.search import logbook as logbook_rows
from thongsuot.dossiers.queries.worklist import units_seen
from thongsuot.dossiers.views.officer import asked_unit, desk_actor, unit_choices
from thongsuot.files.rules import FileType
from thongsuot.files.workbooks import Cell, workbook
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web import stand_ins
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import PeriodForm
from thongsuot.web.paging import page_of

PDF_ROWS = 2000  # a hundred sheets; whoever needs more wants the spreadsheet


@dataclass(frozen=True, kw_only=True)
class Period:
    """What is asked for: the days and the unit."""

    first: date
    last: date
    unit_id: int

    @property
    def query(self) -> str:
        return urlencode([("tu", f"{self.first:%d/%m/%Y}"), ("den", f"{self.last:%d/%m/%Y}"), ("don_vi", str(self.unit_id))])

    @property
    def wanted(self) -> dict[str, Any]:
        return {"unit_ids": frozenset({self.unit_id}), "first": self.first, "last": self.last}


def _period(request: HttpRequest) -> tuple[Period, PeriodForm, list[tuple[int, str]]]:
    """From the address; this month so far when it names no days. Wrong days are told on the page and this month is shown."""
    mine = units_seen(desk_actor(request))
    choices = unit_choices(mine)
    unit_id = asked_unit(request, choices) or (choices[0][0] if choices else next(iter(mine)))
    today = clock.today()
    usual = {"tu": today.replace(day=1), "den": today}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    days = form.cleaned_data if form.is_bound and form.is_valid() else usual
    return Period(first=days["tu"], last=days["den"], unit_id=unit_id), form, choices


@require_GET
def logbook(request: HttpRequest) -> HttpResponse:
    period, form, choices = _period(request)
    page = page_of(request, count=logbook_count(**period.wanted))
    return render(
        request,
        "dossiers/officer/logbook.html",
        {
            "period": period,
            "form": form,
            "units": choices,
            "page": page,
            "pdf_rows": PDF_ROWS,
            "rows": logbook_page(**period.wanted, limit=page.size, offset=page.first),
            "unit": units.unit_row(period.unit_id, as_of=period.last).full_name,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@require_GET
def as_pdf(request: HttpRequest) -> HttpResponseBase:
    period, form, _choices = _period(request)
    count = logbook_count(**period.wanted)
    if (form.is_bound and form.errors) or count > PDF_ROWS:
        if count > PDF_ROWS:
            messages.warning(
                request, _("Bản in chứa tối đa %(most)s hồ sơ. Hãy chọn ít ngày hơn, hoặc tải Excel.") % {"most": PDF_ROWS}
            )
        return redirect(f"{reverse('dossiers:logbook')}?{period.query}")
    agency, made_up = agency_of(period.unit_id, on=period.last)
    said = [*stand_ins.announced(), *([_("Địa chỉ và số điện thoại của nơi nhận là ví dụ.")] if made_up else [])]
    facts = f.LogbookFacts(
        agency=agency,
        made_at=clock.now(),
        first_day=period.first,
        last_day=period.last,
        stand_in=" ".join(said),
        rows=tuple(_printed(row, agency.above) for row in logbook_rows(**period.wanted)),
    )
    form_title = printing.form_for(f.Meaning.LOGBOOK, on=period.last)
    name = f"so-theo-doi-{period.first:%Y%m%d}-{period.last:%Y%m%d}.pdf"
    return file_answer(printing.render(f.Meaning.LOGBOOK, facts, form_title), name, FileType.PDF, shown="xem" in request.GET)


def _printed(row: LogbookRow, body: str) -> f.LogbookRow:
    return f.LogbookRow(
        code=row.code,
        procedure_name=row.procedure,
        owner_name=row.owner_name,
        contact="; ".join(part for part in (row.address, row.phone) if part),
        resolving_body=body,
        received_at=row.received_at,
        due_at=row.due_at,
        sets=row.quantity,
        passed_at=row.passed_at,
        resolved_at=row.resolved_at,
        returned_at=row.returned_at,
        returned_by=row.return_by if row.returned_at else "",
        note=row.status,
    )


@require_GET
def as_excel(request: HttpRequest) -> HttpResponseBase:
    period, form, _choices = _period(request)
    if form.is_bound and form.errors:
        return redirect(f"{reverse('dossiers:logbook')}?{period.query}")
    name = f"so-theo-doi-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    return file_answer(_workbook(logbook_rows(**period.wanted)), name, FileType.XLSX)


def _workbook(rows: Iterable[LogbookRow]) -> IO[bytes]:
    heads = [
        (_("STT"), 6),
        (_("Mã hồ sơ"), 24),
        (_("Mã thủ tục"), 12),
        (_("Thủ tục"), 44),
        (_("Số lượng"), 8),
        (_("Chủ hồ sơ"), 26),
        (_("Địa chỉ"), 36),
        (_("Điện thoại"), 14),
        (_("Kênh"), 12),
        (_("Nhận"), 17),
        (_("Hẹn trả"), 17),
        (_("Chuyển xử lý"), 17),
        (_("Có kết quả"), 17),
        (_("Trả kết quả"), 17),
        (_("Đúng hạn"), 12),
        (_("Cách nhận kết quả"), 28),
        (_("Trạng thái"), 20),
    ]
    lines = (_line(number, row) for number, row in enumerate(rows, start=1))
    return workbook([(_("Sổ theo dõi hồ sơ"), heads, lines)], staying=2)


def _line(number: int, row: LogbookRow) -> tuple[Cell, ...]:
    return (
        number,
        row.code,
        row.procedure_code,
        row.procedure,
        row.quantity,
        row.owner_name,
        row.address,
        row.phone,
        row.channel,
        row.received_at,
        row.due_at,
        row.passed_at,
        row.resolved_at,
        row.returned_at,
        {True: _("Đúng hạn"), False: _("Trễ hạn"), None: ""}[row.on_time],
        row.return_by,
        row.status,
    )
