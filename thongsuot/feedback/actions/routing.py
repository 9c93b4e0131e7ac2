"""What operators of the city do with a ticket until a unit has it: classify, place, clear, route, refuse, hand over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception.facts import FoundFacts, VisitorFacts
from thongsuot.feedback import events
from thongsuot.feedback.actions import cells, errors
from thongsuot.feedback.actions.answering import take_off
from thongsuot.feedback.actions.climbing import count_step_anew
from thongsuot.feedback.actions.common import (
    APPROVE,
    TAKE,
    WITH_OPERATOR,
    WITH_UNIT,
    State,
    answer_limit,
    begin_step,
    calendar_of,
    climbed_on,
    clock_of,
    clock_runs,
    count_breach,
    end_routing,
    end_waiting_answer,
    end_waiting_extension,
    late_since,
    locked,
    must_be_in,
    must_be_real,
    must_handle,
    put_clock,
    put_search_key,
    round_public_place,
    step_limit,
    stop_clock,
    words_of,
)
from thongsuot.feedback.actions.masking import mask_by_kind
from thongsuot.feedback.actions.merging import part_children
from thongsuot.feedback.actions.placing import answers_there, competences, is_commune, must_be_a_point, place_of
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.models import Answer, Category, FeedbackTicket, Photo, Routing
from thongsuot.feedback.rules import clocks
from thongsuot.feedback.rules.routing import Way
from thongsuot.feedback.words import PlaceBy, RefusalReason, Stream, Suspected, Urgency
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

_MAY_ROUTE = frozenset({*WITH_OPERATOR, *WITH_UNIT})


def sent_to(ticket: FeedbackTicket, way: Way, *, words: str = "", actor: Actor, at: datetime) -> Routing:
    """Within a command: the unit has it from now on, and a fresh answer clock (QĐ 766, 5.2: from the last transfer in)."""
    assert way.unit_id is not None
    clock = clocks.start(at, answer_limit(ticket), calendar_of(ticket.city_id, at))
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
    ticket.unit_id, ticket.handler_id, ticket.taken_by_id = way.unit_id, None, None
    ticket.state, ticket.routed_at, ticket.accepted_at = State.ROUTED, at, None
    begin_step(ticket, at)
    ticket.first_due_at = ticket.first_due_at or clock.due_at
    ticket.urgent_from, ticket.put_before = None, 0
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
    """An operator looks into it; the others see who. Raises NotYourDuty, NotInThisState, TakenByOther."""
    ticket = _of_operator(ticket_id, actor)
    if ticket.taken_by is not None and ticket.taken_by_id != actor.person_id:
        raise errors.TakenByOther(ticket.taken_by.full_name)
    ticket.state, ticket.taken_by_id = State.VALIDATING, actor.person_id
    ticket.save(update_fields=["state", "taken_by"])
    record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, taken=True)
    return ticket


@command
def take_over(ticket_id: int, *, why: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """From an operator who took it and does not go on, by who leads them; why stays in a note.

    Raises NotYourDuty, NotInThisState, BadInput.
    """
    ticket = _of_operator(ticket_id, actor)
    actor.must(APPROVE, unit_id=ticket.city_id)
    was = ticket.taken_by_id
    if was is None or was == actor.person_id:
        raise errors.NotInThisState
    ticket.notes.create(by_id=actor.person_id, unit_id=ticket.city_id, words=words_of(why, "why", most=1000), at=at)
    ticket.taken_by_id = actor.person_id
    ticket.save(update_fields=["taken_by"])
    record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, taken=True, taken_from=was)
    return ticket


@command
def classify(
    ticket_id: int, *, category: str = "", stream: str = "", urgency: str = "", actor: Actor, at: datetime
) -> FeedbackTicket:
    """What it is about, and how urgent; what is not given stays. With a unit already, another limit counts from where its clock
    started, that of what becomes urgent from now; pauses and extensions stay. What is masked from now on is public no more,
    until somebody read it over again; masked by its kind alone, it is so no more by another one.

    Raises NotYourDuty, NotInThisState, UnknownCategory, BadInput.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, _MAY_ROUTE)
    if urgency and urgency not in Urgency.values:
        raise BadInput({"urgency": _("Không có mức độ này. Hãy chọn lại.")})
    changes_urgency = bool(urgency) and urgency != ticket.urgency
    if changes_urgency and ticket.urgent_claimed:
        raise BadInput({"urgency": _("Người gửi cho là khẩn. Hãy quyết định ở “Xem mức độ khẩn” trước.")})
    was_limit, was_step = answer_limit(ticket), step_limit(ticket)
    was_masked, was_public = ticket.masked, ticket.published_at is not None
    if category:
        found = Category.objects.filter(
            in_force(timezone.localdate(at)), city_id=ticket.city_id, code=one_line(category)[:40]
        ).first()
        if found is None:
            raise errors.UnknownCategory
        ticket.category, ticket.stream = found, found.stream
    if stream and not category:
        if stream not in Stream.values:
            raise errors.UnknownCategory
        if ticket.category is not None and ticket.category.stream != stream:
            ticket.category = None
        ticket.stream = stream
    mask_by_kind(ticket)
    if ticket.masked and not was_masked and was_public:
        take_off(ticket)
    elif was_public:  # opened again: from now on nothing there says where more exactly than it may
        round_public_place(ticket)
        ticket.public_address = "" if ticket.masked else ticket.public_address
    _count_anew(ticket, was_limit, at)
    if changes_urgency:
        _make(ticket, urgency, at)
    count_step_anew(ticket, was_step, at)
    if ticket.state == State.NEW:
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
        due_at=ticket.due_at if ticket.state in WITH_UNIT else None,  # with the operators it is what another unit had
        **({"was_public": True} if was_public and ticket.published_at is None else {}),
    )
    if changes_urgency and urgency == Urgency.URGENT:
        due_at = ticket.due_at if ticket.state in WITH_UNIT else None
        unit_id = ticket.unit_id or ticket.city_id
        record(events.URGENCY_DECIDED, ticket, actor=actor, at=at, unit_id=unit_id, urgency=urgency, due_at=due_at, urgent=True)
    return ticket


def _count_anew(ticket: FeedbackTicket, was: clocks.Limit, at: datetime) -> None:
    """Within a command that gave it another limit: from where its clock started; what stays urgent, from when it became so."""
    limit, urgent_from = answer_limit(ticket), _urgent_from(ticket)
    stays_from = urgent_from if ticket.urgency == Urgency.URGENT else None
    if ticket.state not in WITH_UNIT or ticket.routed_at is None or (limit[:2] == was[:2] and stays_from == urgent_from):
        return
    clock = clocks.by_limit(
        clock_of(ticket),
        limit,
        was=was,
        was_from=urgent_from,
        started_at=stays_from or ticket.routed_at,
        put=ticket.put_before if urgent_from and not stays_from else 0,
        calendar=calendar_of(ticket.city_id, at),
    )
    if stays_from is None:
        ticket.urgent_from, ticket.put_before = None, 0
    put_clock(ticket, clock, at, climbed=climbed_on(ticket))


def _make(ticket: FeedbackTicket, urgency: str, at: datetime) -> None:
    """Within a command: so urgent it is from now on. The short limit of what is urgent runs from now, never a longer one than
    ran before; what was put to that one is kept for the day on which it is not urgent after all.
    """
    was, ticket.urgency = answer_limit(ticket), urgency
    limit = answer_limit(ticket)
    if urgency != Urgency.URGENT:
        _count_anew(ticket, was, at)
    elif ticket.state in WITH_UNIT and ticket.routed_at is not None and limit[:2] != was[:2]:
        before, calendar = clock_of(ticket), calendar_of(ticket.city_id, at)
        clock = clocks.start(at, limit, calendar)
        ticket.put_before = clocks.put_to(before, was, started_at=ticket.routed_at, calendar=calendar)
        ticket.put_before += max(0, -clocks.put_to(before, limit, started_at=at, calendar=calendar))
        ticket.urgent_from = at
        if clock.due_at < before.due_at:
            put_clock(ticket, clock, at, climbed=climbed_on(ticket))


def _urgent_from(ticket: FeedbackTicket) -> datetime | None:
    """Not what it was with a unit that had it earlier."""
    found, routed_at = ticket.urgent_from, ticket.routed_at
    return found if found is not None and routed_at is not None and found >= routed_at else None


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
        was_step = step_limit(ticket)
        _make(ticket, Urgency.URGENT, at)
        count_step_anew(ticket, was_step, at)
    ticket.save()
    unit_id = ticket.unit_id or ticket.city_id
    due_at = ticket.due_at if ticket.state in WITH_UNIT else None  # as in `classify`
    facts = {"urgency": ticket.urgency, "due_at": due_at, "urgent": urgent}
    record(events.URGENCY_DECIDED, ticket, actor=actor, at=at, unit_id=unit_id, **facts)
    return ticket


@command
def place(ticket_id: int, where: PlaceFacts, *, why: str = "", actor: Actor, at: datetime) -> FeedbackTicket:
    """The operator found out where it is. The unit they name stands; where the point says another one, a note says why.

    Raises NotYourDuty, NotInThisState, BadInput, NoPlace.
    """
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, _MAY_ROUTE)
    must_be_a_point(where.latitude, where.longitude)
    day = timezone.localdate(at)
    placed = place_of(where, (), city_id=ticket.city_id, on=day)
    unit_id = where.unit_id if is_commune(where.unit_id, city_id=ticket.city_id, on=day) else placed.unit_id
    if unit_id is None:
        raise errors.NoPlace
    other = placed.unit_id if placed.by == PlaceBy.MAP and placed.unit_id != unit_id else None
    if other is not None:
        _note_why_there(ticket, other, why, actor, at)
    ticket.place_unit_id, ticket.place_by = unit_id, PlaceBy.OPERATOR
    if where.latitude is not None:
        ticket.latitude, ticket.longitude = where.latitude, where.longitude
    if where.address:
        ticket.address = one_line(where.address)[:300]
        ticket.search_key = search_key(f"{ticket.words} {ticket.address}")
    ticket.save()
    more = {} if other is None else {"point_unit": other}
    record(events.PLACED, ticket, actor=actor, at=at, unit_id=ticket.city_id, place_unit=unit_id, **more)
    return ticket


def _note_why_there(ticket: FeedbackTicket, point_unit_id: int, why: str, actor: Actor, at: datetime) -> None:
    named = units.unit_row(point_unit_id, as_of=timezone.localdate(at)).full_name
    if not one_line(why):
        said = _("Điểm trên bản đồ thuộc %(unit)s. Hãy ghi vì sao chọn đơn vị khác, hoặc chọn lại.") % {"unit": named}
        raise BadInput({"why": said})
    words = f"Nơi xảy ra khác điểm trên bản đồ ({named}): {words_of(why, 'why', most=1000)}"
    ticket.notes.create(by_id=actor.person_id, unit_id=ticket.city_id, words=words, at=at)


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

    Raises NotYourDuty, NotInThisState, IsDrill, BadInput.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    must_be_in(ticket, _MAY_ROUTE)
    must_be_real(ticket)
    if kind not in {Suspected.COMPLAINT, Suspected.DENUNCIATION}:
        raise BadInput({"kind": _("Hãy chọn khiếu nại hoặc tố cáo.")})
    if ticket.published_at is not None:
        take_off(ticket)
    end_routing(ticket, at)
    ticket.suspected = kind
    ticket.state, ticket.unit_id, ticket.handler_id = State.VALIDATING, None, None
    stop_clock(ticket)
    begin_step(ticket, at)
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
    end_routing(ticket, at)
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
    if clock_runs(ticket):
        count_breach(ticket, late_since(ticket, at))
    ticket.state, ticket.ended_at = state, at
    end_waiting_answer(ticket, at)
    end_waiting_extension(ticket, at)
    stop_clock(ticket)
    ticket.save()
    if state == State.HANDED_OVER:
        put_search_key(ticket)
    cells.keep(ticket)


@command
def hand_over(ticket_id: int, kind: str, *, to_unit_id: int, actor: Actor, at: datetime) -> FeedbackTicket:
    """A complaint or a denunciation: to citizen reception, which has its own way and its own clocks; nobody else works on it.

    Raises NotYourDuty, NotInThisState, IsDrill, BadInput, and what `citizen_reception` refuses: NobodyReceives.
    """
    ticket = _of_operator(ticket_id, actor)
    must_be_real(ticket)
    if kind not in {Suspected.COMPLAINT, Suspected.DENUNCIATION}:
        raise BadInput({"kind": _("Hãy chọn khiếu nại hoặc tố cáo.")})
    sender = ticket.reporter
    said = ticket.messages.filter(by_sender=True).order_by("at", "pk").values_list("words", flat=True)
    entry = reception.take_over(
        to_unit_id,
        kind=kind,
        words="\n".join([ticket.words, *said]),
        visitor=VisitorFacts(name=sender.name, phone=sender.phone, email="" if sender.unverified else sender.email),
        came_as=ticket.channel,
        about=ticket,
        found=_found_with(ticket),
        actor=actor,
        at=at,
    )
    ticket.suspected = kind
    part_children(ticket, actor=actor, at=at)
    ended(ticket, State.HANDED_OVER, at)
    record(events.HANDED_OVER, ticket, actor=actor, at=at, unit_id=to_unit_id, as_what=kind, to_unit=to_unit_id, entry=entry.pk)
    return ticket


def _found_with(ticket: FeedbackTicket) -> FoundFacts:
    """What goes along: the sender's own pictures as they were handed in, and where it happened."""
    own = ticket.photos.filter(role__in=[Photo.Role.REPORT, Photo.Role.REPLY]).order_by("pk")
    files = [(f"{photo.get_role_display()} {place}", photo.original_id) for place, photo in enumerate(own, start=1)]
    return FoundFacts(files=files, place=ticket.address, latitude=ticket.latitude, longitude=ticket.longitude)


@command
def take_back(ticket_id: int, *, why: str, actor: Actor, at: datetime) -> FeedbackTicket:
    """Citizen reception found that it is no complaint and no denunciation: the operators have it again, with a fresh clock.
    What was answered before is answered anew, in the next round.

    By the house alone, when the entry was given back. Raises NotYourDuty, NotFound, NotInThisState.
    """
    if not actor.trusted:
        raise NotYourDuty(TAKE)
    ticket = locked(ticket_id)
    if ticket.state != State.HANDED_OVER:
        raise errors.NotInThisState
    ticket.state, ticket.suspected, ticket.ended_at = State.VALIDATING, Suspected.NONE, None
    ticket.unit_id, ticket.handler_id, ticket.taken_by_id, ticket.due_at = None, None, None, None
    ticket.answered_at = None
    if ticket.replies.filter(round=ticket.round, state=Answer.State.APPROVED).exists():
        ticket.round, ticket.first_due_at = ticket.round + 1, None
    begin_step(ticket, at)
    ticket.save()
    put_search_key(ticket)
    cells.keep(ticket)
    if why:
        ticket.notes.create(by_id=None, unit_id=ticket.city_id, words=why[:4000], at=at)
    record(events.TAKEN_BACK, ticket, actor=actor, at=at, unit_id=ticket.city_id)
    return ticket


@command
def leave_to_reception(ticket_id: int, kind: str, *, entry_id: int, unit_id: int, actor: Actor, at: datetime) -> FeedbackTicket:
    """Citizen reception, where it was told, says now that it is no feedback: whatever had become of it, it ends here as handed
    over. The entry it was made from is the one that goes on, so there is no second one.

    By the house alone, when the entry was classified anew. Raises NotYourDuty, NotFound, NotInThisState.
    """
    if not actor.trusted:
        raise NotYourDuty(TAKE)
    ticket = locked(ticket_id)
    if ticket.state == State.HANDED_OVER:
        raise errors.NotInThisState
    if ticket.parent_id is not None:
        FeedbackTicket.objects.filter(pk=ticket.parent_id).update(senders=F("senders") - ticket.senders)
        ticket.parent = None
    if ticket.state in {*WITH_UNIT, State.ASKED, State.ANSWERED}:
        end_routing(ticket, at)
    ticket.suspected = kind if kind in Suspected.values else Suspected.NONE
    ticket.unit_id, ticket.handler_id = None, None
    part_children(ticket, actor=actor, at=at)
    ended(ticket, State.HANDED_OVER, at)
    record(events.HANDED_OVER, ticket, actor=actor, at=at, unit_id=unit_id, as_what=kind, to_unit=unit_id, entry=entry_id)
    return ticket


@command
def call_anew(ticket_id: int, kind: str, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Citizen reception calls what it was handed another kind: a denunciation is found by nobody here from now on.

    By the house alone, when the entry was classified anew. Raises NotYourDuty, NotFound, NotInThisState.
    """
    if not actor.trusted:
        raise NotYourDuty(TAKE)
    ticket = locked(ticket_id)
    if ticket.state != State.HANDED_OVER:
        raise errors.NotInThisState
    ticket.suspected = kind if kind in Suspected.values else Suspected.NONE
    ticket.save(update_fields=["suspected"])
    put_search_key(ticket)
    record(events.CLASSIFIED, ticket, actor=actor, at=at, unit_id=ticket.city_id, suspected=ticket.suspected)
    return ticket


def _of_operator(ticket_id: int, actor: Actor) -> FeedbackTicket:
    ticket = locked(ticket_id)
    actor.must(TAKE, unit_id=ticket.city_id)
    must_be_in(ticket, WITH_OPERATOR)
    return ticket
