"""What the machines of a hall share: the key in their browser, and the page on which they are joined to their point."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.forms import JoinForm
from thongsuot.counters.models import Device
from thongsuot.counters.queries import devices
from thongsuot.counters.queries.devices import COOKIE, YEAR
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of

PAGES = {Device.Kind.KIOSK: "counters:kiosk", Device.Kind.RATING: "counters:rating"}


def machine(request: HttpRequest, kind: Device.Kind) -> Device | None:
    """The machine that asks, if it is of that kind."""
    device = devices.by_key(request.COOKIES.get(COOKIE, ""))
    return device if device is not None and device.kind == kind else None


def stands_at(device: Device, *, back_after: int | None = None) -> dict[str, Any]:
    """For the frame of its pages. back_after: seconds after which the next person finds its first page."""
    day = clock.today()
    point = units.point_of_house(device.point_id, as_of=day)
    return {
        "device": device,
        "point": point,
        "unit": units.unit_row(point.unit_id, as_of=day).full_name,
        "clock_face": f"{timezone.localtime(clock.now()):%H:%M}",
        "back_after": back_after,
        "back_to": PAGES[Device.Kind(device.kind)],
    }


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """A machine that is joined goes on to its own page."""
    known = devices.by_key(request.COOKIES.get(COOKIE, ""))
    if known is not None and request.method == "GET":
        return redirect(PAGES[Device.Kind(known.kind)])
    form = JoinForm(request.POST if request.method == "POST" else None)
    status, joined = 422 if form.errors else 200, None
    if form.is_bound and form.is_valid():
        with refusals_on(form, beside="code") as answered:
            joined = actions.join_device(form.cleaned_data["code"], actor=actor_of(request), at=clock.now())
        status = answered.status
    if joined is None:
        return render(request, "counters/join.html", {"form": form}, status=status)
    response = redirect(PAGES[Device.Kind(joined.device.kind)])
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, joined.key, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
