"""Pending dossiers of the old units' software: taken in with their codes and dates, then moved like all others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.old_software import COLUMNS
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.handover import actions
from thongsuot.handover.forms.steering import OldDossiersForm
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.handover.views.steering import one_steered
from thongsuot.kernel import clock
from thongsuot.web.downloads import file_answer


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """A spreadsheet in, a report by row out; what is taken in waits for the next preview."""
    actor, one = one_steered(request, changeover_id)
    form = OldDossiersForm(request.POST or None, request.FILES or None)
    bad_rows: list[BadRow] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on_list(form, bad_rows):
            taken = actions.import_old_dossiers(one.pk, file, name=file.name, actor=actor, at=clock.now())
            messages.success(request, _words(taken))
            return redirect("handover:old_software", one.pk)
    return render(
        request,
        "handover/old_software.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "bad_rows": bad_rows,
            # Open dossiers that ended units still hold: they wait for the next preview.
            "held": Dossier.objects.filter(resolving_unit__in=ended_by(one.decision), ended_at=None).count(),
        },
        status=422 if form.errors else 200,
    )


def _words(taken: dossiers.TakenIn) -> str:
    said = ngettext("Đã nhận %(num)s hồ sơ.", "Đã nhận %(num)s hồ sơ.", len(taken.made)) % {"num": len(taken.made)}
    if taken.known:
        said += " " + ngettext(
            "%(num)s hồ sơ đã có từ trước, không nhận lại.", "%(num)s hồ sơ đã có từ trước, không nhận lại.", len(taken.known)
        ) % {"num": len(taken.known)}
    return said


@require_GET
def template(request: HttpRequest, changeover_id: int) -> HttpResponseBase:
    one_steered(request, changeover_id)
    return file_answer(tables.template("Hồ sơ phần mềm cũ", COLUMNS), "mau-ho-so-phan-mem-cu.xlsx", FileType.XLSX)
