"""How many came, by unit, month and kind."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.citizen_reception import sheets
from thongsuot.citizen_reception.queries import statistics as queries
from thongsuot.citizen_reception.views.common import officer, tabs
from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.working_time import add_months
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import PeriodForm
from thongsuot.web.paging import page_of


def _asked(request: HttpRequest, today: date) -> tuple[PeriodForm, date, date]:
    """The months from the year's first on, unless other days are asked for."""
    first = add_months(today.replace(day=1), -11) if today.month == 1 else today.replace(month=1, day=1)
    asked = "tu" in request.GET or "den" in request.GET
    form = PeriodForm(request.GET if asked else {"tu": f"{first:%d/%m/%Y}", "den": f"{today:%d/%m/%Y}"})
    return (form, form.cleaned_data["tu"], form.cleaned_data["den"]) if form.is_valid() else (form, first, today)


def _found(request: HttpRequest, now: datetime, today: date) -> tuple[PeriodForm, list[queries.Figures], date, date]:
    actor = officer(request)
    form, first, last = _asked(request, today)
    return form, queries.figures(queries.counted_units(actor, on=today), first=first, last=last, now=now), first, last


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    now, today = clock.now(), clock.today()
    form, rows, first, last = _found(request, now, today)
    page = page_of(request, count=len(rows))
    shown = rows[page.slice]
    context = {
        "form": form,
        "rows": shown,
        "page": page,
        "total": queries.total(rows),
        "kinds": list(zip(queries.KINDS, sheets.kind_labels(), strict=True)),
        "names": {row.id: row.full_name for row in units.unit_rows({row.unit_id for row in shown}, as_of=today).values()},
        "first": first,
        "last": last,
        "tabs": tabs("figures", actor=officer(request)),
    }
    return render(request, "citizen_reception/figures.html", context)


@require_GET
def figures_sheet(request: HttpRequest) -> HttpResponseBase:
    now, today = clock.now(), clock.today()
    _form, rows, _first, _last = _found(request, now, today)
    return file_answer(sheets.figures(rows, on=today), f"so-lieu-tiep-cong-dan-{today:%Y%m%d}.xlsx", FileType.XLSX)
