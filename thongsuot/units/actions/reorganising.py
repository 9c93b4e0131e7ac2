"""Decisions on units: drafted, checked, approved, and in force at their instant by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line, search_key, sort_key
from thongsuot.units import events, queries, rules
from thongsuot.units.actions.country import store
from thongsuot.units.facts import (
    CountryFacts,
    LoadReport,
    NameFact,
    PlanFacts,
    PlannedSuccessionFact,
    PlannedUnitFact,
    SuccessionFact,
    UnitFact,
)
from thongsuot.units.models import (
    Body,
    Decision,
    PartPlace,
    PlannedSuccession,
    PlannedUnit,
    PointDetails,
    PointManagement,
    ServicePoint,
    Serving,
    Succession,
    Unit,
    UnitName,
)
from thongsuot.units.rules.reorganising import Fault, faults

State, What = Decision.State, PlannedUnit.What


class DecisionNotOpen(TellPerson):
    """It is approved or withdrawn: its lines stay."""

    code = "units.decision_not_open"
    says = gettext_lazy("Quyết định này không còn ở trạng thái soạn. Thay đổi sau khi duyệt là một quyết định mới.")


class DecisionHasFaults(TellPerson):
    """The check found something; nothing was approved."""

    code = "units.decision_has_faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults

    def message(self) -> str:
        return _("Quyết định còn %(count)s điểm chưa khớp. Hãy mở phần kiểm tra, sửa từng điểm rồi kiểm tra lại.") % {
            "count": len(self.faults)
        }

    def details(self) -> dict[str, object]:
        return {"faults": [{"key": one.key, "about": one.about, **one.facts} for one in self.faults[:100]]}


class DecisionNotChecked(TellPerson):
    code = "units.decision_not_checked"
    says = gettext_lazy("Quyết định chưa được kiểm tra sau lần sửa cuối. Hãy bấm Kiểm tra trước khi duyệt.")


@command
def draft_decision(plan: PlanFacts, *, actor: Actor, at: datetime) -> Decision:
    """Begin a decision with the lines that are known; a draft of that number gets these lines instead of its own.

    A plan without lines puts the head of a draft right, and its lines stay. Lines without counts, title or day of signing leave
    what the head says of these. A withdrawn one begins anew under its number, for an act has only one.
    Without a province only the house itself may. Raises NotYourDuty, BadInput, DecisionNotOpen.
    """
    province = Unit.objects.filter(code=plan.province_code, level=Unit.Level.PROVINCE).order_by("-valid_from").first()
    if plan.province_code and province is None:
        raise BadInput({"province": _("Không có tỉnh, thành phố mã %(code)s.") % {"code": plan.province_code}})
    must_order(province.pk if province else None, actor)
    number, title = one_line(plan.number)[:60], one_line(plan.title)[:300]
    if not number:
        raise BadInput({"number": _("Hãy ghi số, ký hiệu của quyết định.")})
    _check_expected(plan.expected)
    decision = Decision.objects.select_for_update().filter(number=number).first()
    if decision is not None and (decision.state == State.APPROVED or decision.drafted_at is None):
        raise DecisionNotOpen
    has_lines = bool(plan.units or plan.successions)
    if decision is None:
        decision = Decision(number=number, drafted_at=at, drafted_by_name=actor.name)
    else:
        must_order(decision.province_id, actor)
        decision.approved_at, decision.approved_by_name = None, ""
    kept = decision if has_lines else None
    decision.title = title or (kept.title if kept else "") or number
    decision.signed_on = plan.signed_on or (kept.signed_on if kept else None)
    decision.effective_on, decision.province, decision.state = plan.effective_on, province, State.DRAFT
    decision.expected = dict(plan.expected or (kept.expected if kept else {}))
    if has_lines:
        decision.left_out = plan.left_out
    decision.save()
    if has_lines:
        decision.planned_units.all().delete()
        decision.planned_successions.all().delete()
        PlannedUnit.objects.bulk_create(_planned_unit(decision, one) for one in plan.units)
        PlannedSuccession.objects.bulk_create(_planned_succession(decision, one) for one in plan.successions)
    record(
        events.DECISION_DRAFTED,
        decision,
        actor=actor,
        at=at,
        unit_id=decision.province_id,
        units=len(plan.units),
        successions=len(plan.successions),
        left_out=decision.left_out,
    )
    return decision


@command
def accept_left_out(decision_id: int, *, actor: Actor, at: datetime) -> Decision:
    """Somebody looked at the lines of the file that could not be used: they are not needed, or were added by hand.

    Raises NotFound, NotYourDuty, DecisionNotOpen.
    """
    decision = _open(decision_id, actor)
    count, decision.left_out = decision.left_out, 0
    decision.save(update_fields=["left_out"])
    _edited(decision, actor, at, left_out_accepted=count)
    return decision


@command
def put_planned_unit(decision_id: int, unit: PlannedUnitFact, *, actor: Actor, at: datetime) -> PlannedUnit:
    """Add a line about a unit, or put the one of that code right. Raises NotFound, NotYourDuty, DecisionNotOpen, BadInput."""
    decision = _open(decision_id, actor)
    if not unit.code.isdigit() or len(unit.code) not in (2, 3, 5):
        raise BadInput({"code": _("Mã đơn vị gồm 2, 3 hoặc 5 chữ số.")})
    planned = _planned_unit(decision, unit)
    known = decision.planned_units.filter(code=unit.code, what=unit.what).first()
    planned.pk = known.pk if known else None
    planned.save()
    _edited(decision, actor, at, code=unit.code, what=unit.what)
    return planned


@command
def drop_planned_unit(planned_id: int, *, actor: Actor, at: datetime) -> Decision:
    """Take a line about a unit out, and the pairs that name it. Raises NotFound, NotYourDuty, DecisionNotOpen."""
    planned = must_exist(PlannedUnit.objects.filter(pk=planned_id).first())
    decision = _open(planned.decision_id, actor)
    pairs = decision.planned_successions
    named = pairs.filter(old_code=planned.code) if planned.what == What.ENDS else pairs.filter(new_code=planned.code)
    old_codes = set(named.values_list("old_code", flat=True))
    named.delete()
    planned.delete()
    _forget_ends(decision, old_codes)
    _edited(decision, actor, at, code=planned.code, dropped=True)
    return decision


@command
def put_planned_succession(decision_id: int, pair: PlannedSuccessionFact, *, actor: Actor, at: datetime) -> PlannedSuccession:
    """Add a pair, or put it right. Raises NotFound, NotYourDuty, DecisionNotOpen, BadInput."""
    decision = _open(decision_id, actor)
    if pair.extent not in Succession.Extent.values:
        raise BadInput({"extent": _("Hãy chọn phần chuyển sang.")})
    known = decision.planned_successions.filter(old_code=pair.old_code, new_code=pair.new_code).first()
    planned = _planned_succession(decision, pair)
    planned.pk = known.pk if known else None
    if pair.likeliest:
        decision.planned_successions.filter(old_code=pair.old_code).update(likeliest=False)
    planned.save()
    _edited(decision, actor, at, old=pair.old_code, new=pair.new_code)
    return planned


@command
def drop_planned_succession(planned_id: int, *, actor: Actor, at: datetime) -> Decision:
    """Raises NotFound, NotYourDuty, DecisionNotOpen."""
    planned = must_exist(PlannedSuccession.objects.filter(pk=planned_id).first())
    decision = _open(planned.decision_id, actor)
    planned.delete()
    _forget_ends(decision, {planned.old_code})
    _edited(decision, actor, at, old=planned.old_code, new=planned.new_code, dropped=True)
    return decision


def _forget_ends(decision: Decision, old_codes: Iterable[str]) -> None:
    """A unit of whom no pair speaks any more does not end by this decision."""
    left = decision.planned_successions.filter(old_code__in=list(old_codes)).values("old_code")
    decision.planned_units.filter(what=What.ENDS, code__in=list(old_codes)).exclude(code__in=left).delete()


@command
def check_decision(decision_id: int, *, actor: Actor, at: datetime) -> list[Fault]:
    """Hold the draft against the units that are there. Returns what was found; without a fault that blocks it may be approved.

    Raises NotFound, NotYourDuty, DecisionNotOpen.
    """
    decision = _open(decision_id, actor)
    found = queries.faults_of(decision)
    decision.state = State.DRAFT if any(one.blocks for one in found) else State.CHECKED
    decision.save(update_fields=["state"])
    record(events.DECISION_CHECKED, decision, actor=actor, at=at, unit_id=decision.province_id, faults=len(found))
    return found


@command
def approve_decision(decision_id: int, *, actor: Actor, at: datetime) -> Decision:
    """Write the dated rows: old units end and new ones begin on the day, whoever asks for it. Nothing has to be switched then.

    With a unit end its name, its bodies, their partners and its service points. What it holds is moved by the changeover.
    Raises NotFound, NotYourDuty, DecisionNotOpen, DecisionNotChecked, DecisionHasFaults.
    """
    decision = _open(decision_id, actor)
    if decision.state != State.CHECKED:
        raise DecisionNotChecked
    plan = queries.plan_of(decision)
    around = queries.surroundings(decision.effective_on)
    if found := [one for one in faults(plan, around) if one.blocks]:
        raise DecisionHasFaults(found)
    day = decision.effective_on
    report = LoadReport()
    changed = store(_facts(plan, decision, _starts(plan, day)), report)
    ended = Unit.objects.filter(valid_to=day, code__in=[one.code for one in plan.units if one.what == What.ENDS])
    _end_parts(list(ended.values_list("pk", flat=True)), day)
    _rename(plan, decision)
    decision.state, decision.approved_at, decision.approved_by_name = State.APPROVED, at, actor.name
    decision.save(update_fields=["state", "approved_at", "approved_by_name"])
    record(
        events.DECISION_APPROVED,
        decision,
        actor=actor,
        at=at,
        unit_id=decision.province_id,
        effective_on=day,
        begins=report.units,
        ends=report.ended,
        changes=sum(one.what == What.CHANGES for one in plan.units),
        units=len({unit.pk for unit in changed}),
    )
    transaction.on_commit(queries.clear_caches)
    return decision


@command
def describe_part(succession_id: int, *, part: str, places: Iterable[str], actor: Actor, at: datetime) -> Succession:
    """Say which part of a split unit went there: in words, and by the names that addresses carry. Lists come late and grow.

    Raises NotFound, NotYourDuty, BadInput.
    """
    succession = must_exist(Succession.objects.select_for_update().select_related("new_unit").filter(pk=succession_id).first())
    actor.must("manage units", unit_id=queries.city_of(succession.new_unit_id))
    named = {search_key(name): name for one in places if (name := one_line(one)[:120])}
    named.pop("", None)
    taken = PartPlace.objects.filter(succession__old_unit=succession.old_unit_id, key__in=named).exclude(succession=succession)
    if other := taken.first():
        raise BadInput({"places": _("“%(place)s” đã thuộc phần chuyển sang nơi khác.") % {"place": other.name}})
    succession.part = one_line(part)[:2000]
    succession.save(update_fields=["part"])
    succession.places.all().delete()
    PartPlace.objects.bulk_create(PartPlace(succession=succession, name=name, key=key) for key, name in named.items())
    record(
        events.PART_DESCRIBED,
        succession.new_unit,
        actor=actor,
        at=at,
        unit_id=succession.new_unit_id,
        old_unit=succession.old_unit_id,
        places=sorted(named.values()),
    )
    transaction.on_commit(queries.clear_caches)
    return succession


@command
def name_keeper(succession_id: int, *, actor: Actor, at: datetime) -> Succession:
    """This successor answers for what stays whole of the ended unit; who did so before no longer does.

    Raises NotFound, NotYourDuty.
    """
    succession = must_exist(Succession.objects.select_for_update().select_related("new_unit").filter(pk=succession_id).first())
    actor.must("manage units", unit_id=queries.city_of(succession.new_unit_id))
    Succession.objects.filter(old_unit=succession.old_unit_id, keeps_records=True).update(keeps_records=False)
    succession.keeps_records = True
    succession.save(update_fields=["keeps_records"])
    record(
        events.KEEPER_NAMED,
        succession.new_unit,
        actor=actor,
        at=at,
        unit_id=succession.new_unit_id,
        old_unit=succession.old_unit_id,
    )
    transaction.on_commit(queries.clear_caches)
    return succession


def must_order(province_id: int | None, actor: Actor) -> None:
    if province_id is None and not actor.trusted:
        raise NotYourDuty("manage units")
    if province_id is not None:
        actor.must("manage units", unit_id=province_id)


def _open(decision_id: int, actor: Actor) -> Decision:
    decision = must_exist(
        Decision.objects.select_for_update(of=("self",)).select_related("province").filter(pk=decision_id).first()
    )
    must_order(decision.province_id, actor)
    if decision.state not in (State.DRAFT, State.CHECKED):
        raise DecisionNotOpen
    return decision


def _edited(decision: Decision, actor: Actor, at: datetime, **facts: object) -> None:
    decision.state = State.DRAFT
    decision.save(update_fields=["state"])
    record(events.DECISION_EDITED, decision, actor=actor, at=at, unit_id=decision.province_id, **facts)


def _check_expected(expected: Mapping[str, int]) -> None:
    for kind, count in expected.items():
        if kind not in UnitName.Kind.values or not 0 <= count <= 10_000:
            raise BadInput({"expected": _("Số đơn vị theo quyết định chưa đúng. Hãy ghi số từ 0 đến 10.000.")})


def _planned_unit(decision: Decision, one: PlannedUnitFact) -> PlannedUnit:
    return PlannedUnit(
        decision=decision,
        what=one.what,
        code=one.code,
        level=one.level,
        parent_code=one.parent_code,
        kind=one.kind,
        name=one_line(one.name)[:120],
    )


def _planned_succession(decision: Decision, one: PlannedSuccessionFact) -> PlannedSuccession:
    return PlannedSuccession(
        decision=decision,
        old_code=one.old_code,
        new_code=one.new_code,
        extent=one.extent,
        likeliest=one.likeliest,
        part=one_line(one.part)[:2000],
        places=[place for name in one.places if (place := one_line(name)[:120])],
        evidence=one.evidence,
    )


def _starts(plan: PlanFacts, day: date) -> dict[str, date]:
    """When the units that end on the day began, by code."""
    codes = [one.code for one in plan.units if one.what == What.ENDS]
    units = Unit.objects.select_for_update().filter(code__in=codes, valid_from__lt=day, valid_to=None)
    return dict(units.values_list("code", "valid_from"))


def _facts(plan: PlanFacts, decision: Decision, starts: Mapping[str, date]) -> CountryFacts:
    day = plan.effective_on
    names: dict[str, tuple[str, date]] = {
        code: (kind, since)
        for code, kind, since in UnitName.objects.filter(
            unit__code__in=starts, unit__valid_from__lt=day, unit__valid_to=None, valid_to=None
        ).values_list("unit__code", "kind", "valid_from")
    }
    ends = [
        UnitFact(
            code=one.code,
            level=one.level,
            valid_from=starts[one.code],
            valid_to=day,
            names=(NameFact(kind=names[one.code][0], name=one.name, valid_from=names[one.code][1], valid_to=day),),
        )
        for one in plan.units
        if one.what == What.ENDS
    ]
    begins = [
        UnitFact(
            code=one.code,
            level=one.level,
            parent_code=one.parent_code,
            valid_from=day,
            names=(NameFact(kind=one.kind, name=one.name, valid_from=day, decision=decision.number),),
        )
        for one in plan.units
        if one.what == What.BEGINS
    ]
    successions = [
        SuccessionFact(
            old_code=one.old_code,
            new_code=one.new_code,
            on=day,
            extent=one.extent,
            likeliest=one.likeliest,
            decision=decision.number,
            evidence=one.evidence,
            part=one.part,
            places=one.places,
        )
        for one in plan.successions
    ]
    return CountryFacts(source=decision.number, units=(*ends, *begins), successions=tuple(successions))


def _end_parts(unit_ids: Sequence[int], day: date) -> None:
    """What is part of a unit ends with it. What would have begun later never begins."""
    bodies = Body.objects.filter(unit__in=unit_ids)
    open_servings = Serving.objects.filter(valid_to=None)
    for rows in (
        bodies,
        open_servings.filter(unit__in=unit_ids),
        open_servings.filter(body__unit__in=unit_ids),
        PointDetails.objects.filter(point__unit__in=unit_ids),
        PointManagement.objects.filter(point__unit__in=unit_ids),
        ServicePoint.objects.filter(unit__in=unit_ids),
    ):
        rows.filter(valid_to=None, valid_from__lt=day).update(valid_to=day)


def _rename(plan: PlanFacts, decision: Decision) -> None:
    for one in plan.units:
        if one.what != What.CHANGES:
            continue
        name = UnitName.objects.select_related("unit").get(unit__code=one.code, unit__valid_to=None, valid_to=None)
        name.valid_to = plan.effective_on
        name.save(update_fields=["valid_to"])
        UnitName.objects.create(
            unit=name.unit,
            kind=one.kind,
            name=one.name,
            full_name=rules.full_name(one.kind, one.name),
            search_name=search_key(one.name),
            sort_name=sort_key(one.name),
            decision=decision,
            valid_from=plan.effective_on,
        )
