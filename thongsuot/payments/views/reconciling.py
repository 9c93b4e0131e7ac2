"""Reconciling: the days, what differs in one, statements that come in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.payments import actions, comparing, gateway
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.forms import AssignForm, ExplainForm, OutflowForm, ReturnForm, StatementForm
from thongsuot.payments.keeping import units_answered_for
from thongsuot.payments.models import Difference, FeeAccount
from thongsuot.payments.queries import reconciling as queries
from thongsuot.payments.statements import MOST_BYTES
from thongsuot.payments.views.common import tabs
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_with, day_of, nothing_pressed, number_of, pressed

DAYS = 14
OFFERED = 50  # dossiers to choose from; the others are found by their code


@require_GET
def days(request: HttpRequest) -> HttpResponse:
    actor, today = actor_with(request, KEEP), clock.today()
    unit_ids = units_answered_for(actor, KEEP, at=clock.now())
    found = queries.differences(unit_ids)
    page = page_of(request, count=found.count())
    context = {
        "rows": queries.day_sums(unit_ids, [today - timedelta(days=back) for back in range(DAYS)]),
        **_shown(found[page.slice], as_of=today),
        "page": page,
        "tabs": tabs("payments:reconciling", actor=actor),
    }
    return render(request, "payments/reconciling.html", context)


@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, day: str) -> HttpResponse:
    actor, today = actor_with(request, KEEP), clock.today()
    on = day_of(day)
    if on is None or on > today:
        raise NotFound
    if request.method == "POST" and pressed(request) == "doi-soat":
        try:
            comparing.compare_day(on, now=clock.now(), actor=actor, insist=True)
        except gateway.Unreachable:
            messages.warning(request, _("Cổng thanh toán chưa trả lời. Đã đối soát với danh sách có từ trước."))
        else:
            messages.success(request, _("Đã đối soát lại ngày này."))
        return redirect("payments:reconciled_day", day)
    unit_ids = units_answered_for(actor, KEEP, at=clock.now())
    found = queries.differences(unit_ids, day=on)
    page = page_of(request, count=found.count())
    context = {
        "day": on,
        "sums": queries.day_sums(unit_ids, [on])[0],
        **_shown(found[page.slice], as_of=on),
        "page": page,
        "compared": queries.compared(on),
        "gateway": gateway.chosen() is not None,
    }
    return render(request, "payments/reconciled_day.html", context)


@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    actor = actor_with(request, KEEP)
    found = queries.difference_of(difference_id, units_answered_for(actor, KEEP, at=clock.now()))
    form = ExplainForm(request.POST or None, initial={"explanation": found.explanation})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.explain_difference(found.pk, explanation=form.cleaned_data["explanation"], actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi giải trình."))
            return redirect("payments:reconciled_day", found.day.isoformat())
    context = {
        "found": found,
        "form": form,
        "unit": units.unit_row(found.unit_id, as_of=found.day).full_name,
        "line": found.statement_line,
        "is_out": found.kind == Difference.Kind.OUT and found.gone_at is None,
        "is_nameless": found.statement_line is not None
        and queries.nameless({found.statement_line.account.unit_id}).filter(pk=found.statement_line.pk).exists(),
        "refund": queries.refund_of(found),
        "shift_id": queries.shift_of(found),
        "history": history_of(found),
    }
    return render(request, "payments/difference.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def outflow(request: HttpRequest, line_id: int) -> HttpResponse:
    """Money that left an account: what it was."""
    actor = actor_with(request, KEEP)
    line = must_exist(queries.outflows(units_answered_for(actor, KEEP, at=clock.now())).filter(pk=line_id).first())
    form = OutflowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.name_outflow(
                line.pk, what=form.cleaned_data["what"], note=form.cleaned_data["note"], actor=actor, at=clock.now()
            )
            comparing.compare_day(line.booked_on, now=clock.now(), actor=actor, fetch=False)
            messages.success(request, _("Đã ghi sổ."))
            return redirect("payments:reconciled_day", line.booked_on.isoformat())
    unit = units.unit_row(line.account.unit_id, as_of=clock.today()).full_name
    context = {"line": line, "form": form, "unit": unit, "called": line.entries.order_by("pk").last()}
    return render(request, "payments/outflow.html", context, status=422 if form.errors else 200)


@require_GET
def nameless(request: HttpRequest) -> HttpResponse:
    """Money that came and names no payment."""
    actor, today = actor_with(request, KEEP), clock.today()
    found = queries.nameless(units_answered_for(actor, KEEP, at=clock.now()))
    page = page_of(request, count=found.count())
    rows = list(found[page.first : page.first + page.size])
    names = units.unit_rows({row.account.unit_id for row in rows}, as_of=today)
    context = {
        "rows": rows,
        "page": page,
        "names": {unit_id: row.full_name for unit_id, row in names.items()},
        "going_back": queries.going_back(rows),
        "tabs": tabs("payments:nameless", actor=actor),
    }
    return render(request, "payments/nameless.html", context)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, line_id: int) -> HttpResponse:
    actor = actor_with(request, KEEP)
    line = must_exist(queries.nameless(units_answered_for(actor, KEEP, at=clock.now())).filter(pk=line_id).first())
    waiting = queries.going_back([line])
    if waiting:
        return redirect("payments:refund", waiting[line.pk])
    code = request.GET.get("ma", "").strip()[:60]
    fitting = queries.may_pay(line, code=code)
    candidates = fitting[:OFFERED]
    what = pressed(request)
    form = AssignForm(request.POST if what == "gan" else None, candidates=candidates)
    back = ReturnForm(request.POST if what == "tra" else None)
    if what == "tra" and back.is_valid():
        with refusals_on(back, places={"reason": "back"}):
            refund = actions.propose_return(line.pk, reason=back.cleaned_data["back"], actor=actor, at=clock.now())
            comparing.compare_day(line.booked_on, now=clock.now(), actor=actor, fetch=False)
            messages.success(request, _("Đã đề nghị trả lại. Người có nhiệm vụ duyệt sẽ xem."))
            return redirect("payments:refund", refund.pk)
    if what == "gan" and form.is_valid():
        with refusals_on(form, beside="debt"):
            subject, subject_id = form.cleaned_data["debt"].rsplit(":", 1)
            payment = actions.assign_line(
                line.pk,
                subject=subject,
                subject_id=int(subject_id),
                reason=form.cleaned_data["reason"],
                actor=actor,
                at=clock.now(),
            )
            comparing.compare_day(line.booked_on, now=clock.now(), actor=actor, fetch=False)
            messages.success(request, _("Hồ sơ %(code)s đã được ghi là đã trả, có biên lai.") % {"code": payment.subject_code})
            return redirect("payments:nameless")
    if request.method == "POST" and what not in ("gan", "tra"):
        raise nothing_pressed()
    unit = units.unit_row(line.account.unit_id, as_of=clock.today()).full_name
    wrong = back if back.errors else form
    context = {
        "line": line,
        "assigning": form,
        "back": back,
        "form": wrong,
        "candidates": candidates,
        "more": len(fitting) - len(candidates),
        "code": code,
        "unit": unit,
    }
    return render(request, "payments/assign.html", context, status=422 if wrong.errors else 200)


@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest) -> HttpResponse:
    actor, today = actor_with(request, KEEP), clock.today()
    unit_ids = units_answered_for(actor, KEEP, at=clock.now())
    held = list(FeeAccount.objects.filter(unit__in=unit_ids).order_by("unit", "-pk"))
    names = units.unit_rows({row.unit_id for row in held}, as_of=today)
    choices = [(row.pk, f"{names[row.unit_id].full_name}: {row.number}") for row in held]
    form = StatementForm(request.POST or None, request.FILES or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="file"):
            file = form.cleaned_data["file"]
            statement = actions.bring_statement(
                number_of(form.cleaned_data["account"]), file.read(MOST_BYTES + 1), name=file.name, actor=actor, at=clock.now()
            )
            messages.success(
                request,
                _("Đã nhập %(count)s giao dịch mới. Sổ và đối soát được cập nhật sau ít giây.")
                % {"count": statement.lines.count()},
            )
            return redirect("payments:statements")
    context = {
        "form": form,
        "rows": queries.statements(unit_ids),
        "names": {unit_id: row.full_name for unit_id, row in names.items()},
    }
    return render(request, "payments/statements.html", context, status=422 if form.errors else 200)


def _shown(rows: Iterable[Difference], *, as_of: date) -> dict[str, Any]:
    found = list(rows)
    names = units.unit_rows({row.unit_id for row in found}, as_of=as_of)
    return {"differences": found, "names": {unit_id: row.full_name for unit_id, row in names.items()}}
