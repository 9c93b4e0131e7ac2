"""A call at the desk: taken by one, classified, concluded; what turned out to be wrong is put right, for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.actions import report
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.words import Channel
from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import (
    locked_call,
    move,
    note_change,
    own_call,
    own_or_led,
    presence_of,
    settings_on,
    settle,
)
from thongsuot.hotline.models import Call, CallBack, CallChange, CallerNumber, CallTicket, OperatorPresence
from thongsuot.hotline.rules import ANSWER
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.periods import in_force
from thongsuot.knowledge import actions as knowledge
from thongsuot.knowledge.models import AnswerUse

Outcome = Call.Outcome
# What an operator says of a call in one press. The others come with what was done.
BY_HAND = (Outcome.ANSWERED, Outcome.NO_WORDS, Outcome.NUISANCE)
# What a wrong one may become without a ticket.
CORRECTED = (*BY_HAND, Outcome.TRANSFERRED)


@command
def pick_call(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """The call is this operator's from now on; of two who press at once one gets it. Asked twice it stays theirs.

    Also one that was answered at a telephone nobody was known to sit at. Raises NotFound, NotYourDuty, NotAtLine, NotReady,
    CallTaken, CallOver, CallStillOpen.
    """
    call = locked_call(call_id)
    actor.must(ANSWER, unit_id=call.city_id)
    seat = presence_of(actor.person_id)
    if call.operator_id is not None and call.operator_id != actor.person_id:
        raise errors.CallTaken(call.operator_name)
    if call.state == Call.State.DONE:
        raise errors.CallOver
    if call.operator_id is None:
        if seat is None:
            raise errors.NotAtLine
        if seat.state != OperatorPresence.State.READY:
            raise errors.NotReady
        if unfinished(actor.person_id).exists():
            raise errors.CallStillOpen
        call.operator_id, call.operator_name, call.picked_at = actor.person_id, actor.name, at
        call.save(update_fields=["operator", "operator_name", "picked_at"])
    record(events.CALL_PICKED, call, actor=actor, at=at, unit_id=call.city_id)
    return call


@command
def let_go(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """It rings on for the others: it did not reach the telephone. By its operator, who leads, or the house when time is over.

    One that was answered meanwhile stays as it is. Raises NotFound, NotYourDuty, CallNotYours.
    """
    call = own_or_led(call_id, actor=actor)
    if not release(call, actor=actor, at=at):
        facts = {"told": "let_go", "changed": False, "line": call.line_id}
        record(events.CALL_TOLD, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return call


@command
def classify(call_id: int, *, category_id: int, urgent: bool = False, actor: Actor, at: datetime) -> Call:
    """What it is about; said again it is corrected, the time of the first stays.

    Raises NotFound, CallNotYours, CallNotAnswered, CallConcluded, BadInput.
    """
    call = _in_hand(call_id, actor=actor)
    call.category_id = category_of(call.city_id, category_id, at=at).pk
    call.urgent, call.classified_at = urgent, call.classified_at or at
    call.save(update_fields=["category", "urgent", "classified_at"])
    facts = {"category": call.category_id, "urgent": urgent, "late": call.is_late(at)}
    record(events.CALL_CLASSIFIED, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return call


@command
def conclude(call_id: int, *, outcome: str, actor: Actor, at: datetime) -> Call:
    """Answered, no words, nuisance. Raises NotFound, NotYourDuty, CallNotYours, CallNotAnswered, CallConcluded, BadInput."""
    if outcome not in BY_HAND:
        raise BadInput({"outcome": _("Hãy chọn một kết quả trong danh sách.")})
    return end_with(_in_hand(call_id, actor=actor), outcome, actor=actor, at=at)


@command
def answer_with(call_id: int, *, version_id: int, actor: Actor, at: datetime) -> Call:
    """An answer people may rely on was read out, in that version. Raises NotFound, CallNotYours, CallConcluded, NotInUse."""
    call = _in_hand(call_id, actor=actor)
    knowledge.note_told(version_id, where=AnswerUse.Kind.HOTLINE, actor=actor, at=at)
    call.answer_version = version_id
    call.save(update_fields=["answer_version"])
    return end_with(call, Outcome.ANSWERED, actor=actor, at=at)


@command
def make_ticket(
    call_id: int,
    *,
    words: str,
    address: str = "",
    place_unit: int | None = None,
    name: str,
    phone: str,
    category_id: int | None = None,
    urgent: bool | None = None,
    answers: Mapping[str, object] | None = None,
    key: str = "",
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> FeedbackTicket:
    """What the caller reports, in the category said now or before; one call may bring several.

    answers  to the questions of the category; key: made by the page, so that one press is one ticket
    reason   of a call that is done, whose outcome is put right by it
    Raises what `report` does, NotFound, CallNotYours, CallNotAnswered, CallConcluded, BadInput.
    """
    call = _in_hand(call_id, reason=reason, actor=actor)
    category = category_of(call.city_id, category_id, at=at) if category_id is not None else call.category
    urgent = call.urgent if urgent is None else urgent
    said = {"words": words, "address": address, "place_unit": place_unit, "name": name, "phone": phone}
    ticket = ticket_of(call, {**said, "answers": answers, "key": key}, category=category, urgent=urgent, actor=actor, at=at)
    if call.ticket_id == ticket.pk or CallTicket.objects.filter(ticket=ticket).exists():
        return ticket  # the same page, sent twice
    if call.state == Call.State.DONE:
        note_change(call, CallChange.Kind.CORRECTED, call.outcome, Outcome.TICKET, reason, actor=actor, at=at)
    if call.outcome in (Outcome.TICKET, Outcome.TRANSFERRED):  # another matter: the call stays what it is
        CallTicket.objects.create(call=call, ticket=ticket, made_at=at)
        return ticket
    call.category, call.urgent, call.ticket = category, urgent, ticket
    call.save(update_fields=["category", "urgent"])
    if not call.outcome:
        end_with(call, Outcome.TICKET, actor=actor, at=at)
        return ticket
    before, call.outcome, call.outcome_at, call.answer_version = call.outcome, Outcome.TICKET, at, None
    call.save(update_fields=["ticket", "outcome", "outcome_at", "answer_version"])
    record(events.CALL_CORRECTED, call, actor=actor, at=at, unit_id=call.city_id, before=before, outcome=call.outcome)
    return ticket


@command
def correct(
    call_id: int, *, outcome: str, category_id: int | None, urgent: bool, reason: str, actor: Actor, at: datetime
) -> Call:
    """What was noted wrongly, by its operator or by who leads; what was before is kept with the reason.

    A ticket that was made stays: it is put right where it is. Raises NotFound, NotYourDuty, CallNotYours, NothingToCorrect,
    TicketStays, BadInput.
    """
    call = own_or_led(call_id, actor=actor)
    if call.answered_at is None or not call.outcome:
        raise errors.NothingToCorrect
    before = call.outcome
    if outcome != before and before == Outcome.TICKET:
        raise errors.TicketStays
    if outcome != before and outcome not in CORRECTED:
        raise BadInput({"outcome": _("Hãy chọn một kết quả trong danh sách.")})
    # What it was classified as may be in use no more.
    if category_id is not None and category_id != call.category_id:
        call.category_id = category_of(call.city_id, category_id, at=at).pk
    call.urgent = urgent
    if outcome != before:
        call.outcome, call.outcome_at, call.answer_version = outcome, at, None
    note_change(call, CallChange.Kind.CORRECTED, before, outcome, reason, actor=actor, at=at)
    call.save(update_fields=["category", "urgent", "outcome", "outcome_at", "answer_version"])
    facts = {"before": before, "outcome": outcome, "category": call.category_id, "urgent": urgent}
    record(events.CALL_CORRECTED, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return call


@command
def ask_call_back(call_id: int, *, minutes: int | None = None, reason: str = "", actor: Actor, at: datetime) -> CallBack:
    """They want to be called back, by default in the time that was set. Said again the instant is moved; who calls goes on.

    reason  of a call that is done, of which this was forgotten
    Raises NotFound, NotYourDuty, CallNotYours, CallNotAnswered, CallConcluded, NoNumber, BadInput.
    """
    call = _in_hand(call_id, reason=reason, actor=actor)
    if not CallerNumber.objects.filter(call=call).exists():
        raise errors.NoNumber
    usual = settings_on(call.city_id, timezone.localdate(at))
    if minutes is not None and not 1 <= minutes <= usual.RANGES["call_back_minutes"][1]:
        raise BadInput({"minutes": _("Hãy ghi số phút từ 1 đến 2880 (hai ngày).")})
    due_at = usual.call_back_by(at) if minutes is None else at + timedelta(minutes=minutes)
    if call.state == Call.State.DONE:
        note_change(call, CallChange.Kind.CORRECTED, call.outcome, call.outcome, reason, actor=actor, at=at)
    known = CallBack.objects.select_for_update().filter(call=call).first()
    asked: dict[str, Any] = {"reason": CallBack.Reason.ASKED, "due_at": due_at, "next_try_at": None}
    if known is None or known.ended_at is not None:  # over, it begins anew: nobody has tried yet
        asked |= {"state": CallBack.State.WAITING, "ended_at": None, "tries": 0, "tried_at": None, "note": ""}
        asked |= {"made_at": at, "taken_by": None, "taken_by_name": "", "taken_at": None}
    made, _new = CallBack.objects.update_or_create(call=call, defaults=asked)
    record(events.CALL_BACK_ASKED, made, actor=actor, at=at, unit_id=call.city_id, reason=made.reason, due_at=due_at)
    return made


def ticket_of(
    call: Call, said: Mapping[str, Any], *, category: Category | None, urgent: bool, actor: Actor, at: datetime
) -> FeedbackTicket:
    """In a command: what was reported on the telephone; the same `key` again is the same one. Raises what `report` does."""
    facts = ReportFacts(
        words=said["words"],
        category=category.code if category else "",
        place=PlaceFacts(address=said.get("address", ""), unit_id=said.get("place_unit")),
        sender=SenderFacts(name=said["name"], phone=said["phone"]),
        urgent=urgent,
        answers=said.get("answers") or {},
        key=said.get("key", ""),
    )
    ticket = report(call.city_id, facts, channel=Channel.HOTLINE, actor=actor, at=at)
    record(events.TICKET_MADE, call, actor=actor, at=at, unit_id=call.city_id, ticket=ticket.pk)
    return ticket


def category_of(city_id: int, category_id: int, *, at: datetime) -> Category:
    """Of the city, open on that day. Raises BadInput."""
    found = Category.objects.filter(in_force(timezone.localdate(at)), city=city_id, pk=category_id).first()
    if found is None:
        raise BadInput({"category": _("Lĩnh vực này không còn dùng. Hãy chọn lĩnh vực khác trong danh sách.")})
    return found


def end_with(call: Call, outcome: str, *, actor: Actor, at: datetime) -> Call:
    """In a command, of a call under lock: whoever had it is ready for the next once it is over. Raises CallConcluded."""
    if call.outcome:
        raise errors.CallConcluded
    call.outcome, call.outcome_at, call.classified_at = outcome, at, call.classified_at or at
    settle(call, at=at)
    call.save(update_fields=["outcome", "outcome_at", "classified_at", "state", "ticket"])
    seat = presence_of(call.operator_id)
    if call.state == Call.State.DONE and seat is not None and seat.state == OperatorPresence.State.AFTER_CALL:
        move(seat, OperatorPresence.State.READY, actor=actor, at=at)
    record(events.CALL_CONCLUDED, call, actor=actor, at=at, unit_id=call.city_id, outcome=outcome, late=call.is_late(at))
    return call


def release(call: Call, *, actor: Actor, at: datetime) -> bool:
    """In a command, of a call under lock: one that has not reached a telephone waits for everybody again."""
    if not call.is_connecting:
        return False
    was, call.operator_id, call.operator_name, call.picked_at = call.operator_id, None, "", None
    call.save(update_fields=["operator", "operator_name", "picked_at"])
    record(events.CALL_LET_GO, call, actor=actor, at=at, unit_id=call.city_id, person=was)
    return True


def keeping_busy() -> QuerySet[Call]:
    """Calls that keep their operators from the next one; one that was handed on outside keeps nobody."""
    return Call.objects.filter(operator__isnull=False).exclude(state=Call.State.DONE).exclude(outcome=Outcome.TRANSFERRED)


def unfinished(person_id: int | None) -> QuerySet[Call]:
    """Those of an operator."""
    return keeping_busy().filter(operator=person_id) if person_id is not None else Call.objects.none()


def _in_hand(call_id: int, *, reason: str = "", actor: Actor) -> Call:
    """One's own, answered, without regard to whether it still lasts; one that is done only for a reason, then also by who
    leads. Raises CallNotAnswered, CallConcluded.
    """
    call = own_or_led(call_id, actor=actor) if reason else own_call(call_id, actor=actor)
    if call.answered_at is None:
        raise errors.CallNotAnswered
    if call.state == Call.State.DONE and not reason:
        raise errors.CallConcluded
    if call.state != Call.State.DONE and call.operator_id != actor.person_id:
        raise errors.CallNotYours
    return call
