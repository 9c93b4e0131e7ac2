"""The call board that hangs in the hall, for everybody: numbers, never names, and the voice that calls them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from thongsuot.counters.queries import calls, voices
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.views.common import lines
from thongsuot.counters.words import about
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.live import Part, changed

NEXT = 3
SPOKEN_WITHIN = timedelta(minutes=1)  # a board that was away so long says only what is still called


def _seen(house_id: int, now: datetime) -> tuple[list[Part], dict[str, Any]]:
    day = timezone.localdate(now)
    hall = queries.hall(house_id, on=day)
    codes = queries.next_codes(house_id, on=day, most=NEXT) if hall.waiting else []
    counters = [row for row in hall.counters if row.sitter_id is not None or row.ticket]
    call = hall.latest_call
    spoken = calls.latest(house_id, on=day, since=now - SPOKEN_WITHIN) if call else []
    waits = expected_waits(house_id, at=now, seen=hall) if hall.waiting else {}
    longest = max(waits.values(), key=lambda wait: wait.mean, default=None)
    wait = about(longest) if longest else ""
    held = [(row.number, row.ticket, row.calling, row.called_at, row.on_break is not None) for row in counters]
    clock_face = date_format(timezone.localtime(now), "H:i")
    parts = [
        Part("gio", "counters/_clock.html", clock_face),
        Part("goi", "counters/_call.html", (call.ticket, call.number, call.called_at) if call else None, live=True),
        Part("quay", "counters/_desks.html", held),
        Part("toi", "counters/_next.html", (codes, hall.waiting, wait)),
        Part("tieng", "counters/_spoken.html", [one.id for one in spoken]),
    ]
    context = {"call": call, "counters": counters, "codes": codes, "waiting": hall.waiting, "wait": wait, "now": now}
    return parts, {**context, "spoken": spoken}


@require_GET
def board(request: HttpRequest, point_id: int) -> HttpResponse:
    now = clock.now()
    house_id, point = queries.point_of(point_id, on=timezone.localdate(now))
    parts, context = _seen(house_id, now)
    unit = units.unit_row(point.unit_id, as_of=timezone.localdate(now)).full_name
    context |= {"point": point, "unit": unit, "places": {part.id: part for part in parts}}
    context |= lines(request, house_id)
    return render(request, "counters/board.html", context)


@require_GET
def live(request: HttpRequest, point_id: int) -> HttpResponse:
    now = clock.now()
    house_id, point = queries.point_of(point_id, on=timezone.localdate(now))
    parts, context = _seen(house_id, now)
    return changed(request, parts, {**context, "point": point}, known=request.GET.getlist("co"))


@require_GET
def spoken(request: HttpRequest, point_id: int, ticket_id: int) -> HttpResponseBase:
    """The sound of a number that was just called. Nothing else is ever spoken: who asks chooses no words."""
    now = clock.now()
    house_id, _point = queries.point_of(point_id, on=timezone.localdate(now))
    ticket = calls.called_lately(ticket_id, house_id=house_id, on=timezone.localdate(now), since=now - SPOKEN_WITHIN)
    assert ticket.counter is not None  # so it was asked
    said = voices.spoken(house_id, ticket.letter, ticket.number, ticket.counter.number)
    return file_answer(said, f"{ticket.letter}{ticket.number:03}.wav", "audio/wav", shown=True)
