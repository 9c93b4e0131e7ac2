"""An officer's own certificates and those of the agency they issue papers for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.people.queries import posts_of
from thongsuot.signing import actions
from thongsuot.signing.forms import AskForm, ChangePinForm
from thongsuot.signing.models import CertificateRequest
from thongsuot.signing.queries import certificates as queries
from thongsuot.signing.queries import subjects
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of

MOST = 100  # requests of one person; nobody comes near


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What I sign with, until when, and what I asked for; POST asks for more."""
    actor, now = actor_of(request), clock.now()
    rows = queries.usable_by(actor, at=now)
    choices = subjects.own(actor, rows, at=now)
    form = AskForm(request.POST or None, subjects=choices)
    if form.is_bound and form.is_valid():
        with refusals_on(form, places={"certificate": "about"}):
            actions.ask(form.asked(), actor=actor, at=now)
            messages.success(request, _("Đã lập đề nghị. Người quản trị chứng thư sẽ gửi đi."))
            return redirect("signing:mine")
    context = {
        "rows": rows,
        "asked": form,
        "requests": queries.requests(actor, at=now, own=True, only_open=False, limit=MOST),
        "kinds": dict(CertificateRequest.Kind.choices),
        "can_ask": bool(choices),
        "posts": posts_of([actor.person_id], on=timezone.localdate(now)) if actor.person_id else {},
    }
    if form.errors:
        context["form"] = form
    return render(request, "signing/mine.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_pin(request: HttpRequest, certificate_id: int) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.own_certificate(certificate_id, actor=actor, at=now)
    form = ChangePinForm(request.POST or None)
    if form.is_bound and form.is_valid():
        pin, new_pin = form.cleaned_data["pin"], form.cleaned_data["new_pin"]
        with refusals_on(form):
            actions.check_pin(row.certificate, pin, actor=actor, at=now)
            actions.change_pin(certificate_id, pin=pin, new_pin=new_pin, actor=actor, at=now)
            messages.success(request, _("Đã đổi mã PIN."))
            return redirect("signing:mine")
    context = {"row": row, "asked": form}
    if form.errors:
        context["form"] = form
    return render(request, "signing/change_pin.html", context, status=422 if form.errors else 200)
