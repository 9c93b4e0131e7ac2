"""Leave cases on their way: application, unit head, council, Home Affairs, decision, payment, insurance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.text import one_line
from thongsuot.people import actions as people
from thongsuot.staffing import events, rules
from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.members import locked_member
from thongsuot.staffing.actions.placing import document, record_decided, save_open
from thongsuot.staffing.models import LeaveCase, LeaveStep, Placement, StaffMember
from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.queries.leaving import advice
from thongsuot.staffing.queries.seen import covers, is_own
from thongsuot.staffing.rules import MANAGE, PROPOSE
from thongsuot.staffing.rules.leaving import missing
from thongsuot.units import queries as units

Outcome = LeaveStep.Outcome
MOST_DONG = 10**12
MOST_MONTHS = 720


@dataclass(frozen=True, kw_only=True)
class PayFacts:
    """What the calculation goes by: sensitive, never in an event."""

    pay_dong: int | None = None
    months_insured: int | None = None
    months_served: int | None = None
    retires_on: date | None = None


@command
def apply_for_leave(
    member_id: int,
    *,
    kind: str,
    applied_on: date,
    leaves_on: date,
    reorganised_on: date,
    reason: str = "",
    facts: PayFacts | None = None,
    actor: Actor,
    at: datetime,
) -> LeaveCase:
    """A person applies, or an officer writes down the paper application. The unit's head has it next.

    Raises NotFound, NotYourDuty, LeaveOpen, CannotBecome, BadInput.
    """
    member = locked_member(member_id)
    _must_be_self_or_cover(member, member.unit_id, actor)
    if kind not in LeaveKind.values:
        raise BadInput({"kind": _("Hãy chọn diện nghỉ trong danh sách.")})
    becomes = rules.STATE_OF_LEAVE[LeaveKind(kind)]
    if not rules.may_become(member.state, becomes):
        raise errors.CannotBecome(member.get_state_display(), str(becomes.label))
    facts = facts or PayFacts()
    _must_be_days(applied_on, leaves_on, facts, at)
    case = LeaveCase(
        member=member,
        unit_id=member.unit_id,
        kind=kind,
        applied_on=applied_on,
        leaves_on=leaves_on,
        reorganised_on=reorganised_on,
        reason=one_line(reason)[:500],
        pay_dong=facts.pay_dong,
        months_insured=facts.months_insured,
        months_served=facts.months_served,
        retires_on=facts.retires_on,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise errors.LeaveOpen from None
    _step(case, Stage.APPLICATION, Outcome.PASSED, "", actor, at)
    record(events.LEAVE_APPLIED, case, actor=actor, at=at, unit_id=case.unit_id, member=member.pk, applied_on=applied_on)
    return case


@command
def put_facts(case_id: int, *, leaves_on: date, reorganised_on: date, facts: PayFacts, actor: Actor, at: datetime) -> LeaveCase:
    """What the amount is worked out from, up to the decision; by the unit only while the case is there.

    Raises NotFound, NotYourDuty, OwnCase, LeaveMoved, BadInput.
    """
    case = _locked(case_id)
    if not may_put_facts(case, actor):
        raise NotYourDuty(MANAGE)
    if is_own(case.member, actor):
        raise errors.OwnCase
    if Stage(case.stage) in rules.DECIDED | rules.OVER:
        raise errors.LeaveMoved
    _must_be_days(case.applied_on, leaves_on, facts, at)
    wanted = {
        "leaves_on": leaves_on,
        "reorganised_on": reorganised_on,
        "pay_dong": facts.pay_dong,
        "months_insured": facts.months_insured,
        "months_served": facts.months_served,
        "retires_on": facts.retires_on,
    }
    changed = sorted(key for key, value in wanted.items() if getattr(case, key) != value)
    for key, value in wanted.items():
        setattr(case, key, value)
    case.save(update_fields=list(wanted))
    record(events.LEAVE_FACTS_PUT, case, actor=actor, at=at, unit_id=case.unit_id, fields=changed)
    return case


def may_put_facts(case: LeaveCase, actor: Actor) -> bool:
    """Once the unit has passed it on, what is appraised is not changed behind Home Affairs' back."""
    at_unit = Stage(case.stage) in {Stage.APPLICATION, Stage.UNIT_HEAD}
    return covers(actor, MANAGE, case.unit_id) or (at_unit and covers(actor, PROPOSE, case.unit_id))


def _must_be_days(applied_on: date, leaves_on: date, facts: PayFacts, at: datetime) -> None:
    problems = {}
    if applied_on > timezone.localdate(at):
        problems["applied_on"] = _("Ngày nộp đơn ở sau hôm nay.")
    if facts.retires_on is not None and facts.retires_on < leaves_on:
        problems["retires_on"] = _("Ngày đủ tuổi nghỉ hưu phải sau ngày nghỉ; nếu đã đủ tuổi thì nghỉ hưu theo tuổi.")
    if facts.pay_dong is not None and not 0 <= facts.pay_dong <= MOST_DONG:
        problems["pay_dong"] = _("Tiền lương tháng là số đồng, không âm.")
    for name in ("months_insured", "months_served"):
        value = getattr(facts, name)
        if value is not None and not 0 <= value <= MOST_MONTHS:
            problems[name] = _("Số tháng là số từ 0 đến %(most)s.") % {"most": MOST_MONTHS}
    if problems:
        raise BadInput(problems)


@command
def pass_on(case_id: int, *, stage: str, note: str = "", actor: Actor, at: datetime) -> LeaveCase:
    """The desk that has the case is done with it. The decision has a command of its own.

    stage   where the reader saw it: a second press, or a colleague meanwhile, must not pass it on twice
    Raises NotFound, NotYourDuty, OwnCase, LeaveMoved, LacksFacts, NoRate.
    """
    case = _locked(case_id)
    _must_have(case, actor)
    if case.stage != stage or Stage(case.stage) in rules.OVER or case.stage == Stage.DECISION:
        raise errors.LeaveMoved
    if case.stage == Stage.HOME_AFFAIRS:
        _must_come_to_something(case)
    here, case.stage = Stage(case.stage), rules.after(case.stage)
    case.settled_at = at if case.stage == Stage.SETTLED else None
    case.save(update_fields=["stage", "settled_at"])
    _step(case, here, Outcome.PASSED, note, actor, at)
    record(events.LEAVE_PASSED, case, actor=actor, at=at, unit_id=case.unit_id, stage=here, to=case.stage)
    return case


@command
def decide_leave(
    case_id: int,
    *,
    decision_number: str,
    decided_by: str,
    decided_on: date,
    decided_dong: int,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> LeaveCase:
    """The signed decision is written down: on the day of leaving posts end and the account is closed, by its own placement.

    decided_dong   as the document says; what the tool worked out is kept beside it
    Raises NotFound, NotYourDuty, OwnCase, AppraisedIt (whoever appraised it does not decide), LeaveMoved, LacksFacts, NoRate,
    PlacementOpen, CannotBecome, BadInput.
    """
    case = _locked(case_id)
    _must_have(case, actor)
    if case.stage != Stage.DECISION:
        raise errors.LeaveMoved
    if actor.person_id is not None and actor.person_id == _appraised_by(case):
        raise errors.AppraisedIt
    decision_number, decided_by = document(decision_number, decided_by, decided_on, at)
    if not 0 <= decided_dong <= MOST_DONG:
        raise BadInput({"decided_dong": _("Số tiền theo quyết định là số đồng, không âm.")})
    case.advised_dong = _must_come_to_something(case)
    becomes = rules.STATE_OF_LEAVE[LeaveKind(case.kind)]
    if not rules.may_become(case.member.state, becomes):
        raise errors.CannotBecome(case.member.get_state_display(), str(becomes.label))
    placement = Placement(
        member=case.member,
        becomes=becomes,
        from_unit_id=case.member.unit_id,
        effective_on=case.leaves_on,
        status=Placement.Status.DECIDED,
        proposed_at=at,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        decision_number=decision_number,
        decided_by=decided_by,
        decided_on=decided_on,
    )
    save_open(placement)
    record_decided(placement, actor=actor, at=at)
    case.placement, case.decided_dong, case.stage = placement, decided_dong, Stage.PAYMENT
    case.save(update_fields=["placement", "decided_dong", "advised_dong", "stage"])
    _step(case, Stage.DECISION, Outcome.PASSED, note, actor, at)
    record(
        events.LEAVE_PASSED,
        case,
        actor=actor,
        at=at,
        unit_id=case.unit_id,
        stage=Stage.DECISION,
        to=case.stage,
        decision=decision_number,
    )
    return case


@command
def send_back(case_id: int, *, stage: str, reason: str, actor: Actor, at: datetime) -> LeaveCase:
    """One desk back, with the reason. Raises NotFound, NotYourDuty, OwnCase, LeaveMoved, BadInput."""
    case = _locked(case_id)
    _must_have(case, actor)
    if case.stage != stage or Stage(case.stage) in rules.OVER:
        raise errors.LeaveMoved
    back = rules.before(case.stage)
    if back is None:
        raise errors.LeaveMoved
    reason = _reason(reason)
    here, case.stage = Stage(case.stage), back
    case.save(update_fields=["stage"])
    _step(case, here, Outcome.SENT_BACK, reason, actor, at)
    record(events.LEAVE_SENT_BACK, case, actor=actor, at=at, unit_id=case.unit_id, stage=here, to=back)
    return case


@command
def withdraw_leave(case_id: int, *, reason: str, actor: Actor, at: datetime) -> LeaveCase:
    """The person stays after all; possible until it is decided. Raises NotFound, NotYourDuty, LeaveMoved, BadInput."""
    case = _locked(case_id)
    _must_be_self_or_cover(case.member, case.unit_id, actor)
    if Stage(case.stage) in rules.DECIDED | rules.OVER:
        raise errors.LeaveMoved
    reason = _reason(reason)
    here, case.stage = Stage(case.stage), Stage.WITHDRAWN
    case.save(update_fields=["stage"])
    _step(case, here, Outcome.WITHDRAWN, reason, actor, at)
    record(events.LEAVE_WITHDRAWN, case, actor=actor, at=at, unit_id=case.unit_id, stage=here)
    return case


@command
def look_at(case_id: int, *, actor: Actor, at: datetime) -> LeaveCase:
    """An officer reads what someone earns: the person can see who did. Whether they may is for the guarded query to say."""
    case = LeaveCase.objects.select_related("member").get(pk=case_id)
    people.log_look_up(
        case,
        fields=["pay", "insured_time"],
        reason=_("xét hồ sơ nghỉ"),
        about_id=case.member.person_id,
        actor=actor,
        at=at,
    )
    return case


def _must_be_self_or_cover(member: StaffMember, unit_id: int, actor: Actor) -> None:
    if not is_own(member, actor) and not any(covers(actor, duty, unit_id) for duty in (PROPOSE, MANAGE)):
        raise NotYourDuty(PROPOSE)


def may_act(case: LeaveCase, actor: Actor) -> bool:
    """Is the case on this actor's desk? That of a unit that has ended has no head any more: Home Affairs stands in."""
    if case.stage == Stage.APPLICATION:
        return is_own(case.member, actor) or any(covers(actor, duty, case.unit_id) for duty in (PROPOSE, MANAGE))
    if is_own(case.member, actor):
        return False
    if case.stage == Stage.UNIT_HEAD:
        return covers(actor, PROPOSE, case.unit_id) or (_has_ended(case.unit_id) and covers(actor, MANAGE, case.unit_id))
    return covers(actor, MANAGE, case.unit_id)


def _has_ended(unit_id: int) -> bool:
    return units.unit_row(unit_id, as_of=date.max).valid_to is not None


def _must_have(case: LeaveCase, actor: Actor) -> None:
    if may_act(case, actor):
        return
    if is_own(case.member, actor):
        raise errors.OwnCase
    raise NotYourDuty(PROPOSE if case.stage == Stage.UNIT_HEAD else MANAGE)


def _appraised_by(case: LeaveCase) -> int | None:
    steps = LeaveStep.objects.filter(case=case, stage=Stage.HOME_AFFAIRS, outcome=Outcome.PASSED)
    return steps.order_by("-pk").values_list("by_id", flat=True).first()


def _must_come_to_something(case: LeaveCase) -> int:
    """What the tool advises. Raises LacksFacts, NoRate."""
    if missing(vars(case), case.kind):
        raise errors.LacksFacts
    worked_out = advice(case)
    if worked_out is None or not worked_out.lines:
        raise errors.NoRate
    return worked_out.total_dong


def _reason(reason: str) -> str:
    reason = one_line(reason)
    if not reason or len(reason) > 500:
        raise BadInput({"reason": _("Chưa có lý do, hoặc lý do dài quá 500 chữ. Hãy ghi một câu ngắn.")})
    return reason


def _step(case: LeaveCase, stage: Stage, outcome: Outcome, note: str, actor: Actor, at: datetime) -> None:
    LeaveStep.objects.create(
        case=case,
        stage=stage,
        outcome=outcome,
        at=at,
        by_id=actor.person_id,
        by_name=actor.name,
        note=one_line(note)[:500],
    )


def _locked(case_id: int) -> LeaveCase:
    """The case and its person, locked in that order of person, then case. Raises NotFound."""
    member_id = LeaveCase.objects.filter(pk=case_id).values_list("member_id", flat=True).first()
    if member_id is None:
        raise NotFound
    member = locked_member(member_id)
    case = LeaveCase.objects.select_for_update().get(pk=case_id)
    case.member = member
    return case
