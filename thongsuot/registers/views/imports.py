"""Old registers: send a file, look at what was read, bring it in, see what became of each row."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_imports import SameFileAgain
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.text import slug
from thongsuot.registers import actions, sheets
from thongsuot.registers.forms.imports import SendForm
from thongsuot.registers.models import ImportRow, Kind, RegisterImport
from thongsuot.registers.queries import books as reading
from thongsuot.registers.queries import places
from thongsuot.registers.queries import rows as row_queries
from thongsuot.registers.rules import DUTY, reasons
from thongsuot.registers.rules.columns import COLUMNS
from thongsuot.registers.views.common import tabs
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, nothing_pressed, pressed

BUSY = (RegisterImport.Status.READING, RegisterImport.Status.STORING)


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    actor, now = actor_with(request, DUTY), clock.now()
    today = timezone.localdate(now)
    keepers = places.keepers(actor.units_for(DUTY), today=today)
    form = SendForm(keepers, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form, beside="file"):
            try:
                sent = actions.send_file(
                    said["file"],
                    name=said["file"].name,
                    unit_id=said["unit"],
                    kind=Kind(said["kind"]),
                    default_place=said["default_place"],
                    actor=actor,
                    at=now,
                )
                return redirect("registers:import", sent.pk)
            except SameFileAgain as refusal:
                messages.info(request, refusal.message())
                return redirect("registers:import", refusal.import_id)
    only = keepers[0][0] if len(keepers) == 1 else None
    return render(
        request,
        "registers/imports.html",
        {
            "form": form,
            "imports": reading.imports(keeper_ids=actor.units_for(DUTY)),
            "kinds": Kind.choices,
            "kind_labels": dict(Kind.choices),
            "old_places": places.old_places(only, today=today) if only else [],
            "tabs": tabs("registers:imports", actor=actor),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, register_import_id: int) -> HttpResponse:
    """The preview before, progress meanwhile, the report after."""
    actor = actor_with(request, DUTY)
    found = reading.import_for(register_import_id, actor=actor)
    if request.method == "POST":
        if pressed(request) == "bo":
            actions.discard_import(found.pk, actor=actor, at=clock.now())
            messages.success(request, _("Đã bỏ tệp này. Chưa có dòng nào vào sổ."))
            return redirect("registers:imports")
        if pressed(request) != "nhap":
            raise nothing_pressed()
        actions.start_import(found.pk, actor=actor, at=clock.now())
        return redirect("registers:import", found.pk)
    state = request.GET.get("loc", "")
    state = state if state in ImportRow.State.values else ""
    page = page_of(request, count=row_queries.count(found, state=state))
    return render(
        request,
        "registers/import.html",
        {
            **shown(found),
            "rows": row_queries.rows(found, state=state, limit=page.size, offset=page.first),
            "page": page,
            "state": state,
            "filters": row_queries.filters(found, state=state, path=request.path),
            "tabs": tabs("registers:imports", actor=actor),
        },
    )


@require_GET
def state(request: HttpRequest, register_import_id: int) -> HttpResponse:
    """The progress alone: htmx asks for it every two seconds; when it is over the whole page is loaded."""
    found = reading.import_for(register_import_id, actor=actor_with(request, DUTY))
    response = render(request, "registers/_progress.html", shown(found))
    if found.status not in BUSY:
        response.headers["HX-Refresh"] = "true"
    return response


def shown(found: RegisterImport) -> dict[str, object]:
    done = found.rows_in - found.good if found.status == RegisterImport.Status.STORING else found.rows_in
    return {
        "one": found,
        "busy": found.status in BUSY,
        "done": done,
        "kind_label": Kind(found.kind).label,
        "status_label": RegisterImport.Status(found.status).label,
        "summary": reasons_summary(found),
    }


def reasons_summary(found: RegisterImport) -> list[tuple[str, int]]:
    return [(str(reasons.REASONS[code]), count) for code, count in row_queries.by_reason(found) if code in reasons.REASONS]


@require_POST
def rejects(request: HttpRequest, register_import_id: int) -> HttpResponseBase:
    """Rejected rows in the template's columns, with their place and reason: mended here, they are sent as a new file.

    A POST, for taking out what is not masked leaves a trace.
    """
    actor = actor_with(request, DUTY)
    found = reading.import_for(register_import_id, actor=actor)
    actions.take_out_rejects(found.pk, actor=actor, at=clock.now())
    columns = COLUMNS[Kind(found.kind)]
    lines = (
        [*(str(row.cells.get(column.key, "")) for column in columns), str(row.place), " ".join(reasons.in_words(row.reasons))]
        for row in row_queries.rejected(found)
    )
    file = workbook([(_("Chưa nhập"), tables.report_heads(columns), lines)])
    name = f"dong-bi-loai-{slug(found.file_name.rsplit('.', 1)[0])}.xlsx"
    return file_answer(file, name, FileType.XLSX)


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    actor_with(request, DUTY)
    if kind not in Kind.values:
        raise NotFound
    return file_answer(sheets.template(Kind(kind)), f"mau-so-{slug(str(Kind(kind).label))}.xlsx", FileType.XLSX)
