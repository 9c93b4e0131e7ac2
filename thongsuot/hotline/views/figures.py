"""Figures of the hotline: of the city for who sees figures, per operator for who leads, one's own for each."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.hotline import sheets
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.models import Call
from thongsuot.hotline.queries import figures as queries
from thongsuot.hotline.rules import FIGURES, LEAD
from thongsuot.hotline.views.common import at_desk
from thongsuot.hotline.words import length, percent
from thongsuot.kernel import clock
from thongsuot.web.charts import by_period, columns
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import PeriodForm

USUAL = timedelta(days=13)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _period(request: HttpRequest) -> PeriodForm:
    day = clock.today()
    return PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial={"tu": day - USUAL, "den": day})


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    actor, city = at_desk(request, FIGURES)
    form, now = _period(request), clock.now()
    period = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    first, last = period["tu"], period["den"]
    days = queries.by_day(city.id, first, last, now=now)
    leads = actor.may(LEAD, unit_id=city.id)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "all": queries.in_all(city.id, first, last, now=now),
        "days": days,
        "hours": queries.by_hour(city.id, first, last, now=now),
        "backs": queries.call_backs(city.id, first, last, now=now),
        "operators": queries.by_operator(city.id, first, last, now=now) if leads else [],
        "leads": leads,
        "outcomes": [Call.Outcome(one).label for one in queries.OUTCOMES],
        "chart": columns(by_period([(day, row.calls, row.answered) for day, row in days], first=first, last=last)),
        "settings": settings_on(city.id, last),
        "length": length,
        "percent": percent,
        "query": request.GET.urlencode(),
    }
    return render(request, "hotline/figures.html", context, status=422 if form.is_bound and form.errors else 200)


@require_GET
def sheet(request: HttpRequest) -> HttpResponseBase:
    actor, city = at_desk(request, FIGURES)
    form, now = _period(request), clock.now()
    period = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    first, last = period["tu"], period["den"]
    leads = actor.may(LEAD, unit_id=city.id)
    file = sheets.figures(city.id, first, last, now=now, with_operators=leads)
    return file_answer(file, f"tong-dai-{first:%Y%m%d}-{last:%Y%m%d}.xlsx", XLSX)


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What an operator did, for nobody else."""
    actor, city = at_desk(request)
    form, now = _period(request), clock.now()
    period = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    first, last, me = period["tu"], period["den"], actor.person_id or 0
    days = queries.by_day(city.id, first, last, now=now, person_id=me)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "all": queries.in_all(city.id, first, last, now=now, person_id=me),
        "days": [(day, row) for day, row in days if row.calls],
        "length": length,
        "percent": percent,
    }
    return render(request, "hotline/own.html", context, status=422 if form.is_bound and form.errors else 200)
