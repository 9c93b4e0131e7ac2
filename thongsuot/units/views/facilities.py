"""Pages for administrators of the city: its health stations and their points, as of a day; one with all it was."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import search_key
from thongsuot.units import actions, facility_sheets, queries
from thongsuot.units.facility_forms import AsOfForm, FacilityEndForm, FacilityFileForm, FacilityForm
from thongsuot.units.models import Facility
from thongsuot.units.queries import facilities as reading
from thongsuot.units.views.decisions import csv_file, orderer
from thongsuot.web.forms import refusals_on


@require_http_methods(["GET", "POST"])
def facilities(request: HttpRequest) -> HttpResponse:
    """All of the city by unit, as of the day `ngay`; a file takes new ones into the register."""
    actor, city = orderer(request)
    form = FacilityFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    bad: list[str] = []
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            sheet = facility_sheets.read(form.cleaned_data["file"].read(), city_id=city.id)
            if sheet.facts:
                actions.add_facilities(sheet.facts, city_id=city.id, actor=actor, at=clock.now())
            bad = facility_sheets.told(sheet)
            taken = ngettext("Đã ghi nhận %(num)s cơ sở mới.", "Đã ghi nhận %(num)s cơ sở mới.", len(sheet.facts))
            messages.success(request, taken % {"num": len(sheet.facts)})
            if not bad:
                return redirect("units:facilities")
    asked = AsOfForm({"ngay": f"{clock.today():%d/%m/%Y}", **request.GET.dict()})
    said = asked.cleaned_data if asked.is_valid() else {}
    day, written = said.get("ngay") or clock.today(), said.get("q", "")
    rows = [
        row
        for row in reading.facilities_by_unit(city.id, as_of=day)
        if search_key(written) in search_key(f"{row.unit.full_name} {row.unit.code}")
        or any(search_key(written) in search_key(f"{one.name} {one.code}") for one in row.facilities)
    ]
    counts = queries.facility_counts(city.id, as_of=day)
    return render(
        request,
        "units/facilities.html",
        {
            "form": form,
            "asked": asked,
            "bad": bad,
            "city": city,
            "day": day,
            "rows": rows,
            "words": written,
            "stations": counts.get(Facility.Kind.HEALTH_STATION, 0),
            "points": counts.get(Facility.Kind.HEALTH_POINT, 0),
        },
        status=422 if form.errors or asked.errors or bad else 200,
    )


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty file with the columns, and lines that show how it is filled."""
    orderer(request)
    return csv_file(facility_sheets.example(), "mau-co-so.csv")


@require_http_methods(["GET", "POST"])
def facility(request: HttpRequest, facility_id: int) -> HttpResponse:
    """What it is, was and will be; how it is found, from a day on."""
    actor, city = orderer(request)
    today = clock.today()
    found = reading.facility(facility_id, city_id=city.id)
    row = queries.facility_row(facility_id, as_of=today)
    ends = request.method == "POST" and "reason" in request.POST
    form = FacilityForm(
        request.POST if request.method == "POST" and not ends else None, initial=FacilityForm.about(row, on=today)
    )
    end_form = FacilityEndForm(request.POST if ends else None)
    for one, act in ((form, _change), (end_form, _end)):
        if one.is_bound and one.is_valid():
            with refusals_on(one):
                messages.success(request, act(facility_id, one, actor))
                return redirect("units:facility", facility_id)
    standings = reading.standings_of(facility_id)
    context: dict[str, Any] = {
        "one": found,
        "name": row.name if row else standings[-1].name,
        "row": row,
        "form": form,
        "end_form": end_form,
        "standings": standings,
        "addresses": reading.facility_addresses(facility_id),
        "history": history_of(found),
        "today": today,
    }
    return render(request, "units/facility.html", context, status=422 if form.errors or end_form.errors else 200)


def _change(facility_id: int, form: Any, actor: Actor) -> str:
    day = form.cleaned_data["valid_from"]
    actions.change_facility(facility_id, form.fact(), valid_from=day, actor=actor, at=clock.now())
    return _("Đã lưu thông tin cơ sở, áp dụng từ ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"}


def _end(facility_id: int, form: Any, actor: Actor) -> str:
    actions.end_facility(facility_id, **form.cleaned_data, actor=actor, at=clock.now())
    return _("Đã ghi cơ sở ngừng hoạt động từ ngày %(day)s.") % {"day": f"{form.cleaned_data['valid_to']:%d/%m/%Y}"}
