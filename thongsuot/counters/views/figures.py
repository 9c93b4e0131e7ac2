"""Figures of a point's counters, by day and by who ran it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from thongsuot.counters.actions.common import works_in
from thongsuot.counters.queries import effects, hall, load, ratings
from thongsuot.counters.queries import figures as queries
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.counters.satisfaction import SHOWN_FROM, Level, Reason
from thongsuot.counters.views.common import here
from thongsuot.counters.words import minutes
from thongsuot.kernel import clock
from thongsuot.people.queries import body_of_unit
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow
from thongsuot.web.forms import DayField, Form, PeriodForm
from thongsuot.web.request import actor_of

USUAL = timedelta(days=29)


def _seen_by(request: HttpRequest, point_id: int) -> tuple[int, PointRow, list[tuple[str, str]]]:
    """For who works there, and for who sees the figures of the unit whose point it is: also of days when another ran it.

    With the way back that is open to them: to the hall, or to the load of all points.
    """
    day, actor = clock.today(), actor_of(request)
    house_id, point = hall.point_of(point_id, on=day)
    if not actor.may("see figures", unit_id=point.unit_id):
        here(request, point_id, day=day)
    elif not any(works_in(house_id, duty, actor=actor, on=day) for duty in (SERVE, ARRANGE)):
        return house_id, point, [(reverse("counters:load"), _("Tải các điểm"))]
    return house_id, point, [(reverse("counters:points"), _("Quầy")), (reverse("counters:hall", args=[point.id]), point.name)]


def _of_week(request: HttpRequest, week: date) -> str:
    """This page with the same days, and how satisfied people were in another week."""
    said = request.GET.copy()
    said["tuan"] = week.isoformat()
    return f"?{said.urlencode()}"


@require_GET
def figures(request: HttpRequest, point_id: int) -> HttpResponse:
    day, actor = clock.today(), actor_of(request)
    house_id, point, ways = _seen_by(request, point_id)
    usual = {"tu": day - USUAL, "den": day}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    period = form.cleaned_data if form.is_bound and form.is_valid() else usual
    days = queries.days(house_id, first=period["tu"], last=period["den"])
    arranges = works_in(house_id, ARRANGE, actor=actor, on=day)
    weeks = ratings.weeks_over(day)
    week = next((one for one in weeks if one.isoformat() == request.GET.get("tuan")), weeks[0])
    officers = load.officers(house_id, first=period["tu"], last=period["den"]) if arranges else []
    return render(
        request,
        "counters/figures.html",
        {
            "point": point,
            "ways": ways,
            "unit": units.unit_row(point.unit_id, as_of=day).full_name,
            "form": form,
            "days": days,
            "bodies": queries.by_body(days),
            "run_by": body_of_unit(point.managed_by_name, point.managed_by_unit_id, day),
            "minutes": minutes,
            "satisfaction": ratings.satisfaction(house_id, week=week),
            "week": week,
            "week_ends": week + timedelta(days=6),
            "weeks": [(one, _of_week(request, one)) for one in weeks],
            "levels": Level.choices,
            "reasons": Reason.choices,
            "least_shown": SHOWN_FROM,
            "officers": officers,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


class AroundForm(Form):
    ngay = DayField(label=_lazy("Ngày thay đổi"))
    so_ngay = forms.TypedChoiceField(
        label=_lazy("Số ngày mỗi bên"), coerce=int, choices=[(days, str(days)) for days in (7, 14, 30, 60)]
    )


@require_GET
def before_after(request: HttpRequest, point_id: int) -> HttpResponse:
    """Waits before a change and from it on; and what people were told beside what came."""
    house_id, point, ways = _seen_by(request, point_id)
    changes = effects.changes(house_id)
    usual: dict[str, Any] = {"ngay": effects.latest_change(changes, now=clock.now()), "so_ngay": 14}
    form = AroundForm({**usual, **request.GET.dict()} if request.GET else None, initial=usual)
    said = form.cleaned_data if form.is_bound and form.is_valid() else usual
    day, days = said["ngay"], said["so_ngay"]
    first, last = day - timedelta(days=days), day + timedelta(days=days - 1)
    context = {
        "point": point,
        "ways": ways,
        "unit": units.unit_row(point.unit_id, as_of=clock.today()).full_name,
        "form": form,
        "day": day,
        "first": first,
        "last": last,
        "rows": effects.before_and_after(house_id, day=day, days=days),
        "told": effects.told(house_id, first=first, last=last),
        "changes": changes,
        "minutes": minutes,
    }
    return render(request, "counters/before_after.html", context, status=422 if form.is_bound and form.errors else 200)
