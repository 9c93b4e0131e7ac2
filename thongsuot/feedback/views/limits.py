"""Time limits and numbers of a city: what holds, what is announced, what held before; and when something would be due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback.arranging_forms import LimitForm, NumberForm, ReckonForm
from thongsuot.feedback.models import TimeLimit
from thongsuot.feedback.queries import arranging
from thongsuot.feedback.queries.settings import limit as limit_in_force
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.rules.numbers import KEYS
from thongsuot.feedback.views.administration import manager
from thongsuot.feedback.words import Stream, Urgency
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.web.forms import refusals_on

MEASURES = dict(TimeLimit.Measure.choices)
FAR = timedelta(days=366)  # the calendar of later years is not settled


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """All limits, and a calculator that answers below its form."""
    _actor, city = manager(request)
    now, today, asked = timezone.localtime(clock.now()), clock.today(), "ngay" in request.GET
    first = {"luong": Stream.SCENE, "buoc": TimeLimit.Step.ANSWER, "muc": Urgency.NORMAL, "ngay": today, "gio": f"{now:%H:%M}"}
    form = ReckonForm(request.GET if asked else None, initial=first)
    found: arranging.Reckoned | None = None
    if asked and form.is_valid():
        said = form.cleaned_data
        if abs(said["ngay"] - today) > FAR:
            form.add_error("ngay", _("Hãy chọn ngày trong vòng một năm: lịch làm việc xa hơn chưa định."))
        else:
            with refusals_on(form):
                found = arranging.reckoned(
                    city.id,
                    stream=said["luong"],
                    step=said["buoc"],
                    urgency=said["muc"],
                    sent_at=form.instant(),
                    on=said["ngay"],
                )
                if found is None:
                    form.add_error("buoc", _("Luồng này không đặt thời hạn cho bước ấy. Hãy chọn bước khác."))
    table = arranging.limit_table(city.id, on=today)
    context = {
        "city": city,
        "form": form,
        "found": found,
        "table": table,
        "measures": MEASURES,
        "to_check": sum(row.limit.to_check for _stream, rows in table for row in rows),
        "defaults": sum(row.is_default for _stream, rows in table for row in rows),
    }
    return render(request, "feedback/administration/limits.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def limit(request: HttpRequest) -> HttpResponse:
    """One step of one kind: a new value from a day on, below it what held before."""
    actor, city = manager(request)
    today = clock.today()
    form = LimitForm(request.POST or None, initial=_now_of(request, city.id))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            day = form.cleaned_data["valid_from"]
            actions.set_limit(city.id, form.facts(), valid_from=day, actor=actor, at=clock.now())
            messages.success(request, _("Đã đặt thời hạn từ ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"})
            return redirect("feedback:limits")
    about = {name: str(form[name].value() or "") for name in ("stream", "step", "urgency")}
    context = {
        "form": form,
        "history": arranging.limit_history(city.id, **about),
        "measures": MEASURES,
        "today": today,
    }
    return render(request, "feedback/administration/limit.html", context, status=422 if form.errors else 200)


def _now_of(request: HttpRequest, city_id: int) -> dict[str, Any]:
    """What the address names, with what holds there today; nonsense is left out."""
    today = clock.today()
    said = {
        name: value if (value := request.GET.get(word, "")) in known else usual
        for name, word, known, usual in (
            ("stream", "luong", Stream.values, Stream.SCENE.value),
            ("step", "buoc", TimeLimit.Step.values, TimeLimit.Step.ANSWER.value),
            ("urgency", "muc", Urgency.values, ""),
        )
    }
    found = limit_in_force(said["step"], city_id=city_id, stream=said["stream"], urgency=said["urgency"], on=today)
    now = {"value": found.value, "measure": found.measure} if found else {}
    return said | now | {"valid_from": today + timedelta(days=1)}


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    _actor, city = manager(request)
    context = {"city": city, "rows": arranging.numbers(city.id, on=clock.today())}
    return render(request, "feedback/administration/numbers.html", context)


@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, key: str) -> HttpResponse:
    actor, city = manager(request)
    one, today = must_exist(KEYS.get(key)), clock.today()
    first = {"value": setting(key, city_id=city.id, on=today), "valid_from": today}
    form = NumberForm(request.POST or None, number=one, initial=first)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            said = form.cleaned_data
            actions.set_setting(city.id, key, said.pop("value"), **said, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu."))
            return redirect("feedback:numbers")
    context = {"form": form, "number": one, "history": arranging.number_history(city.id, key), "today": today}
    return render(request, "feedback/administration/number.html", context, status=422 if form.errors else 200)
