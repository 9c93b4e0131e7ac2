"""Files of procedures: upload, what became of each row, the template."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.procedures import queries, spreadsheet
from thongsuot.procedures.forms.managing import ImportForm
from thongsuot.procedures.importing import import_procedures
from thongsuot.procedures.views.common import managed_city
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    actor, city = managed_city(request)
    form = ImportForm(request.POST or None, request.FILES or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(prefix="thongsuot-import-") as kept:
            for chunk in sent.chunks():
                kept.write(chunk)
            kept.flush()
            with refusals_on(form, beside="file"):
                report = import_procedures(
                    Path(kept.name),
                    name=sent.name,
                    city_id=city.id,
                    actor=actor,
                    at=clock.now(),
                    valid_from=form.cleaned_data["valid_from"],
                )
                return redirect("procedures:import_report", report.id)
    return render(
        request,
        "procedures/manage/import.html",
        {"form": form, "imports": queries.imports(city_id=city.id)},
        status=422 if form.errors else 200,
    )


@require_GET
def report(request: HttpRequest, import_id: int) -> HttpResponse:
    _actor, city = managed_city(request)
    found = queries.import_report(import_id, city_id=city.id)
    return render(request, "procedures/manage/import_report.html", {"report": found})


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty spreadsheet with the columns and how to fill them in."""
    managed_city(request)
    return file_answer(spreadsheet.template(), "mau-danh-muc-thu-tuc.xlsx", FileType.XLSX)
