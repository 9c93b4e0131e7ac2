"""The call board that hangs in the hall, for everybody: numbers, never names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from thongsuot.counters import topics
from thongsuot.counters.queries import hall as queries
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web import pulses
from thongsuot.web.live import Part, changed

NEXT = 3


def _seen(house_id: int, now: datetime) -> tuple[list[Part], dict[str, Any]]:
    day = timezone.localdate(now)
    hall = queries.hall(house_id, on=day)
    codes = queries.next_codes(house_id, on=day, most=NEXT)
    counters = [row for row in hall.counters if row.sitter_id is not None or row.ticket]
    call = hall.latest_call
    held = [(row.number, row.ticket, row.calling, row.called_at) for row in counters]
    clock_face = date_format(timezone.localtime(now), "H:i")
    parts = [
        Part("gio", "counters/_clock.html", clock_face),
        Part("goi", "counters/_call.html", (call.ticket, call.number, call.called_at) if call else None, live=True),
        Part("quay", "counters/_desks.html", held),
        Part("toi", "counters/_next.html", (codes, hall.waiting)),
    ]
    context = {"call": call, "counters": counters, "codes": codes, "waiting": hall.waiting, "now": now}
    return parts, context


@require_GET
def board(request: HttpRequest, point_id: int) -> HttpResponse:
    now = clock.now()
    house_id, point = queries.point_of(point_id, on=timezone.localdate(now))
    parts, context = _seen(house_id, now)
    unit = units.unit_row(point.unit_id, as_of=timezone.localdate(now)).full_name
    context |= {"point": point, "unit": unit, "places": {part.id: part for part in parts}}
    context["follows"] = pulses.address(request, topics.hall(house_id))
    return render(request, "counters/board.html", context)


@require_GET
def live(request: HttpRequest, point_id: int) -> HttpResponse:
    now = clock.now()
    house_id, _point = queries.point_of(point_id, on=timezone.localdate(now))
    parts, context = _seen(house_id, now)
    return changed(request, parts, context, known=request.GET.getlist("co"))
