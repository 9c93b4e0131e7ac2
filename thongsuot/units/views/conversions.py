"""Pages for administrators of the city: conversions of facilities, from the draft to their day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.history import history_of
from thongsuot.units import actions, queries
from thongsuot.units.conversion_words import CHOSEN_BY, COUNTED, conversion_fault
from thongsuot.units.decision_forms import ReasonForm
from thongsuot.units.facility_forms import ConversionForm, FacilityLineForm, PointLineForm
from thongsuot.units.facts import ConversionLineFact
from thongsuot.units.models import Body, Decision, Facility, FacilityConversion
from thongsuot.units.queries import UnitRow
from thongsuot.units.queries import facilities as reading
from thongsuot.units.rules.conversions import ChosenBy, planned_counts
from thongsuot.units.views.decisions import orderer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import number_of, pressed

State = Decision.State
_OPEN = (State.DRAFT, State.CHECKED)


@require_GET
def conversions(request: HttpRequest) -> HttpResponse:
    _actor, city = orderer(request)
    rows = reading.conversions(city.id)
    return render(request, "units/conversions.html", {"rows": rows, "city": city, "today": clock.today()})


@require_http_methods(["GET", "POST"])
def new_conversion(request: HttpRequest) -> HttpResponse:
    actor, city = orderer(request)
    form = ConversionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.draft_conversion(form.fact(), city_id=city.id, actor=actor, at=clock.now())
            return redirect("units:conversion", made.pk)
    return render(request, "units/new_conversion.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def conversion(request: HttpRequest, conversion_id: int) -> HttpResponse:
    """What it does, by unit; what is wrong with it; proposed, checked, approved and withdrawn from here."""
    actor, city = orderer(request)
    found = reading.conversion(conversion_id, city_id=city.id)
    form = ReasonForm(request.POST if pressed(request) == "rut" else None)
    if request.method == "POST":
        done = _act(request, found, form, actor)
        if done is not None:
            return done
    opened = found.state in _OPEN
    lines = reading.line_facts(found)
    faults = reading.conversion_faults(found) if opened and lines else []
    planned = planned_counts(lines)
    in_force = found.state == State.APPROVED and found.effective_on <= clock.today()
    return render(
        request,
        "units/conversion.html",
        {
            "one": found,
            "opened": opened,
            "in_force": in_force,
            "faults": [conversion_fault(fault) for fault in faults],
            "groups": reading.lines_by_unit(found),
            "figures": [
                (words, planned[kind], found.expected.get(kind))
                for kind, words in COUNTED.items()
                if planned[kind] or kind in found.expected
            ],
            "chosen_by": CHOSEN_BY,
            "unsure": found.lines.filter(chosen_by=ChosenBy.FIRST).count() if opened else 0,
            "form": form,
            "history": history_of(found),
            "can_withdraw": found.state != State.WITHDRAWN and not in_force,
        },
        status=422 if form.errors else 200,
    )


def _act(request: HttpRequest, found: FacilityConversion, form: ReasonForm, actor: Actor) -> HttpResponse | None:
    wanted, now = pressed(request), clock.now()
    if wanted == "de-xuat":
        count = actions.propose_lines(found.pk, actor=actor, at=now)
        said = ngettext("Đã lập đề xuất cho %(num)s cơ sở.", "Đã lập đề xuất cho %(num)s cơ sở.", count)
        messages.success(request, said % {"num": count})
    elif wanted == "kiem-tra":
        if not actions.check_conversion(found.pk, actor=actor, at=now):
            messages.success(request, _("Đã kiểm tra, không còn điểm nào chưa khớp. Có thể duyệt."))
    elif wanted == "duyet":
        actions.approve_conversion(found.pk, actor=actor, at=now)
        messages.success(
            request, _("Đã duyệt. Từ 0 giờ ngày %(day)s quyết định tự có hiệu lực.") % {"day": f"{found.effective_on:%d/%m/%Y}"}
        )
    elif wanted == "rut" and form.is_valid():
        actions.withdraw_conversion(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=now)
        messages.success(request, _("Đã rút quyết định."))
        return redirect("units:conversions")
    elif "bo" in request.POST:
        dropped = number_of(request.POST["bo"])
        if not found.lines.filter(pk=dropped).exists():
            raise NotFound
        actions.drop_conversion_line(dropped, actor=actor, at=now)
    else:
        return None
    return redirect("units:conversion", found.pk)


@require_http_methods(["GET", "POST"])
def conversion_unit(request: HttpRequest, conversion_id: int, code: str) -> HttpResponse:
    """One unit: which of its stations becomes the central one. Its lines are written anew."""
    actor, city = orderer(request)
    found = reading.conversion(conversion_id, city_id=city.id)
    unit = queries.unit_by_code(code, as_of=found.effective_on)
    if queries.city_of(unit.id) != city.id:
        raise NotFound
    rows = queries.facilities_of([unit.id], as_of=found.effective_on).get(unit.id, [])
    if request.method == "POST":
        chosen = request.POST.get("trung_tam", "")
        if chosen not in {str(row.id) for row in rows}:
            messages.error(request, _("Hãy chọn một cơ sở làm trạm trung tâm."))
            return redirect("units:conversion_unit", found.pk, code)
        actions.propose_lines(found.pk, unit_ids=[unit.id], chosen={unit.id: int(chosen)}, actor=actor, at=clock.now())
        messages.success(request, _("Đã chọn trạm trung tâm của %(unit)s.") % {"unit": unit.full_name})
        return redirect("units:conversion", found.pk)
    central = found.lines.filter(kind=Facility.Kind.HEALTH_STATION, facility__in=[row.id for row in rows]).first()
    return render(
        request,
        "units/conversion_unit.html",
        {"one": found, "unit": unit, "rows": rows, "central": central.facility_id if central else None},
    )


@require_http_methods(["GET", "POST"])
def facility_line(request: HttpRequest, conversion_id: int) -> HttpResponse:
    """A line about a facility, by its code."""
    actor, city = orderer(request)
    found = reading.conversion(conversion_id, city_id=city.id)
    form = FacilityLineForm(
        request.POST if request.method == "POST" else None, initial={"facility_code": request.GET.get("ma", "")[:20]}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.put_conversion_line(found.pk, _facility_line(found, form, city), actor=actor, at=clock.now())
            return redirect("units:conversion", found.pk)
    context: dict[str, Any] = {"one": found, "form": form, "title": _("Thêm cơ sở")}
    return render(request, "units/conversion_line.html", context, status=422 if form.errors else 200)


def _facility_line(found: FacilityConversion, form: FacilityLineForm, city: UnitRow) -> ConversionLineFact:
    said = form.cleaned_data
    ids = {name: _facility_id(name, said[name], city) for name in ("facility_code", "parent_code") if said[name]}
    unit_id = None
    if said["unit_code"]:
        try:
            unit_id = queries.unit_by_code(said["unit_code"], as_of=found.effective_on).id
        except queries.UnitNotFound:
            raise BadInput({"unit_code": _("Không có xã, phường mã này vào ngày hiệu lực.")}) from None
    return ConversionLineFact(
        facility_id=ids["facility_code"],
        kind=said["kind"],
        name=said["name"],
        parent_id=ids.get("parent_code"),
        unit_id=unit_id,
    )


def _facility_id(field: str, code: str, city: UnitRow) -> int:
    found = reading.facility_id_of(code.strip())
    try:
        return reading.facility(found or 0, city_id=city.id).pk
    except NotFound:
        raise BadInput({field: _("Không có cơ sở mã “%(code)s” trong danh mục.") % {"code": code}}) from None


@require_http_methods(["GET", "POST"])
def point_line(request: HttpRequest, conversion_id: int) -> HttpResponse:
    """A line about a service point: which body runs it from then on."""
    actor, city = orderer(request)
    found = reading.conversion(conversion_id, city_id=city.id)
    points, bodies = _choices(city, found)
    form = PointLineForm(request.POST if request.method == "POST" else None, points=points, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        line = ConversionLineFact(point_id=form.cleaned_data["point"], managed_by_id=form.cleaned_data["managed_by"])
        with refusals_on(form):
            actions.put_conversion_line(found.pk, line, actor=actor, at=clock.now())
            return redirect("units:conversion", found.pk)
    context: dict[str, Any] = {"one": found, "form": form, "title": _("Thêm điểm phục vụ")}
    return render(request, "units/conversion_line.html", context, status=422 if form.errors else 200)


def _choices(city: UnitRow, found: FacilityConversion) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Service points of the city on its day; the bodies of the city, and the centres of communes, that may run them."""
    day = found.effective_on
    communes = queries.units_under(city.id, as_of=day)
    names = {row.id: row.full_name for row in communes}
    points = [
        (point.id, f"{names[unit_id]}: {point.name}")
        for unit_id, those in sorted(queries.points_of(names, as_of=day).items(), key=lambda pair: list(names).index(pair[0]))
        for point in those
    ]
    kinds = {Body.Kind.SERVICE_CENTRE, Body.Kind.BRANCH}
    bodies = [
        (row.id, row.name) for row in queries.bodies_of(city.id, as_of=day) if row.unit_id == city.id and row.kind in kinds
    ]
    local = reading.centres(list(names), as_of=day)
    return points, [*bodies, *((pk, f"{name} {names[unit_id]}") for pk, unit_id, name in local)]
