"""Receiving at the counter: one screen, by keyboard alone, with or without script.

Everything typed travels in the form itself, files by signed ids of what was stored: a refusal loses nothing, and nothing is
kept of someone who left. Enter searches and recomputes; only F9, or its button, receives.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.dossiers.views.intake_desk import Desk
from thongsuot.web.faults import for_fragment
from thongsuot.web.request import actor_with, pressed


@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """GET: an empty form, with a procedure kept by `?thu-tuc=`. POST: `viec` says which part to work out, or to receive."""
    desk = Desk(request, actor_with(request, "receive dossiers"))
    work = pressed(request) or ("chon" if "chon" in request.POST else "")
    if work == "nhan":
        return _receive(desk)
    if work == "tra":
        desk.look_up_person()
    if work == "kho":
        desk.look_into_store()
    if work == "quet":
        desk.scan_all()
    template = _FRAGMENTS.get(work) if for_fragment(request) else None
    return render(
        request,
        f"dossiers/officer/{template or 'intake'}.html",
        {**desk.context(), "fragment": template is not None, "just_chosen": work == "chon"},
    )


_FRAGMENTS = {
    "tim": "_procedure",
    "chon": "_procedure",
    "kho": "_procedure",
    "quet": "_procedure",
    "them": "_procedure",
    "tien": "_terms",
    "tra": "_person",
}


def _receive(desk: Desk) -> HttpResponse:
    answer = desk.receive()
    if answer is None:
        return render(
            desk.request,
            "dossiers/officer/intake.html",
            {**desk.context(), "fragment": False, "just_chosen": False},
            status=422,
        )
    if isinstance(answer, int):  # received before, and changed since
        messages.warning(
            desk.request,
            _("Tờ này đã nhận thành hồ sơ dưới đây, những sửa đổi sau đó chưa được ghi. Muốn nhận thêm, hãy mở tờ mới."),
        )
        return redirect("dossiers:case", answer)
    return redirect(f"{reverse('dossiers:case', args=[answer['id']])}?moi=1")
