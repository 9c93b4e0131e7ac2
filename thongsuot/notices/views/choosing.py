"""Which optional letters a person gets and by which way; when nobody's telephone rings for the city."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.notices import actions, kinds, links, queries, rules
from thongsuot.notices.actions.wording import WRITE
from thongsuot.notices.forms import ChoicesForm, QuietForm
from thongsuot.notices.models import Delivery
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, must_be_somebody, number_of, pressed


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Optional letters, each by each way. What the law orders to be told is not among them."""
    person_id = must_be_somebody(request)
    declined = queries.my_choices(person_id)
    form = ChoicesForm(request.POST or None, declined=declined)
    if request.method == "POST" and form.is_valid():
        actor, now = actor_of(request), clock.now()
        wanted = form.wanted()
        for kind in kinds.OPTIONAL:
            for way in rules.WAYS:
                if (kind, way) in wanted and (kind, way) in declined:
                    actions.want_again(person_id, kind=kind, way=way, actor=actor, at=now)
                elif (kind, way) not in wanted and (kind, way) not in declined:
                    actions.decline(person_id, kind=kind, way=way, actor=actor, at=now)
        messages.success(request, _("Đã lưu lựa chọn của bạn."))
        return redirect("notices:choices")
    return render(request, "notices/choices.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is the proof
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail programs open links to look for harm."""
    delivery_id = links.delivery_in(token)
    found = Delivery.objects.select_related("notice").filter(pk=delivery_id).first() if delivery_id else None
    kind = kinds.LETTERS[found.notice.key].optional if found and found.notice.key in kinds.LETTERS else ""
    if found is None or not kind:
        raise Http404
    job, done = pressed(request), ""
    if request.method == "POST" and job == "nhan-lai":
        if queries.declined_by_link(found.notice):  # pressed twice, it is wanted all the same
            actions.want_again_at(found.pk, actor=ANYONE, at=clock.now())
        done = "again"
    elif request.method == "POST":  # a mail program posts without a button of ours
        actions.decline_at(found.pk, every_way=job == "tat-ca", actor=ANYONE, at=clock.now())
        done = "declined"
    context = {
        "kind": kinds.OPTIONAL[kind],
        "way": rules.WAYS[found.way],
        "done": done,
        "declined": ", ".join(str(rules.WAYS[way]) for way in queries.declined_by_link(found.notice)),
    }
    return render(request, "notices/unsubscribe.html", context)


@require_http_methods(["GET", "POST"])
def quiet(request: HttpRequest) -> HttpResponse:
    """When SMS and Zalo wait for the morning: today's hours, those to come, and those of before."""
    actor, now = actor_of(request), clock.now()
    today = timezone.localdate(now)
    city = units.city_of_duty(actor, WRITE, on=today)
    current = queries.quiet_on(city.id, on=today)
    if pressed(request) == "bo":
        actions.withdraw_quiet_hours(number_of(request.POST.get("so", "")), actor=actor, at=now)
        messages.success(request, _("Đã bỏ giờ yên lặng chưa dùng."))
        return redirect("notices:quiet")
    form = QuietForm(
        request.POST or None,
        initial={"starts": current.starts, "ends": current.ends, "ways": current.ways, "valid_from": today},
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, beside="valid_from"):
            actions.set_quiet_hours(city.id, **form.cleaned_data, actor=actor, at=now)
            messages.success(request, _("Đã đặt giờ yên lặng."))
            return redirect("notices:quiet")
    held = ", ".join(str(rules.WAYS[way]) for way in current.ways)
    context = {"form": form, "current": current, "rows": queries.quiet_hours(city.id), "held": held, "today": today}
    return render(request, "notices/quiet.html", context, status=422 if form.errors else 200)
