"""What a decided placement brings about at the first instant of its day: posts end and begin, accounts open and close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.people import actions as people
from thongsuot.people.models import Appointment
from thongsuot.staffing import events, rules
from thongsuot.staffing.actions import errors
from thongsuot.staffing.actions.duties import duties_of
from thongsuot.staffing.actions.placing import locked
from thongsuot.staffing.actions.tying import tie
from thongsuot.staffing.models import Placement
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.queries.seen import is_party_managed, must_cover
from thongsuot.staffing.rules import MANAGE


@command
def take_effect(placement_id: int, *, actor: Actor, at: datetime) -> Placement:
    """Once, on the day or after it, all in one transaction: the old posts end, the new one begins, with an account for it.

    The account is looked for first: it may have been opened after the person was listed. Who is gone keeps none. Who is
    seconded, or keeps the posts held, keeps them. All is dated by the placement's day, however late the worker comes, but for
    posts that began meanwhile: they were really held, and end today.
    Raises NotFound, NotYourDuty, PlacementMoved, TooEarly, CannotBecome, NoAddress, AccountTied and what people.actions refuse.
    """
    placement = locked(placement_id)
    must_cover(actor, MANAGE, placement.from_unit_id)
    if placement.status != Placement.Status.DECIDED:
        raise errors.PlacementMoved
    today = timezone.localdate(at)
    if today < placement.effective_on:
        raise errors.TooEarly(placement.effective_on)
    member, state = placement.member, State(placement.becomes)
    if not rules.may_become(member.state, state):
        raise errors.CannotBecome(str(State(member.state).label), str(state.label))

    tie(member)
    on = max(placement.effective_on, today)
    if member.person is None and not member.email and duties_of(placement, on=on):
        raise errors.NoAddress

    # The decision is what gives and takes posts here; whoever lets it take effect need not manage people of both units.
    house = replace(actor, trusted=True)
    if state not in rules.FOR_A_TIME and not placement.keeps_posts:
        _end_posts(placement, today=today, house=house, at=at)
    if state in rules.WITH_POST:
        _take_up(placement, today=today, house=house, at=at)
    if state in rules.GONE and member.person is not None and member.person.is_active:
        why = _("Đã nghỉ theo quyết định %(number)s") % {"number": placement.decision_number}
        people.deactivate_person(member.person.pk, reason=why, actor=house, at=at)

    _move(placement, state)
    member.save()
    placement.status, placement.took_effect_at, placement.trouble = Placement.Status.IN_EFFECT, at, ""
    placement.save(update_fields=["status", "took_effect_at", "trouble", "appointment"])
    record(
        events.TOOK_EFFECT,
        placement,
        actor=actor,
        at=at,
        unit_id=member.unit_id,
        member=member.pk,
        becomes=state,
        effective_on=placement.effective_on,
        appointment=placement.appointment_id,
    )
    return placement


def _move(placement: Placement, state: State) -> None:
    """Where the person stands from now on. Another post beside those held moves nobody."""
    member = placement.member
    for_a_time = state in rules.FOR_A_TIME
    if placement.keeps_posts and not for_a_time and State(member.state) in rules.WITH_POST:
        member.party_managed = member.party_managed or placement.party_post
        return
    kept = (for_a_time or placement.keeps_posts) and is_party_managed(member)
    member.state, member.until = state, placement.until
    member.position = placement.position if state in rules.OF_THE_PLAN else None
    by_position = member.position is not None and member.position.party_managed
    member.party_managed = kept or (placement.party_post and not by_position)
    if placement.to_body is not None:
        member.unit_id = placement.to_body.unit_id
    if state == State.WAITING:
        member.waiting_since = placement.effective_on


def _end_posts(placement: Placement, *, today: date, house: Actor, at: datetime) -> None:
    """Those that would hold beyond the day end on it.

    Taken back, as if it never held, is only one that is to begin after today. One that began between the day and today, when
    the placement takes effect late or is dated back, was really held and ends today.
    """
    if placement.member.person_id is None:
        return
    day = placement.effective_on
    held = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=max(day, today)), person_id=placement.member.person_id
    )
    for post in held.order_by("pk"):
        on = max(post.valid_from, day if post.valid_from < day else today)
        people.end_appointment(post.pk, on=on, decision_number=placement.decision_number, actor=house, at=at)


def _take_up(placement: Placement, *, today: date, house: Actor, at: datetime) -> None:
    """An appointment from the day on, and the account it needs, if the person has none."""
    member, day = placement.member, placement.effective_on
    assert placement.to_body_id is not None  # a proposal with a post names its body
    post = {
        "body_id": placement.to_body_id,
        "title": placement.title,
        "duties": duties_of(placement, on=max(day, today)),
        "valid_from": day,
        "valid_to": placement.until,
        "decided_by": placement.decided_by,
        "decision_number": placement.decision_number,
        "actor": house,
        "at": at,
    }
    if member.person is not None:
        placement.appointment = people.appoint(member.person.pk, **post)  # type: ignore[arg-type]  # one post for both commands
    elif member.email:
        member.person = people.open_account(email=member.email, full_name=member.full_name, **post)  # type: ignore[arg-type]  # as above
        placement.appointment = Appointment.objects.filter(person=member.person, body_id=placement.to_body_id).latest("pk")


@command
def hold_up(placement_id: int, *, why: str, actor: Actor, at: datetime) -> Placement:
    """It could not take effect on its day: the reason is kept for the page, a person is needed. Raises PlacementMoved."""
    placement = locked(placement_id)
    must_cover(actor, MANAGE, placement.from_unit_id)
    if placement.status != Placement.Status.DECIDED:
        raise errors.PlacementMoved
    placement.trouble = why[:500]
    placement.save(update_fields=["trouble"])
    record(events.HELD_UP, placement, actor=actor, at=at, unit_id=placement.from_unit_id)
    return placement
