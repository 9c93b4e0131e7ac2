"""Pages of those who steer: who owes what of the handover, who hands over, premises, seals."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.handover import actions
from thongsuot.handover.forms.steering import PeriodForm, RepresentativeForm, SealForm, SurplusDoneForm, SurplusForm
from thongsuot.handover.models import Item
from thongsuot.handover.queries import intake as gaps
from thongsuot.handover.queries import inventory, owing, speaking
from thongsuot.handover.queries.transfers import ended_by, new_units
from thongsuot.handover.rules.classes import SEALS, classes
from thongsuot.handover.rules.premises import is_surplus
from thongsuot.handover.views.steering import one_steered
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import number_of, pressed

DAY = timedelta(days=1)


@require_http_methods(["GET", "POST"])
def owed(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """Every ended unit: what is missing and who owes it; then the changeover may be closed."""
    actor, one = one_steered(request, changeover_id)
    if request.method == "POST":
        actions.close_changeover(one.pk, actor=actor, at=clock.now())
        messages.success(request, _("Đã khép đợt chuyển giao."))
        return redirect("handover:owed", one.pk)
    rows = owing.owed(one)
    concerned = {row.unit_id for row in rows} | {unit for row in rows for unit in (*row.open, *row.unsigned)}
    named = units.unit_rows(concerned, as_of=one.effective_on)
    named_for = {row.unit_id for row in speaking.representatives(one)}
    rows.sort(key=lambda row: (row.done, -(row.undecided + row.lost), -row.all_open, named[row.unit_id].sort_name))
    by_receiver: dict[int, list[int]] = {}
    for row in rows:
        for unit, count in row.open.items():
            by_receiver.setdefault(unit, []).append(count)
    return render(
        request,
        "handover/owed.html",
        {
            "one": one,
            "decision": one.decision,
            "rows": rows,
            "names": {pk: row.full_name for pk, row in named.items()},
            "named_for": named_for,
            "receivers": sorted(
                ((unit, named[unit].full_name, sum(counts), len(counts)) for unit, counts in by_receiver.items()),
                key=lambda row: -row[2],
            ),
            "todo": sum(not row.done for row in rows),
            "lists": len(classes()),
        },
    )


@require_http_methods(["GET", "POST"])
def representatives(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """Who hands over for units that ended."""
    actor, one = one_steered(request, changeover_id)
    ended = units.unit_rows(ended_by(one.decision), as_of=one.effective_on)
    choices = [(row.id, row.full_name) for row in sorted(ended.values(), key=lambda row: row.sort_name)]
    asked = pressed(request)
    form = RepresentativeForm(
        request.POST if asked == "cu" else None,
        units=choices,
        initial={"unit_id": number_of(request.GET.get("don_vi", "")) or None},
    )
    if asked == "thoi":
        actions.end_representative(number_of(request.POST.get("nguoi", "")), actor=actor, at=clock.now())
        return redirect("handover:representatives", one.pk)
    if asked and form.is_valid():
        with refusals_on(form):
            actions.name_representative(one.pk, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã cử người bàn giao."))
            return redirect("handover:representatives", one.pk)
    rows = speaking.representatives(one)
    have = {row.unit_id for row in rows if row.heads}
    return render(
        request,
        "handover/representatives.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "rows": [(row, ended[row.unit_id].full_name) for row in rows],
            "without": [(pk, name) for pk, name in choices if pk not in have],
        },
        status=422 if form.errors else 200,
    )


@require_GET
def premises(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """Seats of each new unit, one or two; and what nobody needs."""
    _actor, one = one_steered(request, changeover_id)
    plan = inventory.premises_plan(one, new_units(one))
    named = units.unit_rows({row.unit_id for row in plan.units}, as_of=one.effective_on)
    return render(
        request,
        "handover/premises.html",
        {
            "one": one,
            "decision": one.decision,
            "plan": plan,
            "names": {pk: row.full_name for pk, row in named.items()},
            "rows": sorted(plan.units, key=lambda row: (row.good, named[row.unit_id].sort_name)),
            "bad": sum(not row.good for row in plan.units),
        },
    )


@require_http_methods(["GET", "POST"])
def surplus(request: HttpRequest, item_id: int) -> HttpResponse:
    """One surplus premises: its six, and when it is done."""
    item = Item.objects.select_related("changeover__decision", "surplus").filter(pk=item_id).first()
    if item is None or not is_surplus(item.klass, item.details):
        raise NotFound
    actor, one = one_steered(request, item.changeover_id)
    plan = getattr(item, "surplus", None)
    names_of_six = [name for name in SurplusForm.base_fields if name != "by_day"]
    shown = {name: getattr(plan, name) for name in (*names_of_six, "by_day")} if plan is not None else {}
    asked = pressed(request)
    form = SurplusForm(request.POST if asked == "lap" else None, initial=shown)
    done_form = SurplusDoneForm(request.POST if asked == "xong" else None)
    used: SurplusForm | SurplusDoneForm = done_form if asked == "xong" else form
    if asked and used.is_valid():
        with refusals_on(used):
            if used is done_form:
                actions.surplus_done(item.pk, note=used.cleaned_data["note"], actor=actor, at=clock.now())
            else:
                said = dict(used.cleaned_data)
                actions.plan_surplus(item.pk, by_day=said.pop("by_day"), said=said, actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi."))
            return redirect("handover:premises", one.pk)
    return render(
        request,
        "handover/surplus.html",
        {"one": one, "decision": one.decision, "item": item, "plan": plan, "form": form, "done_form": done_form, "used": used},
        status=422 if used.errors else 200,
    )


@require_GET
def intake(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """Working hours without intake around the day, unit by unit; before the day it says what will be missing."""
    _actor, one = one_steered(request, changeover_id)
    form = PeriodForm(request.GET or None, initial={"tu": one.effective_on - DAY, "den": one.effective_on})
    first, last = one.effective_on - DAY, one.effective_on
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["tu"], form.cleaned_data["den"]
    lines = gaps.intake(one, first=first, last=last)
    concerned = {line.unit_id for line in lines} | {gap.unit_id for line in lines for gap in line.gaps}
    named = units.unit_rows(concerned, as_of=one.effective_on)
    return render(
        request,
        "handover/intake.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "first": first,
            "last": last,
            "lines": lines,
            "names": {pk: row.full_name for pk, row in named.items()},
            "minutes": sum(line.minutes for line in lines),
            "lacks": {"centre": _("bộ phận một cửa"), "officer": _("người tiếp nhận"), "identifier": _("mã định danh")},
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def seals(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """New units without a seal, and old seals that have not gone back."""
    actor, one = one_steered(request, changeover_id)
    new = units.unit_rows(new_units(one), as_of=one.effective_on)
    ordered = sorted(new.values(), key=lambda row: row.sort_name)
    kinds = next(field.choices for field in classes()[SEALS].fields if field.key == "kind")
    board = inventory.seals(one, new)
    ordered.sort(key=lambda row: bool(board.new[row.id]))
    last = max((seal for seals in board.new.values() for seal in seals), key=lambda seal: seal.noted_at, default=None)
    form = SealForm(
        request.POST or None,
        units=[(row.id, row.full_name) for row in ordered],
        kinds=kinds,
        # Seals come by the hundred: the next unit without one, received as the last one was.
        initial={
            "unit_id": next((row.id for row in ordered if not board.new[row.id]), None),
            "kind": last.kind if last else None,
            "received_on": last.received_on if last else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.note_new_seal(one.pk, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, _("Đã ghi con dấu mới."))
            return redirect("handover:seals", one.pk)
    old = units.unit_rows(ended_by(one.decision), as_of=one.effective_on)
    begins = inventory.begins(one)
    rows = [(row.full_name, board.new[row.id]) for row in ordered if row.id in begins or board.new[row.id]]
    return render(
        request,
        "handover/seals.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "rows": rows,
            "have": sum(bool(seals) for _name, seals in rows),
            "standing": len(ordered) - len(rows),
            "old": [
                (row.id, row.full_name, board.listed.get(row.id, 0), board.returned.get(row.id, 0))
                for row in sorted(old.values(), key=lambda row: row.sort_name)
            ],
        },
        status=422 if form.errors else 200,
    )
