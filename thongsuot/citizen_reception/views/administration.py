"""The numbers of the law on receiving citizens: what holds, what is announced, what held before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.forms import NumberForm
from thongsuot.citizen_reception.numbers import KEYS
from thongsuot.citizen_reception.queries import settings as queries
from thongsuot.citizen_reception.rules import MANAGE
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of


def _manager(request: HttpRequest) -> Actor:
    """Who administers the whole city. Raises NotYourDuty."""
    actor = actor_of(request)
    units.city_of_duty(actor, MANAGE, on=clock.today())
    return actor


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    _manager(request)
    rows = queries.numbers(on=clock.today())
    unchecked = [row for row in rows if not row.is_checked]
    return render(request, "citizen_reception/numbers.html", {"rows": rows, "unchecked": unchecked})


@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, key: str) -> HttpResponse:
    actor, today = _manager(request), clock.today()
    one = must_exist(KEYS.get(key))
    holds = {"value": queries.setting(key, on=today), "basis": queries.basis(key, on=today), "valid_from": today}
    form = NumberForm(request.POST or None, number=one, initial=holds)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.set_number(key, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu."))
            return redirect("citizen_reception:numbers")
    history = [(one, next(reversed(history_of(one)), None)) for one in queries.number_history(key)]
    row = next(row for row in queries.numbers(on=today) if row.key == key)
    context = {"form": form, "number": one, "row": row, "history": history, "today": today}
    return render(request, "citizen_reception/number.html", context, status=422 if form.errors else 200)
