"""The desk: who waits, whom an operator has on the line, who else is there; by keys all day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.hotline import actions, asking, exchange
from thongsuot.hotline.forms import CallsForm, SeatForm
from thongsuot.hotline.models import OperatorPresence
from thongsuot.hotline.queries import desk as queries
from thongsuot.hotline.rules import ANSWER, FIGURES, LEAD
from thongsuot.hotline.views.common import AT_DESK, at_desk, follows
from thongsuot.hotline.words import PRESENCE_TAGS, STATE_TAGS, caller_of
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.web.forms import refusals_on
from thongsuot.web.live import Part, changed
from thongsuot.web.paging import page_of
from thongsuot.web.request import nothing_pressed, number_of, pressed

State = OperatorPresence.State
STATES = {"san-sang": State.READY, "nghi": State.BREAK, "hoan-tat": State.AFTER_CALL}


def _parts(actor: Actor, city_id: int) -> tuple[list[Part], dict[str, Any]]:
    """What of the desk changes by itself. A call that rings is read out."""
    rings, lost = queries.ringing(city_id), queries.unclaimed(city_id)
    waits, unclaimed = list(rings[: queries.WAITING_SHOWN]), list(lost[: queries.WAITING_SHOWN])
    more, unclaimed_more = (
        rows.count() - len(found) if len(found) == queries.WAITING_SHOWN else 0
        for rows, found in ((rings, waits), (lost, unclaimed))
    )
    mine, seat = queries.in_hand(actor.person_id), queries.seat_of(actor.person_id)
    backs = queries.call_backs(city_id)
    now, leads = clock.now(), actor.may(LEAD, unit_id=city_id)
    due, open_backs = backs.alias(wanted=queries.WANTED_AT).filter(wanted__lt=now).count(), backs.count()
    stuck = queries.stuck_calls(city_id, now=now).count() + queries.stuck_call_backs(city_id, now=now).count() if leads else 0
    free = mine is None and seat is not None and seat.state == State.READY
    seats = queries.seats(city_id)
    shown = ([(one.pk, one.state) for one in [*waits, *unclaimed]], more, unclaimed_more)
    parts = [
        Part("cho", "hotline/_waiting.html", (shown, free, mine and (mine.pk, mine.state)), live=True),
        Part("truc", "hotline/_seats.html", ([(one.pk, busy) for one, busy in seats], due, open_backs, stuck)),
    ]
    return parts, {
        "waiting": waits,
        "more": more,
        "unclaimed": unclaimed,
        "unclaimed_more": unclaimed_more,
        "mine": mine,
        "seat": seat,
        "free": free,
        "seats": seats,
        "due": due,
        "open_backs": open_backs,
        "tags": STATE_TAGS,
        "presence_tags": PRESENCE_TAGS,
        "caller_of": caller_of,
        "stuck": stuck,
        "leads": leads,
        "answering": actor.may(ANSWER, unit_id=city_id),
    }


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    actor, city = at_desk(request, *AT_DESK)
    what, lines = pressed(request), queries.lines_of(city.id)
    seat_form = SeatForm(request.POST if what == "vao" else None, lines=lines)
    if request.method == "POST" and (not seat_form.is_bound or seat_form.is_valid()):
        with refusals_on(seat_form if seat_form.is_bound else None):
            return _do(request, what, seat_form, actor=actor)
    parts, context = _parts(actor, city.id)
    context |= {
        "city": city,
        "lines": lines,
        "seat_form": seat_form,
        "places": {part.id: part for part in parts},
        "follows": follows(request, city.id),
        "played": exchange.is_stand_in(),
        "sees_figures": actor.may(FIGURES, unit_id=city.id),
    }
    return render(request, "hotline/desk.html", context, status=422 if seat_form.errors else 200)


def _do(request: HttpRequest, what: str, form: SeatForm, *, actor: Actor) -> HttpResponse:
    """One press of a button."""
    at = clock.now()
    match what:
        case "vao":
            said = form.cleaned_data
            seat = actions.sit_at(said["line"], extension=said["extension"], actor=actor, at=at)
            messages.success(request, _("Bạn đã vào bàn trực, máy lẻ %(extension)s.") % {"extension": seat.extension})
        case "nhan":
            call = asking.pick(number_of(request.POST.get("cuoc", "")), actor=actor, at=at)
            return redirect("hotline:call", call.pk)
        case "roi":
            actions.leave(actor=actor, at=at)
            messages.success(request, _("Bạn đã rời bàn trực."))
        case "cho-roi":
            left = actions.leave(person_id=number_of(request.POST.get("nguoi", "")), actor=actor, at=at)
            messages.success(request, _("%(name)s đã được cho rời bàn trực.") % {"name": left.person_name})
        case _ if what in STATES:
            actions.set_state(STATES[what], actor=actor, at=at)
        case _:
            raise nothing_pressed()
    return redirect("hotline:desk")


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    actor, city = at_desk(request, *AT_DESK)
    parts, context = _parts(actor, city.id)
    return changed(request, parts, {**context, "city": city}, known=request.GET.getlist("co"))


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Calls of a day, or those that are looked for: one's own; of all for who leads. No number of a caller is shown in a list,
    nor looked for.
    """
    actor, city = at_desk(request, *AT_DESK)
    asked = [name for name in ("ngay", "phieu", "cuoc") if request.GET.get(name)]
    form = CallsForm(request.GET if asked else None, initial={"ngay": clock.today()})
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    looked_for: dict[str, Any] = {"call_id": said.get("cuoc"), "ticket": said.get("phieu", "")}
    day = None if any(looked_for.values()) else said.get("ngay") or clock.today()
    leads = actor.may(LEAD, unit_id=city.id)
    own = not leads or "toi" in request.GET
    rows = queries.taken_calls(city.id, person_id=(actor.person_id or 0) if own else None, day=day, **looked_for)
    kept = {name: request.GET[name] for name in asked}
    page = page_of(request, count=rows.count())
    shown = list(rows[page.slice])
    context = {
        "page": page,
        "rows": shown,
        "hidden": queries.hidden_in(shown),
        "form": form,
        "day": day,
        "today": day == clock.today(),
        "everyone": "?" + urlencode(kept) if kept else "",
        "mine": "?" + urlencode({**kept, "toi": "1"}),
        "kept": {"toi": "1"} if own and leads else {},
        "own": own,
        "leads": leads,
        "tags": STATE_TAGS,
        "now": clock.now(),
    }
    return render(request, "hotline/calls.html", context, status=422 if form.is_bound and form.errors else 200)
