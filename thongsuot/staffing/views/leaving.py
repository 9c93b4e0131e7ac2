"""Leave cases: the list with its ages, the application, and one case with the calculation and what may be done now."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.people.queries import looked_lately
from thongsuot.staffing import actions, rules
from thongsuot.staffing.forms import CancelForm, DecideLeaveForm, FactsForm, LeaveForm, NoteForm, ReasonForm
from thongsuot.staffing.models import LeaveCase, Placement, StaffMember
from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.queries import leaving as queries
from thongsuot.staffing.queries.seen import covers, is_own, is_party_managed, leave_case_for, member_for
from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.staffing.views.common import office_actor, tabs
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import actor_of, pressed


@require_GET
def leaves(request: HttpRequest) -> HttpResponse:
    actor, today = office_actor(request), clock.today()
    stage, kind = request.GET.get("buoc", "mo"), request.GET.get("dien", "")
    page = page_of(request, count=queries.case_count(actor, stage=stage, kind=kind))
    return render(
        request,
        "staffing/leaves.html",
        {
            "ageing": queries.ageing(actor, on=today),
            "page": page,
            "rows": queries.cases(actor, on=today, stage=stage, kind=kind, limit=page.size, offset=page.first),
            "stage": stage,
            "kind": kind,
            "stages": [("mo", _("Chưa giải quyết xong")), ("", _("Tất cả")), *Stage.choices],
            "kinds": [("", _("Mọi diện")), *LeaveKind.choices],
            "tabs": tabs("staffing:leaves", actor=actor),
        },
    )


def leave_initial(one: StaffMember) -> dict[str, Any]:
    """The reorganisation began when the old unit ended, or when the present one began."""
    old = units.unit_row(one.old_unit_id, as_of=clock.today())
    return {"applied_on": clock.today(), "reorganised_on": old.valid_to or old.valid_from}


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, member_id: int) -> HttpResponse:
    """An officer writes down the paper application of a person of the unit."""
    actor = office_actor(request, PROPOSE, MANAGE)
    one = member_for(member_id, actor=actor)
    form = LeaveForm(request.POST or None, initial=leave_initial(one))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            case = actions.apply_for_leave(one.pk, **form.cleaned_data, actor=actor, at=clock.now())
            return redirect("staffing:leave", case.pk)
    return render(
        request,
        "staffing/apply.html",
        {"form": form, "one": one, "tabs": tabs("staffing:leaves", actor=actor)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    case = leave_case_for(leave_id, actor=actor)
    own = is_own(case.member, actor)
    forms = _forms(case)
    if request.method == "POST":
        wanted = pressed(request)
        if wanted in forms:
            form = forms[wanted] = type(forms[wanted])(request.POST, auto_id=forms[wanted].auto_id)
            if form.is_valid():
                with refusals_on(form):
                    _do(wanted, form, case, request, actor)
                    messages.success(request, _("Đã ghi."))
                    return redirect("staffing:leave", case.pk)
    sees_pay = own or any(covers(actor, duty, case.unit_id) for duty in (PROPOSE, MANAGE))
    if sees_pay and not own and not looked_lately(case, actor, now=now):
        actions.look_at(case.pk, actor=actor, at=now)
    return render(
        request,
        "staffing/leave.html",
        {
            "case": case,
            "own": own,
            "sees_pay": sees_pay,
            "of_party": case.party_managed or is_party_managed(case.member),
            "unit": units.unit_row(case.unit_id, as_of=clock.today()).full_name,
            "advice": queries.shown(case),
            "facts": queries.facts_of(case),
            "steps": _steps(case),
            "passes": rules.PASSES.get(Stage(case.stage), ""),
            "forms": forms,
            "may": _may(case, actor, own=own),
            "tabs": tabs("staffing:leaves", actor=actor) if any(map(actor.units_for, (PROPOSE, MANAGE, PARTY))) else [],
        },
        status=422 if any(form.is_bound and form.errors for form in forms.values()) else 200,
    )


def _forms(case: LeaveCase) -> dict[str, django_forms.Form]:
    names = ("leaves_on", "reorganised_on", "pay_dong", "months_insured", "months_served", "retires_on")
    worked_out = queries.advice(case) if case.stage == Stage.DECISION else None
    return {
        "chuyen": NoteForm(),
        "tra": ReasonForm(auto_id="tra_%s"),
        "rut": ReasonForm(auto_id="rut_%s"),
        "khong": ReasonForm(auto_id="khong_%s"),
        "dang": NoteForm(auto_id="dang_%s"),
        "huy": CancelForm(auto_id="huy_%s"),
        "so_lieu": FactsForm(auto_id="sl_%s", initial={name: getattr(case, name) for name in names}),
        "quyet_dinh": DecideLeaveForm(initial={"decided_dong": worked_out.total_dong if worked_out else None}),
    }


def _do(wanted: str, form: django_forms.Form, case: LeaveCase, request: HttpRequest, actor: Actor) -> None:
    """One command for one button."""
    now, said, stage = clock.now(), form.cleaned_data, request.POST.get("buoc", "")
    if wanted == "chuyen":
        actions.pass_on(case.pk, stage=stage, **said, actor=actor, at=now)
    elif wanted == "tra":
        actions.send_back(case.pk, stage=stage, **said, actor=actor, at=now)
    elif wanted == "rut":
        actions.withdraw_leave(case.pk, **said, actor=actor, at=now)
    elif wanted == "khong":
        actions.refuse_leave(case.pk, stage=stage, **said, actor=actor, at=now)
    elif wanted == "dang":
        actions.agree_to_leave(case.pk, **said, actor=actor, at=now)
    elif wanted == "huy":
        actions.cancel_decision(case.pk, **said, actor=actor, at=now)
    elif wanted == "quyet_dinh":
        actions.decide_leave(case.pk, **said, actor=actor, at=now)
    else:
        days = {"leaves_on": said.pop("leaves_on"), "reorganised_on": said.pop("reorganised_on")}
        actions.put_facts(case.pk, **days, facts=actions.PayFacts(**said), actor=actor, at=now)


def _steps(case: LeaveCase) -> list[dict[str, Any]]:
    """What was done, where it is now, and what comes."""
    done = [
        {
            "state": "done" if step.outcome in {"passed", "agreed"} else "stop",
            "title": f"{step.get_stage_display()}: {step.get_outcome_display()}",
            "at": step.at,
            "by": step.by_name,
            "note": step.note,
        }
        for step in case.steps.order_by("pk")
    ]
    if Stage(case.stage) in rules.OVER:
        return done
    here = rules.PATH.index(Stage(case.stage))
    return [
        *done,
        {"state": "now", "title": str(Stage(case.stage).label)},
        *({"state": "next", "title": str(stage.label)} for stage in rules.PATH[here + 1 : -1]),
    ]


def _may(case: LeaveCase, actor: Actor, *, own: bool) -> dict[str, bool]:
    """What to offer; the commands decide."""
    stage, now = Stage(case.stage), clock.now()
    undecided = stage not in rules.DECIDED | rules.OVER
    mine = stage not in rules.OVER and actions.may_act(case, actor, now)
    return {
        "pass": mine and stage != Stage.DECISION,
        "decide": mine and stage == Stage.DECISION,
        "send_back": mine and rules.before(stage) is not None,
        "withdraw": undecided and actions.may_withdraw(case, actor),
        "refuse": not own and actions.may_refuse(case, actor, now),
        "agree": case.party_agreed_at is None and actions.may_agree(case, actor),
        "cancel": not own
        and covers(actor, MANAGE, case.unit_id)
        and stage in rules.DECIDED
        and case.placement is not None
        and case.placement.status == Placement.Status.DECIDED,
        "facts": actions.may_put_facts(case, actor) and not own,
    }
