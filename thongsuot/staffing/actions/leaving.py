"""Leave cases on their way: application, unit head, council, Home Affairs, decision, payment, insurance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people import actions as people
from thongsuot.people.queries.staff import staff_with_duty
from thongsuot.staffing import events, rules
from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.duties import holds_party_post
from thongsuot.staffing.actions.members import locked_member
from thongsuot.staffing.actions.placing import document, must_not_count_back, record_decided, save_open
from thongsuot.staffing.models import LeaveCase, LeaveStep, Placement, StaffMember
from thongsuot.staffing.models.leaving import LeaveKind, Stage
from thongsuot.staffing.queries.leaving import advice, kept
from thongsuot.staffing.queries.seen import accounts_of, covers, is_own, is_party_managed
from thongsuot.staffing.rules import MANAGE, PARTY, PROPOSE
from thongsuot.staffing.rules.leaving import Calculation, missing
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
        party_managed=holds_party_post(member, on=timezone.localdate(at)),
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
    """What the amount is worked out from, until it lies before whoever decides; by the unit only while the case is there.

    Raises NotFound, NotYourDuty, OwnCase, FactsStand, LeaveMoved, BadInput.
    """
    case = _locked(case_id)
    if not any(covers(actor, duty, case.unit_id) for duty in (MANAGE, PROPOSE)):
        raise NotYourDuty(MANAGE)
    if is_own(case.member, actor):
        raise errors.OwnCase
    if case.stage == Stage.DECISION:
        raise errors.FactsStand
    if Stage(case.stage) in rules.FACTS_STAND:
        raise errors.LeaveMoved
    if not may_put_facts(case, actor):
        raise NotYourDuty(MANAGE)
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
    if "leaves_on" in changed:  # the Party's side agreed to another day
        case.party_agreed_at, case.party_agreed_by_id = None, None
    case.save(update_fields=[*wanted, "party_agreed_at", "party_agreed_by"])
    record(events.LEAVE_FACTS_PUT, case, actor=actor, at=at, unit_id=case.unit_id, fields=changed)
    return case


def may_put_facts(case: LeaveCase, actor: Actor) -> bool:
    """Once the unit has passed it on, what is appraised is not changed behind Home Affairs' back; at the decision by nobody."""
    stage = Stage(case.stage)
    if stage in rules.FACTS_STAND:
        return False
    return covers(actor, MANAGE, case.unit_id) or (stage in rules.AT_UNIT and covers(actor, PROPOSE, case.unit_id))


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
    _must_have(case, actor, at)
    if case.stage != stage or Stage(case.stage) in rules.OVER or case.stage == Stage.DECISION:
        raise errors.LeaveMoved
    if case.stage == Stage.HOME_AFFAIRS:
        _must_come_to_something(case)
    here, case.stage = Stage(case.stage), rules.after(case.stage)
    case.settled_at = at if case.stage == Stage.SETTLED else None
    if here not in rules.DECIDED:
        _see_party(case, at)
    case.save(update_fields=["stage", "settled_at", "party_managed"])
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
    backdated: bool = False,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> LeaveCase:
    """The signed decision is written down: on the day of leaving posts end and the account is closed, by its own placement.

    decided_dong   as the document says; what the tool worked out, line by line, is kept beside it
    backdated      somebody has seen that the person leaves before the day of the document
    Raises NotFound, NotYourDuty, OwnCase, AppraisedIt (whoever appraised it does not decide), LeaveMoved, NeedsParty, SameHand,
    LacksFacts, NoRate, PlacementOpen, CannotBecome, BadInput.
    """
    case = _locked(case_id)
    _must_have(case, actor, at)
    if case.stage != Stage.DECISION:
        raise errors.LeaveMoved
    if actor.person_id is not None and actor.person_id == _appraised_by(case):
        raise errors.AppraisedIt
    _see_party(case, at)
    if case.party_managed and case.party_agreed_at is None:
        raise errors.NeedsParty
    if case.party_managed and actor.person_id == case.party_agreed_by_id:
        raise errors.SameHand
    decision_number, decided_by = document(decision_number, decided_by, decided_on, at)
    must_not_count_back(case.leaves_on, decided_on, confirmed=backdated)
    if not 0 <= decided_dong <= MOST_DONG:
        raise BadInput({"decided_dong": _("Số tiền theo quyết định là số đồng, không âm.")})
    worked_out = _must_come_to_something(case)
    case.advised_dong, case.advised_lines = worked_out.total_dong, kept(worked_out)
    becomes = rules.STATE_OF_LEAVE[LeaveKind(case.kind)]
    if not rules.may_become(case.member.state, becomes):
        raise errors.CannotBecome(case.member.get_state_display(), str(becomes.label))
    placement = Placement(
        member=case.member,
        becomes=becomes,
        from_unit_id=case.member.unit_id,
        effective_on=case.leaves_on,
        party_managed=case.party_managed,
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
    case.save()
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
    _must_have(case, actor, at)
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
    """The person stays after all; possible until it is decided, for the unit while the case is there.

    Raises NotFound, NotYourDuty, LeaveMoved, BadInput.
    """
    case = _locked(case_id)
    _must_be_self_or_cover(case.member, case.unit_id, actor)
    if Stage(case.stage) in rules.DECIDED | rules.OVER:
        raise errors.LeaveMoved
    if not may_withdraw(case, actor):
        raise NotYourDuty(MANAGE)
    reason = _reason(reason)
    here, case.stage = Stage(case.stage), Stage.WITHDRAWN
    case.save(update_fields=["stage"])
    _step(case, here, Outcome.WITHDRAWN, reason, actor, at)
    record(events.LEAVE_WITHDRAWN, case, actor=actor, at=at, unit_id=case.unit_id, stage=here)
    return case


def may_withdraw(case: LeaveCase, actor: Actor) -> bool:
    at_unit = Stage(case.stage) in rules.AT_UNIT
    return (
        is_own(case.member, actor) or covers(actor, MANAGE, case.unit_id) or (at_unit and covers(actor, PROPOSE, case.unit_id))
    )


@command
def refuse_leave(case_id: int, *, stage: str, reason: str, actor: Actor, at: datetime) -> LeaveCase:
    """The council says no, or the Party's side about a person of its own: the case is over, the person stays.

    Raises NotFound, NotYourDuty, OwnCase, LeaveMoved, BadInput.
    """
    case = _locked(case_id)
    if is_own(case.member, actor):
        raise errors.OwnCase
    if not (covers(actor, MANAGE, case.unit_id) or may_agree(case, actor)):
        raise NotYourDuty(MANAGE)
    if case.stage != stage or not may_refuse(case, actor, at):
        raise errors.LeaveMoved
    reason = _reason(reason)
    here, case.stage = Stage(case.stage), Stage.REFUSED
    case.save(update_fields=["stage"])
    _step(case, here, Outcome.REFUSED, reason, actor, at)
    record(events.LEAVE_REFUSED, case, actor=actor, at=at, unit_id=case.unit_id, stage=here)
    return case


def may_refuse(case: LeaveCase, actor: Actor, at: datetime) -> bool:
    return may_agree(case, actor) or (case.stage == Stage.COUNCIL and may_act(case, actor, at))


@command
def agree_to_leave(case_id: int, *, note: str = "", actor: Actor, at: datetime) -> LeaveCase:
    """The Party's side says yes to the leave of somebody whose post it manages, at any desk before the decision. Only persons.

    Raises NotFound, NotYourDuty, OwnCase, NotParty, SideDone, LeaveMoved.
    """
    case = _locked(case_id)
    if actor.person_id is None or not covers(actor, PARTY, case.member.city_id):
        raise NotYourDuty(PARTY)
    if is_own(case.member, actor):
        raise errors.OwnCase
    if Stage(case.stage) in rules.DECIDED | rules.OVER:
        raise errors.LeaveMoved
    if case.party_agreed_at is not None:
        raise errors.SideDone
    if not (case.party_managed or is_party_managed(case.member)):
        raise errors.NotParty
    case.party_managed, case.party_agreed_at, case.party_agreed_by_id = True, at, actor.person_id
    case.save(update_fields=["party_managed", "party_agreed_at", "party_agreed_by"])
    _step(case, Stage(case.stage), Outcome.AGREED, note, actor, at)
    record(events.LEAVE_AGREED, case, actor=actor, at=at, unit_id=case.unit_id, stage=case.stage)
    return case


def _see_party(case: LeaveCase, at: datetime) -> None:
    """A post of the Party's that came, or was found, since the application."""
    case.party_managed = case.party_managed or holds_party_post(case.member, on=timezone.localdate(at))


def may_agree(case: LeaveCase, actor: Actor) -> bool:
    """Has the Party's side a word here, and this actor its duty?"""
    return (
        actor.person_id is not None
        and covers(actor, PARTY, case.member.city_id)
        and not is_own(case.member, actor)
        and Stage(case.stage) not in rules.DECIDED | rules.OVER
        and (case.party_managed or is_party_managed(case.member))
    )


@command
def cancel_decision(
    case_id: int, *, decision_number: str, decided_by: str, decided_on: date, actor: Actor, at: datetime
) -> LeaveCase:
    """A document cancels or corrects the decision before it takes effect: the case lies at the decision again, its steps stay.

    From there it is decided anew, sent back, or withdrawn. What was decided stands in the history of the withdrawn placement.
    Raises NotFound, NotYourDuty, OwnCase, LeaveMoved, TookEffect, LeaveOpen, BadInput.
    """
    case = _locked(case_id)
    if not covers(actor, MANAGE, case.unit_id):
        raise NotYourDuty(MANAGE)
    if is_own(case.member, actor):
        raise errors.OwnCase
    if case.placement_id is None or Stage(case.stage) not in rules.DECIDED:
        raise errors.LeaveMoved
    placement = Placement.objects.select_for_update().get(pk=case.placement_id)
    if placement.status != Placement.Status.DECIDED:
        raise errors.TookEffect
    decision_number, decided_by = document(decision_number, decided_by, decided_on, at)
    words = {"number": decision_number, "day": f"{decided_on:%d/%m/%Y}", "by": decided_by}
    why = (_("Theo văn bản số %(number)s ngày %(day)s của %(by)s") % words)[:500]
    placement.status, placement.closed_reason = Placement.Status.WITHDRAWN, why
    placement.save(update_fields=["status", "closed_reason"])
    record(events.WITHDRAWN, placement, actor=actor, at=at, unit_id=placement.from_unit_id)
    here, case.stage = Stage(case.stage), Stage.DECISION
    case.placement, case.settled_at, case.decided_dong = None, None, None
    case.advised_dong, case.advised_lines = None, []
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise errors.LeaveOpen from None
    _step(case, here, Outcome.CANCELLED, why, actor, at)
    record(
        events.LEAVE_DECISION_CANCELLED,
        case,
        actor=actor,
        at=at,
        unit_id=case.unit_id,
        stage=here,
        placement=placement.pk,
        decision=decision_number,
        decided_on=decided_on,
    )
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


def may_act(case: LeaveCase, actor: Actor, at: datetime) -> bool:
    """Is the case on this actor's desk? Where the unit has no head to see it, Home Affairs stands in."""
    if case.stage == Stage.APPLICATION:
        return is_own(case.member, actor) or any(covers(actor, duty, case.unit_id) for duty in (PROPOSE, MANAGE))
    if is_own(case.member, actor):
        return False
    if case.stage == Stage.UNIT_HEAD:
        return covers(actor, PROPOSE, case.unit_id) or (covers(actor, MANAGE, case.unit_id) and not has_head(case, at))
    return covers(actor, MANAGE, case.unit_id)


def has_head(case: LeaveCase, at: datetime) -> bool:
    """Does the unit exist today, with somebody else than the applicant who holds the proposing duty there?"""
    today = timezone.localdate(at)
    if not units.unit_row(case.unit_id, as_of=today).exists_on(today):
        return False
    heads = {one.id for one in staff_with_duty(PROPOSE, case.unit_id, on=today)}
    return bool(heads - accounts_of(case.member))


def _must_have(case: LeaveCase, actor: Actor, at: datetime) -> None:
    if may_act(case, actor, at):
        return
    if is_own(case.member, actor):
        raise errors.OwnCase
    raise NotYourDuty(PROPOSE if case.stage == Stage.UNIT_HEAD else MANAGE)


def _appraised_by(case: LeaveCase) -> int | None:
    steps = LeaveStep.objects.filter(case=case, stage=Stage.HOME_AFFAIRS, outcome=Outcome.PASSED)
    return steps.order_by("-pk").values_list("by_id", flat=True).first()


def _must_come_to_something(case: LeaveCase) -> Calculation:
    """What the tool advises. Raises LacksFacts, NoRate."""
    if missing(vars(case), case.kind):
        raise errors.LacksFacts
    worked_out = advice(case)
    if worked_out is None or not worked_out.lines:
        raise errors.NoRate
    return worked_out


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
    member_id = must_exist(LeaveCase.objects.filter(pk=case_id).values_list("member_id", flat=True).first())
    member = locked_member(member_id)
    case = LeaveCase.objects.select_for_update().get(pk=case_id)
    case.member = member
    return case
