"""Old lists: send a file, look at what was read, bring it in, see what became of each row."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.allowances import actions
from thongsuot.allowances.forms import SendForm
from thongsuot.allowances.models import AllowanceImport
from thongsuot.allowances.queries import imports as queries
from thongsuot.allowances.queries.keeping import keeps, units_kept
from thongsuot.allowances.queries.roll import base_on, group_lines
from thongsuot.allowances.rules import KEEP, first_of
from thongsuot.allowances.rules.roll import COLUMNS
from thongsuot.allowances.views.common import choices, communes, names, tabs
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_imports import SameFileAgain
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.kernel.text import masked_name, slug
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, nothing_pressed, pressed

BUSY = (AllowanceImport.Status.READING, AllowanceImport.Status.STORING)


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, KEEP), clock.now()
    today = timezone.localdate(now)
    whose = choices(communes(actor, today=today, ended=True), today=today)
    city = units.default_city(as_of=today)
    mine = units_kept(actor)
    if keeps(actor, city.id):
        whose = [(city.id, _("%(city)s, tệp có mã đơn vị ở từng dòng") % {"city": city.full_name}), *whose]
    form = SendForm(whose, request.POST or None, request.FILES or None, initial={"month": first_of(today)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            try:
                sent = actions.send_file(
                    said["file"], name=said["file"].name, unit_id=said["unit"], month=said["month"], actor=actor, at=now
                )
                return redirect("allowances:import", sent.pk)
            except SameFileAgain as refusal:
                messages.info(request, refusal.message())
                return redirect("allowances:import", refusal.import_id)
    page = page_of(request, count=queries.import_count(unit_ids=mine))
    listed = queries.imports(unit_ids=mine, limit=page.size, offset=page.first)
    return render(
        request,
        "allowances/imports.html",
        {
            "form": form,
            "imports": listed,
            "page": page,
            "names": names((one.unit_id for one in listed), on=today),
            "months": queries.months_of_imports(unit_ids=mine),
            "groups": group_lines(first_of(today)),
            "base": base_on(first_of(today)),
            "tabs": tabs("allowances:imports", actor=actor, today=today),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """The preview before, the report after."""
    actor = actor_with(request, KEEP)
    found = queries.import_for(import_id, actor=actor)
    if request.method == "POST":
        if pressed(request) == "bo":
            actions.discard_import(found.pk, actor=actor, at=clock.now())
            messages.success(request, _("Đã bỏ tệp này. Chưa ai vào danh sách."))
            return redirect("allowances:imports")
        if pressed(request) != "nhap":
            raise nothing_pressed()
        actions.start_import(found.pk, actor=actor, at=clock.now())
        return redirect("allowances:import", found.pk)
    out = queries.rows_out(found)
    page = page_of(request, count=out.count())
    rows = list(out[page.slice])
    return render(
        request,
        "allowances/import.html",
        {
            "one": found,
            "busy": found.status in BUSY,
            "summary": queries.by_reason(found),
            "forgotten": queries.forgotten(found, at=clock.now()),
            "rows": [
                {
                    "place": row.place,
                    "name": masked_name(str(row.cells.get("full_name", ""))),
                    "state": row.state,
                    "label": row.get_state_display(),
                    "why": why,
                }
                for row, why in zip(rows, queries.why_out(rows, on=found.month), strict=True)
            ],
            "page": page,
        },
    )


@require_POST
def rows(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Rows that did not come in, in the template's columns with place and reason. A POST: taking them out leaves a trace."""
    actor = actor_with(request, KEEP)
    found = actions.take_out_rows(queries.import_for(import_id, actor=actor).pk, actor=actor, at=clock.now())
    lines = (
        [*(str(row.cells.get(column.key, "")) for column in COLUMNS), str(row.place), why]
        for row, why in queries.out_with_reasons(found)
    )
    file = workbook([(_("Chưa vào danh sách"), tables.report_heads(COLUMNS), lines)])
    return file_answer(file, f"dong-chua-vao-{slug(found.file_name.rsplit('.', 1)[0])}.xlsx", FileType.XLSX)


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    actor_with(request, KEEP)
    return file_answer(tables.template(_("Danh sách trợ cấp"), COLUMNS), "mau-danh-sach-tro-cap.xlsx", FileType.XLSX)
