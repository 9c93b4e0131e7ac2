"""What the unit does with a ticket until it answers: accept or return, give it to somebody, ask, talk, note, ask for time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import (
    APPROVE,
    HANDLE,
    WITH_OPERATOR,
    WITH_UNIT,
    State,
    answer_limit,
    begin_step,
    calendar_of,
    climbed_on,
    clock_of,
    count_breach,
    end_waiting_extension,
    late_since,
    locked,
    must_be_in,
    must_be_real,
    must_handle,
    must_reach_sender,
    number_of,
    put_clock,
    running,
    step_limit,
    stop_clock,
    words_of,
)
from thongsuot.feedback.actions.photographing import keep_photos, read_photos, store_photos
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import Answer, Extension, FeedbackTicket, InternalNote, Message, Photo
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.words import ReturnReason
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.people.queries import staff_with_duty


@command
def accept(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """The unit takes it; who accepts it works on it until somebody else is named. Raises NotYourDuty, NotInThisState."""
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {State.ROUTED})
    routing = must_exist(running(ticket))
    routing.accepted_at = at
    routing.save(update_fields=["accepted_at"])
    ticket.state, ticket.accepted_at, ticket.step_due_at = State.ACCEPTED, at, None
    if ticket.unit_id and actor.may(HANDLE, unit_id=ticket.unit_id):
        ticket.handler_id = actor.person_id
    ticket.save(update_fields=["state", "accepted_at", "handler", "step_due_at"])
    record(events.ACCEPTED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, handler=ticket.handler_id)
    return ticket


@command
def give_back(ticket_id: int, reason: str, *, words: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """The unit says that it is not theirs, and why; the operator sends it on. So many times, then the operator decides.

    Raises NotYourDuty, NotInThisState, ReturnedOften, BadInput.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {State.ROUTED, State.ACCEPTED})
    most = number_of("returns_most", ticket, at)
    if ticket.operator_decides or ticket.returns >= most:
        raise errors.ReturnedOften
    if reason not in ReturnReason.values:
        raise BadInput({"reason": _("Hãy chọn lý do.")})
    routing = must_exist(running(ticket))
    routing.returned_at, routing.return_reason, routing.late_at = at, reason, late_since(ticket, at)
    routing.return_words = words_of(words, most=1000)
    routing.save(update_fields=["returned_at", "return_reason", "return_words", "late_at"])
    count_breach(ticket, routing.late_at)
    end_waiting_extension(ticket, at)
    from_unit = ticket.unit_id
    ticket.returns += 1
    ticket.operator_decides = ticket.returns >= most
    ticket.state, ticket.unit_id, ticket.handler_id = State.VALIDATING, None, None
    stop_clock(ticket)
    begin_step(ticket, at)
    ticket.save()
    record(events.RETURNED, ticket, actor=actor, at=at, unit_id=from_unit, reason=reason, times=ticket.returns)
    return ticket


@command
def assign(ticket_id: int, person_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """To somebody of the unit who handles feedback. Raises NotYourDuty, NotInThisState, BadInput."""
    ticket = locked(ticket_id)
    must_be_in(ticket, {*WITH_UNIT, State.ASKED})
    unit_id = must_exist(ticket.unit_id)
    if not (actor.may(APPROVE, unit_id=unit_id) or actor.may(HANDLE, unit_id=unit_id)):
        actor.must(HANDLE, unit_id=unit_id)
    if person_id not in {one.id for one in staff_with_duty(HANDLE, unit_id, on=timezone.localdate(at))}:
        raise BadInput({"person": _("Người này không được giao xử lý phản ánh của đơn vị. Hãy chọn người khác.")})
    if ticket.state == State.ROUTED:
        routing = must_exist(running(ticket))
        routing.accepted_at = ticket.accepted_at = at
        routing.save(update_fields=["accepted_at"])
        ticket.state, ticket.step_due_at = State.ACCEPTED, None
        record(events.ACCEPTED, ticket, actor=actor, at=at, unit_id=unit_id)
    ticket.handler_id = person_id
    ticket.save(update_fields=["handler", "state", "accepted_at", "step_due_at"])
    record(events.ASSIGNED, ticket, actor=actor, at=at, unit_id=unit_id, handler=person_id)
    return ticket


@command
def start(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Work has begun: the sender sees it. Raises NotYourDuty, NotInThisState."""
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {State.ACCEPTED})
    ticket.state = State.IN_PROGRESS
    ticket.save(update_fields=["state"])
    record(events.STARTED, ticket, actor=actor, at=at, unit_id=ticket.unit_id)
    return ticket


@command
def ask(ticket_id: int, words: str, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Something is missing that only the sender knows: both clocks stand still until it comes.

    Raises NotYourDuty, NotInThisState, IsDrill, SenderUnverified, SenderUnreachable, AskedOften, BadInput.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {*WITH_OPERATOR, *WITH_UNIT})
    must_be_real(ticket)
    must_reach_sender(ticket)
    most = number_of("asks_most", ticket, at)
    if asked_in_round(ticket) >= most:
        raise errors.AskedOften(most)
    Message.objects.create(
        ticket=ticket,
        by_sender=False,
        by_id=actor.person_id,
        unit_id=ticket.unit_id or ticket.city_id,
        words=words_of(words),
        asks=True,
        at=at,
    )
    ticket.state_before, ticket.state, ticket.paused_at = ticket.state, State.ASKED, at
    ticket.next_rung = ticket.next_rung_at = None
    ticket.save(update_fields=["state_before", "state", "paused_at", "next_rung", "next_rung_at"])
    record(events.ASKED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id)
    return ticket


def asked_in_round(ticket: FeedbackTicket) -> int:
    """A round begins after the answer of the one before."""
    asks = ticket.messages.filter(asks=True)
    before = ticket.replies.filter(round=ticket.round - 1, state=Answer.State.APPROVED).first()
    return asks.filter(at__gt=before.decided_at).count() if before else asks.count()


def go_on(ticket: FeedbackTicket, at: datetime) -> None:
    """Within a command: the sender answered, so what stood still goes on with the time it had left."""
    assert ticket.paused_at is not None
    paused_at, calendar = ticket.paused_at, calendar_of(ticket.city_id, at)
    ticket.state, ticket.state_before, ticket.paused_at = ticket.state_before or State.VALIDATING, "", None
    if ticket.due_at is not None and ticket.state in WITH_UNIT:
        limit = answer_limit(ticket)
        clock = clocks.go_on(clock_of(ticket), paused_at=paused_at, resumed_at=at, limit=limit, calendar=calendar)
        put_clock(ticket, clock, at, climbed=climbed_on(ticket))
    if ticket.step_due_at is not None and ticket.step_due_at > paused_at:
        left = clocks.Clock(paused_at, ticket.step_due_at, 0)
        of_step = step_limit(ticket)
        # What is left runs on by the minute, whatever the limit was; the hotline's through the night.
        by = clocks.MINUTES if of_step and of_step.measure == clocks.MINUTES else "working_hours"
        limit = clocks.Limit(1, by)
        ticket.step_due_at = clocks.go_on(left, paused_at=paused_at, resumed_at=at, limit=limit, calendar=calendar).due_at
    ticket.save()


@command
def message(ticket_id: int, words: str, *, photos: Sequence[PhotoUpload] = (), actor: Actor, at: datetime) -> Message:
    """To the sender, without stopping anything.

    Raises NotYourDuty, AlreadyEnded, SenderUnverified, SenderUnreachable, BadInput, what pictures refuse.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, frozenset(State.values) - {State.REFUSED, State.HANDED_OVER, State.MERGED, State.CLOSED})
    must_reach_sender(ticket)
    read = read_photos(photos, city_id=ticket.city_id, at=at)
    stored = store_photos(photos, actor=actor, at=at)
    said = Message.objects.create(
        ticket=ticket,
        by_sender=False,
        by_id=actor.person_id,
        unit_id=ticket.unit_id or ticket.city_id,
        words=words_of(words),
        at=at,
    )
    keep_photos(ticket, stored, read, role=Photo.Role.REPLY, message=said, at=at)
    record(
        events.MESSAGED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id, by_sender=False, message=said.pk
    )
    return said


@command
def note(ticket_id: int, words: str, *, actor: Actor, at: datetime) -> InternalNote:
    """For those who handle it alone. Raises NotYourDuty, BadInput."""
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    noted = InternalNote.objects.create(
        ticket=ticket,
        by_id=actor.person_id,
        unit_id=ticket.unit_id or ticket.city_id,
        words=words_of(words),
        at=at,
    )
    record(events.NOTED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id)
    return noted


@command
def ask_extension(ticket_id: int, new_due_at: datetime, *, reason: str, actor: Actor, at: datetime) -> Extension:
    """More time, if whoever approves agrees. Asked for before it is late.

    Raises NotYourDuty, NotInThisState, LateAlready, NoMoreTime, ExtensionWaits, NotLater, BadInput.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, {State.ACCEPTED, State.IN_PROGRESS})
    if ticket.due_at is not None and ticket.due_at < at:
        raise errors.LateAlready
    most = number_of("extensions_most", ticket, at)
    if extended_in_round(ticket) >= most:
        raise errors.NoMoreTime(most)
    if ticket.asked_extensions.filter(granted=None).exists():
        raise errors.ExtensionWaits
    _must_be_later(ticket, new_due_at, at)
    asked = Extension.objects.create(
        ticket=ticket,
        round=ticket.round,
        new_due_at=new_due_at,
        reason=words_of(reason, "reason", most=1000),
        asked_by_id=actor.person_id,
        asked_at=at,
    )
    record(events.EXTENSION_ASKED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, until=new_due_at)
    return asked


def extended_in_round(ticket: FeedbackTicket) -> int:
    return ticket.asked_extensions.filter(round=ticket.round, granted=True).count()


@command
def decide_extension(extension_id: int, *, granted: bool, note: str = "", actor: Actor, at: datetime) -> Extension:
    """By who approves for the unit, never who asked. Some hours after it was due it may still be granted: its sender learns
    when the answer comes, and that it is late stays so.

    Raises NotYourDuty, OwnAnswer, NotInThisState, NotLater, DecidedTooLate.
    """
    ticket_id = must_exist(Extension.objects.filter(pk=extension_id).values_list("ticket_id", flat=True).first())
    ticket = locked(ticket_id)
    asked = Extension.objects.select_for_update(of=("self",)).get(pk=extension_id)
    if ticket.unit_id is None or not actor.may(APPROVE, unit_id=ticket.unit_id):
        actor.must(APPROVE, unit_id=ticket.city_id)
    if asked.asked_by_id is not None and asked.asked_by_id == actor.person_id:
        raise errors.OwnAnswer
    if asked.granted is not None or ticket.state not in {State.ACCEPTED, State.IN_PROGRESS, State.ASKED}:
        raise errors.NotInThisState
    if granted:
        _must_be_later(ticket, asked.new_due_at, at)
        late_at = late_since(ticket, at)
        _must_be_soon(ticket, late_at, at)
        count_breach(ticket, late_at)
        asked.late = late_at is not None
    asked.granted, asked.decided_at, asked.decided_by_id = granted, at, actor.person_id
    asked.note = words_of(note, "note", least=0, most=1000)
    asked.save()
    kind = events.EXTENSION_REFUSED
    if granted:
        kind = events.EXTENDED
        ticket.extensions += 1
        clock = clocks.extended(clock_of(ticket), asked.new_due_at, at=at, calendar=calendar_of(ticket.city_id, at))
        put_clock(ticket, clock, at, climbed=climbed_on(ticket))
        if ticket.state == State.ASKED:
            ticket.next_rung = ticket.next_rung_at = None
        ticket.save()
    record(kind, ticket, actor=actor, at=at, unit_id=ticket.unit_id, extension=asked.pk, due_at=ticket.due_at)
    return asked


def _must_be_later(ticket: FeedbackTicket, new_due_at: datetime, at: datetime) -> None:
    due_at, most = ticket.due_at or at, number_of("extension_days", ticket, at)
    if not max(due_at, at) < new_due_at <= due_at + timedelta(days=most):
        raise errors.NotLater(most)


def _must_be_soon(ticket: FeedbackTicket, late_at: datetime | None, at: datetime) -> None:
    hours = number_of("extension_decide_hours", ticket, at)
    if late_at is None:
        return
    until = clocks.due(late_at, clocks.Limit(hours, "working_hours"), calendar_of(ticket.city_id, at)) if hours else late_at
    if (ticket.paused_at or at) > until:
        raise errors.DecidedTooLate(hours)
