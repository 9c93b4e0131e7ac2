"""A call at the desk: taken by one, classified, concluded."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.actions import report
from thongsuot.feedback.facts import PlaceFacts, ReportFacts, SenderFacts
from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.words import Channel
from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import locked_call, move, own_call, presence_of, settings_on, settle
from thongsuot.hotline.models import Call, CallBack, CallerNumber, OperatorPresence
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
    """It rings on for the others: the exchange did not bring it to the telephone. Raises NotFound, CallNotYours."""
    call = own_call(call_id, actor=actor)
    if call.state == Call.State.RINGING:
        call.operator_id, call.operator_name, call.picked_at = None, "", None
        call.save(update_fields=["operator", "operator_name", "picked_at"])
    record(events.CALL_TOLD, call, actor=actor, at=at, unit_id=call.city_id, told="let_go", changed=True, line=call.line_id)
    return call


@command
def classify(call_id: int, *, category_id: int, urgent: bool = False, actor: Actor, at: datetime) -> Call:
    """What it is about; said again it is corrected, the time of the first stays. Raises NotFound, CallNotYours, BadInput."""
    call = _in_hand(call_id, actor=actor)
    call.category_id = category_of(call.city_id, category_id, at=at).pk
    call.urgent, call.classified_at = urgent, call.classified_at or at
    call.save(update_fields=["category", "urgent", "classified_at"])
    facts = {"category": call.category_id, "urgent": urgent, "late": call.is_late(at)}
    record(events.CALL_CLASSIFIED, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return call


@command
def conclude(call_id: int, *, outcome: str, actor: Actor, at: datetime) -> Call:
    """Answered, no words, nuisance. Raises NotFound, NotYourDuty, CallNotYours, CallConcluded, BadInput."""
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
    actor: Actor,
    at: datetime,
) -> FeedbackTicket:
    """What the caller reports, in the call's category. Raises what `report` does, NotFound, CallNotYours, CallConcluded."""
    call = _in_hand(call_id, actor=actor)
    if call.outcome:
        raise errors.CallConcluded
    facts = ReportFacts(
        words=words,
        category=call.category.code if call.category else "",
        place=PlaceFacts(address=address, unit_id=place_unit),
        sender=SenderFacts(name=name, phone=phone),
        urgent=call.urgent,
    )
    ticket = report(call.city_id, facts, channel=Channel.HOTLINE, actor=actor, at=at)
    call.ticket = ticket
    end_with(call, Outcome.TICKET, actor=actor, at=at)
    return ticket


@command
def ask_call_back(call_id: int, *, minutes: int | None = None, actor: Actor, at: datetime) -> CallBack:
    """They want to be called back, by default in the time that was set. Said again the instant is moved.

    Raises NotFound, NotYourDuty, CallNotYours, NoNumber, BadInput.
    """
    call = _in_hand(call_id, actor=actor)
    if not CallerNumber.objects.filter(call=call).exists():
        raise errors.NoNumber
    usual = settings_on(call.city_id, timezone.localdate(at))
    if minutes is not None and not 1 <= minutes <= usual.RANGES["call_back_minutes"][1]:
        raise BadInput({"minutes": _("Hãy ghi số phút từ 1 đến 2880 (hai ngày).")})
    due_at = usual.call_back_by(at) if minutes is None else at + timedelta(minutes=minutes)
    made, _new = CallBack.objects.update_or_create(
        call=call,
        defaults={"reason": CallBack.Reason.ASKED, "due_at": due_at, "state": CallBack.State.WAITING, "ended_at": None},
        create_defaults={"reason": CallBack.Reason.ASKED, "due_at": due_at, "made_at": at},
    )
    record(events.CALL_BACK_ASKED, made, actor=actor, at=at, unit_id=call.city_id, reason=made.reason, due_at=due_at)
    return made


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


def unfinished(person_id: int | None) -> QuerySet[Call]:
    """Calls that keep an operator from the next one; one that was handed on outside keeps nobody."""
    mine = Call.objects.filter(operator=person_id) if person_id is not None else Call.objects.none()
    return mine.exclude(state=Call.State.DONE).exclude(outcome=Outcome.TRANSFERRED)


def _in_hand(call_id: int, *, actor: Actor) -> Call:
    """One's own, answered, without regard to whether it still lasts. Raises CallNotLive when nobody has answered it."""
    call = own_call(call_id, actor=actor)
    if call.answered_at is None:
        raise errors.CallNotLive
    return call
