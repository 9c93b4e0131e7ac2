"""Pages for administrators of the city: decisions by which units end, begin and change, from the draft to their day."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import slug
from thongsuot.units import actions, queries, sheets
from thongsuot.units.decision_forms import DecisionFileForm, DecisionForm, OriginForm, PartForm, PlannedUnitForm, ReasonForm
from thongsuot.units.facts import PlannedUnitFact
from thongsuot.units.models import Decision, PlannedSuccession, PlannedUnit
from thongsuot.units.plan_words import plan_fault
from thongsuot.units.queries import UnitRow
from thongsuot.units.queries import reorganising as reading
from thongsuot.units.rules.reorganising import level_of
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_of, pressed

What, State = PlannedUnit.What, Decision.State
_COMMUNE = re.compile(r"[0-9]{5}", re.ASCII)


@require_http_methods(["GET", "POST"])
def decisions(request: HttpRequest) -> HttpResponse:
    """The decisions of the city; a file makes drafts of those it holds."""
    actor, city = orderer(request)
    form = DecisionFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    bad: list[str] = []
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made, bad = _drafted(form.cleaned_data["file"].read(), actor)
            if len(made) == 1 and not bad:
                return redirect("units:decision", made[0])
            if made:
                said = ngettext("Đã soạn %(num)s quyết định.", "Đã soạn %(num)s quyết định.", len(made))
                messages.success(request, said % {"num": len(made)})
    return render(
        request,
        "units/decisions.html",
        {"form": form, "rows": reading.decisions(city_id=city.id), "city": city, "bad": bad, "today": clock.today()},
        status=422 if form.errors or bad else 200,
    )


def _drafted(content: bytes, actor: Actor) -> tuple[list[int], list[str]]:
    """Ids of the decisions drafted, and a sentence for each line or decision left out."""
    sheet = sheets.read(content, cache(queries.surroundings))
    bad = [_("Dòng %(line)s: %(why)s") % {"line": one.line, "why": one.why} for one in sheet.bad]
    made = []
    for plan in sheet.plans:
        try:
            made.append(actions.draft_decision(plan, actor=actor, at=clock.now()).pk)
        except NotYourDuty:
            bad.append(_("%(number)s: không phải của thành phố này nên bỏ qua.") % {"number": plan.number})
        except TellPerson as refusal:
            bad.append(f"{plan.number}: {refusal.message()}")
    return made, bad


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty file with the columns, and two lines that show how it is filled."""
    orderer(request)
    return csv_file(sheets.example(), "mau-quyet-dinh-sap-xep.csv")


@require_http_methods(["GET", "POST"])
def new_decision(request: HttpRequest) -> HttpResponse:
    actor, city = orderer(request)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.draft_decision(form.plan(city.code), actor=actor, at=clock.now())
            return redirect("units:decision", made.pk)
    return render(request, "units/new_decision.html", {"form": form, "one": None}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Title, days and counts of a draft put right; its number and its lines stay."""
    actor, city = orderer(request)
    found = _of_city(decision_id, city)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=DecisionForm.said_by(found))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            plan = replace(form.plan(found.province.code if found.province else city.code), number=found.number)
            actions.draft_decision(plan, actor=actor, at=clock.now())
            messages.success(request, _("Đã lưu phần đầu. Hãy kiểm tra lại."))
            return redirect("units:decision", found.pk)
    return render(request, "units/new_decision.html", {"form": form, "one": found}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """What it does, by new unit; what is wrong with it; checked, approved and withdrawn from here."""
    actor, city = orderer(request)
    found = _of_city(decision_id, city)
    form = ReasonForm(request.POST if pressed(request) == "rut" else None)
    if request.method == "POST":
        done = _act(request, found, form, actor)
        if done is not None:
            return done
    opened = found.state in (State.DRAFT, State.CHECKED)
    faults = reading.faults_of(found) if opened and found.planned_units.exists() else []
    return render(
        request,
        "units/decision.html",
        {
            "one": found,
            "city": city,
            "opened": opened,
            "in_force": found.state == State.APPROVED and found.effective_on <= clock.today(),
            "faults": [(plan_fault(fault), fault) for fault in faults],
            "blocked": any(fault.blocks for fault in faults),
            "lines": reading.lines_of(found),
            "expected": reading.expected_of(found),
            "form": form,
            "history": history_of(found),
            "can_withdraw": found.drafted_at is not None and found.state != State.WITHDRAWN,
        },
        status=422 if form.errors else 200,
    )


def _act(request: HttpRequest, found: Decision, form: ReasonForm, actor: Actor) -> HttpResponse | None:
    wanted, now = pressed(request), clock.now()
    if wanted == "kiem-tra":
        faults = actions.check_decision(found.pk, actor=actor, at=now)
        if not any(fault.blocks for fault in faults):
            messages.success(request, _("Đã kiểm tra, không còn điểm nào chưa khớp. Có thể duyệt."))
        return redirect("units:decision", found.pk)
    if wanted == "da-xem":
        actions.accept_left_out(found.pk, actor=actor, at=now)
        messages.success(request, _("Đã ghi là đã xem các dòng bị bỏ."))
        return redirect("units:decision", found.pk)
    if wanted == "duyet":
        actions.approve_decision(found.pk, actor=actor, at=now)
        messages.success(
            request, _("Đã duyệt. Từ 0 giờ ngày %(day)s quyết định tự có hiệu lực.") % {"day": f"{found.effective_on:%d/%m/%Y}"}
        )
        return redirect("units:decision", found.pk)
    if wanted == "rut" and form.is_valid():
        actions.withdraw_decision(found.pk, reason=form.cleaned_data["reason"], actor=actor, at=now)
        messages.success(request, _("Đã rút quyết định."))
        return redirect("units:decisions")
    return None


@require_GET
def file(request: HttpRequest, decision_id: int) -> HttpResponseBase:
    """The decision as the file it can be read from."""
    _actor, city = orderer(request)
    found = _of_city(decision_id, city)
    content = sheets.written([reading.plan_of(found)], queries.surroundings(found.effective_on).before)
    return csv_file(content, f"{slug(found.number)}.csv")


@require_GET
def add_planned_unit(request: HttpRequest, decision_id: int) -> HttpResponse:
    """To the page of a new unit, by its code."""
    _actor, city = orderer(request)
    found = _of_city(decision_id, city)
    code = request.GET.get("ma", "").strip()
    if not _COMMUNE.fullmatch(code):
        messages.error(request, _("Mã xã, phường gồm 5 chữ số. Hãy nhập lại."))
        return redirect("units:decision", found.pk)
    return redirect("units:planned_unit", found.pk, code)


@require_http_methods(["GET", "POST"])
def planned_unit(request: HttpRequest, decision_id: int, code: str) -> HttpResponse:
    """One new unit of a draft: what it is called, and what it is made of."""
    actor, city = orderer(request)
    found = _of_city(decision_id, city)
    line = found.planned_units.exclude(what=What.ENDS).filter(code=code).first()
    origin = OriginForm(request.POST if "old_code" in request.POST else None)
    form = PlannedUnitForm(
        request.POST if "name" in request.POST else None,
        initial={"kind": line.kind, "name": line.name, "changes": line.what == What.CHANGES} if line else None,
    )
    if request.method == "POST":
        with refusals_on(origin if origin.is_bound else form):
            if _change_line(request, found, code, form, origin, city, actor):
                return redirect("units:planned_unit", found.pk, code)
    pairs = found.planned_successions.filter(new_code=code).order_by("old_code")
    return render(
        request,
        "units/planned_unit.html",
        {
            "one": found,
            "line": line,
            "code": code,
            "form": form,
            "origin": origin,
            "pairs": pairs,
            "names": reading.names_before(found, [pair.old_code for pair in pairs]),
        },
        status=422 if form.errors or origin.errors else 200,
    )


def _change_line(
    request: HttpRequest,
    found: Decision,
    code: str,
    form: PlannedUnitForm,
    origin: OriginForm,
    city: UnitRow,
    actor: Actor,
) -> bool:
    now = clock.now()
    if form.is_bound and form.is_valid():
        actions.put_planned_unit(found.pk, form.fact(code, city.code), actor=actor, at=now)
        return True
    if origin.is_bound and origin.is_valid():
        pair = origin.fact(code)
        ends = PlannedUnitFact(what=What.ENDS, code=pair.old_code, level=level_of(pair.old_code))
        actions.put_planned_unit(found.pk, ends, actor=actor, at=now)
        actions.put_planned_succession(found.pk, pair, actor=actor, at=now)
        return True
    if dropped := request.POST.get("bo", ""):
        pair_row = must_exist(PlannedSuccession.objects.filter(decision=found, new_code=code, old_code=dropped).first())
        actions.drop_planned_succession(pair_row.pk, actor=actor, at=now)
        return True
    if "bo_don_vi" in request.POST:
        line = found.planned_units.exclude(what=What.ENDS).filter(code=code).first()
        if line is not None:
            actions.drop_planned_unit(line.pk, actor=actor, at=now)
        return True
    return False


@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, succession_id: int) -> HttpResponse:
    """Which part of a split unit went there: by it addresses and dossiers are told apart."""
    actor, city = orderer(request)
    row = reading.succession_row(succession_id, city_id=city.id)
    form = PartForm(
        request.POST if request.method == "POST" else None, initial={"part": row.part, "places": "\n".join(row.places)}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            if pressed(request) == "giu":
                actions.name_keeper(succession_id, actor=actor, at=clock.now())
            else:
                actions.describe_part(
                    succession_id, part=form.cleaned_data["part"], places=form.lines(), actor=actor, at=clock.now()
                )
            messages.success(request, _("Đã lưu. Hãy xem trước lại đợt chuyển giao nếu đã xem trước."))
            return redirect("units:part", succession_id)
    return render(request, "units/part.html", {"form": form, "row": row}, status=422 if form.errors else 200)


def orderer(request: HttpRequest) -> tuple[Actor, UnitRow]:
    """Who manages the units of the city, and the city. Raises NotYourDuty."""
    actor = actor_of(request)
    return actor, queries.city_of_duty(actor, "manage units", on=clock.today())


def _of_city(decision_id: int, city: UnitRow) -> Decision:
    found = reading.decision(decision_id)
    if found.pk not in reading.ids_of_city(city.id):
        raise NotFound
    return found


def csv_file(content: str, name: str) -> HttpResponseBase:
    """UTF-8 with its mark: spreadsheets then read Vietnamese."""
    return file_answer("\ufeff" + content, name, "text/csv; charset=utf-8")
