"""The page for people: what the interface is, how to connect, examples."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from thongsuot.kernel import clock
from thongsuot.open311 import rules
from thongsuot.open311.examples import EXAMPLES
from thongsuot.open311.queries.access import terms
from thongsuot.open311.views.wire import jurisdictions
from thongsuot.units import queries as units


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    day = clock.today()
    city = units.default_city(as_of=day)
    home = settings.PUBLIC_URL.rstrip("/")
    return render(
        request,
        "open311/about.html",
        {
            "home": home,
            "examples": [(example.says, example.command(home)) for example in EXAMPLES],
            "terms": terms(city.id, on=day),
            "jurisdictions": jurisdictions(city.code),
            "most": rules.MOST,
            "most_mb": settings.FEEDBACK_MAX_BYTES // 2**20,
            "keyless_mb": settings.OPEN311_KEYLESS_MAX_BYTES // 2**20,
            "days": rules.SPAN.days,
        },
    )
