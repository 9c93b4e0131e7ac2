"""The rating machine on a counter: whoever was just served says how satisfied they are, by one touch, and may say why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.models import Device
from thongsuot.counters.queries import ratings
from thongsuot.counters.queries.devices import as_actor
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.counters.views.common import lines
from thongsuot.counters.views.machine import of_machine, stands_at
from thongsuot.kernel import clock
from thongsuot.web.live import Part, changed
from thongsuot.web.request import number_of, pressed

BACK_AFTER = 20  # seconds for which the reasons are asked


def _seen(device: Device) -> tuple[list[Part], dict[str, Any]]:
    ticket = ratings.to_rate_at(device, now=clock.now())
    return [Part("hoi", "counters/_rating.html", ticket and ticket.pk, live=True)], {"ticket": ticket, "levels": Level.choices}


@require_http_methods(["GET", "POST"])
@of_machine(Device.Kind.RATING)
def rating(request: HttpRequest, device: Device) -> HttpResponse:
    if request.method == "POST":
        ticket_id, level = number_of(request.POST.get("so", "")), number_of(request.POST.get("muc", ""))
        actor = as_actor(device)
        given = actions.rate_at(device.pk, ticket_id, level=level, actor=actor, at=clock.now())
        return redirect("counters:rating_reasons", given.pk)
    parts, context = _seen(device)
    context |= stands_at(device) | {"places": {part.id: part for part in parts}}
    context |= lines(request, device.point_id, device_id=device.pk)
    return render(request, "counters/rating.html", context)


@require_GET
@of_machine(Device.Kind.RATING)
def live(request: HttpRequest, device: Device) -> HttpResponse:
    parts, context = _seen(device)
    return changed(request, parts, context, known=request.GET.getlist("co"))


@require_http_methods(["GET", "POST"])
@of_machine(Device.Kind.RATING)
def reasons(request: HttpRequest, device: Device, rating_id: int) -> HttpResponse:
    """Thanks, and why: asked once, never insisted upon."""
    given = ratings.given_at(device, rating_id)
    if request.method == "POST":
        if pressed(request) == "gui":
            said, actor = request.POST.getlist("ly-do"), as_actor(device)
            actions.give_reasons(given.pk, reasons=said, actor=actor, at=clock.now())
        return redirect("counters:rating")
    context = stands_at(device, back_after=BACK_AFTER) | {"given": given, "reasons": Reason.choices}
    return render(request, "counters/rating_reasons.html", context)
