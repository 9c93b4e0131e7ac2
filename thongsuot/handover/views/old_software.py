"""Pending dossiers of the old units' software: taken in with their codes and dates, then moved like all others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.old_software import COLUMNS
from thongsuot.files import tables
from thongsuot.handover import old_dossiers
from thongsuot.handover.forms.steering import OldDossiersForm
from thongsuot.handover.sheets import TYPE_BY_ENDING, BadRow
from thongsuot.handover.views.common import workbook_answer
from thongsuot.handover.views.steering import one_steered
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.web.forms import add_refusal


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """A spreadsheet in, a report by row out; what is taken in waits for the next preview."""
    actor, one = one_steered(request, changeover_id)
    form = OldDossiersForm(request.POST or None, request.FILES or None)
    bad: list[BadRow] = []
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            content_type = TYPE_BY_ENDING.get(sent.name.rpartition(".")[2].lower())
            if content_type is None:
                raise BadInput({"file": _("Tệp phải là .xlsx hoặc .csv. Hãy dùng tệp mẫu của trang này.")})
            taken, bad = old_dossiers.take_in(one, sent, content_type=content_type, actor=actor, at=clock.now())
            if taken is not None:
                messages.success(request, _words(taken))
                return redirect("handover:old_software", one.pk)
        except TellPerson as refusal:
            add_refusal(form, refusal)
            if not form.errors.get("file") and form.non_field_errors():
                form.add_error("file", form.errors.pop("__all__").data)
    return render(
        request,
        "handover/old_software.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "bad_rows": bad,
            "columns": COLUMNS,
            "held": old_dossiers.held(one),
        },
        status=422 if form.errors or bad else 200,
    )


def _words(taken: dossiers.TakenIn) -> str:
    said = ngettext("Đã nhận %(num)s hồ sơ.", "Đã nhận %(num)s hồ sơ.", len(taken.made)) % {"num": len(taken.made)}
    if taken.known:
        said += " " + ngettext(
            "%(num)s hồ sơ đã có từ trước, không nhận lại.", "%(num)s hồ sơ đã có từ trước, không nhận lại.", len(taken.known)
        ) % {"num": len(taken.known)}
    return said


@require_GET
def template(request: HttpRequest, changeover_id: int) -> HttpResponse:
    one_steered(request, changeover_id)
    return workbook_answer(tables.template("Hồ sơ phần mềm cũ", COLUMNS), "mau-ho-so-phan-mem-cu.xlsx")
