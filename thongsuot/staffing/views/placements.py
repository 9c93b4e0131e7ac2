"""Placements: proposing one, the list that waits for approval, and one with all that may be done with it now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.staffing import actions, rules
from thongsuot.staffing.forms import PLACES_OF_PROPOSAL, DecideForm, NoteForm, ProposeForm, ReasonForm
from thongsuot.staffing.models import JobPosition, Placement
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries import persons as queries
from thongsuot.staffing.queries.seen import covers, is_own, member_for, placement_for
from thongsuot.staffing.rules import MANAGE, PROPOSE, Side
from thongsuot.staffing.views.common import all_unit_choices, day_in, day_of_plan, office_actor, tabs
from thongsuot.units import queries as units
from thongsuot.units.models import Body
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, number_of, pressed

Status = Placement.Status


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, member_id: int) -> HttpResponse:
    """First the day and the receiving unit (in the address), then the post in it. The day says which units there are."""
    actor = office_actor(request, PROPOSE, MANAGE)
    one = member_for(member_id, actor=actor)
    city = units.default_city(as_of=clock.today())
    day = day_in(request.GET, "ngay", otherwise=day_of_plan(city.id))
    if request.method == "POST":
        day = day_in(request.POST, "effective_on", otherwise=day)
    choices = all_unit_choices(city, on=day)
    known = {unit_id for unit_id, _name in choices}
    asked, sent = number_of(request.GET.get("don_vi", "")) or None, _unit_of_place(request)
    unit_id = asked if asked in known else one.unit_id if one.unit_id in known else choices[0][0]
    # What was sent stays a choice, also when its unit is still to begin on the day sent: the command says what is wrong.
    unit_id = sent or unit_id
    places = _places(unit_id, max(day, units.unit_row(unit_id, as_of=day).valid_from))
    initial = {"effective_on": day if day > clock.today() else None, **_first_choice(request, places)}
    form = ProposeForm(request.POST or None, places=places, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, places=PLACES_OF_PROPOSAL):
            made = actions.propose(one.pk, **form.facts(), actor=actor, at=clock.now())
            messages.success(request, _("Đã đề xuất. Phương án chờ duyệt."))
            return redirect("staffing:placement", made.pk)
    return render(
        request,
        "staffing/propose.html",
        {
            "form": form,
            "one": one,
            "units": choices,
            "unit_id": unit_id,
            "day": day,
            "tabs": tabs("staffing:placements", actor=actor),
        },
        status=422 if form.errors else 200,
    )


def _unit_of_place(request: HttpRequest) -> int | None:
    """Of the body that was sent."""
    body, _colon, _position = request.POST.get("place", "").partition(":")
    return Body.objects.filter(pk=number_of(body)).values_list("unit_id", flat=True).first()


def _places(unit_id: int, day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Positions by body of that day; a body without any is a choice of its own, and the title says the post."""
    row = units.unit_row(unit_id, as_of=day)
    plan = boards.plan_in_force(units.city_of(unit_id), on=day)
    short = {one.position_id: one.short for one in boards.positions_of(unit_id, plan=plan, on=day)}
    groups = []
    positions = list(JobPosition.objects.filter(in_use=True, applies_to__contains=[row.kind]).order_by("code"))
    for body in units.bodies_of(unit_id, as_of=day):
        if body.unit_id != unit_id:
            continue
        options = [(f"{body.id}:{one.pk}", _said(one, short)) for one in positions if one.body_kind == body.kind]
        groups.append((body.name, options or [(f"{body.id}:", body.name)]))
    return groups


def _said(position: JobPosition, short: dict[int, int]) -> str:
    lacking = short.get(position.pk)
    if lacking is None:
        return position.name
    return (
        _("%(name)s (thiếu %(count)s)") % {"name": position.name, "count": lacking}
        if lacking
        else _("%(name)s (đã đủ)") % {"name": position.name}
    )


def _first_choice(request: HttpRequest, places: list[tuple[str, list[tuple[str, str]]]]) -> dict[str, Any]:
    wanted = number_of(request.GET.get("vi_tri", "")) or None
    for _body, options in places:
        for value, _text in options:
            if wanted is not None and value.endswith(f":{wanted}"):
                return {"place": value, "becomes": State.ASSIGNED.value}
    return {"becomes": State.ASSIGNED.value}


@require_GET
def placements(request: HttpRequest) -> HttpResponse:
    actor = office_actor(request)
    status = request.GET.get("loc", "mo")
    status = status if status in {"mo", "", *Status.values} else "mo"
    page = page_of(request, count=queries.placement_count(actor, status=status))
    filters = (
        ("mo", _("Đang làm")),
        (Status.PROPOSED.value, _("Chờ duyệt")),
        (Status.APPROVED.value, _("Chờ quyết định")),
        (Status.DECIDED.value, _("Chờ đến ngày")),
        ("", _("Tất cả")),
    )
    return render(
        request,
        "staffing/placements.html",
        {
            "page": page,
            "rows": queries.placements(actor, on=clock.today(), status=status, limit=page.size, offset=page.first),
            "filters": [
                {
                    "text": text,
                    "href": f"?loc={key}",
                    "current": key == status,
                    "count": queries.placement_count(actor, status=key),
                }
                for key, text in filters
            ],
            "tabs": tabs("staffing:placements", actor=actor),
        },
    )


@require_http_methods(["GET", "POST"])
def placement(request: HttpRequest, placement_id: int) -> HttpResponse:
    actor = actor_of(request)
    one = placement_for(placement_id, actor=actor)
    forms: dict[str, django_forms.Form] = {
        **{f"duyet_{side}": NoteForm(auto_id=f"duyet_{side}_%s") for side in Side.values},
        **{f"khong_{side}": ReasonForm(auto_id=f"khong_{side}_%s") for side in Side.values},
        "rut": ReasonForm(auto_id="rut_%s"),
        "quyet_dinh": DecideForm(),
    }
    if request.method == "POST":
        wanted, side = pressed(request), request.POST.get("ben", "")
        wanted = f"{wanted}_{side}" if wanted in {"duyet", "khong"} else wanted
        if wanted == "hieu_luc":
            actions.take_effect(one.pk, actor=actor, at=clock.now())
            messages.success(request, _("Phương án đã có hiệu lực."))
            return redirect("staffing:placement", one.pk)
        if wanted in forms:
            form = forms[wanted] = type(forms[wanted])(request.POST, auto_id=forms[wanted].auto_id)
            if form.is_valid():
                with refusals_on(form):
                    _do(wanted, form, one, side, actor)
                    messages.success(request, _("Đã ghi."))
                    return redirect("staffing:placement", one.pk)
    today = clock.today()
    return render(
        request,
        "staffing/placement.html",
        {
            "one": one,
            "row": queries.placement_row(one, on=today),
            "from_unit": units.unit_row(one.from_unit_id, as_of=today).full_name,
            "sides": _sides(one, actor),
            "forms": forms,
            "may": _may(one, actor),
            "history": history_of(one),
            "tabs": tabs("staffing:placements", actor=actor),
        },
        status=422 if any(form.is_bound and form.errors for form in forms.values()) else 200,
    )


def _do(wanted: str, form: django_forms.Form, one: Placement, side: str, actor: Actor) -> None:
    """One command for one button."""
    now, said = clock.now(), form.cleaned_data
    if wanted.startswith("duyet"):
        actions.approve(one.pk, side=side, **said, actor=actor, at=now)
    elif wanted.startswith("khong"):
        actions.refuse(one.pk, side=side, **said, actor=actor, at=now)
    elif wanted == "rut":
        actions.withdraw(one.pk, **said, actor=actor, at=now)
    else:
        actions.decide(one.pk, **said, actor=actor, at=now)


def _sides(one: Placement, actor: Actor) -> list[dict[str, Any]]:
    """Each side that must approve: who did, or whether this reader may."""
    given = {approval.side: approval for approval in one.approvals.all()}
    found = []
    for side in rules.sides_needed(party_managed=one.party_managed):
        where = one.member.city_id if side == Side.PARTY else one.from_unit_id
        speaks = actor.person_id is not None and covers(actor, rules.DUTY_OF_SIDE[side], where)
        found.append(
            {
                "side": side.value,
                "label": side.label,
                "given": given.get(side),
                "speaks": speaks and not is_own(one.member, actor),
                "may_approve": speaks
                and side not in given
                and one.status == Status.PROPOSED
                and not is_own(one.member, actor)
                and actor.person_id not in {approval.by_id for approval in given.values()}
                and one.proposed_by_id != actor.person_id,
            }
        )
    return found


def _may(one: Placement, actor: Actor) -> dict[str, bool]:
    """What to offer; the commands decide."""
    if is_own(one.member, actor):
        return {"refuse": False, "withdraw": False, "decide": False, "effect": False}
    manages = covers(actor, MANAGE, one.from_unit_id)
    proposes = covers(actor, PROPOSE, one.from_unit_id) or covers(actor, MANAGE, one.from_unit_id)
    if one.to_body is not None:
        proposes = proposes or covers(actor, PROPOSE, one.to_body.unit_id)
    gone = State(one.becomes) in rules.GONE
    early = one.status in {Status.PROPOSED, Status.APPROVED}
    return {
        "refuse": early,
        "withdraw": not gone and ((early and proposes) or (one.status == Status.DECIDED and manages)),
        "decide": manages and one.status == Status.APPROVED,
        "effect": manages and one.status == Status.DECIDED and one.effective_on <= clock.today(),
    }
