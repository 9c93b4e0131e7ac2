"""Refunds: proposing one, deciding about it, paying it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.payments import actions
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.actions.paying import TAKE
from thongsuot.payments.actions.refunding import APPROVE, again_possible, by_hand, paid_by
from thongsuot.payments.forms import AgainForm, ProofForm, RefundForm, RefuseRefundForm
from thongsuot.payments.keeping import answers, units_answered_for
from thongsuot.payments.models import Refund
from thongsuot.payments.queries import refunds as queries
from thongsuot.payments.views.common import EVERYBODY, tabs
from thongsuot.payments.words import REFUND_TAGS
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, nothing_pressed, pressed


def _units(actor: Actor) -> frozenset[int]:
    return units_answered_for(actor, *EVERYBODY, at=clock.now())


@require_GET
def refunds(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, *EVERYBODY)
    is_open = request.GET.get("xem") != "xong"
    found = queries.refunds(_units(actor), is_open=is_open)
    page = page_of(request, count=found.count())
    context = {
        "page": page,
        "rows": found[page.first : page.first + page.size],
        "is_open": is_open,
        "tabs": tabs("payments:refunds", actor=actor),
        "tags": REFUND_TAGS,
    }
    return render(request, "payments/refunds.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, line_id: int) -> HttpResponse:
    actor = actor_with(request, KEEP, TAKE)
    line = queries.line_of(line_id, _units(actor))
    form = RefundForm(request.POST or None, payment=line.payment)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            refund = actions.propose_refund(line.pk, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã đề nghị hoàn. Người có nhiệm vụ duyệt sẽ xem."))
            return redirect("payments:refund", refund.pk)
    context = {"line": line, "payment": line.payment, "form": form}
    return render(request, "payments/propose_refund.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    actor = actor_with(request, *EVERYBODY)
    found = queries.refund_of(refund_id, _units(actor))
    state, payment = Refund.State(found.state), found.payment
    decides = state == Refund.State.PROPOSED and answers(actor, APPROVE, found.held_by, at=clock.now())
    pays = by_hand(found) and answers(actor, *paid_by(found), at=clock.now())
    proposes = again_possible(found) and answers(actor, KEEP, found.held_by, at=clock.now())
    what = pressed(request)
    no = RefuseRefundForm(request.POST if what == "khong" else None) if decides else None
    proof = ProofForm(request.POST if what == "tra" else None) if pays else None
    again = AgainForm(request.POST if what == "lai" else None) if proposes else None
    form = proof or no or again
    if request.method == "POST":
        with refusals_on(form if what != "duyet" else None):
            if what == "duyet":
                actions.approve_refund(found.pk, actor=actor, at=clock.now())
                messages.success(request, _("Đã duyệt hoàn %(reference)s.") % {"reference": found.reference})
                return redirect("payments:refund", found.pk)
            if what == "khong" and no is not None and no.is_valid():
                actions.refuse_refund(found.pk, reason=no.cleaned_data["reason"], actor=actor, at=clock.now())
                messages.success(request, _("Đã trả lời không duyệt."))
                return redirect("payments:refund", found.pk)
            if what == "tra" and proof is not None and proof.is_valid():
                actions.pay_refund_by_hand(found.pk, proof=proof.cleaned_data["proof"], actor=actor, at=clock.now())
                messages.success(request, _("Đã ghi trả lại tiền."))
                return redirect("payments:refund", found.pk)
            if what == "lai" and again is not None and again.is_valid():
                anew = actions.propose_again(found.pk, reason=again.cleaned_data["reason"], actor=actor, at=clock.now())
                messages.success(request, _("Đã đề nghị hoàn. Người có nhiệm vụ duyệt sẽ xem."))
                return redirect("payments:refund", anew.pk)
        if form is None or not form.errors:
            raise nothing_pressed()
    context = {
        "found": found,
        "payment": payment,
        "tag": REFUND_TAGS[state],
        "no": no,
        "proof": proof,
        "again": again,
        "history": history_of(found),
    }
    if form is not None:
        context["form"] = form
    return render(request, "payments/refund.html", context, status=422 if form is not None and form.errors else 200)
