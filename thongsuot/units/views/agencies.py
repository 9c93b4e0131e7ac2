"""Pages for administrators of the city: its agencies, and which of them is whose partner from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.units import actions, effects, queries
from thongsuot.units.facts import AgencyEnd, ServingChange
from thongsuot.units.files import role_names
from thongsuot.units.forms import AgencyForm, ChangeAgencyForm, EndForm, ServingForm
from thongsuot.units.models import Unit
from thongsuot.units.queries import AgencyRow, UnitRow
from thongsuot.units.views.decisions import orderer
from thongsuot.units.views.previews import FIELD, sealed, unsealed
from thongsuot.web.forms import refusals_on

# What commands call otherwise than forms.
_PLACES = {"unit": "unit_id", "body": "body_id", "part_of": "part_of_id", "valid_to": "day", "valid_from": "day"}


@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency, and for each role who plays it now."""
    (_actor, city), today = orderer(request), clock.today()
    held = queries.servings_of(city.id)
    rows = queries.agency_rows(city.id, on=today)
    return render(
        request,
        "units/agencies.html",
        {
            "city": city,
            "rows": rows,
            "groups": [
                {"role": role, "name": name, "periods": [one for one in held if one.role == role]}
                for role, name in role_names().items()
            ],
            "history": [row for row in history_of(Unit(pk=city.id)) if row.name.startswith("units.serving_")][-20:],
            "history_names": {row.body_id: row.unit.full_name for row in rows},
            "role_names": role_names(),
            "today": today,
        },
    )


@require_http_methods(["GET", "POST"])
def new_agency(request: HttpRequest) -> HttpResponse:
    (actor, city), today = orderer(request), clock.today()
    form = AgencyForm(request.POST or None, above=_possible_above(city, today), on=today, prefix_of_code=city.code)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places=_PLACES):
            body = actions.set_up_agency(city.id, **form.facts(), actor=actor, at=clock.now())
            messages.success(request, _("Đã lập cơ quan. Hãy giao việc phối hợp và bổ nhiệm người vào cơ quan này."))
            return redirect("units:agency", body.unit_id)
    return render(request, "units/new_agency.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """What it is called, where it stands, whom it serves; what was."""
    actor, city, today, row = _one(request, agency_id)
    above = _possible_above(city, today, but=row.body_id)
    form = ChangeAgencyForm(request.POST or None, initial=ChangeAgencyForm.about(row, on=today), above=above)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places=_PLACES):
            actions.change_agency(agency_id, **form.facts(), actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu thông tin cơ quan."))
            return redirect("units:agency", agency_id)
    return render(
        request,
        "units/agency.html",
        {
            "form": form,
            "row": row,
            "names": queries.name_history(agency_id),
            "periods": [one for one in queries.servings_of(city.id) if one.body_id == row.body_id],
            "history": history_of(Unit(pk=agency_id)),
            "today": today,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def end_agency(request: HttpRequest, agency_id: int) -> HttpResponse:
    """The day, then what it touches, then the end."""
    actor, city, today, row = _one(request, agency_id)
    if FIELD in request.POST:
        end = unsealed(request.POST[FIELD], AgencyEnd)
        actions.end_agency(end.unit_id, valid_to=end.day, actor=actor, at=clock.now())
        messages.success(request, _("Đã ghi cơ quan kết thúc từ ngày %(day)s.") % {"day": f"{end.day:%d/%m/%Y}"})
        return redirect("units:agency", end.unit_id)
    form = EndForm(request.POST or None, on=today)
    if request.method == "POST" and form.is_valid():
        end = AgencyEnd(unit_id=agency_id, day=form.cleaned_data["day"])
        with refusals_on(form, places=_PLACES):
            actions.check_end(agency_id, end.day)
            shown = effects.on_agency_end.drawn(request, end, city_id=city.id, now=clock.now())
            return render(request, "units/end_agency.html", {"row": row, "end": end, "effects": shown, "plan": sealed(end)})
    return render(request, "units/end_agency.html", {"row": row, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def put_serving(request: HttpRequest) -> HttpResponse:
    """Which body plays a role for which unit from which day; then what it touches, then the change."""
    (actor, city), today = orderer(request), clock.today()
    if FIELD in request.POST:
        return _change_serving(request, unsealed(request.POST[FIELD], ServingChange), city, actor)
    form = ServingForm(
        request.POST or None,
        roles=role_names().items(),
        bodies=[(row.body_id, row.unit.full_name) for row in queries.agency_rows(city.id, on=today) if not row.unit.valid_to],
        units=[(unit.id, unit.full_name) for unit in queries.units_under(city.id, as_of=today)],
        initial={"role": request.GET.get("vai-tro", ""), "day": today},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places=_PLACES):
            return _preview(request, form.change(), city)
    return render(request, "units/put_serving.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_serving(request: HttpRequest, serving_id: int) -> HttpResponse:
    (actor, city), today = orderer(request), clock.today()
    period = queries.serving_period(serving_id, city_id=city.id)
    if FIELD in request.POST:
        return _change_serving(request, unsealed(request.POST[FIELD], ServingChange), city, actor)
    form = EndForm(request.POST or None, on=today)
    if request.method == "POST" and form.is_valid():
        change = ServingChange(role=period.role, unit_id=period.unit_id, body_id=None, day=form.cleaned_data["day"])
        with refusals_on(form, places=_PLACES):
            return _preview(request, change, city)
    return render(request, "units/end_serving.html", {"form": form, "period": period}, status=422 if form.errors else 200)


def _preview(request: HttpRequest, change: ServingChange, city: UnitRow) -> HttpResponse:
    """What the change touches; the button sends the same change, sealed. Raises what would refuse it."""
    actions.check_serving(change, city_id=city.id)
    held = queries.servings_of(city.id)
    before = next(
        (one for one in held if (one.role, one.unit_id) == (change.role, change.unit_id) and one.holds_on(change.day)), None
    )
    names = {row.body_id: row.unit.full_name for row in queries.agency_rows(city.id, on=change.day)}
    unit = queries.unit_row(change.unit_id, as_of=change.day) if change.unit_id is not None else city
    return render(
        request,
        "units/change_serving.html",
        {
            "change": change,
            "role": role_names()[change.role],
            "unit": unit,
            "before": before,
            "after": names.get(change.body_id, "") if change.body_id is not None else "",
            "effects": effects.on_serving.drawn(request, change, city_id=city.id, now=clock.now()),
            "plan": sealed(change),
        },
    )


def _change_serving(request: HttpRequest, change: ServingChange, city: UnitRow, actor: Actor) -> HttpResponse:
    """The change whose effects were shown. Sent twice, the second is told that it is there."""
    whose: dict[str, Any] = {"city_id": city.id, "unit_id": change.unit_id, "actor": actor, "at": clock.now()}
    if change.body_id is None:
        actions.end_serving(change.role, valid_to=change.day, **whose)
        said = _("Đã thôi giao từ ngày %(day)s.")
    else:
        actions.put_serving(change.role, body_id=change.body_id, valid_from=change.day, **whose)
        said = _("Đã giao cơ quan phối hợp từ ngày %(day)s.")
    messages.success(request, said % {"day": f"{change.day:%d/%m/%Y}"})
    return redirect("units:agencies")


def _one(request: HttpRequest, unit_id: int) -> tuple[Actor, UnitRow, date, AgencyRow]:
    (actor, city), today = orderer(request), clock.today()
    row = queries.agency_row(unit_id, on=today)
    actor.must("manage units", unit_id=queries.city_of(unit_id))
    return actor, city, today, row


def _possible_above(city: UnitRow, today: date, *, but: int | None = None) -> list[tuple[int, str]]:
    """The bodies of the city that another can be part of."""
    return [(body.id, body.name) for body in queries.bodies_of(city.id, as_of=today) if body.id != but]
