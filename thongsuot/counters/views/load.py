"""How busy the points of a city are now, for who sees its figures: where people wait, and what would help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.counters.queries import load as queries
from thongsuot.counters.words import about, minutes
from thongsuot.kernel import clock
from thongsuot.web.request import actor_with


@require_GET
def load(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, "see figures")
    rows = queries.load(actor.units_for("see figures"), at=clock.now())
    context = {
        "rows": rows,
        "about": about,
        "minutes": minutes,
        "now": clock.now(),
        "waiting": sum(row.waiting for row in rows),
        "manned": sum(row.manned for row in rows),
        "counters": sum(row.counters for row in rows),
        "helped": sum(row.advice is not None for row in rows),
    }
    return render(request, "counters/load.html", context)
