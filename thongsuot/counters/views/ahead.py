"""Before one comes, for whoever is logged in: a number for now, an hour at a queue. And the officers' side of bookings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.booking_forms import CallOffForm, CodeForm, PlanForm, WhereForm
from thongsuot.counters.models import Booking, Device, Queue
from thongsuot.counters.queries import ahead as queries
from thongsuot.counters.queries import devices
from thongsuot.counters.queries import hall as halls
from thongsuot.counters.queries.opening import open_times, opens_words, settings_of
from thongsuot.counters.queries.waits import expected_waits
from thongsuot.counters.rules import ARRANGE
from thongsuot.counters.rules.opening import days_from
from thongsuot.counters.views.common import Here, here
from thongsuot.counters.views.machine import GIVEN_UP_AFTER, of_machine, stands_at
from thongsuot.counters.words import WEEKDAYS, about
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import instant
from thongsuot.units import finding
from thongsuot.units import queries as units
from thongsuot.web import qr
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, day_of, instant_of, must_be_somebody, nothing_pressed, number_of, pressed

BOOKINGS_KEPT = timedelta(days=30)  # days gone by that one's own page shows


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for me, and the way to another number or hour: which point?"""
    person_id, today = must_be_somebody(request), clock.today()
    form = WhereForm(request.GET if "q" in request.GET else None)
    found: list[tuple[units.UnitRow, list[units.PointRow]]] = []
    if form.is_bound and form.is_valid():
        candidates = [one.unit for one in finding.find(form.cleaned_data["q"], as_of=today).candidates]
        points = units.points_of([unit.id for unit in candidates], as_of=today)
        found = [(unit, points[unit.id]) for unit in candidates if unit.id in points]
    context = {
        "form": form,
        "found": found,
        "asked": form.is_bound,
        "tickets": queries.open_tickets(person_id, on=today),
        "bookings": queries.my_bookings(person_id, since=today - BOOKINGS_KEPT, today=today),
        "today": today,
    }
    return render(request, "counters/mine.html", context, status=422 if form.errors else 200)


def _point(point_id: int) -> tuple[int, dict[str, Any]]:
    house_id, point = halls.point_of(point_id, on=clock.today())
    unit = units.unit_row(point.unit_id, as_of=clock.today()).full_name
    times = open_times(house_id, on=clock.today())
    return house_id, {"point": point, "unit": unit, "times": times, "says": opens_words(times, clock.now())}


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, point_id: int) -> HttpResponse:
    """A number for today: estimate and hours first."""
    person_id, today = must_be_somebody(request), clock.today()
    house_id, context = _point(point_id)
    if request.method == "POST":
        queue_id = number_of(request.POST.get("hang", ""))
        if not queue_id:
            raise BadInput({"hang": _("Chưa chọn hàng chờ nào. Hãy bấm nút của một hàng.")})
        ticket = actions.take_ticket_ahead(queue_id, actor=actor_of(request), at=clock.now())
        return redirect("counters:follow", ticket.secret)
    seen = halls.hall(house_id, on=today)
    waits = {queue_id: about(wait) for queue_id, wait in expected_waits(house_id, at=clock.now(), seen=seen).items()}
    most = settings_of(house_id, on=today).ahead_a_day
    context |= {
        "hall": seen,
        "waits": waits,
        "offers": bool(most) and today in context["times"].days,
        "open_now": context["times"].is_open(clock.now()),
        "most": most,
        "own": {one.queue_id: one for one in queries.open_tickets(person_id, on=today)},
    }
    return render(request, "counters/take_ahead.html", context)


@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, point_id: int) -> HttpResponse:
    """Queue, day, hour: each step is an address. With `doi` a booking of one's own is moved."""
    person_id, now, today = must_be_somebody(request), clock.now(), clock.today()
    house_id, context = _point(point_id)
    said = request.POST if request.method == "POST" else request.GET
    moved_id = number_of(said.get("doi", ""))
    moved = queries.own_booking(moved_id, person_id) if moved_id else None
    seen = halls.hall(house_id, on=today)
    plans = queries.plans([row.id for row in seen.queues], on=today)
    bookable = [row for row in seen.queues if row.id in plans]
    chosen = moved.queue_id if moved else number_of(said.get("hang", ""))
    queue = Queue.objects.filter(pk=chosen, point=house_id).first() if chosen in plans else None
    if request.method == "POST":
        if queue is None:
            raise BadInput({"hang": _("Chưa chọn việc cần làm. Hãy chọn một hàng nhận hẹn.")})
        starts_at, actor = _instant(said.get("gio", "")), actor_of(request)
        if moved is not None:
            made = actions.move_booking(moved.pk, starts_at=starts_at, actor=actor, at=now)
            messages.success(request, _("Đã dời giờ hẹn."))
        else:
            made = actions.book(queue.pk, starts_at=starts_at, actor=actor, at=now)
            messages.success(request, _("Đã hẹn giờ."))
        return redirect("counters:booking", made.pk)
    last = settings_of(house_id, on=today).days_ahead
    days = [day for day in days_from(today, last + 1) if queue and plans[queue.pk].get(day.weekday())]
    days = [day for day in days if context["times"].spans(day)]
    day = day_of(said.get("ngay", "")) or today if "ngay" in said else None
    context |= {
        "queues": bookable,
        "queue": queue,
        "moved": moved,
        "days": [(one, WEEKDAYS[one.weekday()]) for one in days],
        "day": day,
        "slots": queries.slots_on(queue, day, now=now) if queue and day in days else [],
    }
    return render(request, "counters/book.html", context)


def _instant(text: str) -> datetime:
    """Raises BadInput."""
    at = instant_of(text)
    if at is None:
        raise BadInput({"gio": _("Chưa chọn giờ. Hãy bấm một giờ còn chỗ.")})
    return at


@require_http_methods(["GET", "POST"])
def booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """One's own: its code, moved, cancelled, checked in."""
    person_id, now = must_be_somebody(request), clock.now()
    found, actor = queries.own_booking(booking_id, person_id), actor_of(request)
    if request.method == "POST":
        what = pressed(request)
        if what == "huy":
            actions.cancel_booking(found.pk, actor=actor, at=now)
            messages.success(request, _("Đã hủy hẹn."))
            return redirect("counters:mine")
        if what != "nhan-so":
            raise nothing_pressed()
        ticket = actions.check_in(found.pk, actor=actor, at=now)
        return redirect("counters:follow", ticket.secret)
    _house, context = _point(found.queue.point_id)
    settings = settings_of(found.queue.point_id, on=found.day)
    spans = context["times"].spans(found.day)
    context |= {
        "found": found,
        "weekday": WEEKDAYS[found.day.weekday()],
        "still": found.state == Booking.State.BOOKED and now <= found.starts_at + settings.late,
        "from_at": found.starts_at - settings.early,
        "until_at": found.starts_at + settings.late,
        "can_check_in": found.starts_at - settings.early <= now and not context["times"].closed_for_the_day(now),
        "closed": found.day in context["times"].days and not spans,
        "called_off": queries.why_called_off(found),
        "picture": qr.picture(found.code),
    }
    return render(request, "counters/booking.html", context)


@require_http_methods(["GET", "POST"])
@of_machine(Device.Kind.KIOSK)
def at_kiosk(request: HttpRequest, device: Device) -> HttpResponse:
    """Whoever has a booking types its code, or lets the machine read it."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusals_on(form, beside="code"):
            code, actor = form.cleaned_data["code"], devices.as_actor(device)
            ticket = actions.check_in_at(device.pk, code, actor=actor, at=clock.now())
            return redirect("counters:kiosk_ticket", ticket.secret)
    context = stands_at(device, back_after=GIVEN_UP_AFTER) | {"form": form}
    return render(request, "counters/kiosk_booking.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def bookings(request: HttpRequest, point_id: int) -> HttpResponse:
    """Who comes when on a day: hours and codes, no persons. Who arranges the point calls one off."""
    at = here(request, point_id, day=clock.today(), duty=ARRANGE if request.method == "POST" else "")
    if request.method == "POST":
        return _call_off(request, at)
    day = day_of(request.GET.get("ngay", "")) or clock.today()
    context = {
        "here": at,
        "day": day,
        "weekday": WEEKDAYS[day.weekday()],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "rows": queries.bookings_at(at.house_id, on=day),
        "queues": halls.hall(at.house_id, on=clock.today()).queues,
    }
    return render(request, "counters/bookings.html", context)


def _call_off(request: HttpRequest, at: Here) -> HttpResponse:
    """Why is asked first."""
    if pressed(request) != "huy":
        raise nothing_pressed()
    booking_id = number_of(request.POST.get("hen", ""))
    found = must_exist(Booking.objects.filter(pk=booking_id, queue__point=at.house_id).select_related("queue").first())
    form = CallOffForm(request.POST if "reason" in request.POST else None)
    back = f"{reverse('counters:bookings', args=[at.point.id])}?ngay={found.day.isoformat()}"
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.call_off_booking(found.pk, reason=form.cleaned_data["reason"], actor=at.actor, at=clock.now())
            messages.success(request, _("Đã hủy hẹn %(code)s, người hẹn được báo.") % {"code": found.code})
            return redirect(back)
    return confirm(
        request,
        staff=True,
        danger=True,
        question=_("Hủy hẹn %(code)s?") % {"code": found.code},
        consequence=_("Giờ hẹn này hết giá trị. Người hẹn nhận tin báo cùng lý do, và có thể hẹn giờ khác."),
        summary=[(_("Hàng"), str(found.queue)), (_("Giờ"), instant(found.starts_at))],
        button=_("Hủy hẹn"),
        cancel_href=back,
        form=form,
        hidden={"viec": "huy", "hen": found.pk},
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, queue_id: int) -> HttpResponse:
    """How a queue's hours are cut into slots: what differs from before is set, weekday by weekday."""
    queue = must_exist(Queue.objects.filter(pk=queue_id, valid_to=None).first())
    day = clock.today()
    at = here(request, queue.point_id, day=day, duty=ARRANGE)
    plans = queries.plans([queue.pk], on=day).get(queue.pk, {})
    form = PlanForm(request.POST if request.method == "POST" else None, plans=plans)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            for weekday, minutes, seats in form.days():
                held = plans.get(weekday)
                if not seats and held:
                    actions.end_booking_plan(queue.pk, weekday=weekday, actor=at.actor, at=clock.now())
                elif seats and (held is None or (held.minutes, held.seats) != (minutes, seats)):
                    slot = {"minutes": minutes, "seats": seats}
                    actions.set_booking_plan(queue.pk, weekday=weekday, **slot, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã đặt khung giờ hẹn."))
            return redirect("counters:plan", queue.pk)
    context = {"here": at, "queue": queue, "form": form}
    return render(request, "counters/plan.html", context, status=422 if form.errors else 200)
