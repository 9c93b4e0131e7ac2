"""What the machines of a hall share: the key in their browser, and the page on which they are joined to their point."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.forms import JoinForm
from thongsuot.counters.models import Device
from thongsuot.counters.queries import devices
from thongsuot.counters.queries.devices import COOKIE, YEAR
from thongsuot.kernel import clock
from thongsuot.kernel.errors import TellPerson
from thongsuot.units import queries as units
from thongsuot.web import faults
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of

PAGES = {Device.Kind.KIOSK: "counters:kiosk", Device.Kind.RATING: "counters:rating"}

GIVEN_UP_AFTER = 60  # seconds after which the next person finds the first page, in Vietnamese
REFUSED_FOR = 15  # seconds for which a refusal is shown
NEXT = "xong"  # in an address: this person is done with the machine

P = ParamSpec("P")
Page: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponse]


def of_machine(kind: Device.Kind) -> Callable[[Callable[Concatenate[HttpRequest, Device, P], HttpResponse]], Page[P]]:
    """A page of the machines of that kind, which is given the machine that asks. It never leaves the machine's frame.

    A machine no longer used, or joined anew, goes to the page that joins it. The next person finds it in Vietnamese.
    """

    def on(view: Callable[Concatenate[HttpRequest, Device, P], HttpResponse]) -> Page[P]:
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            device = devices.by_key(request.COOKIES.get(COOKIE, ""))
            if device is None or device.kind != kind:
                return redirect("counters:join")
            if NEXT in request.GET:
                answer = redirect(PAGES[kind])
                answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
                return answer
            try:
                return view(request, device, *args, **kwargs)
            except TellPerson as refusal:
                if faults.for_fragment(request):
                    raise
                context = stands_at(device, back_after=REFUSED_FOR) | {"refusal": refusal}
                return render(request, "counters/kiosk_refused.html", context, status=refusal.status)

        return shown

    return on


def stands_at(device: Device, *, back_after: int | None = None) -> dict[str, Any]:
    """For the frame of its pages. back_after: seconds after which the next person finds its first page."""
    day = clock.today()
    if back_after is None and get_language() != settings.LANGUAGE_CODE:
        back_after = GIVEN_UP_AFTER
    point = units.point_of_house(device.point_id, as_of=day)
    return {
        "device": device,
        "point": point,
        "unit": units.unit_row(point.unit_id, as_of=day).full_name,
        "clock_face": f"{timezone.localtime(clock.now()):%H:%M}",
        "back_after": back_after,
        "back_to": f"{reverse(PAGES[Device.Kind(device.kind)])}?{NEXT}",
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
