"""Pages for administrators: units and their service points, the calendar."""

from __future__ import annotations

import calendar as gregorian
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import search_key
from thongsuot.units import actions, effects, proposals, queries
from thongsuot.units.facts import CalendarChange
from thongsuot.units.forms import AddDayForm, HoursForm, MoveForm, PointForm
from thongsuot.units.models import Body, CalendarDay, ServicePoint
from thongsuot.units.queries import PointRow, UnitRow
from thongsuot.units.views.previews import FIELD, sealed, unsealed
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, actor_with, day_of, number_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """The units whose points the actor looks after."""
    actor, today = actor_with(request, "manage units"), clock.today()
    city = queries.default_city(as_of=today)
    mine = actor.units_for("manage units")
    written = request.GET.get("q", "")[:100]
    rows = [
        row
        for row in queries.units_under(city.id, as_of=today)
        if row.id in mine and search_key(written) in search_key(f"{row.full_name} {row.code}")
    ]
    return render(
        request,
        "units/manage.html",
        {
            "rows": rows,
            "points": queries.points_of([row.id for row in rows], as_of=today),
            "words": written,
            "city": city,
            "has_boundaries": queries.has_boundaries(city.id, as_of=today),
        },
    )


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """A service point: how it is found, from a day on; who runs it; what was."""
    actor, today = actor_with(request, "manage units"), clock.today()
    row, unit = _point(point_id, actor, today)
    form = PointForm(request.POST or None, initial=PointForm.about(row, on=today))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_point(
                point_id, form.facts(), valid_from=form.cleaned_data["valid_from"], actor=actor, at=clock.now()
            )
            messages.success(
                request,
                _("Đã lưu thông tin điểm phục vụ, áp dụng từ ngày %(day)s.")
                % {"day": f"{form.cleaned_data['valid_from']:%d/%m/%Y}"},
            )
            return redirect("units:point", point_id)
    may_move = actor.may("manage units", unit_id=queries.city_of(unit.id))
    return render(
        request,
        "units/point.html",
        {
            "form": form,
            "point": row,
            "unit": unit,
            "may_move": may_move,
            "effects": effects.on_point_move.drawn(request, row, city_id=queries.city_of(unit.id), now=clock.now()),
            "managers": queries.managers_of(point_id),
            "addresses": queries.addresses_of(point_id),
            "history": history_of(ServicePoint(pk=point_id)),
            "today": today,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def move_point(request: HttpRequest, point_id: int) -> HttpResponse:
    actor, today = actor_with(request, "manage units"), clock.today()
    row, unit = _point(point_id, actor, today)
    actor.must("manage units", unit_id=queries.city_of(unit.id))
    form = MoveForm(request.POST or None, bodies=_possible_managers(unit, today), on=today)
    runs = queries.unit_row(row.managed_by_unit_id, as_of=today).full_name
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.move_point(point_id, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã chuyển cơ quan quản lý. Mã hồ sơ và số liệu đã có không đổi."))
            return redirect("units:point", point_id)
    return render(
        request,
        "units/move_point.html",
        {
            "form": form,
            "point": row,
            "unit": unit,
            # The ward's centre and the city's have one name; an agency is both and named once.
            "run_by": row.managed_by_name if row.managed_by_name == runs else f"{row.managed_by_name} {runs}",
            "effects": effects.on_point_move.drawn(request, row, city_id=queries.city_of(unit.id), now=clock.now()),
        },
        status=422 if form.errors else 200,
    )


def _point(point_id: int, actor: Actor, today: date) -> tuple[PointRow, UnitRow]:
    row = queries.point_row(point_id, as_of=today)
    actor.must("manage units", unit_id=row.unit_id)
    return row, queries.unit_row(row.unit_id, as_of=today)


def _possible_managers(unit: UnitRow, today: date) -> list[tuple[int, str]]:
    """The commune's committee and centre, the city's centre with what belongs to it."""
    city_id = queries.city_of(unit.id)
    local = [
        (body.id, f"{body.name} {unit.full_name}")
        for body in queries.bodies_of(unit.id, as_of=today)
        if body.kind in {Body.Kind.SERVICE_CENTRE, Body.Kind.PEOPLE_COMMITTEE}
    ]
    city = queries.unit_row(city_id, as_of=today)
    of_city = [
        (body.id, f"{body.name} {city.full_name}")
        for body in queries.bodies_of(city_id, as_of=today)
        if body.kind in {Body.Kind.SERVICE_CENTRE, Body.Kind.BRANCH}
    ]
    return local + of_city


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's days off and days worked in exchange, with a form to add one; nothing changes before its effects were seen."""
    _actor, city = _calendar_keeper(request)
    today = clock.today()
    form = AddDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _preview(request, form.change(), city)
    year = _asked_year(request, form.cleaned_data["day"].year if form.is_bound and "day" in form.cleaned_data else today.year)
    days = queries.days_of(year)
    return render(
        request,
        "units/calendar.html",
        {
            "form": form,
            "year": year,
            "days": days,
            "months": _months(year, city, today),
            "hours": queries.hours_of(city.id),
            "today": today,
            "city": city,
            "first_year": FIRST_YEAR,
            "last_year": LAST_YEAR,
        },
        status=422 if form.errors else 200,
    )


def _preview(request: HttpRequest, change: CalendarChange, city: UnitRow) -> HttpResponse:
    """What the change means and whom it moves; the button sends the same change, sealed. Raises what would refuse it."""
    actions.check_change(change)
    now = clock.now()
    leaving = {day.year for day in change.remove}
    return render(
        request,
        "units/change_calendar.html",
        {
            "change": change,
            "removed": [row for year in sorted(leaving) for row in queries.days_of(year) if row.date in change.remove],
            "effects": effects.on_calendar.drawn(request, change, city_id=city.id, now=now),
            "plan": sealed(change),
            "cancel_href": _year_address(change.days[0].year),
        },
    )


@require_POST
def change_calendar(request: HttpRequest) -> HttpResponse:
    """The change whose effects were shown. Sent twice, the second is told that the days are there."""
    actor, city = _calendar_keeper(request)
    change = unsealed(request.POST.get(FIELD, ""), CalendarChange)
    actions.change_days(city.id, change, actor=actor, at=clock.now())
    days = ", ".join(f"{day:%d/%m/%Y}" for day in change.days)
    messages.success(request, _("Đã đổi lịch: %(days)s. Hạn của các hồ sơ đang mở được tính lại.") % {"days": days})
    return redirect(_year_address(change.days[0].year))


@require_GET
def remove_day(request: HttpRequest, day: str) -> HttpResponse:
    _actor, city = _calendar_keeper(request)
    which = day_of(day)
    if which is None:
        raise actions.DayNotSet(clock.today())
    return _preview(request, CalendarChange(remove=(which,)), city)


@require_http_methods(["GET", "POST"])
def compare_calendar(request: HttpRequest) -> HttpResponse:
    """The year held against the library; ticked days are added, nothing is overwritten."""
    _actor, city = _calendar_keeper(request)
    today = clock.today()
    year = _asked_year(request, today.year)
    found = proposals.proposals_for(year, today=today)
    if request.method == "POST":
        chosen = [fact for fact in found.missing if fact.day.isoformat() in request.POST.getlist("ngay")]
        if chosen:
            return _preview(request, CalendarChange(add=tuple(chosen)), city)
        messages.info(request, _("Chưa chọn ngày nào nên lịch không đổi."))
        return redirect(f"{reverse('units:compare_calendar')}?nam={year}")
    return render(request, "units/compare_calendar.html", {"year": year, "found": found})


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The city's shifts and cut-off, from a day on."""
    actor, city = _calendar_keeper(request)
    today = clock.today()
    known = queries.hours_of(city.id)
    now = next((row for row in known if row.valid_from <= today and (row.valid_to is None or today < row.valid_to)), None)
    form = HoursForm(request.POST or None, initial=HoursForm.about(now, on=today))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.set_hours(city.id, form.facts(), valid_from=form.cleaned_data["valid_from"], actor=actor, at=clock.now())
            messages.success(
                request,
                _("Đã đặt giờ làm việc, áp dụng từ ngày %(day)s.") % {"day": f"{form.cleaned_data['valid_from']:%d/%m/%Y}"},
            )
            return redirect("units:calendar")
    return render(request, "units/hours.html", {"form": form, "city": city, "known": known}, status=422 if form.errors else 200)


def _calendar_keeper(request: HttpRequest) -> tuple[Actor, UnitRow]:
    """The calendar is the city's: who keeps it in one commune alone may not open it."""
    actor = actor_of(request)
    return actor, queries.city_of_duty(actor, "manage calendar", on=clock.today())


def _asked_year(request: HttpRequest, otherwise: int) -> int:
    return min(max(number_of(request.GET.get("nam", "")) or otherwise, FIRST_YEAR), LAST_YEAR)


def _year_address(year: int) -> str:
    return f"{reverse('units:calendar')}?nam={year}"


def _months(year: int, city: UnitRow, today: date) -> list[dict[str, Any]]:
    """Twelve months as weeks of (day of the month, how it is marked); how many days of each are worked."""
    special = {row.date: row for row in queries.days_of(year)}

    def works(day: date) -> bool:
        row = special.get(day)
        return row.effect == CalendarDay.Effect.WORK if row else day.weekday() < 5

    def cell(day: date, month: int) -> dict[str, Any] | None:
        if day.month != month:
            return None
        row = special.get(day)
        return {
            "day": day.day,
            "name": row.name if row else "",
            "today": day == today,
            "mark": row.effect if row else "" if works(day) else "weekend",
        }

    weeks = gregorian.Calendar(firstweekday=0)
    return [
        {
            "number": month,
            "weeks": [[cell(day, month) for day in week] for week in weeks.monthdatescalendar(year, month)],
            "worked": sum(works(day) for day in weeks.itermonthdates(year, month) if day.month == month),
        }
        for month in range(1, 13)
    ]
