"""A ticket on the telephone of whoever holds it: how many are ahead, how long it may take, which counter calls.

It goes on estimating while they wait; held against what came (queries.effects) is what they were told when they took it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.counters import actions, topics
from thongsuot.counters.models import Ticket
from thongsuot.counters.queries import hall as queries
from thongsuot.counters.queries.waits import expected_of
from thongsuot.counters.rules import REASONS_WITHIN
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.counters.words import STATE_TAGS, about
from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import must_exist
from thongsuot.units import queries as units
from thongsuot.web import pulses
from thongsuot.web.live import Part, changed
from thongsuot.web.request import nothing_pressed, number_of, pressed


def _ticket(secret: str) -> Ticket:
    """Raises NotFound."""
    return must_exist(Ticket.objects.filter(secret=secret).select_related("queue", "counter", "rating").first())


def _seen(ticket: Ticket) -> tuple[list[Part], dict[str, Any]]:
    """What changes on the page. A number of another day only says so."""
    today = ticket.day == clock.today()
    waiting = today and ticket.state == Ticket.State.WAITING
    ahead = queries.ahead_of(ticket) if waiting else 0
    wait = expected_of(ticket, seen=queries.hall(ticket.point_id, on=ticket.day), at=clock.now()) if waiting else None
    can_rate = today and ticket.state == Ticket.State.DONE and not hasattr(ticket, "rating")
    given = getattr(ticket, "rating", None)
    says_why = given is not None and not given.reasons and clock.now() - given.rated_at <= REASONS_WITHIN
    counter = ticket.counter.number if ticket.counter and ticket.state in Ticket.AT_COUNTER else None
    context = {
        "found": ticket,
        "today": today,
        "waiting": waiting,
        "ahead": ahead,
        "wait": about(wait) if wait else "",
        "told": about(ticket.told) if ticket.told else "",
        "counter": counter,
        "can_rate": can_rate,
        "levels": Level.choices,
        "says_why": says_why,
        "reasons": Reason.choices,
        "tag": STATE_TAGS[Ticket.State(ticket.state)],
    }
    shown = (ticket.state, ticket.expired, today, ahead, context["wait"], counter, can_rate, says_why, ticket.called_at)
    return [Part("so", "counters/_follow.html", shown, live=True)], context


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Also whoever is logged in acts here as anyone: a ticket's history names nobody."""
    ticket = _ticket(secret)
    if request.method == "POST" and "muc" in request.POST:
        level = number_of(request.POST["muc"])
        actions.rate_ticket(secret, level=level, actor=ANYONE, at=clock.now())
        messages.success(request, _("Cảm ơn bạn đã đánh giá. Nếu muốn, hãy cho biết vì sao."))
        return redirect("counters:follow", secret)
    if request.method == "POST" and pressed(request) == "vi-sao":
        given = must_exist(getattr(ticket, "rating", None))
        actions.give_reasons(given.pk, reasons=request.POST.getlist("ly-do"), actor=ANYONE, at=clock.now())
        messages.success(request, _("Cảm ơn bạn đã nêu lý do."))
        return redirect("counters:follow", secret)
    if request.method == "POST":
        if pressed(request) != "bo":
            raise nothing_pressed()
        actions.leave_queue(secret, actor=ANYONE, at=clock.now())
        messages.success(request, _("Đã bỏ số. Nếu đổi ý, hãy lấy số khác."))
        return redirect("counters:follow", secret)
    parts, context = _seen(ticket)
    point = units.point_of_house(ticket.point_id, as_of=clock.today())
    context |= {"point": point, "places": {part.id: part for part in parts}}
    context["unit"] = units.unit_row(point.unit_id, as_of=clock.today()).full_name
    context["follows"] = pulses.address(request, topics.ticket(ticket.pk))
    return render(request, "counters/follow.html", context)


@require_GET
def live(request: HttpRequest, secret: str) -> HttpResponse:
    parts, context = _seen(_ticket(secret))
    return changed(request, parts, context, known=request.GET.getlist("co"))
