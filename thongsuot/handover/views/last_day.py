"""The report of an ended unit's last day: on the page, and as a paper its head signs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.files.rules import FileType
from thongsuot.handover import rules
from thongsuot.handover.models import Changeover
from thongsuot.handover.printing import last_day_pdf, place_name
from thongsuot.handover.queries import last_day as queries
from thongsuot.handover.queries.transfers import names
from thongsuot.handover.views.common import of_old_unit
from thongsuot.kernel import clock
from thongsuot.web.downloads import file_answer


def _named(one: Changeover, found: queries.LastDay) -> dict[int, str]:
    return names({found.unit_id, one.city_id, *(place.unit_id for place in found.places if place.unit_id)}, one.effective_on)


@require_GET
def last_day(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponse:
    """How pending dossiers fell, what was open at the end and who has it; the same until now while the day has not passed."""
    actor, one = of_old_unit(request, changeover_id, unit_id)
    found = queries.last_day(one, unit_id, at=clock.now())
    named = _named(one, found)
    context = {
        "one": one,
        "found": found,
        "unit_name": named[unit_id],
        "places": [(place, place_name(place, named)) for place in found.places],
        "steers": actor.may(rules.DUTY, unit_id=one.city_id),
    }
    return render(request, "handover/last_day.html", context)


@require_GET
def as_pdf(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponseBase:
    _actor, one = of_old_unit(request, changeover_id, unit_id)
    now = clock.now()
    found = queries.last_day(one, unit_id, at=now)
    pdf = last_day_pdf(found, names=_named(one, found), decision=one.decision.number, city_id=one.city_id, made_at=now)
    return file_answer(pdf, f"bao-cao-ngay-cuoi-{found.last_day:%Y%m%d}.pdf", FileType.PDF)
