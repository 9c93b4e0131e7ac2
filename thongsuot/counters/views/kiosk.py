"""The kiosk in the hall: a touch takes a number. It asks nobody's name and knows its point by the key in its browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.models import Device, Ticket
from thongsuot.counters.queries import devices
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.queries.ahead import plans
from thongsuot.counters.queries.opening import open_times, opens_words
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.rules import Priority
from thongsuot.counters.views.common import follow_address, lines
from thongsuot.counters.views.machine import GIVEN_UP_AFTER, of_machine, stands_at
from thongsuot.counters.words import about
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.web import qr
from thongsuot.web.live import Part, changed
from thongsuot.web.request import number_of

BACK_AFTER = 15  # seconds for which a ticket is shown


def _seen(device: Device) -> tuple[list[Part], dict[str, Any]]:
    day = clock.today()
    hall = queries.hall(device.point_id, on=day)
    waits = {queue_id: about(wait) for queue_id, wait in expected_waits(device.point_id, at=clock.now(), seen=hall).items()}
    times = open_times(device.point_id, on=day)
    closed = "" if times.is_open(clock.now()) else opens_words(times, clock.now())
    over = times.closed_for_the_day(clock.now())
    shown = [closed, *((row.id, row.name, row.name_en, row.waiting, waits.get(row.id)) for row in hall.offered)]
    return [Part("hang", "counters/_kiosk_queues.html", shown)], {"hall": hall, "waits": waits, "closed": closed, "over": over}


@require_http_methods(["GET", "POST"])
@of_machine(Device.Kind.KIOSK)
def kiosk(request: HttpRequest, device: Device) -> HttpResponse:
    """The first page; with a reason in the address, the same for who has priority."""
    reason = request.GET.get("ly-do", "")
    if reason and reason not in Priority.values:
        raise NotFound
    if request.method == "POST":
        queue_id, actor = number_of(request.POST.get("hang", "")), devices.as_actor(device)
        ticket = actions.take_ticket_at(device.pk, queue_id, priority=reason, actor=actor, at=clock.now())
        return redirect("counters:kiosk_ticket", ticket.secret)
    parts, context = _seen(device)
    # Closed, it looks each minute whether it may open.
    context |= stands_at(device, back_after=GIVEN_UP_AFTER if reason or context["closed"] else None)
    context |= {"places": {part.id: part for part in parts}, "reason": reason}
    context["books"] = not context["over"] and bool(plans([row.id for row in context["hall"].offered], on=clock.today()))
    context["reason_words"] = Priority(reason).label if reason else ""
    context |= lines(request, device.point_id, device_id=device.pk)
    return render(request, "counters/kiosk.html", context)


@require_GET
@of_machine(Device.Kind.KIOSK)
def live(request: HttpRequest, device: Device) -> HttpResponse:
    parts, context = _seen(device)
    return changed(request, parts, context, known=request.GET.getlist("co"))


@require_GET
@of_machine(Device.Kind.KIOSK)
def priority(request: HttpRequest, device: Device) -> HttpResponse:
    """Why somebody is to be called first: what they say, in their own hand."""
    context = stands_at(device, back_after=GIVEN_UP_AFTER) | {"reasons": Priority.choices}
    return render(request, "counters/kiosk_priority.html", context)


@require_GET
@of_machine(Device.Kind.KIOSK)
def ticket(request: HttpRequest, device: Device, secret: str) -> HttpResponse:
    """The number, printed by itself where the browser may; then the first page again."""
    found = Ticket.objects.filter(secret=secret, device=device).select_related("queue").first()
    if found is None:
        return redirect("counters:kiosk")
    address = follow_address(found)
    context = stands_at(device, back_after=BACK_AFTER) | {
        "found": found,
        "ahead": queries.ahead_of(found),
        "wait": about(found.told) if found.told else "",
        "picture": qr.picture(address),
        "address": address,
    }
    return render(request, "counters/kiosk_ticket.html", context)
