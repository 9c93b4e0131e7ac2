"""Many points of a city: opening hours at once, rosters and training from a file, and which points are ready for the week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.actions.city import roster_file
from thongsuot.counters.actions.errors import HoursTouch
from thongsuot.counters.city_forms import CityHoursForm, RosterFileForm
from thongsuot.counters.queries.city import city_points, hours_changes
from thongsuot.counters.queries.opening import week_words
from thongsuot.counters.queries.roster_files import RosterPlan, officer_rows, roster_lines, roster_plan
from thongsuot.counters.queries.rosters import WEEK, PointShifts, ShiftRow, points_on
from thongsuot.counters.queries.touched import touched_by_week
from thongsuot.counters.rules import CITY
from thongsuot.counters.rules.opening import days_from
from thongsuot.counters.sheets import COLUMNS, blank_rows
from thongsuot.counters.words import WEEKDAYS
from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.files.workbooks import workbook
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, actor_with, nothing_pressed, number_of, pressed

SHOWN_SHIFTS = 4


def _city(request: HttpRequest) -> tuple[Actor, int]:
    """Who manages the units of the whole city. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, units.city_of_duty(actor, CITY, on=clock.today()).id


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """The same hours for many points: said, looked at, then set."""
    actor, city_id = _city(request)
    points, what = city_points(city_id, on=clock.today()), pressed(request)
    said = request.POST if request.method == "POST" else None
    usual = units.working_calendar(city_id, on=clock.today()).shifts  # what most begin with
    form = CityHoursForm(said, at=points.values(), week=((usual,) * 5 + ((), ())), initial={"valid_from": clock.today()})
    if said is not None and what not in {"xem", "dat", "sua"}:
        raise nothing_pressed()
    if what in {"xem", "dat"} and form.is_valid():
        facts = form.facts()
        with refusals_on(form, places={"week": "day_0"}) as answered:
            if what == "dat":
                told = number_of(request.POST.get("da-biet", ""))
                count = actions.set_hours_of_many(city_id, **facts, told=told, actor=actor, at=clock.now())
                messages.success(request, _("Đã đặt giờ mở cửa cho %(count)s điểm.") % {"count": count})
                return redirect("counters:readiness")
        if answered.refusal is None or isinstance(answered.refusal, HoursTouch):
            chosen = [row for house, row in points.items() if facts["house_ids"] is None or house in facts["house_ids"]]
            rows = hours_changes(chosen, week=facts["week"], valid_from=facts["valid_from"])
            touched = [one for one in rows if not one.same and not (facts["only_missing"] and one.known)]
            touches = touched_by_week(touched, week=facts["week"], valid_from=facts["valid_from"], at=clock.now())
            context = {
                "form": form,
                "touches": {house_id: found for house_id, (_said, found) in touches.items()},
                "told": sum(found.count for _said, found in touches.values()),
                "week": week_words(facts["week"]),
                "valid_from": facts["valid_from"],
                "rows": [(one, week_words(one.now) if one.now else []) for one in touched],
                "left": len(rows) - len(touched),
            }
            return render(request, "counters/city_hours_preview.html", context, status=409 if form.errors else 200)
    context = {"form": form, "points": len(points)}
    return render(request, "counters/city_hours.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_rosters(request: HttpRequest) -> HttpResponse:
    """A file is sent; what it says is shown before anything comes in."""
    actor, city_id = _city(request)
    form = RosterFileForm(request.POST or None, request.FILES or None)
    bad_rows: list[BadRow] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on_list(form, bad_rows):
            sent = actions.send_rosters(file, name=file.name, city_id=city_id, actor=actor, at=clock.now())
            return redirect("counters:roster_file", sent.pk)
    context = {"form": form, "bad_rows": bad_rows}
    return render(request, "counters/import_rosters.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def rosters_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What a file would do to the points, then doing it."""
    actor, city_id = _city(request)
    stored, bad_rows = roster_file(file_id), list[BadRow]()
    form = RosterFileForm({}, {}, again=True)
    plan: RosterPlan | None = None
    if request.method == "POST" and pressed(request) != "nhap":
        raise nothing_pressed()
    form.full_clean()
    with refusals_on_list(form, bad_rows):
        if request.method == "POST":
            done = actions.import_rosters(file_id, city_id=city_id, actor=actor, at=clock.now())
            messages.success(
                request,
                _("Đã nhập %(seats)s chỗ trực và %(trainings)s lượt tập huấn tại %(points)s điểm.") % done.figures,
            )
            return redirect("counters:readiness")
        read = roster_lines(stored, today=clock.today())
        plan = roster_plan(read, city_id=city_id, today=clock.today())
    context = {"stored": stored, "form": form, "bad_rows": bad_rows, "plan": plan}
    page = "counters/import_rosters.html" if plan is None else "counters/roster_file.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_GET
def rosters_template(request: HttpRequest) -> HttpResponseBase:
    """With every point of the city, and the officers who are there today."""
    _actor, city_id = _city(request)
    rows = blank_rows(officer_rows(city_id, on=clock.today()))
    return file_answer(tables.template("Lịch trực", COLUMNS, rows), "mau-lich-truc.xlsx", FileType.XLSX)


@require_GET
def readiness(request: HttpRequest) -> HttpResponse:
    """Each point: are its hours set, has every shift of the next seven days somebody who was trained?"""
    actor, rows, day = _week_of(request)
    lacking = bool(request.GET.get("thieu"))
    context = {
        "rows": [row for row in rows if not lacking or not row.ready],
        "first": day,
        "last": days_from(day, WEEK)[-1],
        "only_lacking": lacking,
        "points": len(rows),
        "ready": sum(row.ready for row in rows),
        "unknown": sum(not row.known for row in rows),
        "lacking": sum(len(row.lacking) for row in rows),
        "shifts": sum(len(row.shifts) for row in rows),
        "shown": SHOWN_SHIFTS,
        "shift_words": _shift_words,
        "sets_up": actor.may(CITY, unit_id=units.default_city(as_of=day).id),
    }
    return render(request, "counters/readiness.html", context)


@require_GET
def readiness_file(request: HttpRequest) -> HttpResponseBase:
    _actor, rows, day = _week_of(request)
    heads = [
        _("Mã điểm"),
        _("Điểm phục vụ"),
        _("Đơn vị"),
        _("Đã đặt giờ mở cửa"),
        _("Số ca"),
        _("Ca thiếu người đã tập huấn"),
        _("Các ca thiếu"),
        _("Hàng chờ thiếu người"),
    ]
    lines: Iterator[list[str | int]] = (
        [
            row.point.id,
            row.point.name,
            row.unit,
            _("Có") if row.known else _("Chưa"),
            len(row.shifts),
            len(row.lacking),
            "; ".join(_shift_words(one) for one in row.lacking),
            "; ".join(sorted({name for one in row.shifts for name in one.gaps})),
        ]
        for row in rows
        if not request.GET.get("thieu") or not row.ready
    )
    name = f"san-sang-truc-{day.isoformat()}.xlsx"
    return file_answer(workbook([(_("Sẵn sàng trực"), heads, lines)], staying=2), name, FileType.XLSX)


def _week_of(request: HttpRequest) -> tuple[Actor, list[PointShifts], date]:
    actor, day = actor_with(request, "see figures"), clock.today()
    return actor, points_on(actor.units_for("see figures"), on=day, days=WEEK), day


def _shift_words(one: ShiftRow) -> str:
    return f"{WEEKDAYS[one.day.weekday()]} {one.day:%d/%m} {one.span.starts:%H:%M}"
