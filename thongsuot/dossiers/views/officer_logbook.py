"""The logbook of a unit: on the page, as PDF, as a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from thongsuot.dossiers import printing
from thongsuot.dossiers.documents import agency_of
from thongsuot.dossiers.printing import facts as f
from thongsuot.dossiers.queries.search import LogbookRow, logbook_count, logbook_page
from thongsuot.dossiers.queries.search import logbook as logbook_rows
from thongsuot.dossiers.queries.worklist import units_seen
from thongsuot.dossiers.views.documents import pdf_answer
from thongsuot.dossiers.views.officer import asked_unit, desk_actor, unit_choices
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web import stand_ins
from thongsuot.web.forms import PeriodForm
from thongsuot.web.paging import page_of

PAGE_ROWS = 50
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
    page = page_of(request, count=logbook_count(**period.wanted), size=PAGE_ROWS)
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
def as_pdf(request: HttpRequest) -> HttpResponse:
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
    return pdf_answer(printing.render(f.Meaning.LOGBOOK, facts, form_title), name=name, shown="xem" in request.GET)


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
    file = _workbook(logbook_rows(**period.wanted))
    name = f"so-theo-doi-{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    response = FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _workbook(rows: Iterable[LogbookRow]) -> IO[bytes]:
    """Written row by row to a file of its own: memory stays flat. Text is only ever text, so that no cell can be a formula."""
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
    sheet = book.add_worksheet(_("Sổ theo dõi hồ sơ")[:31])
    bold, instant = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    heads = [
        _("STT"),
        _("Mã hồ sơ"),
        _("Mã thủ tục"),
        _("Thủ tục"),
        _("Số lượng"),
        _("Chủ hồ sơ"),
        _("Địa chỉ"),
        _("Điện thoại"),
        _("Kênh"),
        _("Nhận"),
        _("Hẹn trả"),
        _("Chuyển xử lý"),
        _("Có kết quả"),
        _("Trả kết quả"),
        _("Đúng hạn"),
        _("Cách nhận kết quả"),
        _("Trạng thái"),
    ]
    for column, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.freeze_panes(1, 2)
    on_time = {True: _("Đúng hạn"), False: _("Trễ hạn"), None: ""}
    for number, row in enumerate(rows, start=1):
        sheet.write_number(number, 0, number)
        texts = {
            1: row.code,
            2: row.procedure_code,
            3: row.procedure,
            5: row.owner_name,
            6: row.address,
            7: row.phone,
            8: row.channel,
            14: on_time[row.on_time],
            15: row.return_by,
            16: row.status,
        }
        instants = {9: row.received_at, 10: row.due_at, 11: row.passed_at, 12: row.resolved_at, 13: row.returned_at}
        sheet.write_number(number, 4, row.quantity)
        for column in range(1, len(heads)):
            if (at := instants.get(column)) is not None:
                sheet.write_datetime(number, column, _local(at), instant)
            elif column in texts:
                sheet.write_string(number, column, texts[column])
    book.close()
    file.seek(0)
    return file


_WIDTHS = (6, 24, 12, 44, 8, 26, 36, 14, 12, 17, 17, 17, 17, 17, 12, 28, 20)


def _local(at: datetime) -> datetime:
    """A spreadsheet knows no zones and no seconds worth showing."""
    return timezone.localtime(at).replace(tzinfo=None, second=0, microsecond=0)
