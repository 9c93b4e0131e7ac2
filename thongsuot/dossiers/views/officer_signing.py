"""Signing many results with one PIN: what waits, the choice, and the progress, piece by piece, with or without JavaScript."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import batches
from thongsuot.dossiers.forms.officer import BatchPinForm
from thongsuot.dossiers.queries import signing as queries
from thongsuot.dossiers.views.officer import desk_actor, picked_ones
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.signing.errors import CannotSign
from thongsuot.signing.queries import choosing
from thongsuot.web.faults import for_fragment
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with

COOKIE = "lo_ky"


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for my signature; POST with the picked ones and the PIN starts a batch."""
    actor, now = actor_with(request, "sign results"), clock.now()
    rows = queries.waiting_for(actor)
    form = BatchPinForm(request.POST or None)
    picked = (
        picked_ones(request, most=batches.MOST)
        if request.method == "POST"
        else {row.id: row.step_key for row in rows if row.is_pdf}
    )
    if form.is_bound and form.is_valid():
        order = [(row.id, picked[row.id]) for row in rows if row.id in picked]
        with refusals_on(form, beside="pin" if order else None):  # else: nothing was picked
            batch, key = actions.start_batch(order, pin=form.cleaned_data["pin"], actor=actor, at=now)
            answer = redirect("dossiers:signing_batch", batch.pk)
            answer.set_cookie(
                COOKIE,
                base64.urlsafe_b64encode(key).decode(),
                max_age=int(batches.OPEN_FOR.total_seconds()),
                path=reverse("dossiers:signing_batch", args=[batch.pk]),
                secure=settings.TLS,
                httponly=True,
                samesite="Strict",
            )
            return answer
    context = {"rows": rows, "picked": picked, "asked": form, "why_not": _why_not(actor.person_id, now)}
    if form.errors:
        context["form"] = form
    return render(request, "dossiers/officer/signing_queue.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far a batch is; each POST signs the next few. With JavaScript the page presses the button itself."""
    actor = desk_actor(request)
    row = batches.of_person(batch_id, actor=actor)
    refused = ""
    if request.method == "POST":
        try:
            left = actions.sign_piece(batch_id, key=_key(request), actor=actor, now=clock.now)
        except TellPerson as refusal:
            refused = refusal.message()
        else:
            if not for_fragment(request):
                if not left:
                    messages.success(request, _("Đã ký xong lượt này."))
                return redirect("dossiers:signing_batch", batch_id)
            row.refresh_from_db()
    page = queries.batch_page(row)
    if for_fragment(request):
        template, status = "dossiers/officer/_signing_batch.html", 200  # htmx shows what came only with a success
    else:
        template, status = "dossiers/officer/signing_batch.html", 409 if refused else 200
    answer = render(request, template, {"page": page, "refused": refused}, status=status)
    if not page.waiting:
        answer.delete_cookie(COOKIE, path=request.path, samesite="Strict")
    return answer


def _key(request: HttpRequest) -> bytes:
    try:
        return base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, "").encode())
    except (binascii.Error, ValueError):
        return b""


def _why_not(person_id: int | None, now: datetime) -> str:
    try:
        choosing.of_person(person_id, unit_id=None, at=now)
    except CannotSign as refusal:
        return refusal.message()
    return ""
