"""When a point opens, days that differ, what else it settles for itself; and what pages about units show of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thongsuot.counters import actions
from thongsuot.counters.actions.errors import HoursTouch
from thongsuot.counters.opening_forms import ExceptionForm, HoursForm, SettingsForm
from thongsuot.counters.queries import opening as queries
from thongsuot.counters.rules import ARRANGE, CITY
from thongsuot.counters.rules.opening import of_json, written
from thongsuot.counters.views.common import here
from thongsuot.kernel import clock
from thongsuot.kernel.history import history_of
from thongsuot.units import queries as units
from thongsuot.units.opening import Opening
from thongsuot.units.queries import PointRow
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import Answered, Form, refusals_on
from thongsuot.web.request import actor_of, nothing_pressed, number_of, pressed

DIFFERS_SOON = 3


def openings(points: Iterable[PointRow], now: datetime) -> dict[int, Opening]:
    """For pages about units. Few queries, however many points."""
    day = timezone.localdate(now)
    houses = units.houses_of([point.id for point in points])
    times = queries.open_times_of(set(houses.values()), on=day)
    soon: dict[int, list[tuple[str, str]]] = {}
    for one in queries.exceptions_of_all({house for house, known in times.items() if known.known}, since=day):
        hours = written(of_json(one.spans)) or _("đóng cửa")
        soon.setdefault(one.point_id, []).append((f"{one.day:%d/%m/%Y}", f"{hours} ({one.reason})"))
    return {
        point_id: Opening(
            week=tuple(queries.week_words(times[house].week)),
            differs=tuple(soon.get(house, ())[:DIFFERS_SOON]),
            now=queries.opens_words(times[house], now) if times[house].known else "",
            ways=_ways(point_id, known=times[house].known),
        )
        for point_id, house in houses.items()
    }


def _ways(point_id: int, *, known: bool) -> tuple[tuple[str, str], ...]:
    names = [("counters:notice_board", _("Thủ tục làm tại đây"))]
    if known:
        names += [("counters:take_ahead", _("Lấy số trước khi đến")), ("counters:book", _("Hẹn giờ đến"))]
    return tuple((reverse(name, args=[point_id]), words) for name, words in names)


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, point_id: int) -> HttpResponse:
    now, day = clock.now(), clock.today()
    at = here(request, point_id, day=day, duty=ARRANGE)
    what, times = pressed(request), queries.open_times(at.house_id, on=day)
    form = HoursForm(request.POST if what == "gio" else None, week=times.week, initial={"valid_from": day})
    differs = ExceptionForm(request.POST if what == "ngay" else None)
    told, answered = number_of(request.POST.get("da-biet", "")), Answered()
    if what == "gio" and form.is_valid():
        with refusals_on(form) as answered:
            said = {"week": form.week(), "valid_from": form.cleaned_data["valid_from"]}
            actions.set_hours(point_id, **said, told=told, actor=at.actor, at=now)
            messages.success(request, _("Đã đặt giờ mở cửa."))
            return redirect("counters:hours", at.point.id)
    elif what == "ngay" and differs.is_valid():
        with refusals_on(differs) as answered:
            actions.put_exception(point_id, **differs.cleaned_data, told=told, actor=at.actor, at=now)
            messages.success(request, _("Đã ghi ngày mở cửa khác thường."))
            return redirect("counters:hours", at.point.id)
    elif what in {"bo", "bo-gio"}:
        with refusals_on(Form({})) as answered:
            if what == "bo":
                actions.withdraw_exception(number_of(request.POST.get("ngay", "")), told=told, actor=at.actor, at=now)
                messages.success(request, _("Đã bỏ. Ngày đó mở cửa như thường."))
            else:
                actions.withdraw_hours(number_of(request.POST.get("gio", "")), told=told, actor=at.actor, at=now)
                messages.success(request, _("Đã bỏ giờ đã định. Giờ trước đó giữ nguyên."))
            return redirect("counters:hours", at.point.id)
    elif request.method == "POST" and what not in {"gio", "ngay"}:
        raise nothing_pressed()
    if isinstance(answered.refusal, HoursTouch):
        return _touches(request, answered.refusal, back=reverse("counters:hours", args=[at.point.id]))
    rows = queries.hours_of(at.house_id)
    context = {
        "here": at,
        "form": form,
        "differs": differs,
        "forms": [form, differs],
        "times": times,
        "says": queries.opens_words(times, now) if times.known else "",
        "today": day,
        "rows": [(row, queries.week_words([of_json(spans) for spans in row.week])) for row in rows],
        "exceptions": [(row, written(of_json(row.spans))) for row in queries.exceptions_of_all([at.house_id], since=day)],
    }
    return render(request, "counters/hours.html", context, status=422 if form.errors or differs.errors else 200)


def _touches(request: HttpRequest, found: HoursTouch, *, back: str) -> HttpResponse:
    """What was sent is sent again, by who knows now what it does."""
    sent = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    return confirm(
        request,
        staff=True,
        danger=True,
        question=_("Đổi giờ mở cửa?"),
        consequence=_(
            "Lượt hẹn không còn rơi vào giờ mở cửa bị hủy, người hẹn nhận tin báo. "
            "Chỗ trực không còn khớp ca nào ở lại trang lịch trực, để xếp lại."
        ),
        summary=[(_("Lượt hẹn bị hủy"), found.booked), (_("Chỗ trực không còn khớp ca"), found.seats)],
        button=_("Đổi giờ mở cửa"),
        cancel_href=back,
        hidden={**sent, "da-biet": found.booked + found.seats},
    )


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, point_id: int) -> HttpResponse:
    """Of one point."""
    at = here(request, point_id, day=clock.today(), duty=ARRANGE)
    if pressed(request) == "chung":
        actions.follow_city_settings(point_id, actor=at.actor, at=clock.now())
        messages.success(request, _("Điểm theo quy định chung từ hôm nay."))
        return redirect("counters:settings", at.point.id)
    form = SettingsForm(request.POST or None, now=queries.settings_of(at.house_id, on=clock.today()))
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.set_settings(form.settings(), point_id=point_id, actor=at.actor, at=clock.now())
            messages.success(request, _("Đã đặt quy định của điểm."))
            return redirect("counters:settings", at.point.id)
    own = queries.settings_row(at.house_id, on=clock.today())
    context = {"here": at, "form": form, "own": own, "history": history_of(own) if own else []}
    return render(request, "counters/settings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def city_settings(request: HttpRequest) -> HttpResponse:
    """Of all points that have none of their own."""
    actor = actor_of(request)
    city = units.city_of_duty(actor, CITY, on=clock.today())
    form = SettingsForm(request.POST or None, now=queries.settings_of(None, on=clock.today()), of_city=True)
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.set_settings(form.settings(), city_id=city.id, actor=actor, at=clock.now())
            messages.success(request, _("Đã đặt quy định chung của các điểm."))
            return redirect("counters:city_settings")
    own = queries.settings_row(None, on=clock.today())
    context = {"city": city, "form": form, "own": own, "history": history_of(own) if own else []}
    return render(request, "counters/city_settings.html", context, status=422 if form.errors else 200)
