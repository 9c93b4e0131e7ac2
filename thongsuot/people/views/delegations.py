"""Standing in: one's own absence, and those of the people one manages."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotYourDuty, must_exist
from thongsuot.people import actions, queries
from thongsuot.people.forms import DelegationForm
from thongsuot.units import queries as units
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of


@require_GET
def delegations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return render(request, "people/delegations.html", {"rows": queries.delegations(actor, on=clock.today())})


@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest) -> HttpResponse:
    """First the unit (one's own, or one whose people one manages), then who, for whom, how long."""
    actor = actor_of(request)
    today = clock.today()
    choices = _units_to_choose(actor, today)
    if not choices:
        raise NotYourDuty("manage people")
    asked = request.GET.get("don_vi", "")
    unit_id = next((choice.id for choice in choices if str(choice.id) == asked), choices[0].id)
    everyone = queries.colleagues(0, unit_id, on=today)
    managed = unit_id in actor.units_for("manage people")
    givers = everyone if managed else [one for one in everyone if one[0] == actor.person_id]
    takers = everyone if managed else [one for one in everyone if one[0] != actor.person_id]
    form = DelegationForm(request.POST or None, givers=givers, takers=takers, on=today)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        with refusals_on(form):
            actions.delegate_work(facts.pop("from_person_id"), **facts, unit_id=unit_id, actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi người làm thay. Việc mới trong những ngày đó chuyển sang người ấy."))
            return redirect("people:delegations")
    return render(
        request,
        "people/delegate.html",
        {"form": form, "units": choices, "unit_id": unit_id},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = must_exist(next((row for row in queries.delegations(actor, on=clock.today()) if row.id == delegation_id), None))
    if request.method == "POST":
        actions.end_delegation(delegation_id, actor=actor, at=clock.now())
        messages.success(request, _("Đã kết thúc làm thay."))
        return redirect("people:delegations")
    return confirm(
        request,
        question=_("Kết thúc việc %(taker)s làm thay %(giver)s?") % {"taker": row.taker, "giver": row.giver},
        consequence=_("Từ hôm nay việc trở về người cũ. Việc đã làm xong vẫn giữ nguyên."),
        button=_("Kết thúc làm thay"),
        cancel_href=reverse("people:delegations"),
        staff=True,
    )


def _units_to_choose(actor: Actor, today: date) -> list[queries.UnitChoice]:
    """Where one has a post, then where one manages people."""
    own = (
        []
        if actor.person_id is None
        else [post.unit_id for post in queries.posts_of([actor.person_id], on=today)[actor.person_id] if post.state == "now"]
    )
    names = units.unit_rows(own, as_of=today)
    first = [queries.UnitChoice(id=unit_id, name=names[unit_id].full_name) for unit_id in dict.fromkeys(own)]
    return first + [choice for choice in queries.units_managed(actor, on=today) if choice.id not in names]
