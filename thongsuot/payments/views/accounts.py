"""Receiving accounts of one's units, and how many of a city's units are ready, day by day."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import day as day_text
from thongsuot.payments import actions, asking, banks
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.forms import AccountForm, ReasonForm
from thongsuot.payments.models import FeeAccount
from thongsuot.payments.queries import accounts as queries
from thongsuot.payments.views.common import tabs
from thongsuot.payments.words import ACCOUNT_TAGS
from thongsuot.units import queries as units
from thongsuot.web import charts
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, actor_with, nothing_pressed, pressed


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    actor, day = actor_with(request, KEEP), clock.today()
    rows = queries.accounts_of(_paying_units(actor.units_for(KEEP), day), on=day)
    context = {"tags": ACCOUNT_TAGS, "banks": banks.names(), "tabs": tabs("payments:accounts", actor=actor)}
    if len(rows) == 1:
        return redirect("payments:account", rows[0].unit.id)
    return render(request, "payments/accounts.html", {**context, "rows": rows})


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, unit_id: int) -> HttpResponse:
    actor, day = actor_with(request, KEEP), clock.today()
    if unit_id not in actor.units_for(KEEP):
        raise NotFound
    held = FeeAccount.objects.filter(unit=unit_id).exclude(state=FeeAccount.State.CLOSED).first()
    may_change = held is None or held.state in (FeeAccount.State.DECLARED, FeeAccount.State.ON_PLATFORM)
    what = pressed(request)
    form = AccountForm(request.POST if what == "luu" else None, account=held) if may_change else None
    closing = ReasonForm(request.POST if what == "dong" else None) if held is not None else None
    shown = closing if what == "dong" else form
    if request.method == "POST":
        with refusals_on(shown if what in ("luu", "dong") else None):
            if what == "thu" and held is not None:
                payment = asking.begin_test(held.pk, actor=actor, now=clock.now())
                return redirect("payments:payment", payment.secret)
            if what == "luu" and form is not None and form.is_valid():
                facts = form.cleaned_data
                if held is None:
                    actions.declare_account(unit_id, **facts, actor=actor, at=clock.now())
                else:
                    actions.change_account(held.pk, **facts, actor=actor, at=clock.now())
                messages.success(request, _("Đã lưu tài khoản thu phí."))
                return redirect("payments:account", unit_id)
            if what == "dong" and held is not None and closing is not None and closing.is_valid():
                actions.close_account(held.pk, reason=closing.cleaned_data["reason"], actor=actor, at=clock.now())
                messages.success(
                    request, _("Đã đóng tài khoản. Đơn vị chưa nhận thanh toán trực tuyến cho đến khi có tài khoản mới.")
                )
                return redirect("payments:account", unit_id)
        if shown is None or not shown.errors:
            raise nothing_pressed()
    context = {
        "unit": units.unit_row(unit_id, as_of=day),
        "tabs": tabs("payments:accounts", actor=actor),
        "held": held,
        "tag": ACCOUNT_TAGS[FeeAccount.State(held.state)] if held else "",
        "bank": banks.name_of(held.bank_bin) if held else "",
        "account_form": form,
        "closing": closing,
        "old": list(FeeAccount.objects.filter(unit=unit_id, state=FeeAccount.State.CLOSED).order_by("-closed_at")),
        "history": history_of(held) if held else [],
    }
    if shown is not None:
        context["form"] = shown
    return render(request, "payments/account.html", context, status=422 if shown is not None and shown.errors else 200)


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How many units of the city can be paid online, day by day: the row of readiness."""
    actor, day = actor_of(request), clock.today()
    city = units.city_of_duty(actor, "see figures", on=day)
    communes = [row.id for row in units.units_under(city.id, as_of=day) if row.level == "commune"]
    rows = queries.progress(communes, until=day)
    points = [charts.Point(label=day_text(row.day), short=f"{row.day:%d/%m}", all=row.ready, part=row.new) for row in rows]
    context = {
        "city": city,
        "rows": rows,
        "chart": charts.columns(points),
        "units": queries.accounts_of(communes, on=day),
        "count": len(communes),
        "tags": ACCOUNT_TAGS,
    }
    return render(request, "payments/progress.html", context)


def _paying_units(unit_ids: frozenset[int], day: date) -> list[int]:
    """Units that people pay: communes and agencies, not the city over them."""
    rows = units.unit_rows(unit_ids, as_of=day)
    return [row.id for row in rows.values() if row.level != "province"] or list(unit_ids)
