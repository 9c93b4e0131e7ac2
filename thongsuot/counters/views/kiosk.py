"""The kiosk in the hall: a touch takes a number. It asks nobody's name and knows its point by the key in its browser."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions, topics
from thongsuot.counters.forms import JoinForm
from thongsuot.counters.models import Device, Ticket
from thongsuot.counters.queries import devices
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.queries.waits import expected_of, expected_waits
from thongsuot.counters.rules import Priority
from thongsuot.counters.views.following import code_picture
from thongsuot.counters.words import about
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.units import queries as units
from thongsuot.web import pulses
from thongsuot.web.forms import refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.request import actor_of, number_of

COOKIE = "thiet_bi"
YEAR = 365 * 24 * 3600
BACK_AFTER = 15  # seconds for which a ticket is shown
GIVEN_UP_AFTER = 60  # seconds after which the next person finds the first page


def _kiosk(request: HttpRequest) -> Device | None:
    return devices.by_key(request.COOKIES.get(COOKIE, ""), kind=Device.Kind.KIOSK)


def _seen(device: Device) -> tuple[list[Part], dict[str, Any]]:
    day = clock.today()
    hall = queries.hall(device.point_id, on=day)
    waits = {queue_id: about(wait) for queue_id, wait in expected_waits(device.point_id, on=day, seen=hall).items()}
    shown = [(row.id, row.name, row.waiting, waits.get(row.id)) for row in hall.queues]
    return [Part("hang", "counters/_kiosk_queues.html", shown)], {"hall": hall, "waits": waits}


@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """The first page; with a reason in the address, the same for who has priority. A machine not joined asks for its code."""
    device = _kiosk(request)
    if device is None:
        return _join(request)
    reason = request.GET.get("ly-do", "")
    if reason and reason not in Priority.values:
        raise NotFound
    if request.method == "POST":
        queue_id, actor = number_of(request.POST.get("hang", "")), devices.as_actor(device)
        ticket = actions.take_ticket_at(device.pk, queue_id, priority=reason, actor=actor, at=clock.now())
        return redirect("counters:kiosk_ticket", ticket.secret)
    parts, context = _seen(device)
    context |= _place(device) | {"places": {part.id: part for part in parts}, "reason": reason}
    context["reason_words"] = Priority(reason).label if reason else ""
    context["back_after"] = GIVEN_UP_AFTER if reason else None
    context["follows"] = pulses.address(request, topics.hall(device.point_id))
    return render(request, "counters/kiosk.html", context)


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    device = _kiosk(request)
    if device is None:  # no longer used, or joined anew: the page comes again as what it is now
        return redirect("counters:kiosk")
    parts, context = _seen(device)
    return changed(request, parts, context, known=request.GET.getlist("co"))


@require_GET
def priority(request: HttpRequest) -> HttpResponse:
    """Why somebody is to be called first: what they say, in their own hand."""
    device = _kiosk(request)
    if device is None:
        return redirect("counters:kiosk")
    context = _place(device) | {"reasons": Priority.choices, "back_after": GIVEN_UP_AFTER}
    return render(request, "counters/kiosk_priority.html", context)


@require_GET
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """The number, printed by itself where the browser may; then the first page again."""
    device = _kiosk(request)
    found = Ticket.objects.filter(secret=secret, device=device).select_related("queue").first() if device else None
    if device is None or found is None:
        return redirect("counters:kiosk")
    seen = queries.hall(device.point_id, on=found.day)
    wait = expected_of(found, seen=seen)
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('counters:follow', args=[secret])}"
    context = _place(device) | {
        "found": found,
        "ahead": queries.ahead_of(found),
        "wait": about(wait) if wait else "",
        "picture": code_picture(address),
        "address": address,
        "back_after": BACK_AFTER,
    }
    return render(request, "counters/kiosk_ticket.html", context)


def _place(device: Device) -> dict[str, Any]:
    day = clock.today()
    point = units.point_of_house(device.point_id, as_of=day)
    return {
        "device": device,
        "point": point,
        "unit": units.unit_row(point.unit_id, as_of=day).full_name,
        "clock_face": f"{timezone.localtime(clock.now()):%H:%M}",
    }


def _join(request: HttpRequest) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    status, joined = 422 if form.errors else 200, None
    if form.is_bound and form.is_valid():
        with refusals_on(form, beside="code") as answered:
            joined = actions.join_device(form.cleaned_data["code"], actor=actor_of(request), at=clock.now())
        status = answered.status
    if joined is None:
        return render(request, "counters/kiosk_join.html", {"form": form}, status=status)
    response = redirect("counters:kiosk")
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, joined.key, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
