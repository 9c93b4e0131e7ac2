"""Requests to the issuer: how long each has waited, its next step, and the letter that reminds."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.files.rules import FileType
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.signing import actions, letters
from thongsuot.signing.forms import AskForm
from thongsuot.signing.models import Certificate
from thongsuot.signing.queries import certificates as queries
from thongsuot.signing.queries import subjects
from thongsuot.signing.rules import DUTY
from thongsuot.signing.views.admin import asked_unit
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, number_of


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """All that wait, longest first; POST writes a new one: for somebody who lacks a certificate, or about one that is there."""
    actor, now = actor_with(request, DUTY), clock.now()
    unit_id = asked_unit(request, actor)
    about = subjects.managed(actor, unit_id=unit_id, at=now) + subjects.managed_certificates(actor, unit_id=unit_id, at=now)
    form = AskForm(request.POST or None, subjects=about)
    if form.is_bound and form.is_valid():
        with refusals_on(form, places={"certificate": "about"}):
            asked = actions.ask(form.asked(), actor=actor, at=now)
            return redirect("signing:request", asked.pk)
    everything = request.GET.get("tat-ca") == "1"
    page = page_of(request, count=queries.requests_count(actor, only_open=not everything))
    context = {
        "rows": queries.requests(actor, at=now, only_open=not everything, limit=page.size, offset=page.first),
        "page": page,
        "all": everything,
        "asked": form,
        "can_ask": bool(about),
    }
    if form.errors:
        context["form"] = form
    return render(request, "signing/requests.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request and its next steps."""
    actor, now = actor_with(request, DUTY), clock.now()
    row = queries.request_for(request_id, actor=actor, at=now)
    refused = ""
    if request.method == "POST":
        try:
            actions.move_request(
                request_id,
                to=request.POST.get("den", ""),
                reason=request.POST.get("reason", "")[:300],
                issued_id=number_of(request.POST.get("issued", "")) or None,
                actor=actor,
                at=now,
            )
        except TellPerson as refusal:
            refused = refusal.message()
        else:
            messages.success(request, _("Đã ghi bước mới của đề nghị."))
            return redirect("signing:request", request_id)
    candidates = Certificate.objects.filter(
        Q(person_id=row.request.person_id), kind=row.request.holder, body_id=row.request.body_id
    ).order_by("-pk")[:20]
    return render(
        request,
        "signing/request.html",
        {"row": row, "refused": refused, "candidates": candidates if "issued" in dict(row.next_states) else []},
        status=422 if refused else 200,
    )


@require_http_methods(["POST"])
def reminder(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """The letter to whoever lets the request wait, as PDF; that it was made is noted."""
    actor, now = actor_with(request, DUTY), clock.now()
    row = queries.request_for(request_id, actor=actor, at=now)
    actions.remind(request_id, actor=actor, at=now)
    return file_answer(letters.reminder(row, at=now), f"don-doc-{request_id}.pdf", FileType.PDF)
