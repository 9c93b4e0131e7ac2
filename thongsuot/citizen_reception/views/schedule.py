"""The schedule: for everybody, for who arranges it, and of the whole city against the law."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.forms import ChangeDayForm, DayForm, EndDayForm
from thongsuot.citizen_reception.models import ReceptionDay
from thongsuot.citizen_reception.numbers import KEYS
from thongsuot.citizen_reception.queries import access, settings
from thongsuot.citizen_reception.queries import schedule as queries
from thongsuot.citizen_reception.rules import DUTY, is_own
from thongsuot.citizen_reception.views.common import bound, must_be_known, officer, own_choices, point_choices, tabs
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import search_key
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, day_of

WEEKDAYS = dict(ReceptionDay.Weekday.choices)


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Units that receive, by name without marks."""
    today, words = clock.today(), request.GET.get("q", "")[:100]
    city = units.default_city(as_of=today)
    key = search_key(words)
    rows = [row for row in queries.receiving_units(city.id, today=today) if key in search_key(row.full_name)]
    page = page_of(request, count=len(rows))
    context = {"rows": rows[page.slice], "page": page, "words": words}
    return render(request, "citizen_reception/public.html", context)


@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """The coming days of one unit; also of one that has none, which says so."""
    today = clock.today()
    found = units.unit_by_code(code, as_of=today)
    asked = settings.frequency(found.level, on=today)
    context = {
        "unit": found,
        "rows": queries.coming(found.id, today=today),
        "asked": asked,
        "basis": settings.basis(settings.frequency_key(found.level), on=today),
        "weekdays": WEEKDAYS,
        "today": today,
    }
    return render(request, "citizen_reception/unit.html", context)


@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """All units: who has no schedule, whose head receives on fewer days than the law asks."""
    actor, today = actor_of(request), clock.today()
    found = units.city_of_duty(actor, DUTY, on=today)
    rows, state = queries.all_units(found.id, today=today), request.GET.get("muc", "")
    words = {"": _("Tất cả"), "none": _("Chưa có lịch"), "few": _("Ít hơn quy định"), "enough": _("Đủ")}
    counts = {name: sum(row.state == name for row in rows) for name in ("none", "few", "enough")}
    shown = [row for row in rows if state not in counts or row.state == state]
    page = page_of(request, count=len(shown), size=200)
    context = {
        "rows": shown[page.slice],
        "page": page,
        "words": words,
        "tags": {"none": "bad", "few": "wait", "enough": "done"},
        "filters": [
            {
                "text": text,
                "href": f"?muc={name}" if name else "?",
                "current": name == (state if state in counts else ""),
                "count": counts.get(name, len(rows)),
                "bad": name == "none" and bool(counts["none"]),
            }
            for name, text in words.items()
        ],
        "tabs": tabs("city", actor=actor),
        "basis": [settings.basis(key, on=today) for key in list(KEYS)[:3]],
    }
    return render(request, "citizen_reception/city.html", context)


@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    """Own units: what comes again, and the coming days."""
    actor, today = officer(request), clock.today()
    whose = own_choices(actor, on=today)
    parts = [
        (
            name,
            queries.patterns_of([unit_id], on=today),
            queries.coming(unit_id, today=today),
            units.unit_row(unit_id, as_of=today),
        )
        for unit_id, name in whose
    ]
    context = {"parts": parts, "tabs": tabs("schedule", actor=actor), "weekdays": WEEKDAYS, "today": today}
    return render(request, "citizen_reception/schedule.html", context)


@require_http_methods(["GET", "POST"])
def add_day(request: HttpRequest) -> HttpResponse:
    actor, today = officer(request), clock.today()
    whose = own_choices(actor, on=today)
    points = point_choices([unit_id for unit_id, _name in whose], on=today)
    form, status = DayForm(whose, points, request.POST or None, initial={"valid_from": today}), 200
    if request.method == "POST":
        with refusals_on(form) as answered:
            if form.is_valid():
                actions.put_day(form.cleaned_data["unit"], form.facts(), actor=actor, at=clock.now())
                messages.success(request, _("Đã ghi lịch. Người dân xem được ngay."))
                return redirect("citizen_reception:schedule")
        status = answered.status
    return render(request, "citizen_reception/add_day.html", {"form": form}, status=status)


def _found(day_id: int, actor: Actor) -> ReceptionDay:
    """Raises NotFound, NotYourDuty."""
    found = must_exist(ReceptionDay.objects.filter(pk=day_id).first())
    access.must_receive(actor, found.unit_id, on=clock.today())
    return found


@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, day_id: int) -> HttpResponse:
    """One recurring day: move or call off one of its days, take that back, end it."""
    actor, today = officer(request), clock.today()
    found = _found(day_id, actor)
    asked = day_of(request.GET.get("ngay", ""))
    forms: dict[str, Any] = {
        "doi": bound(request, "doi", ChangeDayForm, initial={"day": asked}),
        "thoi": bound(request, "thoi", EndDayForm, initial={"on": today}),
    }
    form: Any = None
    status = 200
    if request.method == "POST":
        what = must_be_known(request, {*forms, "bo"})
        form = forms.get(what)
        with refusals_on(form) as answered:
            if form is None or form.is_valid():
                messages.success(request, _do(found, what, form, said=request.POST, actor=actor))
                return redirect("citizen_reception:schedule")
        status = answered.status
    pattern = queries.as_pattern(found)
    context = {
        "found": found,
        "forms": forms,
        "form": form,
        "changes": [change for change in found.changes.order_by("day") if change.day >= today and is_own(pattern, change.day)],
        "unit": units.unit_row(found.unit_id, as_of=today).full_name,
        "history": history_of(found),
    }
    return render(request, "citizen_reception/day.html", context, status=status)


def _do(found: ReceptionDay, what: str, form: Any, *, said: Any, actor: Actor) -> str:
    at = clock.now()
    match what:
        case "doi":
            actions.change_day(found.pk, **form.cleaned_data, actor=actor, at=at)
            return _("Đã đổi ngày. Người dân xem được ngay.")
        case "thoi":
            actions.end_day(found.pk, on=form.cleaned_data["on"], actor=actor, at=at)
            return _("Đã ghi ngày thôi.")
    changed = day_of(said.get("ngay", ""))
    if changed is None:
        raise BadInput({"ngay": _("Chưa chọn ngày. Hãy bấm lại trên trang.")})
    actions.restore_day(found.pk, day=changed, actor=actor, at=at)
    return _("Ngày này lại như lịch.")
