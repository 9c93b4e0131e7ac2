"""Administration of the hotline: lines, settings with their basis, scripts."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.feedback.models import Category
from thongsuot.hotline import actions, exchange
from thongsuot.hotline.actions.common import recordings_of, settings_on
from thongsuot.hotline.forms import LineForm, ScriptForm, SettingsForm, WhyForm
from thongsuot.hotline.models import CallScript, HotlineSetting
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.queries.recordings import holds, undeleted
from thongsuot.hotline.rules import ANSWER, LEAD, MANAGE
from thongsuot.hotline.views.common import at_desk
from thongsuot.kernel import clock
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.periods import in_force
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import nothing_pressed, number_of, pressed


@require_http_methods(["GET", "POST"])
def admin(request: HttpRequest) -> HttpResponse:
    actor, city = at_desk(request, MANAGE)
    what, today = pressed(request), clock.today()
    line_form = LineForm(request.POST if what == "mo" else None)
    form = SettingsForm(request.POST if what == "dat" else None, now=settings_on(city.id, today))
    asked = next((one for one in (line_form, form) if one.is_bound), None)
    if request.method == "POST" and (asked is None or asked.is_valid()):
        with refusals_on(asked):
            if what == "mo":
                made = actions.open_line(city.id, **line_form.cleaned_data, actor=actor, at=clock.now())
                messages.success(request, _("Đã mở đường dây %(name)s.") % {"name": made.name})
            elif what == "dat":
                actions.set_settings(city.id, form.settings(), actor=actor, at=clock.now())
                messages.success(request, _("Đã đặt quy định của tổng đài, dùng từ hôm nay."))
            elif what == "dong":
                closed = actions.close_line(number_of(request.POST.get("duong-day", "")), actor=actor, at=clock.now())
                messages.success(request, _("Đã đóng đường dây %(name)s.") % {"name": closed.name})
            else:
                raise nothing_pressed()
            return redirect("hotline:admin")
    own = HotlineSetting.objects.filter(in_force(today), city=city.id).first()
    context = {
        "forms": [line_form, form],
        "line_form": line_form,
        "form": form,
        "lines": queries.lines_of(city.id),
        "exchange": exchange.name(),
        "played": exchange.is_stand_in(),
        "own": own,
        "undeleted": undeleted(city.id).count(),
        "history": history_of(own) if own else [],
    }
    return render(request, "hotline/admin.html", context, status=422 if asked is not None and asked.errors else 200)


@require_http_methods(["GET", "POST"])
def recordings(request: HttpRequest) -> HttpResponse:
    """Those past their time that are still at the exchange, and those that are held."""
    actor, city = at_desk(request, MANAGE)
    asked = number_of(request.POST.get("cuoc", ""))
    form = WhyForm(request.POST or None, auto_id=f"ly-do-{asked}-%s")
    if form.is_bound and form.is_valid():
        with refusals_on(form):
            actions.confirm_recording_gone(asked, reason=form.cleaned_data["reason"], actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi: bản ghi âm không còn ở nơi lưu."))
            return redirect("hotline:recordings")
    rows = undeleted(city.id)
    page = page_of(request, count=rows.count())
    context = {"form": form, "page": page, "rows": rows[page.slice], "holds": holds(city.id), "asked": asked}
    context |= {"recordings_of": recordings_of, "answering": actor.may(ANSWER, unit_id=city.id)}
    context["leads"] = actor.may(LEAD, unit_id=city.id)
    return render(request, "hotline/recordings.html", context, status=422 if form.errors else 200)


@require_GET
def scripts(request: HttpRequest) -> HttpResponse:
    _actor, city = at_desk(request, MANAGE)
    today = clock.today()
    since: dict[int | None, date] = dict(
        CallScript.objects.filter(in_force(today), city=city.id).values_list("category_id", "valid_from")
    )
    rows = [(one, since.get(one.pk)) for one in queries.categories(city.id, on=today)]
    return render(request, "hotline/scripts.html", {"rows": rows, "general": since.get(None)})


@require_http_methods(["GET", "POST"])
def script(request: HttpRequest, category_id: int = 0) -> HttpResponse:
    """What is said about a category; 0: about any matter."""
    actor, city = at_desk(request, MANAGE)
    today, category = clock.today(), None
    if category_id:
        category = must_exist(Category.objects.filter(in_force(today), city=city.id, pk=category_id).first())
    versions = list(CallScript.objects.filter(city=city.id, category=category).order_by("-valid_from"))
    now = next((one for one in versions if one.valid_from <= today and not one.is_past(today)), None)
    form = ScriptForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.write_script(
                city.id, category_id=category.pk if category else None, **form.facts(), actor=actor, at=clock.now()
            )
            messages.success(request, _("Đã đặt kịch bản, dùng từ hôm nay. Bản trước vẫn được giữ."))
            return redirect("hotline:scripts")
    context = {"form": form, "category": category, "versions": versions, "now": now}
    return render(request, "hotline/script.html", context, status=422 if form.errors else 200)
