"""Pages for those who steer a changeover: the preview, the run, what waits for a person, whether it all adds up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.handover import actions, rules
from thongsuot.handover.forms.steering import ChooseForm, DueRuleForm, GoForm
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries import board as boards
from thongsuot.handover.queries import inventory
from thongsuot.handover.queries import transfers as queries
from thongsuot.handover.views.common import picked_ids
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.units.heirs import RULE_LABELS
from thongsuot.units.models import Unit
from thongsuot.web.forms import refusals_on
from thongsuot.web.paging import A_PAGE, page_of
from thongsuot.web.request import actor_of, nothing_pressed, number_of, pressed


@require_http_methods(["GET", "POST"])
def changeovers(request: HttpRequest) -> HttpResponse:
    """Every changeover, and the decisions for which one may be opened."""
    actor = _steerer(request)
    if request.method == "POST":
        if not (wanted := number_of(request.POST.get("quyet_dinh", ""))):
            messages.error(request, _("Hãy chọn một quyết định đã duyệt để mở đợt chuyển giao."))
            return redirect("handover:changeovers")
        opened = actions.open_changeover(wanted, actor=actor, at=clock.now())
        return redirect("handover:changeover", opened.pk)
    rows = list(Changeover.objects.select_related("decision").order_by("-effective_on"))
    known = {row.decision_id for row in rows}
    return render(
        request,
        "handover/changeovers.html",
        {"rows": rows, "decisions": [one for one in queries.changeable() if one.pk not in known]},
    )


@require_http_methods(["GET", "POST"])
def changeover(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """The board of both sides, the preview by kind and rule, and what may be done now."""
    actor, one = one_steered(request, changeover_id)
    said = pressed(request)
    due_form = DueRuleForm(request.POST if said == "ngay_hen" else None, initial={"days": one.due_days, "basis": one.due_basis})
    go_form = GoForm(request.POST if said == "cho" else None, prefix="cho")
    if request.method == "POST" and not (due_form.is_bound or go_form.is_bound):
        return _act(request, one, actor)
    for form, act, done in (
        (due_form, actions.set_due_rule, _("Đã đặt quy tắc ngày hẹn.")),
        (go_form, actions.give_go, _("Đã cho chuyển.")),
    ):
        if not form.is_valid():
            continue
        with refusals_on(form):
            act(one.pk, **form.cleaned_data, actor=actor, at=clock.now())
            messages.success(request, done)
            return redirect("handover:changeover", one.pk)
    counts: Counter[tuple[str, str]] = Counter()
    for line in queries.by_rule(one.pk):
        counts[line.kind, line.rule] += line.count
    by_rule = [(queries.label_of(kind), RULE_LABELS[rule], rule, count) for (kind, rule), count in sorted(counts.items())]
    shown, begins = boards.board(one), inventory.begins(one)
    return render(
        request,
        "handover/changeover.html",
        {
            **_state(one),
            "board": shown,
            "todo": [row for row in shown.old if not row.done],
            "rules": by_rule,
            "history": history_of(one)[-20:],
            "due_form": due_form,
            "go_form": go_form,
            "begins": len(begins),
            "unsealed": len(inventory.without_seal(one, begins)),
        },
        status=422 if due_form.errors or go_form.errors else 200,
    )


@require_GET
def state(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """How far the worker is: htmx asks every two seconds; when it is over the whole page is loaded."""
    _actor, one = one_steered(request, changeover_id)
    found = _state(one)
    response = render(request, "handover/_state.html", found)
    if not found["busy"]:
        response.headers["HX-Refresh"] = "true"
    return response


def _state(one: Changeover) -> dict[str, object]:
    lines = queries.lines(one.pk)
    moved, left = sum(line.moved for line in lines), sum(line.waiting for line in lines)
    return {
        "one": one,
        "decision": one.decision,
        "busy": bool(one.asked) and one.stop_asked_at is None,
        "lines": lines,
        "moved": moved,
        "left": left,
        "undecided": sum(line.undecided for line in lines),
        "in_force": rules.in_force(one.effective_on, clock.now()),
        "asked_words": one.get_asked_display() if one.asked else "",
    }


def _act(request: HttpRequest, one: Changeover, actor: Actor) -> HttpResponse:
    wanted, now = pressed(request), clock.now()
    if wanted in Changeover.Asked.values:
        actions.ask(one.pk, what=wanted, plan_hash=request.POST.get("ma", "")[:64], actor=actor, at=now)
    elif wanted == "dung":
        actions.stop(one.pk, actor=actor, at=now)
        messages.success(request, _("Sẽ dừng trước loạt tiếp theo. Bấm Chuyển để đi tiếp."))
    elif wanted == "thoi":
        actions.take_back_go(one.pk, actor=actor, at=now)
        messages.success(request, _("Đã thôi cho chuyển."))
    elif wanted == "bo":
        actions.forget_plan(one.pk, actor=actor, at=now)
        messages.success(request, _("Đã bỏ bản xem trước và các lựa chọn trong đó."))
    else:
        raise nothing_pressed()
    return redirect("handover:changeover", one.pk)


@require_http_methods(["GET", "POST"])
def undecided(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """What no rule decides: picked and sent by a person. Found by its code, also what was decided and has not moved yet."""
    actor, one = one_steered(request, changeover_id)
    from_unit = number_of(request.GET.get("don_vi", "")) or None
    code = one_line(request.GET.get("ma", ""))[:80]
    page = page_of(request, count=boards.undecided_count(one.pk, from_unit_id=from_unit, code=code))
    rows = boards.undecided(one, from_unit_id=from_unit, code=code, first=page.first, size=page.size)
    form = ChooseForm(request.POST or None, units=_receivers(one, rows, from_unit))
    if request.method == "POST" and form.is_valid():
        picked = picked_ids(request)
        with refusals_on(form):
            if not picked:
                form.add_error(None, _("Chưa chọn mục nào. Hãy đánh dấu các mục về cùng một đơn vị."))
            else:
                count = actions.choose(one.pk, picked, **form.cleaned_data, actor=actor, at=clock.now())
                said = ngettext("Đã chọn nơi nhận cho %(num)s mục.", "Đã chọn nơi nhận cho %(num)s mục.", count)
                messages.success(request, said % {"num": count})
                return redirect(request.get_full_path())
    return render(
        request,
        "handover/undecided.html",
        {
            "one": one,
            "decision": one.decision,
            "form": form,
            "rows": rows,
            "page": page,
            "labels": {row.kind: queries.label_of(row.kind) for row in rows},
            "by_unit": boards.undecided_by_unit(one),
            "from_unit": from_unit,
            "code": code,
        },
        status=422 if form.errors else 200,
    )


def _receivers(one: Changeover, rows: list[boards.UndecidedRow], from_unit: int | None) -> list[tuple[int, str]]:
    """Candidates of the things shown; of one ended unit also the city's agencies, which may have to take what is theirs."""
    found = dict(candidate for row in rows for candidate in row.candidates)
    if from_unit is not None:
        agencies = Unit.objects.filter(parent=one.city_id, level=Unit.Level.AGENCY, valid_to=None).values_list("pk", flat=True)
        names = units.unit_rows([*agencies, one.city_id], as_of=one.effective_on)
        found |= {unit_id: row.full_name for unit_id, row in names.items() if unit_id not in found}
    return list(found.items())


@require_GET
def reconciled(request: HttpRequest, changeover_id: int) -> HttpResponse:
    """Every thing looked at: is it where it was said to go, and does the sum agree?"""
    _actor, one = one_steered(request, changeover_id)
    found = queries.reconcile(one)
    names = units.unit_rows(
        {pk for row in found.elsewhere for pk in (row.expected_unit_id, row.found_unit_id) if pk}, as_of=one.effective_on
    )
    return render(
        request,
        "handover/reconciled.html",
        {
            "one": one,
            "decision": one.decision,
            "found": found,
            "at": clock.now(),
            "still": {kind: (queries.label_of(kind), count) for kind, count in found.still_held.items()},
            "elsewhere": [
                Elsewhere(
                    what=queries.label_of(row.kind),
                    label=row.label,
                    expected=names[row.expected_unit_id].full_name,
                    found=names[row.found_unit_id].full_name if row.found_unit_id else "",
                )
                for row in found.elsewhere[:A_PAGE]
            ],
        },
    )


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    what: str
    label: str
    expected: str
    found: str


@require_GET
def unit(request: HttpRequest, changeover_id: int, unit_id: int) -> HttpResponse:
    """One ended unit: what of it goes where, by which rule."""
    _actor, one = one_steered(request, changeover_id)
    row = units.unit_row(unit_id, as_of=one.effective_on)
    lines = queries.by_rule(one.pk, from_unit_id=unit_id)
    names = units.unit_rows({line.to_unit_id for line in lines if line.to_unit_id}, as_of=one.effective_on)
    return render(
        request,
        "handover/unit.html",
        {
            "one": one,
            "decision": one.decision,
            "unit": row,
            "lines": [
                (
                    queries.label_of(line.kind),
                    names[line.to_unit_id].full_name if line.to_unit_id else "",
                    RULE_LABELS[line.rule],
                    line.count,
                )
                for line in lines
            ],
        },
    )


def _steerer(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    units.city_of_duty(actor, rules.DUTY, on=clock.today())
    return actor


def one_steered(request: HttpRequest, changeover_id: int) -> tuple[Actor, Changeover]:
    """For who steers it. Raises NotFound, NotYourDuty."""
    actor, one = actor_of(request), boards.changeover_for(changeover_id)
    actor.must(rules.DUTY, unit_id=one.city_id)
    return actor, one
