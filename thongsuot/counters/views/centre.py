"""The room and machines of a centre; its rosters; who was trained; and the rosters of all points of a city on one day."""

from __future__ import annotations

from datetime import time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.centre_forms import EquipmentForm, PlacedForm, PremisesForm, ShiftForm, TrainingForm
from thongsuot.counters.models import Equipment
from thongsuot.counters.queries import centre as queries
from thongsuot.counters.queries import rosters
from thongsuot.counters.queries.hall import hall
from thongsuot.counters.queries.opening import open_times, settings_of
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.views.common import here
from thongsuot.counters.words import WEEKDAYS
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.procedures import queries as procedures
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with, day_of, nothing_pressed, number_of, pressed


@require_http_methods(["GET", "POST"])
def equipment(request: HttpRequest, point_id: int) -> HttpResponse:
    """The room and what stands in it."""
    day, what = clock.today(), pressed(request)
    at = here(request, point_id, day=day, duty=ARRANGE)
    room = queries.premises(at.house_id, on=day)
    least = settings_of(at.house_id, on=day).least_area_m2
    counters, officers = hall(at.house_id, on=day).counters, rosters.officers_at(at.house_id, on=day)
    initial = {"area_m2": room.area_m2, "note": room.note} if room else None
    room_form = PremisesForm(request.POST if what == "dien-tich" else None, initial=initial)
    form = EquipmentForm(request.POST if what == "them" else None, counters=counters, officers=officers)
    if what == "dien-tich" and room_form.is_valid():
        with refusals_on(room_form):
            actions.set_premises(point_id, **room_form.cleaned_data, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã ghi diện tích."))
            return redirect("counters:equipment", at.point.id)
    elif what == "them" and form.is_valid():
        with refusals_on(form):
            made = actions.add_equipment(point_id, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã ghi %(name)s.") % {"name": made.name})
            return redirect("counters:equipment", at.point.id)
    elif request.method == "POST" and what not in {"dien-tich", "them"}:
        raise nothing_pressed()
    context = {
        "here": at,
        "room": room,
        "least": least,
        "room_form": room_form,
        "form": form,
        "forms": [room_form, form],
        "rows": queries.equipment(at.house_id, with_retired=bool(request.GET.get("ca-thoi-dung"))),
    }
    wrong = room_form.errors or form.errors
    return render(request, "counters/equipment.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def equipment_one(request: HttpRequest, equipment_id: int) -> HttpResponse:
    found = must_exist(Equipment.objects.filter(pk=equipment_id).select_related("counter", "holder").first())
    day = clock.today()
    at = here(request, found.point_id, day=day, duty=ARRANGE)
    initial = {"state": found.state, "counter": found.counter_id, "holder": found.holder_id}
    counters, officers = hall(at.house_id, on=day).counters, rosters.officers_at(at.house_id, on=day)
    form = PlacedForm(request.POST or None, counters=counters, officers=officers, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.change_equipment(found.pk, **form.facts(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã sửa %(name)s.") % {"name": found.name})
            return redirect("counters:equipment", at.point.id)
    story = [(row, Equipment.State(str(row.facts["state"])).label) for row in reversed(history_of(found))]
    context = {"here": at, "found": found, "form": form, "story": story}
    return render(request, "counters/equipment_one.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest, point_id: int) -> HttpResponse:
    """A week, for whoever works there; who arranges plans it."""
    today = clock.today()
    at = here(request, point_id, day=today)
    monday = rosters.monday_of(day_of(request.GET.get("tuan", "")) or today)
    if request.method == "POST":
        what, monday = pressed(request), rosters.monday_of(day_of(request.POST.get("tuan", "")) or today)
        if what not in {"chep", "bo"}:
            raise nothing_pressed()
        if what == "bo":
            dropped = actions.drop_strays(point_id, monday=monday, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã bỏ %(count)s chỗ trực không còn ai ngồi.") % {"count": dropped})
        else:
            copied = actions.copy_week(point_id, monday=monday, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã chép %(count)s chỗ từ tuần trước.") % {"count": copied})
        return redirect(f"{reverse('counters:roster', args=[at.point.id])}?tuan={monday.isoformat()}")
    rows = rosters.shifts_of([at.house_id], first=monday)[at.house_id]
    context = {
        "here": at,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "today": today,
        "rows": rows,
        "strays": rosters.strays_of(at.house_id, first=monday),
        "weekdays": WEEKDAYS,
        "lacking": sum(bool(row.gaps) for row in rows if row.day >= today),
    }
    return render(request, "counters/roster.html", context)


@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, point_id: int) -> HttpResponse:
    """One shift: an officer for each counter."""
    at = here(request, point_id, day=clock.today(), duty=ARRANGE)
    day = day_of(request.GET.get("ngay", "")) or clock.today()
    spans = open_times(at.house_id, on=day).spans(day)
    span = next((one for one in spans if f"{one.starts:%H:%M}" == request.GET.get("ca")), None)
    week = f"{reverse('counters:roster', args=[at.point.id])}?tuan={rosters.monday_of(day).isoformat()}"
    if span is None:
        messages.info(request, _("Điểm không mở cửa buổi đó. Hãy chọn một buổi trong lịch."))
        return redirect(week)
    planned = rosters.shifts_of([at.house_id], first=day, days=1)[at.house_id]
    row = next(one for one in planned if one.span == span)
    counters = hall(at.house_id, on=day).counters
    form = ShiftForm(
        request.POST if request.method == "POST" else None,
        counters=counters,
        officers=rosters.officers_at(at.house_id, on=day),
        seated={seat.counter_id: seat.person_id for seat in row.seats},
    )
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            starts: time = span.starts
            actions.set_shift(point_id, day=day, starts=starts, seats=form.seats(), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã xếp ca %(span)s.") % {"span": f"{span.starts:%H:%M}-{span.ends:%H:%M}"})
            return redirect(week)
    context = {"here": at, "day": day, "weekday": WEEKDAYS[day.weekday()], "row": row, "form": form, "week": week}
    return render(request, "counters/shift.html", {**context, "counters": counters}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def training(request: HttpRequest, point_id: int) -> HttpResponse:
    day, what = clock.today(), pressed(request)
    at = here(request, point_id, day=day, duty=ARRANGE)
    officers, known = rosters.officers_at(at.house_id, on=day), procedures.fields(on=day)
    form = TrainingForm(request.POST if what == "ghi" else None, officers=officers, known=known)
    if what == "ghi" and form.is_valid():
        said = form.facts()
        with refusals_on(form, places={"fields": "fields_served"}):
            actions.record_training(point_id, said.pop("person"), **said, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã ghi tập huấn."))
            return redirect("counters:training", at.point.id)
    elif what == "bo":
        training_id = number_of(request.POST.get("tap-huan", ""))
        actions.withdraw_training(training_id, point_id=point_id, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã bỏ ghi tập huấn."))
        return redirect("counters:training", at.point.id)
    elif request.method == "POST" and what != "ghi":
        raise nothing_pressed()
    trained = rosters.trainings_of([person_id for person_id, _name in officers])
    rows = [(name, trained.get(person_id, [])) for person_id, name in officers]
    context = {"here": at, "form": form, "rows": rows, "names": {row.code: row.name for row in known}}
    return render(request, "counters/training.html", context, status=422 if form.errors else 200)


@require_GET
def rosters_of_points(request: HttpRequest) -> HttpResponse:
    """All points that the reader sees figures of, on one day: where a shift lacks somebody who was trained."""
    actor, day = actor_with(request, "see figures"), day_of(request.GET.get("ngay", "")) or clock.today()
    rows = rosters.points_on(actor.units_for("see figures"), on=day)
    context = {
        "rows": rows,
        "day": day,
        "weekday": WEEKDAYS[day.weekday()],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "ready": sum(row.ready for row in rows),
        "shifts": sum(len(row.shifts) for row in rows),
        "lacking": sum(len(row.lacking) for row in rows),
        "unknown": sum(not row.known for row in rows),
    }
    return render(request, "counters/rosters.html", context)
