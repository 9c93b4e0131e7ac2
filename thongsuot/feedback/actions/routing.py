"""What operators of the city do with a ticket until a unit has it: classify, place, clear, route, refuse, hand over."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception.facts import VisitorFacts
from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.answering import take_off
from thongsuot.feedback.actions.common import (
    TAKE,
    WITH_OPERATOR,
    WITH_UNIT,
    State,
    Step,
    answer_limit,
    calendar_of,
    climbed_on,
    end_waiting_answer,
    locked,
    must_be_in,
    must_handle,
    put_clock,
    step_due,
    stop_clock,
    words_of,
)
from thongsuot.feedback.actions.merging import part_children
from thongsuot.feedback.actions.placing import answers_there, competences, must_be_a_point, place_of
from thongsuot.feedback.actions.revealing import revealed
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Category, FeedbackTicket, Routing
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.routing import Way
from thongsuot.feedback.words import PlaceBy, RefusalReason, Stream, Suspected, Urgency
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

_MAY_ROUTE = frozenset({*WITH_OPERATOR, *WITH_UNIT})


def sent_to(ticket: FeedbackTicket, way: Way, *, words: str = "", actor: Actor, at: datetime) -> Routing:
    """Within a command: the unit has it from now on, and a fresh answer clock (QĐ 766, 5.2: from the last transfer in)."""
    assert way.unit_id is not None
    clock = clocks.start(at, answer_limit(ticket, at), calendar_of(ticket.city_id, at))
    routing = Routing.objects.create(
        ticket=ticket,
        round=ticket.round,
        unit_id=way.unit_id,
        because=way.because,
        place_by=way.place_by,
        basis=way.basis,
        words=words,
        routed_at=at,
        routed_by_id=actor.person_id,
        due_at=clock.due_at,
    )
    ticket.unit_id, ticket.handler_id = way.unit_id, None
    ticket.state, ticket.routed_at, ticket.accepted_at = State.ROUTED, at, None
    ticket.step_due_at = step_due(Step.RECEIVE, ticket, at)
    ticket.first_due_at = ticket.first_due_at or clock.due_at
    put_clock(ticket, clock, at)
    ticket.save()
    record(
        events.ROUTED,
        ticket,
        actor=actor,
        at=at,
        unit_id=way.unit_id,
        because=way.because,
        place_by=way.place_by,
        due_at=clock.due_at,
        routing=routing.pk,
    )
    return routing


@command
def take(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """An operator looks into it; the others see who. Raises NotYourDuty, NotInThisState."""
    ticket = _of_operator(ticket_id, actor)
    ticket.state, ticket.taken_by_id = State.VALIDATING, actor.person_id
    ticket.save(update_fields=["state", "taken_by"])
    record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, taken=True)
    return ticket


@command
def classify(
    ticket_id: int, *, category: str = "", stream: str = "", urgency: str = "", actor: Actor, at: datetime
) -> FeedbackTicket:
    """What it is about. With a unit already, its clock begins anew by the new limit from where it started.

    Raises NotYourDuty, NotInThisState, UnknownCategory.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, _MAY_ROUTE)
    if category:
        found = Category.objects.filter(
            in_force(timezone.localdate(at)), city_id=ticket.city_id, code=one_line(category)[:40]
        ).first()
        if found is None:
            raise errors.UnknownCategory
        ticket.category, ticket.stream = found, found.stream
        ticket.masked = ticket.masked or found.masked
        if ticket.masked:  # it may be public already: from now on nothing there says where exactly
            ticket.public_latitude = ticket.public_longitude = None
            ticket.public_address = ""
            public = [ticket.public_words, *ticket.replies.values_list("public_words", flat=True)]
            if ticket.published_at is not None and revealed(ticket, public):
                take_off(ticket)
    if stream and not category:
        if stream not in Stream.values:
            raise errors.UnknownCategory
        if ticket.category is not None and ticket.category.stream != stream:
            ticket.category = None
        ticket.stream = stream
    if urgency:
        if urgency not in Urgency.values:
            raise BadInput({"urgency": _("Không có mức độ này. Hãy chọn lại.")})
        ticket.urgency, ticket.urgent_claimed = urgency, False
    if ticket.state in WITH_UNIT and ticket.clock_from:
        started = ticket.routed_at or at
        clock = clocks.start(started, answer_limit(ticket, at), calendar_of(ticket.city_id, at))
        put_clock(ticket, clock, at, climbed=climbed_on(ticket))
    elif ticket.state == State.NEW:
        ticket.state, ticket.taken_by_id = State.VALIDATING, actor.person_id
    ticket.save()
    cells.keep(ticket)
    record(
        events.CLASSIFIED,
        ticket,
        actor=actor,
        at=at,
        unit_id=ticket.unit_id or ticket.city_id,
        category=ticket.category.code if ticket.category else "",
        stream=ticket.stream,
        urgency=ticket.urgency,
        due_at=ticket.due_at,
    )
    return ticket


@command
def decide_urgency(ticket_id: int, *, urgent: bool, actor: Actor, at: datetime) -> FeedbackTicket:
    """Whether it is as urgent as its sender says, by an operator or by the unit that has it: what is urgent the city's rules
    say, not the sender. From now on the short limit runs, never a longer one than ran before.

    Raises NotYourDuty, NotInThisState.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, _MAY_ROUTE)
    if not ticket.urgent_claimed:
        raise errors.NotInThisState
    ticket.urgent_claimed = False
    if urgent:
        ticket.urgency = Urgency.URGENT
        if ticket.state in WITH_UNIT and ticket.due_at is not None:
            clock = clocks.start(at, answer_limit(ticket, at), calendar_of(ticket.city_id, at))
            if clock.due_at < ticket.due_at:
                put_clock(ticket, clock, at, climbed=climbed_on(ticket))
    ticket.save()
    unit_id = ticket.unit_id or ticket.city_id
    facts = {"urgency": ticket.urgency, "due_at": ticket.due_at, "urgent": urgent}
    record(events.URGENCY_DECIDED, ticket, actor=actor, at=at, unit_id=unit_id, **facts)
    return ticket


@command
def place(ticket_id: int, where: PlaceFacts, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """The operator found out where it is. Raises NotYourDuty, NotInThisState, BadInput, NoPlace."""
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, _MAY_ROUTE)
    must_be_a_point(where.latitude, where.longitude)
    placed = place_of(where, (), city_id=ticket.city_id, on=timezone.localdate(at))
    if placed.unit_id is None:
        raise errors.NoPlace
    ticket.place_unit_id, ticket.place_by = placed.unit_id, PlaceBy.OPERATOR
    if where.latitude is not None:
        ticket.latitude, ticket.longitude = where.latitude, where.longitude
    if where.address:
        ticket.address = one_line(where.address)[:300]
        ticket.search_key = search_key(f"{ticket.words} {ticket.address}")
    ticket.save()
    record(events.PLACED, ticket, actor=actor, at=at, unit_id=ticket.city_id, place_unit=placed.unit_id)
    return ticket


@command
def clear_suspicion(ticket_id: int, *, why: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """It is no complaint and no denunciation, and why. Raises NotYourDuty, NotInThisState, BadInput."""
    ticket = _of_operator(ticket_id, actor)
    if not ticket.suspected:
        raise errors.NotInThisState
    was, ticket.suspected = ticket.suspected, Suspected.NONE
    ticket.state = State.VALIDATING
    ticket.save(update_fields=["suspected", "state"])
    ticket.notes.create(by_id=actor.person_id, unit_id=ticket.city_id, words=words_of(why, "why", most=1000), at=at)
    record(events.CLEARED, ticket, actor=actor, at=at, unit_id=ticket.city_id, was=was)
    return ticket


@command
def suspect(ticket_id: int, kind: str, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Whoever works on it sees that it is a complaint or a denunciation: it stops, and the operator has it.

    Raises NotYourDuty, NotInThisState, BadInput.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, _MAY_ROUTE)
    if kind not in {Suspected.COMPLAINT, Suspected.DENUNCIATION}:
        raise BadInput({"kind": _("Hãy chọn khiếu nại hoặc tố cáo.")})
    if ticket.published_at is not None:
        take_off(ticket)
    _end_routing(ticket, at)
    ticket.suspected = kind
    ticket.state, ticket.unit_id, ticket.handler_id = State.VALIDATING, None, None
    stop_clock(ticket)
    ticket.step_due_at = step_due(Step.CLASSIFY, ticket, at)
    ticket.save()
    cells.keep(ticket)
    record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, suspected=kind)
    return ticket


@command
def route(ticket_id: int, unit_id: int, *, words: str = "", actor: Actor, at: datetime) -> FeedbackTicket:
    """To a unit, by the operator's decision; also away from the unit that has it.

    Raises NotYourDuty, NotInThisState, IsSuspected, UnknownCategory, NotAnAnsweringUnit, BadInput.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, _MAY_ROUTE)
    day = timezone.localdate(at)
    if ticket.suspected:
        raise errors.IsSuspected
    if ticket.category is None and ticket.stream == Stream.SCENE:
        raise errors.UnknownCategory
    if not answers_there(unit_id, city_id=ticket.city_id, on=day):
        raise errors.NotAnAnsweringUnit
    if ticket.unit_id == unit_id and ticket.state in WITH_UNIT:
        raise errors.NotInThisState
    _end_routing(ticket, at)
    level = units.unit_row(unit_id, as_of=day).level
    if ticket.place_unit_id is None and level == Unit.Level.COMMUNE:
        ticket.place_unit_id, ticket.place_by = unit_id, PlaceBy.OPERATOR
    sent_to(
        ticket,
        Way(unit_id=unit_id, because=_because(ticket, unit_id, at), place_by=ticket.place_by),
        words=words_of(words, least=0, most=1000),
        actor=actor,
        at=at,
    )
    return ticket


def _because(ticket: FeedbackTicket, unit_id: int, at: datetime) -> str:
    """Said as a rule says it where a rule says so; else it was the operator's own decision."""
    rows = competences(ticket.category_id, timezone.localdate(at)) if ticket.category_id else ()
    if any(row.handler_id == unit_id for row in rows):
        return Routing.Because.COMPETENCE
    return Routing.Because.PLACE if ticket.place_unit_id == unit_id else Routing.Because.OPERATOR


def _end_routing(ticket: FeedbackTicket, at: datetime) -> None:
    """What an operator takes away again was not returned by the unit, and does not count as that."""
    if ticket.unit_id is not None:
        ticket.routings.filter(returned_at=None, unit_id=ticket.unit_id).update(returned_at=at)


@command
def refuse(ticket_id: int, reason: str, *, words: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """Not taken up, and why, in words the sender understands.

    Raises NotYourDuty, NotInThisState, IsSuspected, BadInput.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, {*_MAY_ROUTE, State.ASKED})
    if ticket.suspected:
        raise errors.IsSuspected
    if reason not in RefusalReason.values:
        raise BadInput({"reason": _("Hãy chọn lý do.")})
    ticket.refusal, ticket.refusal_words = reason, words_of(words, most=1000)
    part_children(ticket, actor=actor, at=at)
    ended(ticket, State.REFUSED, at)
    record(events.REFUSED, ticket, actor=actor, at=at, unit_id=ticket.city_id, reason=reason)
    return ticket


def ended(ticket: FeedbackTicket, state: str, at: datetime) -> None:
    """Within a command. What was opened again and ends without a new answer is public no more."""
    if state != State.CLOSED and ticket.published_at is not None:
        take_off(ticket)
    ticket.state, ticket.ended_at = state, at
    end_waiting_answer(ticket, at)
    stop_clock(ticket)
    ticket.save()
    cells.keep(ticket)


@command
def hand_over(ticket_id: int, kind: str, *, to_unit_id: int, actor: Actor, at: datetime) -> FeedbackTicket:
    """A complaint or a denunciation: to citizen reception, which has its own way and its own clocks; nobody else works on it.

    Raises NotYourDuty, NotInThisState, BadInput, NotAnAnsweringUnit.
    """
    ticket = _of_operator(ticket_id, actor)
    if kind not in {Suspected.COMPLAINT, Suspected.DENUNCIATION}:
        raise BadInput({"kind": _("Hãy chọn khiếu nại hoặc tố cáo.")})
    if not answers_there(to_unit_id, city_id=ticket.city_id, on=timezone.localdate(at)):
        raise errors.NotAnAnsweringUnit
    sender = ticket.reporter
    entry = reception.take_over(
        to_unit_id,
        kind=kind,
        words=ticket.words,
        visitor=VisitorFacts(name=sender.name, phone=sender.phone, email=sender.email),
        came_as=ticket.channel,
        about=ticket,
        actor=actor,
        at=at,
    )
    ticket.suspected = kind
    part_children(ticket, actor=actor, at=at)
    ended(ticket, State.HANDED_OVER, at)
    record(events.HANDED_OVER, ticket, actor=actor, at=at, unit_id=to_unit_id, as_what=kind, to_unit=to_unit_id, entry=entry.pk)
    return ticket


def _of_operator(ticket_id: int, actor: Actor) -> FeedbackTicket:
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, WITH_OPERATOR)
    return ticket
