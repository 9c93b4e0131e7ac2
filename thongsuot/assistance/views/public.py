"""Who helps near here: agents, lawyers, campaigns. For everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.assistance.queries import campaigns, register
from thongsuot.kernel import clock
from thongsuot.units import queries as units
from thongsuot.units.models import Unit
from thongsuot.web.paging import page_of


@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """Of one ward, or of the whole city."""
    today = clock.today()
    city = units.default_city(as_of=today)
    communes = [row for row in units.units_under(city.id, as_of=today) if row.level == Unit.Level.COMMUNE]
    asked = request.GET.get("xa-phuong", "")
    chosen = next((row for row in communes if row.code == asked), None)
    ids = [chosen.id] if chosen else [row.id for row in communes]
    days = register.DAYS_SHOWN if chosen else register.DAYS_OF_CITY
    count, _rows = register.agents_near(ids, on=today, first=0, most=0)
    page = page_of(request, count=count)
    _count, rows = register.agents_near(ids, on=today, first=page.first, most=page.size)
    context = {
        "communes": [(row.code, row.full_name) for row in communes],
        "chosen": chosen,
        "asked": chosen.code if chosen else "",
        "page": page,
        "agents": rows,
        "lawyers": register.lawyers_near(ids, on=today, days=days),
        "volunteers": register.volunteers_near(ids, on=today, days=days),
        "days": days,
        "campaigns": campaigns.running(city.id, on=today),
    }
    return render(request, "assistance/near.html", context)
