"""The catalogue for everyone: search, one procedure, what it costs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from thongsuot.kernel import clock
from thongsuot.kernel.text import one_line
from thongsuot.procedures import queries, words
from thongsuot.procedures.content import Paper
from thongsuot.procedures.forms.fees import FeeForm
from thongsuot.procedures.picture import picture_of
from thongsuot.procedures.views.common import href_or_empty
from thongsuot.units import queries as units
from thongsuot.web.faults import for_fragment
from thongsuot.web.paging import page_number, page_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Search by words, by field, or all that one unit resolves today."""
    today = clock.today()
    asked = one_line(request.GET.get("q", ""))[:200]
    field = request.GET.get("linh-vuc", "")[:120]
    unit_code = request.GET.get("don-vi", "")[:5]
    unit = units.unit_by_code(unit_code, as_of=today) if unit_code else None
    context: dict[str, Any] = {"asked": asked, "field_code": field, "unit": unit, "words": words}
    if not (asked or field or unit):
        return render(
            request,
            "procedures/index.html",
            {**context, "fields": queries.fields(on=today), "common": queries.these(queries.COMMON, on=today)},
        )
    found = queries.catalogue(asked, on=today, unit_id=unit.id if unit else None, field_code=field, page=page_number(request))
    return render(
        request,
        "procedures/found.html",
        {
            **context,
            "found": found,
            "page": page_of(request, count=found.total, size=queries.PAGE),
            "field_name": next((row.field for row in found.rows), "") if field else "",
            "suggestions": []
            if found.rows
            else queries.suggestions(asked, on=today) or queries.these(queries.COMMON, on=today),
        },
    )


@require_GET
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: the answer first, then what to bring, the way it goes, the price, the basis."""
    today = clock.today()
    version = queries.version_in_force(code, on=today)
    city = units.default_city(as_of=today)
    change = queries.next_change(code, on=today)
    return render(
        request,
        "procedures/procedure.html",
        {
            "version": version,
            "process": picture_of(version),
            "words": words,
            "today": today,
            "city": city,
            "unverified": [words.part_words(part) for part in sorted(version.unverified)],
            "rights": queries.rights_in_city(code, city_id=city.id, on=today),
            "cut_off": units.working_calendar(city.id, on=today).cut_off,
            "papers": _in_groups(version.papers),
            "change": change,
            "fee": _fee(request, version, today),
            "apply_href": href_or_empty("dossiers:apply", code) if 2 in version.channels else "",
            "find_unit_href": href_or_empty("units:find"),
        },
    )


@require_GET
def fees(request: HttpRequest, code: str) -> HttpResponse:
    """The price for the answers in the address; alone when a fragment is asked for, else within the procedure's page."""
    if not for_fragment(request):
        return procedure(request, code)
    today = clock.today()
    version = queries.version_in_force(code, on=today)
    return render(
        request,
        "procedures/_fees.html",
        {"version": version, "words": words, "today": today, "fee": _fee(request, version, today)},
    )


def _fee(request: HttpRequest, version: queries.VersionView, today: date) -> dict[str, Any]:
    form = FeeForm(version, request.GET if "channel" in request.GET else None)
    lines = form.lines(on=today) if form.is_bound and form.is_valid() else None
    return {"form": form, "lines": lines, "total": sum(line.amount_dong for line in lines or [])}


def _in_groups(papers: tuple[Paper, ...]) -> dict[str, list[Paper]]:
    return {
        "form": [paper for paper in papers if paper.kind == "form"],
        "always": [paper for paper in papers if paper.is_needed],
        "sometimes": [paper for paper in papers if paper.kind == "submit" and not paper.required],
        "show": [paper for paper in papers if paper.kind == "show"],
    }
