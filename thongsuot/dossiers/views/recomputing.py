"""When the calendar changes: who would move, and who moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.dossiers.models import MovedDue
from thongsuot.dossiers.queries import recomputing as queries
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.units.facts import CalendarChange
from thongsuot.web.faults import for_fragment
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of


def effect(change: CalendarChange, city_id: int, now: datetime) -> tuple[str, Mapping[str, Any]]:
    """The panel of the calendar's preview page. The calendar is one for the installation, so all open dossiers count."""
    return "dossiers/calendar/_effect.html", {"preview": queries.preview(change, now=now)}


@require_GET
def recomputations(request: HttpRequest) -> HttpResponse:
    _calendar_keeper(request)
    return render(request, "dossiers/calendar/index.html", {"rows": queries.recomputations()})


@require_GET
def recomputation(request: HttpRequest, recomputation_id: int) -> HttpResponse:
    _calendar_keeper(request)
    row = must_exist(next(iter(queries.recomputations(recomputation_id)), None))
    if for_fragment(request):
        return render(request, "dossiers/calendar/_progress.html", {"row": row})
    page = page_of(request, count=row.later + row.earlier + row.by_hand)
    lines = queries.moved_of(recomputation_id, first=page.first, size=page.size)
    names = units.unit_rows({line.unit_id for line in lines}, as_of=clock.today())
    moved = [(line, procedures.version(line.version_id).name, names[line.unit_id].full_name) for line in lines]
    return render(
        request,
        "dossiers/calendar/recomputation.html",
        {"row": row, "page": page, "moved": moved, "outcomes": dict(MovedDue.Outcome.choices)},
    )


def _calendar_keeper(request: HttpRequest) -> None:
    units.city_of_duty(actor_of(request), "manage calendar", on=clock.today())
