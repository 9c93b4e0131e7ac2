"""Persons: the list, one of them, those who come in, and what one sees about oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.staffing import actions, rules
from thongsuot.staffing.forms import STATE_CHOICES, EditMemberForm, LeaveForm, MemberForm, MembersFileForm
from thongsuot.staffing.models import StaffMember
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries import persons as queries
from thongsuot.staffing.queries import pool as pools
from thongsuot.staffing.queries.seen import covers, is_own, member_for
from thongsuot.staffing.rules import MANAGE, PROPOSE
from thongsuot.staffing.views.common import city_actor, is_of_city, office_actor, tabs, wish_choices
from thongsuot.staffing.views.leaving import leave_initial
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, number_of, pressed


@require_GET
def members(request: HttpRequest) -> HttpResponse:
    actor = office_actor(request, PROPOSE, MANAGE)
    words, state = request.GET.get("q", "")[:200], request.GET.get("tinh_trang", "")
    page = page_of(request, count=queries.member_count(actor, on=clock.today(), words=words, state=state))
    return render(
        request,
        "staffing/members.html",
        {
            "page": page,
            "rows": queries.members(actor, on=clock.today(), words=words, state=state, limit=page.size, offset=page.first),
            "words": words,
            "state": state,
            "states": STATE_CHOICES,
            "of_city": is_of_city(actor),
            "tabs": tabs("staffing:members", actor=actor),
        },
    )


@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest) -> HttpResponse:
    actor, city = city_actor(request)
    form = MemberForm(request.POST or None, initial={"counted": clock.today()})
    if request.method == "POST" and form.is_valid():
        said = {key: "" if value is None else str(value) for key, value in form.cleaned_data.items() if key != "counted"}
        said["fields"] = said.pop("fields_text")
        with refusals_on(form):
            made = actions.add_member(city.id, said=said, counted=form.cleaned_data["counted"], actor=actor, at=clock.now())
            return redirect("staffing:member", made.pk)
    return render(
        request,
        "staffing/add_member.html",
        {"form": form, "tabs": tabs("staffing:members", actor=actor)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def import_members(request: HttpRequest) -> HttpResponse:
    actor, city = city_actor(request)
    if pressed(request) == "rut":
        actions.withdraw_import(number_of(request.POST.get("lan", "")), actor=actor, at=clock.now())
        messages.success(request, _("Đã rút lần nhập. Những người của lần nhập ấy không còn trong danh sách."))
        return redirect("staffing:import_members")
    form = MembersFileForm(request.POST or None, request.FILES or None, initial={"counted": clock.today()})
    bad_rows: list[BadRow] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on_list(form, bad_rows):
            came = actions.import_members(
                city.id, file, name=file.name, counted=form.cleaned_data["counted"], actor=actor, at=clock.now()
            )
            messages.success(
                request, _("Đã nhập %(count)s người. Nhập nhầm thì rút được cả lần nhập này.") % {"count": came.rows}
            )
            return redirect("staffing:members")
    return render(
        request,
        "staffing/import_members.html",
        {
            "form": form,
            "imports": queries.imports_of(city.id),
            "bad_rows": bad_rows,
            "tabs": tabs("staffing:members", actor=actor),
        },
        status=422 if form.errors else 200,
    )


@require_GET
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One person: where they stand, their placements and applications, and places that would fit."""
    actor, today = office_actor(request, PROPOSE, MANAGE), clock.today()
    one = member_for(member_id, actor=actor)
    city = units.default_city(as_of=today)
    found = []
    if one.state == State.WAITING:
        plan = boards.plan_in_force(city.id, on=today)
        day = boards.day_of(plan, on=today)
        found = pools.openings(one, boards.units_to_show(actor, city_id=city.id, on=day), plan=plan, on=day)
    gone = State(one.state) in rules.GONE
    return render(
        request,
        "staffing/member.html",
        {
            **_about(one),
            "openings": found,
            "own": is_own(one, actor),
            "ended_on": queries.ended_on(one, on=today),
            "may_edit": covers(actor, MANAGE, one.unit_id),
            "may_propose": not gone and not is_own(one, actor),
            "may_apply": not gone,
            "history": history_of(one),
            "tabs": tabs("staffing:members", actor=actor),
        },
    )


def _about(one: StaffMember) -> dict[str, object]:
    today = clock.today()
    wanted = {one.unit_id, one.old_unit_id, *([one.wish_unit_id] if one.wish_unit_id else [])}
    names = {pk: row.full_name for pk, row in units.unit_rows(wanted, as_of=today).items()}
    return {
        "one": one,
        "names": names,
        "placements": queries.placements_of(one, on=today),
        "leaves": queries.leave_cases_of(one),
    }


@require_http_methods(["GET", "POST"])
def edit_member(request: HttpRequest, member_id: int) -> HttpResponse:
    actor, today = office_actor(request, MANAGE), clock.today()
    one = member_for(member_id, actor=actor)
    if not covers(actor, MANAGE, one.unit_id):
        raise NotYourDuty(MANAGE)
    unit = units.unit_row(one.unit_id, as_of=today)
    form = EditMemberForm(
        request.POST or None,
        units=wish_choices(units.default_city(as_of=today)),
        initial={
            "full_name": one.full_name,
            "unit": unit.code,
            "counted": min(today, unit.last_day or today),
            "state": one.state,
            "position": one.position.code if one.position else "",
            "email": one.email,
            "qualification": one.qualification,
            "fields_text": "; ".join(one.fields),
            "years_in_field": one.years_in_field,
            "wish_unit": one.wish_unit_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            actions.change_member(
                one.pk,
                email=said["email"],
                qualification=said["qualification"],
                fields=said["fields_text"],
                years_in_field=said["years_in_field"],
                wish_unit_id=said["wish_unit"],
                written=actions.Written(**{name: said[name] for name in ("full_name", "unit", "counted", "state", "position")}),
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã lưu."))
            return redirect("staffing:member", one.pk)
    return render(
        request,
        "staffing/edit_member.html",
        {"form": form, "one": one, "tabs": tabs("staffing:members", actor=actor)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What a person sees about oneself, and the way to apply to leave."""
    actor = actor_of(request)
    one = queries.own_member(actor.person_id)
    if one is None:
        return render(request, "staffing/mine.html", {"one": None})
    form = LeaveForm(request.POST or None, initial=leave_initial(one))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            case = actions.apply_for_leave(one.pk, **form.cleaned_data, actor=actor, at=clock.now())
            return redirect("staffing:leave", case.pk)
    context = _about(one)
    open_case = next((case for case in queries.leave_cases_of(one) if case.stage not in rules.OVER), None)
    return render(
        request,
        "staffing/mine.html",
        {**context, "form": form, "may_apply": open_case is None and State(one.state) not in rules.GONE},
        status=422 if form.errors else 200,
    )
