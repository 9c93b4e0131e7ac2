"""The items of the index as dated rows, and which streams of feedback some of them count."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback.words import Stream
from thongsuot.indicators import actions, items
from thongsuot.indicators import words as shown
from thongsuot.indicators.actions import ARRANGE, STREAMED
from thongsuot.indicators.forms import StreamsForm
from thongsuot.indicators.models import IndexItem
from thongsuot.indicators.queries.index import item_in_force
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import not_over
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of


def _arranger(request: HttpRequest) -> Actor:
    """Raises NotYourDuty."""
    actor = actor_of(request)
    units.city_of_duty(actor, ARRANGE, on=clock.today())
    return actor


def streams_said(item: IndexItem) -> str:
    counted = item.streams.split() or [Stream.REGULATION]
    return "; ".join(str(one.label) for one in Stream if one in counted) if item.code in STREAMED else ""


@require_GET
def all_items(request: HttpRequest) -> HttpResponse:
    """What holds today and what is announced."""
    _arranger(request)
    today = clock.today()
    rows = IndexItem.objects.filter(not_over(today)).order_by("place", "valid_from")
    context = {
        "rows": [(row, items.label(row.code), streams_said(row), row.valid_from > today) for row in rows],
        "changeable": STREAMED,
        "words": shown,
    }
    return render(request, "indicators/items.html", context)


@require_http_methods(["GET", "POST"])
def streams(request: HttpRequest, code: str) -> HttpResponse:
    """Of one item, from a day on; below it what held before."""
    actor, today = _arranger(request), clock.today()
    now = must_exist(item_in_force(code, on=today) if code in STREAMED else None)
    first = {
        "streams": now.streams.split() or [Stream.REGULATION],
        "basis": now.basis,
        "checked": now.checked,
        "valid_from": today,
    }
    form = StreamsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            actions.set_streams(code, said.pop("streams"), **said, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu."))
            return redirect("indicators:items")
    history = IndexItem.objects.filter(code=code).order_by("-valid_from")
    context = {
        "form": form,
        "label": items.label(code),
        "says": items.ITEMS[code].says,
        "history": [(row, streams_said(row)) for row in history],
        "today": today,
    }
    return render(request, "indicators/streams.html", context, status=422 if form.errors else 200)
