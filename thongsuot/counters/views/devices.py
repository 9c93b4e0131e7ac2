"""Machines of a point's hall: set up, joined by a code, no longer used."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.counters import actions, voice
from thongsuot.counters.forms import DeviceForm
from thongsuot.counters.queries import devices as queries
from thongsuot.counters.queries import voices
from thongsuot.counters.queries.hall import hall
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.views.common import here
from thongsuot.kernel import clock
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import nothing_pressed, number_of, pressed


@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest, point_id: int) -> HttpResponse:
    """A code is shown once, on the answer itself: it is nowhere kept."""
    at = here(request, point_id, day=clock.today(), duty=ARRANGE)
    what, status, joinable = pressed(request), 200, None
    counters = hall(at.house_id, on=clock.today()).counters
    form = DeviceForm(request.POST if what == "khai" else None, counters=counters)
    device_id = number_of(request.POST.get("may", ""))
    if what == "khai" and form.is_valid():
        with refusals_on(form) as answered:
            said = form.cleaned_data
            joinable = actions.set_up_device(
                point_id, kind=said["kind"], name=said["name"], counter_id=said["counter"], actor=at.actor, at=clock.now()
            )
            form = DeviceForm(counters=counters)
        status = 200 if joinable else answered.status
    elif what == "ma":
        joinable = actions.ask_to_join_again(device_id, actor=at.actor, at=clock.now())
    elif what == "thoi":
        gone = actions.retire_device(device_id, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã thôi dùng %(name)s.") % {"name": gone.name})
        return redirect("counters:devices", at.point.id)
    elif form.errors:
        status = 422
    elif request.method == "POST" and joinable is None:
        raise nothing_pressed()
    used = voices.voice_of(at.house_id)
    context = {
        "here": at,
        "form": form,
        "joinable": joinable,
        "rows": queries.devices_of(at.house_id),
        "used": used,
        "lacks": len(voices.missing(used)) if used else 0,
        "speaks": voice.can_speak(),
    }
    return render(request, "counters/devices.html", context, status=status)
