"""Plans and distributions: of the city. Files come in whole or not at all; sums must come to what was decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.files import tables
from thongsuot.files.rules import FileType
from thongsuot.files.table_rows import BadRow
from thongsuot.files.views import refusals_on_list
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.history import history_of
from thongsuot.staffing import actions, sheets
from thongsuot.staffing.forms import DistributionForm, FileForm, PlanForm, TotalsForm
from thongsuot.staffing.models import Distribution, StaffingPlan
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.rules import MANAGE, PROPOSE
from thongsuot.staffing.views.common import city_actor, commune_choices, day_in, day_of_plan, office_actor, tabs
from thongsuot.units import queries as units
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import number_of, pressed

LINES, MORE_LINES, MOST_LINES = 6, 4, 200


@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    actor, city = city_actor(request)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.make_plan(city_id=city.id, **form.cleaned_data, actor=actor, at=clock.now())
            return redirect("staffing:plan", made.pk)
    return render(
        request,
        "staffing/plans.html",
        {"form": form, "rows": boards.plans(actor), "tabs": tabs("staffing:plans", actor=actor)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What the plan comes to beside what its decision says; its rows from a file; accepting it."""
    actor, city = city_actor(request)
    one = must_exist(StaffingPlan.objects.filter(pk=plan_id, city_id=city.id).first())
    form, totals = FileForm(), TotalsForm(initial=_totals(one))
    bad_rows: list[BadRow] = []
    if request.method == "POST":
        wanted = pressed(request)
        if wanted == "chot":
            actions.accept_plan(one.pk, actor=actor, at=clock.now())
            messages.success(request, _("Đã chốt phương án. Bảng thừa, thiếu tính theo phương án này."))
            return redirect("staffing:board")
        if wanted == "tong":
            totals = TotalsForm(request.POST)
            if totals.is_valid():
                with refusals_on(totals):
                    actions.change_totals(one.pk, **totals.cleaned_data, actor=actor, at=clock.now())
                    return redirect("staffing:plan", one.pk)
        else:
            form = FileForm(request.POST, request.FILES)
            if form.is_valid():
                file = form.cleaned_data["file"]
                with refusals_on_list(form, bad_rows):
                    came = actions.fill_plan(one.pk, file, name=file.name, actor=actor, at=clock.now())
                    messages.success(request, _("Đã nhập %(count)s dòng.") % {"count": came.rows})
                    return redirect("staffing:plan", one.pk)
    sums, by_body = boards.plan_sums(one), boards.plan_sums_by_body(one)
    names = units.unit_rows({unit for unit, _persons, _positions in sums}, as_of=one.effective_on)
    return render(
        request,
        "staffing/plan.html",
        {
            "one": one,
            "form": form,
            "totals": totals,
            "bad_rows": bad_rows,
            "rows": sorted(
                ((names[unit].full_name, persons, positions, unit, by_body[unit]) for unit, persons, positions in sums),
                key=lambda row: names[row[3]].sort_name,
            ),
            "bodies": boards.whole_city(by_body),
            "persons": sum(persons for _unit, persons, _positions in sums),
            "fits": (sum(persons for _unit, persons, _positions in sums), len(sums)) == (one.total_persons, one.total_units),
            "history": history_of(one),
            "tabs": tabs("staffing:plans", actor=actor),
        },
        status=422 if form.errors or totals.errors else 200,
    )


def _totals(one: StaffingPlan) -> dict[str, Any]:
    return {
        "decision_number": one.decision_number,
        "total_persons": one.total_persons,
        "total_units": one.total_units,
    }


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    office_actor(request, MANAGE, PROPOSE)
    if kind not in sheets.KINDS:
        raise NotFound
    return file_answer(tables.template("Danh sách", sheets.KINDS[kind]), f"mau-{kind}.xlsx", FileType.XLSX)


@require_GET
def distributions(request: HttpRequest) -> HttpResponse:
    actor, city = city_actor(request)
    rows = boards.distributions(city.id)
    return render(request, "staffing/distributions.html", {"rows": rows, "tabs": tabs("staffing:distributions", actor=actor)})


@require_http_methods(["GET", "POST"])
def new_distribution(request: HttpRequest) -> HttpResponse:
    return _distribution(request, None)


@require_http_methods(["GET", "POST"])
def distribution(request: HttpRequest, distribution_id: int) -> HttpResponse:
    return _distribution(request, distribution_id)


def _distribution(request: HttpRequest, distribution_id: int | None) -> HttpResponse:
    """A total and its parts. More lines are asked for with what was typed, without script."""
    actor, city = city_actor(request)
    one = Distribution.objects.filter(pk=distribution_id, city_id=city.id).first() if distribution_id is not None else None
    if distribution_id is not None and one is None:
        raise NotFound
    shares = list(one.shares.order_by("pk").values_list("unit_id", "persons")) if one else []
    rows = max(LINES, len(shares) + 2)
    if asked := number_of(request.POST.get("so_dong", "")):
        rows = min(asked, MOST_LINES)
    more = "them" in request.POST
    day = day_in(request.POST, "effective_on", otherwise=one.effective_on if one else day_of_plan(city.id))
    choices = commune_choices(city.id, on=day)
    initial: dict[str, Any] = {"effective_on": day}
    if one is not None:
        initial |= {"title": one.title, "group": one.group, "basis": one.basis, "total": one.total}
        for place, (unit_id, persons) in enumerate(shares):
            initial |= {f"unit_{place}": unit_id, f"persons_{place}": persons}
    if more:  # not sent yet: nothing is judged, what was typed stays
        rows = min(rows + MORE_LINES, MOST_LINES)
        form = DistributionForm(initial=request.POST.dict(), units=choices, rows=rows)
    else:
        form = DistributionForm(request.POST or None, initial=initial, units=choices, rows=rows)
    if request.method == "POST" and not more and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            actions.distribute(
                city.id,
                title=said["title"],
                group=said["group"],
                basis=said["basis"],
                effective_on=said["effective_on"],
                total=said["total"],
                shares=said["shares"],
                distribution_id=one.pk if one else None,
                actor=actor,
                at=clock.now(),
            )
            messages.success(request, _("Đã ghi phân bổ. Các phần cộng đúng tổng."))
            return redirect("staffing:distributions")
    return render(
        request,
        "staffing/distribution.html",
        {
            "form": form,
            "one": one,
            "rows": rows,
            "lines": form.lines(),
            "history": history_of(one) if one else [],
            "tabs": tabs("staffing:distributions", actor=actor),
        },
        status=422 if form.is_bound and form.errors else 200,
    )
