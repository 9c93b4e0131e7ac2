"""A placement from the proposal to the decision. What it brings about on its day: effect.py."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.staffing import events, rules
from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.duties import duties_of, holds_party_post, is_party_post
from thongsuot.staffing.actions.members import locked_member
from thongsuot.staffing.models import JobPosition, Placement, PlacementApproval, StaffMember
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.queries.seen import covers, is_own, must_cover
from thongsuot.staffing.rules import MANAGE, PROPOSE, Side
from thongsuot.units import queries as units
from thongsuot.units.models import Body

Status = Placement.Status


@command
def propose(
    member_id: int,
    *,
    becomes: str,
    effective_on: date,
    to_body_id: int | None = None,
    position_id: int | None = None,
    title: str = "",
    until: date | None = None,
    keeps_posts: bool = False,
    party_managed: bool = False,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Placement:
    """Where a person should go, from a day on. By the head of the person's unit or of the receiving one, or by Home Affairs.

    position_id     of the catalogue, in the body; without it `title` says the post
    party_managed   a post outside of the catalogue is the Party's too. Both sides are needed when the new post is, or the one
                    held: moving a chair is the Party's business as appointing one is
    Raises NotFound, NotYourDuty, OwnCase, PlacementOpen, CannotBecome, BadInput.
    """
    member = locked_member(member_id)
    body = Body.objects.select_related("unit").filter(pk=to_body_id).first() if to_body_id is not None else None
    _must_propose(member, body, actor)
    if is_own(member, actor):
        raise errors.OwnCase
    if not (becomes in State.values and rules.may_become(member.state, becomes)):
        label = str(State(becomes).label) if becomes in State.values else becomes
        raise errors.CannotBecome(str(State(member.state).label), label)
    state = State(becomes)
    if state in rules.GONE:
        raise BadInput({"becomes": _("Người nghỉ đi theo đơn xin nghỉ. Hãy mở đơn ở trang của người ấy.")})
    position = JobPosition.objects.filter(pk=position_id, in_use=True).first() if position_id is not None else None
    title = one_line(title) or (position.title if position else "")
    until = until if state in rules.WITH_POST else None
    _must_fit(state, member, body, position, title, effective_on, until)
    with_post = state in rules.WITH_POST
    party_post = with_post and body is not None and (party_managed or is_party_post(position, body, title))
    placement = Placement(
        member=member,
        becomes=state,
        from_unit_id=member.unit_id,
        to_body=body if with_post else None,
        position=position if with_post else None,
        title=title if with_post else "",
        party_managed=party_post or holds_party_post(member, on=timezone.localdate(at)),
        party_post=party_post,
        keeps_posts=keeps_posts and with_post,
        effective_on=effective_on,
        until=until,
        note=one_line(note)[:500],
        proposed_at=at,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
    )
    save_open(placement)
    record(
        events.PROPOSED,
        placement,
        actor=actor,
        at=at,
        unit_id=member.unit_id,
        member=member.pk,
        becomes=state,
        to_body=placement.to_body_id,
        position=position.code if position and with_post else "",
        effective_on=effective_on,
        party_managed=placement.party_managed,
    )
    return placement


def save_open(placement: Placement) -> None:
    """Raises PlacementOpen when the person has one that is not over."""
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError:
        raise errors.PlacementOpen from None


def _must_propose(member: StaffMember, body: Body | None, actor: Actor) -> None:
    places = [member.unit_id, *([body.unit_id] if body else [])]
    if not any(covers(actor, duty, unit_id) for duty in (PROPOSE, MANAGE) for unit_id in places):
        raise NotYourDuty(PROPOSE)


def _must_fit(
    state: State,
    member: StaffMember,
    body: Body | None,
    position: JobPosition | None,
    title: str,
    effective_on: date,
    until: date | None,
) -> None:
    problems = {}
    if state in rules.WITH_POST:
        if body is None or units.city_of(body.unit_id) != member.city_id:
            problems["to_body"] = _("Hãy chọn cơ quan nhận người này, trong thành phố.")
        elif not Body.objects.filter(in_force(effective_on), pk=body.pk).exists():
            problems["effective_on"] = _("Vào ngày này cơ quan nhận chưa hoạt động hoặc đã kết thúc. Hãy chọn lại ngày.")
        elif state == State.DEPARTMENT and body.kind not in {Body.Kind.DEPARTMENT, Body.Kind.DIVISION}:
            problems["to_body"] = _("Chuyển về sở thì cơ quan nhận phải là sở hoặc phòng của thành phố.")
        elif position is not None:
            unit = units.unit_row(body.unit_id, as_of=effective_on)
            if position.body_kind != body.kind or unit.kind not in position.applies_to:
                problems["position"] = _("Vị trí “%(position)s” không có ở cơ quan này. Hãy chọn vị trí khác.") % {
                    "position": position.name
                }
        elif state in rules.OF_THE_PLAN and body.unit.level == "commune":
            problems["position"] = _("Hãy chọn vị trí việc làm trong danh mục.")
        if not title and "position" not in problems:
            problems["title"] = _("Chưa có chức danh ở nơi mới.")
    if state in rules.FOR_A_TIME and until is None:
        problems["until"] = _("Biệt phái có thời hạn. Hãy ghi ngày hết hạn.")
    if until is not None and until <= effective_on:
        problems["until"] = _("Ngày hết hạn phải sau ngày bắt đầu.")
    if len(title) > 200:
        problems["title"] = _("Chức danh dài quá 200 chữ. Hãy viết ngắn lại.")
    if problems:
        raise BadInput(problems)


@command
def approve(placement_id: int, *, side: str, note: str = "", actor: Actor, at: datetime) -> Placement:
    """One side says yes; when all sides that are needed have, the placement waits for its decision.

    Only persons approve, never the house; nobody for both sides, none what they proposed, none about themselves.
    Raises NotFound, NotYourDuty, PlacementMoved, SideDone, SameHand, OwnProposal, OwnCase.
    """
    placement = locked(placement_id)
    side = Side(side) if side in Side.values else Side.GOVERNMENT
    _must_speak_for(side, placement, actor)
    needed = rules.sides_needed(party_managed=placement.party_managed)
    if placement.status != Status.PROPOSED or side not in needed:
        raise errors.PlacementMoved
    if is_own(placement.member, actor):
        raise errors.OwnCase
    given = {one.side: one.by_id for one in PlacementApproval.objects.filter(placement=placement)}
    if side in given:
        raise errors.SideDone
    if actor.person_id in given.values():
        raise errors.SameHand
    if placement.proposed_by_id == actor.person_id:
        raise errors.OwnProposal
    assert actor.person_id is not None  # _must_speak_for
    PlacementApproval.objects.create(
        placement=placement, side=side, by_id=actor.person_id, by_name=actor.name, at=at, note=one_line(note)[:500]
    )
    if {*given, side} >= set(needed):
        placement.status = Status.APPROVED
        placement.save(update_fields=["status"])
    record(events.APPROVED, placement, actor=actor, at=at, unit_id=placement.from_unit_id, side=side, complete=placement.status)
    return placement


def _must_speak_for(side: Side, placement: Placement, actor: Actor) -> None:
    """The government's side manages staff of that unit; the Party's side speaks for the whole city."""
    duty = rules.DUTY_OF_SIDE[side]
    where = placement.member.city_id if side == Side.PARTY else placement.from_unit_id
    if actor.person_id is None or not covers(actor, duty, where):
        raise NotYourDuty(duty)


@command
def refuse(placement_id: int, *, side: str, reason: str, actor: Actor, at: datetime) -> Placement:
    """One side says no: the case is over, the person is where they were.

    Raises NotFound, NotYourDuty, PlacementMoved, OwnCase, BadInput.
    """
    placement = locked(placement_id)
    side = Side(side) if side in Side.values else Side.GOVERNMENT
    _must_speak_for(side, placement, actor)
    if placement.status not in {Status.PROPOSED, Status.APPROVED} or side not in rules.sides_needed(
        party_managed=placement.party_managed
    ):
        raise errors.PlacementMoved
    if is_own(placement.member, actor):
        raise errors.OwnCase
    _close(placement, Status.REFUSED, reason)
    record(events.REFUSED, placement, actor=actor, at=at, unit_id=placement.from_unit_id, side=side)
    return placement


@command
def withdraw(placement_id: int, *, reason: str, actor: Actor, at: datetime) -> Placement:
    """Whoever may propose takes it back, up to the decision; a decided one only Home Affairs, before its day.

    One that came from a leave case is not taken back: the decision on leaving stands until another document ends it.
    Raises NotFound, NotYourDuty, PlacementMoved, OwnCase, BadInput.
    """
    placement = locked(placement_id)
    if is_own(placement.member, actor):
        raise errors.OwnCase
    if placement.status == Status.DECIDED:
        must_cover(actor, MANAGE, placement.from_unit_id)
    else:
        _must_propose(placement.member, placement.to_body, actor)
    if placement.status not in Placement.OPEN or State(placement.becomes) in rules.GONE:
        raise errors.PlacementMoved
    _close(placement, Status.WITHDRAWN, reason)
    record(events.WITHDRAWN, placement, actor=actor, at=at, unit_id=placement.from_unit_id)
    return placement


def _close(placement: Placement, status: Status, reason: str) -> None:
    reason = one_line(reason)
    if not reason or len(reason) > 500:
        raise BadInput({"reason": _("Chưa có lý do, hoặc lý do dài quá 500 chữ. Hãy ghi một câu ngắn.")})
    placement.status, placement.closed_reason = status, reason
    placement.save(update_fields=["status", "closed_reason"])


@command
def decide(
    placement_id: int,
    *,
    decision_number: str,
    decided_by: str,
    decided_on: date,
    backdated: bool = False,
    actor: Actor,
    at: datetime,
) -> Placement:
    """The signed decision is there. On its day the placement takes effect by itself, never earlier.

    backdated   somebody has seen that it counts from a day before it was signed

    Raises NotFound, NotYourDuty, PlacementMoved, OwnCase, NoAddress, BadInput.
    """
    placement = locked(placement_id)
    must_cover(actor, MANAGE, placement.from_unit_id)
    if placement.status != Status.APPROVED:
        raise errors.PlacementMoved
    if is_own(placement.member, actor):
        raise errors.OwnCase
    decision_number, decided_by = document(decision_number, decided_by, decided_on, at)
    must_not_count_back(placement.effective_on, decided_on, confirmed=backdated)
    member = placement.member
    if placement.to_body and not (member.person_id or member.email) and duties_of(placement, on=placement.effective_on):
        raise errors.NoAddress
    placement.decision_number, placement.decided_by, placement.decided_on = decision_number, decided_by, decided_on
    placement.status = Status.DECIDED
    placement.save(update_fields=["decision_number", "decided_by", "decided_on", "status"])
    record_decided(placement, actor=actor, at=at)
    return placement


def document(decision_number: str, decided_by: str, decided_on: date, at: datetime) -> tuple[str, str]:
    """Number and body of a signed decision, as kept. Raises BadInput."""
    decision_number, decided_by = one_line(decision_number), one_line(decided_by)
    problems = {}
    if not decision_number or len(decision_number) > 60:
        problems["decision_number"] = _("Chưa có số quyết định, hoặc số dài quá 60 ký tự.")
    if not decided_by or len(decided_by) > 200:
        problems["decided_by"] = _("Chưa ghi cơ quan quyết định, hoặc tên dài quá 200 chữ.")
    if decided_on > timezone.localdate(at):
        problems["decided_on"] = _("Ngày quyết định ở sau hôm nay. Hãy ghi khi quyết định đã ký.")
    if problems:
        raise BadInput(problems)
    return decision_number, decided_by


def must_not_count_back(effective_on: date, decided_on: date, *, confirmed: bool) -> None:
    """Posts end and accounts close by that day: a wrong year must not pass unseen. Raises BadInput."""
    if effective_on < decided_on and not confirmed:
        sentence = _(
            "Ngày có hiệu lực %(day)s ở trước ngày quyết định %(decided)s. Hãy xem lại hai ngày; "
            "nếu quyết định đúng là có hiệu lực từ ngày trước đó thì đánh dấu xác nhận."
        )
        raise BadInput({"backdated": sentence % {"day": f"{effective_on:%d/%m/%Y}", "decided": f"{decided_on:%d/%m/%Y}"}})


def record_decided(placement: Placement, *, actor: Actor, at: datetime) -> None:
    record(
        events.DECIDED,
        placement,
        actor=actor,
        at=at,
        unit_id=placement.from_unit_id,
        decision=placement.decision_number,
        decided_on=placement.decided_on,
        effective_on=placement.effective_on,
    )


def locked(placement_id: int) -> Placement:
    """The case, and the person it is about, locked in the order in which proposals lock them. Raises NotFound."""
    member_id = must_exist(Placement.objects.filter(pk=placement_id).values_list("member_id", flat=True).first())
    member = locked_member(member_id)
    placement = (
        Placement.objects.select_related("to_body__unit", "position").select_for_update(of=("self",)).get(pk=placement_id)
    )
    placement.member = member
    return placement
