"""What is done at a point: exactly the procedures that its unit resolves today. To print, and for a screen in the hall."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from thongsuot.counters.queries import hall as halls
from thongsuot.counters.queries.notice_board import fields_offered, screens
from thongsuot.counters.queries.opening import open_times, opens_words, week_words
from thongsuot.kernel import clock
from thongsuot.procedures import words
from thongsuot.units import queries as units
from thongsuot.web import qr
from thongsuot.web.request import number_of

SHOWN_FOR = 15  # seconds for which a screen shows one page


def _context(point_id: int) -> dict[str, Any]:
    today = clock.today()
    house_id, point = halls.point_of(point_id, on=today)
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('counters:notice_board', args=[point.id])}"
    times = open_times(house_id, on=today)
    fields = fields_offered(point.unit_id, on=today)
    return {
        "point": point,
        "unit": units.unit_row(point.unit_id, as_of=today).full_name,
        "today": today,
        "fields": fields,
        "count": sum(len(one.rows) for one in fields),
        "times": times,
        "week": week_words(times.week),
        "says": opens_words(times, clock.now()) if times.known else "",
        "words": words,
        "address": address,
        "picture": qr.picture(address),
    }


@require_GET
def notice_board(request: HttpRequest, point_id: int) -> HttpResponse:
    return render(request, "counters/notice_board.html", _context(point_id))


@require_GET
def screen(request: HttpRequest, point_id: int) -> HttpResponse:
    """One page after another, by themselves: each leads to the next, the last to the first.

    The page that stands asks for what comes after it (`sau`); without script it asks for the next whole page (`trang`).
    """
    context = _context(point_id)
    pages = screens(context["fields"])
    most = max(1, len(pages))
    turns = request.headers.get("HX-Request") == "true"
    asked = number_of(request.GET.get("sau", "")) % most + 1 if turns else number_of(request.GET.get("trang", ""))
    page = min(max(1, asked), most)
    context |= {"rows": pages[page - 1] if pages else [], "page": page, "pages": len(pages), "following": page % most + 1}
    context |= {"shown_for": SHOWN_FOR, "here": reverse("counters:notice_screen", args=[point_id])}
    answer = render(request, f"counters/{'_notice_turned' if turns else 'notice_screen'}.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
