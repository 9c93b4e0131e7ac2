"""Figures of a point's counters, by day and by who ran it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.counters.actions.common import works_in
from thongsuot.counters.queries import figures as queries
from thongsuot.counters.queries import hall, load, ratings
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.satisfaction import SHOWN_FROM, Level, Reason
from thongsuot.counters.views.common import here
from thongsuot.counters.words import minutes
from thongsuot.kernel import clock
from thongsuot.people.queries import body_of_unit
from thongsuot.units import queries as units
from thongsuot.web.forms import PeriodForm
from thongsuot.web.request import actor_of

USUAL = timedelta(days=29)


@require_GET
def figures(request: HttpRequest, point_id: int) -> HttpResponse:
    """For who works there, and for who sees the figures of the unit whose point it is: also of days when another ran it."""
    day, actor = clock.today(), actor_of(request)
    house_id, point = hall.point_of(point_id, on=day)
    if not actor.may("see figures", unit_id=point.unit_id):
        here(request, point_id, day=day)
    usual = {"tu": day - USUAL, "den": day}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    period = form.cleaned_data if form.is_bound and form.is_valid() else usual
    days = queries.days(house_id, first=period["tu"], last=period["den"])
    arranges = works_in(house_id, ARRANGE, actor=actor, on=day)
    officers = load.officers(house_id, first=period["tu"], last=period["den"]) if arranges else []
    return render(
        request,
        "counters/figures.html",
        {
            "point": point,
            "unit": units.unit_row(point.unit_id, as_of=day).full_name,
            "form": form,
            "days": days,
            "bodies": queries.by_body(days),
            "run_by": body_of_unit(point.managed_by_name, point.managed_by_unit_id, day),
            "minutes": minutes,
            "satisfaction": ratings.satisfaction(house_id, first=period["tu"], last=period["den"]),
            "levels": Level.choices,
            "reasons": Reason.choices,
            "least_shown": SHOWN_FROM,
            "officers": officers,
        },
        status=422 if form.is_bound and form.errors else 200,
    )
