"""Drawers: today's own, counting one, bringing the money to the bank."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import dong
from thongsuot.payments import actions, asking
from thongsuot.payments.actions.cash import KEEP, held
from thongsuot.payments.actions.paying import TAKE
from thongsuot.payments.forms import CountForm, SlipForm
from thongsuot.payments.keeping import answers, units_answered_for
from thongsuot.payments.models import CashShift, FeePayment
from thongsuot.payments.queries import shifts as queries
from thongsuot.payments.rules import FACES
from thongsuot.payments.views.common import EVERYBODY, tabs, tell_of_undue
from thongsuot.payments.words import SHIFT_TAGS
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, pressed


@require_GET
def shifts(request: HttpRequest) -> HttpResponse:
    actor, day = actor_with(request, *EVERYBODY), clock.today()
    found = queries.shifts(actor, unit_ids=units_answered_for(actor, KEEP, at=clock.now()))
    page = page_of(request, count=found.count())
    rows, mine = queries.with_cash(found[page.slice], on=day), found.filter(person=actor.person_id, day=day)
    names = units.unit_rows({row.shift.unit_id for row in rows}, as_of=day)
    context = {
        "mine": next(iter(queries.with_cash(mine[:1], on=day)), None) if actor.person_id is not None else None,
        "rows": rows,
        "page": page,
        "names": {unit_id: row.full_name for unit_id, row in names.items()},
        "tags": SHIFT_TAGS,
        "tabs": tabs("payments:shifts", actor=actor),
    }
    return render(request, "payments/shifts.html", context)


@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    actor = actor_with(request, TAKE, KEEP)
    found = queries.shift_of(shift_id, actor=actor, unit_ids=units_answered_for(actor, KEEP, at=clock.now()))
    is_open, keeps = found.state == CashShift.State.OPEN, answers(actor, KEEP, found.unit_id, at=clock.now())
    count = CountForm(request.POST if pressed(request) == "ket" else None) if is_open else None
    slip = None
    there = {unit_id: amount for unit_id, amount in held(found).items() if amount > 0}
    names = {pk: row.full_name for pk, row in units.unit_rows({found.unit_id, *there}, as_of=found.day).items()}
    if found.state == CashShift.State.CLOSED and keeps:
        whose = {unit_id: f"{names[unit_id]}, {dong(amount)}" for unit_id, amount in there.items()}
        slip = SlipForm(request.POST if pressed(request) == "nop" else None, units=whose)
    form = count or slip
    if request.method == "POST" and form is not None and form.is_valid():
        with refusals_on(form, places={"counts": f"n{FACES[0]}"}):
            if count is not None:
                closed = actions.close_shift(
                    found.pk, counts=count.counts(), reason=count.cleaned_data["reason"], actor=actor, at=clock.now()
                )
                if closed.state == CashShift.State.CLOSED:
                    messages.success(request, _("Đã kết ca. Hãy nộp tiền cho người giữ tài khoản thu phí."))
                else:
                    messages.success(request, _("Đã kết ca. Ca không có tiền để nộp."))
            elif slip is not None:
                actions.bank_shift(found.pk, slips=slip.slips(), actor=actor, at=clock.now())
                messages.success(request, _("Đã ghi nộp tiền vào ngân hàng."))
            return redirect("payments:shift", found.pk)
    context = {
        "shift": found,
        "tag": SHIFT_TAGS[CashShift.State(found.state)],
        "unit": names[found.unit_id],
        "cash_dong": queries.in_drawer(found),
        "payments": list(queries.taken_in(found)),
        "refunds": list(found.refunds.filter(state="done").order_by("done_at")),
        "counts": [(face, found.counts[str(face)]) for face in FACES if str(face) in found.counts],
        "count": count,
        "slip": slip,
    }
    if form is not None:
        context["form"] = form
    return render(request, "payments/shift.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def give_up(request: HttpRequest, payment_id: int) -> HttpResponse:
    """At the desk: somebody who began to pay online pays in cash after all; the gateway is told first."""
    actor = actor_with(request, TAKE)
    found = must_exist(FeePayment.objects.filter(pk=payment_id, at_unit__in=actor.units_for(TAKE)).first())
    if asking.give_up(found.pk, actor=actor, now=clock.now()).state == FeePayment.State.PAID:
        messages.info(request, _("Cổng báo khoản này vừa được trả. Không thu tiền mặt nữa."))
    else:
        messages.success(request, _("Giao dịch trực tuyến đã kết thúc, chưa trả. Có thể thu tiền mặt."))
        tell_of_undue(request, found)
    back = request.POST.get("ve", "")
    return redirect(back if back.startswith("/can-bo/") and "//" not in back else "payments:shifts")
