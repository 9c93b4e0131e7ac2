"""A point's hall: its counters, its queues, taking a ticket; and one ticket."""

from __future__ import annotations

from dataclasses import astuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions, away
from thongsuot.counters.actions.errors import NobodySits
from thongsuot.counters.forms import BackForm, PriorityForm
from thongsuot.counters.models import Sitting, Ticket
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.rules import ARRANGE, SERVE
from thongsuot.counters.views.common import follow_address, here, lines
from thongsuot.counters.words import STATE_TAGS, about
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.web import qr
from thongsuot.web.forms import refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.request import actor_with, nothing_pressed, number_of, pressed

GIVEN = "so_vua_cap"  # in the session: the number that was given last, whose slip is to be printed


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    actor = actor_with(request, SERVE, ARRANGE)
    return render(request, "counters/points.html", {"rows": queries.my_points(actor, on=clock.today())})


def _parts(seen: queries.Hall) -> list[Part]:
    return [
        Part("quay", "counters/_counters.html", [astuple(row) for row in seen.counters]),
        Part("hang", "counters/_queues.html", [astuple(row) for row in seen.queues]),
    ]


@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day)
    form = PriorityForm(request.POST or None)
    if asked := request.GET.get("so", ""):
        if found := queries.named(at.house_id, asked, on=day):
            return redirect("counters:ticket", found.pk)
        messages.warning(request, _("Hôm nay điểm chưa cấp số %(code)s.") % {"code": asked[:20]})
        return redirect("counters:hall", at.point.id)
    if request.method == "POST":
        if pressed(request) == "cho-roi":
            left = actions.get_up(number_of(request.POST.get("quay", "")), actor=at.actor, at=clock.now())
            messages.success(request, _("Đã ghi %(name)s rời quầy.") % {"name": left.person_name})
            return redirect("counters:hall", at.point.id)
        if form.is_valid():
            said = request.POST.get("hang", "")
            ticket = actions.take_ticket(_queue(said), priority=form.cleaned_data["priority"], actor=at.actor, at=clock.now())
            request.session[GIVEN] = ticket.pk
            return redirect("counters:ticket", ticket.pk)
    seen = queries.hall(at.house_id, on=day)
    context = {"here": at, "hall": seen, "places": {part.id: part for part in _parts(seen)}, "form": form}
    context |= lines(request, at.house_id) | {"away": away.pages(at.point.id)}
    return render(request, "counters/hall.html", context, status=422 if form.errors else 200)


def _queue(text: str) -> int:
    if not number_of(text):
        raise BadInput({"hang": _("Chưa chọn hàng chờ nào. Hãy bấm nút của một hàng.")})
    return number_of(text)


@require_GET
def live(request: HttpRequest, point_id: int) -> HttpResponse:
    day = clock.today()
    at = here(request, point_id, day=day)
    seen = queries.hall(at.house_id, on=day)
    return changed(request, _parts(seen), {"here": at, "hall": seen}, known=request.GET.getlist("co"))


@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """A ticket to print and hand out; what happened to it."""
    found = must_exist(Ticket.objects.filter(pk=ticket_id).select_related("queue", "counter").first())
    day = clock.today()
    at = here(request, found.point_id, day=day)
    own = Sitting.objects.filter(person=at.actor.person_id, day=day, until_at=None, counter__point=found.point_id).first()
    may_return = found.may_come_back(day) and (at.arranges or (at.serves and found.was_served_by(at.actor.person_id)))
    back_form = BackForm(request.POST if pressed(request) == "quay-lai" else None)
    if back_form.is_bound and back_form.is_valid():
        with refusals_on(back_form):
            reason = back_form.cleaned_data["reason"]
            back = actions.come_back(found.pk, reason=reason, actor=at.actor, at=clock.now())
            words = _("Số %(code)s chờ lại ở chỗ cũ.") if back.reserved_for_id is None else _("Số %(code)s được gọi tiếp theo.")
            messages.success(request, words % {"code": back.code})
            return redirect("counters:desk", own.counter_id) if own else redirect("counters:hall", at.point.id)
    elif request.method == "POST" and not back_form.is_bound:
        what = pressed(request)
        if what == "goi":
            if own is None:  # left meanwhile
                raise NobodySits
            actions.call_one(found.pk, counter_id=own.counter_id, actor=at.actor, at=clock.now())
            return redirect("counters:desk", own.counter_id)
        if what != "huy":
            raise nothing_pressed()
        actions.cancel_ticket(found.pk, actor=at.actor, at=clock.now())
        messages.success(request, _("Đã hủy số %(code)s.") % {"code": found.code})
        return redirect("counters:hall", at.point.id)
    waiting = found.state == Ticket.State.WAITING and found.day == day
    # To be printed when it is given: later, or taken elsewhere, its secret is nobody's but its holder's.
    on_slip = request.session.pop(GIVEN, None) == found.pk and waiting and found.secret is not None
    return render(
        request,
        "counters/ticket.html",
        {
            "here": at,
            "found": found,
            "tag": STATE_TAGS[Ticket.State(found.state)],
            "is_today": found.day == day,
            "ahead": queries.ahead_of(found),
            "own": own,
            "can_call": found.can_be_called(day),
            "may_return": may_return,
            "back_form": back_form,
            "told": about(found.told) if found.told else "",
            "picture": qr.picture(follow_address(found)) if on_slip else "",
            "history": history_of(found),
        },
        status=422 if back_form.errors else 200,
    )
