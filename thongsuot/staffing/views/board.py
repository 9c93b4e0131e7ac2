"""Who is short of whom: the board, one unit, who fits an empty place, the pool; and the catalogue of positions."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, NotYourDuty, must_exist
from thongsuot.staffing import actions
from thongsuot.staffing.actions.members import fields_of
from thongsuot.staffing.forms import NewPositionForm, PositionForm
from thongsuot.staffing.models import JobPosition
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries import pool as pools
from thongsuot.staffing.queries.persons import member_count, members, pool_figures
from thongsuot.staffing.queries.seen import covers
from thongsuot.staffing.rules import MANAGE, PROPOSE
from thongsuot.staffing.views.common import city_actor, is_of_city, is_of_party, office_actor, tabs
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import page_of
from thongsuot.web.request import number_of, pressed


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """A line for each unit one places people for. Sorted and filtered by links."""
    actor, today = office_actor(request), clock.today()
    city = units.default_city(as_of=today)
    plans = boards.accepted_plans(city.id)
    asked = number_of(request.GET.get("phuong_an", "")) or None
    plan = next((one for one in plans if one.pk == asked), None) or boards.plan_in_force(city.id, on=today)
    chosen = f"&phuong_an={asked}" if plan is not None and plan.pk == asked else ""
    day = boards.day_of(plan, on=today)
    shown = boards.units_to_show(actor, city_id=city.id, on=day)
    rows = boards.board(shown, plan=plan, on=day)
    order, only = request.GET.get("xep", "ten"), request.GET.get("loc", "")
    order, only = order if order in boards.ORDERS else "ten", only if only in boards.FILTERS else ""
    listed = sorted(filter(boards.FILTERS[only], rows), key=boards.ORDERS[order])
    return render(
        request,
        "staffing/board.html",
        {
            "rows": listed,
            "all": rows,
            "plan": plan,
            "to_come": plan is not None and plan.effective_on > today,
            "plans": [
                {
                    "text": _("Từ %(day)s") % {"day": f"{one.effective_on:%d/%m/%Y}"},
                    "href": f"?phuong_an={one.pk}",
                    "current": one == plan,
                }
                for one in plans
            ]
            if len(plans) > 1
            else [],
            "chosen": chosen,
            "planned_units": sum(row.planned > 0 for row in rows),
            "order": order,
            "only": only,
            "filters": [
                {
                    "text": text,
                    "href": f"?xep={order}&loc={key}" + chosen,
                    "current": key == only,
                    "count": sum(map(boards.FILTERS[key], rows)),
                }
                for key, text in (("", _("Tất cả")), ("thieu", _("Đang thiếu")), ("thua", _("Đang thừa, dôi dư")))
            ],
            "sums": {
                name: sum(getattr(row, name) for row in rows)
                for name in ("planned", "present", "persons_short", "positions_short", "over", "waiting")
            },
            "of_city": is_of_city(actor),
            "tabs": tabs("staffing:board", actor=actor),
        },
    )


def _unit(request: HttpRequest, unit_id: int) -> tuple[Actor, units.UnitRow, date]:
    """One unit whose staff the actor manages or proposes for, and the day to look at it: its first while it is to begin.

    Raises NotYourDuty, UnitNotFound.
    """
    actor, today = office_actor(request, PROPOSE, MANAGE), clock.today()
    row = units.unit_row(unit_id, as_of=today)
    if not (covers(actor, PROPOSE, unit_id) or covers(actor, MANAGE, unit_id)):
        raise NotYourDuty(PROPOSE)
    return actor, row, max(today, row.valid_from)


@require_GET
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Position by position, and who works there."""
    actor, row, day = _unit(request, unit_id)
    plan = boards.plan_in_force(units.city_of(unit_id), on=day)
    positions = boards.positions_of(unit_id, plan=plan, on=day)
    page = page_of(request, count=member_count(actor, on=clock.today(), unit_id=unit_id))
    return render(
        request,
        "staffing/unit.html",
        {
            "unit": row,
            "plan": plan,
            "positions": positions,
            "bodies": boards.body_sums(positions),
            "persons_short": sum(one.short for one in positions),
            "positions_short": sum(one.short > 0 for one in positions),
            "page": page,
            "people": members(actor, on=clock.today(), unit_id=unit_id, limit=page.size, offset=page.first),
            "tabs": tabs("staffing:board", actor=actor),
        },
    )


@require_GET
def candidates(request: HttpRequest, unit_id: int, position_id: int) -> HttpResponse:
    """Who of the pool fits this place best, with the reasons."""
    actor, row, _day = _unit(request, unit_id)
    wanted = must_exist(JobPosition.objects.filter(pk=position_id).first())
    found = pools.proposals(actor, wanted, unit_id=unit_id, on=clock.today())
    return render(
        request,
        "staffing/candidates.html",
        {"unit": row, "position": wanted, "rows": found, "tabs": tabs("staffing:board", actor=actor)},
    )


@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    """Who waits for a place, by the unit they come from."""
    actor, today = office_actor(request, PROPOSE, MANAGE), clock.today()
    old_unit = number_of(request.GET.get("don_vi", "")) or None
    page = page_of(request, count=pools.pool_count(actor, old_unit_id=old_unit))
    return render(
        request,
        "staffing/pool.html",
        {
            "figures": pool_figures(actor),
            "by_unit": pools.by_old_unit(actor, on=today),
            "old_unit": old_unit,
            "page": page,
            "rows": pools.pool(actor, on=today, old_unit_id=old_unit, limit=page.size, offset=page.first),
            "of_city": is_of_city(actor),
            "tabs": tabs("staffing:pool", actor=actor),
        },
    )


@require_GET
def positions(request: HttpRequest) -> HttpResponse:
    actor = office_actor(request)
    return render(
        request,
        "staffing/positions.html",
        {
            "rows": JobPosition.objects.order_by("code"),
            "unchecked": JobPosition.objects.filter(checked=False).count(),
            "kinds": dict(JobPosition.KINDS),
            "of_city": is_of_city(actor),
            "of_party": is_of_party(actor),
            "tabs": tabs("staffing:positions", actor=actor),
        },
    )


@require_http_methods(["GET", "POST"])
def position(request: HttpRequest, position_id: int) -> HttpResponse:
    """Home Affairs says it anew; the Party's side says that it is no longer the Party's."""
    actor = office_actor(request)
    row = JobPosition.objects.filter(pk=position_id).first()
    may_release = row is not None and row.party_managed and is_of_party(actor)
    releases = may_release and pressed(request) == "bo_dien"
    if not may_release or (request.method == "POST" and not releases):
        actor, _city = city_actor(request)
    if row is None:
        raise NotFound
    if releases:
        actions.release_position(row.pk, actor=actor, at=clock.now())
        messages.success(request, _("Vị trí này không còn thuộc diện cấp ủy quản lý."))
        return redirect("staffing:positions")
    names = ("name", "group", "body_kind", "title", "applies_to", "mandatory", "headcount", "party_managed", "qualification")
    now = {name: getattr(row, name) for name in (*names, "in_use", "checked")}
    form = PositionForm(request.POST or None, initial={**now, "fields_text": "; ".join(row.fields)})
    return _put_position(request, form, row, actor)


@require_http_methods(["GET", "POST"])
def new_position(request: HttpRequest) -> HttpResponse:
    actor, _city = city_actor(request)
    form = NewPositionForm(request.POST or None, initial={"in_use": True, "headcount": 1, "qualification": "3"})
    return _put_position(request, form, None, actor)


def _put_position(request: HttpRequest, form: PositionForm, row: JobPosition | None, actor: Actor) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        code = row.code if row else said.pop("code")
        said["fields"] = fields_of(said.pop("fields_text"))
        with refusals_on(form):
            actions.put_position(code, **said, actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi vị trí %(name)s.") % {"name": said["name"]})
            return redirect("staffing:positions")
    return render(
        request,
        "staffing/position.html",
        {
            "form": form,
            "row": row,
            "may_put": is_of_city(actor),
            "may_release": row is not None and row.party_managed and is_of_party(actor),
            "tabs": tabs("staffing:positions", actor=actor),
        },
        status=422 if form.errors else 200,
    )
