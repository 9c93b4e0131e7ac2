"""What the exchange tells, in whatever order it comes: each notice moves a call forward, none moves it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.calls import release
from thongsuot.hotline.actions.common import (
    end_call_back,
    locked_call,
    move,
    must_either,
    presence_of,
    recordings_of,
    settings_on,
    settle,
)
from thongsuot.hotline.exchange.protocol import Notice, Standing
from thongsuot.hotline.models import (
    Call,
    CallBack,
    CallerNumber,
    CallNotice,
    CallRecording,
    CallTransfer,
    HotlineLine,
    OperatorPresence,
)
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import phone_as_kept

S, O = Call.State, Call.Outcome  # noqa: E741 - states, outcomes


@command
def take_notice(exchange: str, said: Notice, *, actor: Actor, at: datetime) -> CallNotice:
    """Its signature proved before. A call we have not heard of begins with whatever is told of it first, at an open line; of
    one we know everything is taken, whatever became of its line. Raises UnknownLine, NoticeReplayed.
    """
    line = HotlineLine.objects.filter(exchange=exchange, code=said.line, closed_at=None).first()
    if line is None:
        line = HotlineLine.objects.filter(calls__exchange=exchange, calls__exchange_id=said.call).first()
    if line is None:
        raise errors.UnknownLine
    if CallNotice.objects.filter(exchange=exchange, nonce=said.nonce).exists():
        raise errors.NoticeReplayed
    # An instant ahead of ours by its clock alone: people here have not waited since before they rang.
    said_at = min(said.at, at)
    fresh = Call(city_id=line.city_id, line=line, exchange=exchange, exchange_id=said.call, told_at=said_at, came_at=said_at)
    # Two notices of a new call at once: the second waits here for the first, then both speak of one.
    Call.objects.bulk_create([fresh], ignore_conflicts=True)
    call = Call.objects.select_for_update().get(exchange=exchange, exchange_id=said.call)
    is_new = not CallNotice.objects.filter(call=call).exists()
    number = _note_number(call, said)
    earlier = _begins(call, said_at)
    changed = _MOVES[said.event](call, said, said_at, actor, at) or is_new or number or earlier
    notice, made = CallNotice.objects.get_or_create(
        exchange=exchange,
        nonce=said.nonce,
        defaults={"call": call, "kind": said.event, "said_at": said_at, "came_at": at, "changed": changed},
    )
    if not made:  # the same one at the same instant: the other keeps it
        raise errors.NoticeReplayed
    kind = events.CALL_CAME if is_new else events.CALL_TOLD
    record(kind, call, actor=actor, at=at, unit_id=call.city_id, told=said.event, changed=changed, line=line.pk)
    return notice


@command
def note_standing(call_id: int, standing: Standing, *, actor: Actor, at: datetime) -> Call:
    """What the exchange answered about a call of which it did not tell the end, or the answer. One it does not know is over.

    Raises NotFound, NotYourDuty, CallStillOn.
    """
    call = locked_call(call_id)
    must_either(actor, (ANSWER, LEAD), unit_id=call.city_id)
    over, unheard = standing.state in ("ended", "unknown"), standing.answered_at is not None and call.answered_at is None
    if not over and not unheard:
        raise errors.CallStillOn
    if standing.answered_at is not None and unheard:
        _answer(call, standing.extension, max(call.came_at, min(standing.answered_at, at)), actor, at)
    if not over:
        facts = {"told": "answered", "changed": True, "line": call.line_id}
        record(events.CALL_TOLD, call, actor=actor, at=at, unit_id=call.city_id, **facts)
        return call
    if call.is_live:
        _end(call, max(call.came_at, min(standing.ended_at or at, at)), actor, at)
    record(events.CALL_LOST, call, actor=actor, at=at, unit_id=call.city_id, answer=standing.state)
    return call


def _note_number(call: Call, said: Notice) -> bool:
    """Kept once; told later or by another notice it is the same. A call that never names one came from a withheld number."""
    if said.caller:
        number = phone_as_kept(said.caller) or said.caller
        _row, made = CallerNumber.objects.get_or_create(call=call, defaults={"number": number})
        if call.withheld:
            call.withheld = False
            call.save(update_fields=["withheld"])
        return made
    if said.event == "ringing" and not call.withheld and not CallerNumber.objects.filter(call=call).exists():
        call.withheld = True
        call.save(update_fields=["withheld"])
        return True
    return False


def _begins(call: Call, said_at: datetime) -> bool:
    """Told later than what came after it, a word still says when somebody began to wait."""
    if said_at >= call.came_at:
        return False
    call.came_at = said_at
    call.save(update_fields=["came_at"])
    return True


def _rings(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    """Nothing more than that it came."""
    return False


def _answered(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    if call.answered_at is None:
        return _answer(call, said.extension, max(said_at, call.came_at), actor, at)
    if call.state not in (S.TALKING, S.HELD) or said_at < call.told_at:
        return False
    seat = _seat(call, said.extension)
    other = seat is not None and seat.person_id != call.operator_id  # handed on to a colleague who lifted the receiver
    if call.state == S.TALKING and not other:
        return False
    call.state, call.told_at = S.TALKING, said_at
    if other and seat is not None:
        _sits(call, seat, at)
    call.save(update_fields=["state", "told_at", "operator", "operator_name", "picked_at"])
    return True


def _answer(call: Call, extension: str, said_at: datetime, actor: Actor, at: datetime) -> bool:
    call.answered_at, call.told_at = said_at, max(said_at, call.told_at)
    call.classify_by = settings_on(call.city_id, timezone.localdate(said_at)).classify_by(said_at)
    call.state = S.AFTER if call.ended_at is not None else S.TALKING
    if call.outcome == O.ABANDONED:  # its end was told first
        call.outcome, call.outcome_at = "", None
    seat = _seat(call, extension)
    if seat is not None:
        _sits(call, seat, at)
    call.save()
    _rang_again(call, actor=actor, at=at)
    return True


def _held(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    if call.state != S.TALKING or said_at < call.told_at:
        return False
    call.state, call.told_at = S.HELD, said_at
    call.save(update_fields=["state", "told_at"])
    return True


def _transferred(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    """By us, or by the keys of a telephone: what we asked for is done; another number is an outcome all the same."""
    asked = CallTransfer.objects.select_for_update().filter(call=call, state=CallTransfer.State.ASKED).first()
    if asked is not None and asked.number == said.to:
        settle_asked(asked, call, CallTransfer.State.DONE, actor=actor, at=at)
        return True
    if _seat(call, said.to) is not None or call.outcome or call.answered_at is None:
        return False
    call.outcome, call.outcome_at = O.TRANSFERRED, at
    call.classified_at = call.classified_at or at
    settle(call, at=at)
    call.save(update_fields=["outcome", "outcome_at", "classified_at", "state"])
    return True


def settle_asked(asked: CallTransfer, call: Call, state: str, *, actor: Actor, at: datetime) -> None:
    """Of a call under lock: where it went on is known now."""
    asked.state, asked.settled_at = state, at
    asked.save(update_fields=["state", "settled_at"])
    if state == CallTransfer.State.DONE and asked.to == CallTransfer.To.OPERATOR:
        seat = presence_of(asked.person_id)
        call.operator_id = asked.person_id
        call.operator_name, call.picked_at = seat.person_name if seat else "", at
        call.save(update_fields=["operator", "operator_name", "picked_at"])
    elif state == CallTransfer.State.DONE and not call.outcome:
        call.outcome, call.outcome_at = O.TRANSFERRED, at
        call.classified_at = call.classified_at or at
        settle(call, at=at)
        call.save(update_fields=["outcome", "outcome_at", "classified_at", "state"])
    record(events.TRANSFER_SETTLED, call, actor=actor, at=at, unit_id=call.city_id, transfer=asked.pk, state=state)


def _returned(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    """The telephone it was brought to, or handed on to, was not lifted: it is whose it was before."""
    if not call.is_live or said_at < call.told_at or (call.picked_at is not None and said_at < call.picked_at):
        return False
    call.told_at = said_at
    call.save(update_fields=["told_at"])
    if call.is_connecting:
        return release(call, actor=actor, at=at)
    moved = latest_transfer(call)
    if moved is None:  # handed on by the keys of a telephone
        return _with_us_again(call)
    if moved.state not in CallTransfer.OPEN or (said.to and said.to != moved.number):
        return False
    settle_missed(moved, call, actor=actor, at=at)
    return True


def latest_transfer(call: Call) -> CallTransfer | None:
    """Under lock."""
    return CallTransfer.objects.select_for_update().filter(call=call).order_by("pk").last()


def settle_missed(moved: CallTransfer, call: Call, *, actor: Actor, at: datetime) -> None:
    """Of a call under lock: nobody took it. It is whose it was, and all that can be done with a call can be done."""
    moved.state, moved.settled_at = CallTransfer.State.MISSED, at
    moved.save(update_fields=["state", "settled_at"])
    if moved.by_id is not None and moved.person_id is not None and call.operator_id == moved.person_id:
        call.operator_id, call.operator_name, call.picked_at = moved.by_id, moved.by_name, at
        call.save(update_fields=["operator", "operator_name", "picked_at"])
    _with_us_again(call)
    record(events.TRANSFER_SETTLED, call, actor=actor, at=at, unit_id=call.city_id, transfer=moved.pk, state=moved.state)


def _with_us_again(call: Call) -> bool:
    """That it was handed on is not what became of it."""
    if call.outcome != O.TRANSFERRED:
        return False
    call.outcome, call.outcome_at = "", None
    call.state = S.AFTER if call.state == S.DONE else call.state
    call.save(update_fields=["outcome", "outcome_at", "state"])
    return True


def _ended(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    recorded = _recorded(call, said, said_at, actor, at)
    if not call.is_live:
        return recorded
    call.told_seconds = said.duration_seconds
    _end(call, max(said_at, call.came_at), actor, at)
    return True


def _recorded(call: Call, said: Notice, said_at: datetime, actor: Actor, at: datetime) -> bool:
    """Each reference is kept: an exchange may record leg by leg, and each of them is to be deleted one day."""
    if not said.recording or any(one.reference == said.recording for one in recordings_of(call)):
        return False
    if call.recording:
        CallRecording.objects.create(call=call, reference=said.recording, kind=said.recording_type, told_at=at)
        return True
    call.recording, call.recording_type = said.recording, said.recording_type
    call.save(update_fields=["recording", "recording_type"])
    return True


def _end(call: Call, ended_at: datetime, actor: Actor, at: datetime) -> None:
    call.ended_at, call.told_at = max(ended_at, call.answered_at or ended_at), max(ended_at, call.told_at)
    if call.answered_at is None:
        call.outcome, call.outcome_at, call.state = O.ABANDONED, at, S.DONE
    else:
        call.state = S.DONE if call.outcome else S.AFTER
    call.save()
    CallTransfer.objects.filter(call=call, state="asked").update(state=CallTransfer.State.REFUSED, settled_at=at)
    seat = presence_of(call.operator_id)
    if seat is not None and seat.state == OperatorPresence.State.READY and call.state == S.AFTER:
        move(seat, OperatorPresence.State.AFTER_CALL, actor=actor, at=at)
    if call.answered_at is None:
        _drop(call, actor=actor, at=at)


def _drop(call: Call, *, actor: Actor, at: datetime) -> None:
    """Nobody answered: whoever left a number is called back, once for however many calls in vain."""
    number = CallerNumber.objects.filter(call=call).values_list("number", flat=True).first()
    if number is None:
        return
    waiting = CallBack.objects.filter(call__caller__number=number, call__city=call.city_id, ended_at=None)
    if waiting.exists() or CallBack.objects.filter(call=call).exists():
        return
    due_at = settings_on(call.city_id, timezone.localdate(at)).call_back_by(at)
    made = CallBack.objects.create(call=call, reason=CallBack.Reason.DROPPED, made_at=at, due_at=due_at)
    record(events.CALL_BACK_ASKED, made, actor=actor, at=at, unit_id=call.city_id, reason=made.reason)


def _rang_again(call: Call, *, actor: Actor, at: datetime) -> None:
    """They are on the line now: whoever gave up waiting need not be called back. Of this very call: it was answered."""
    number = CallerNumber.objects.filter(call=call).values_list("number", flat=True).first()
    if number is None:
        return
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("call")
    dropped = rows.filter(call__caller__number=number, call__city=call.city_id, reason=CallBack.Reason.DROPPED)
    for one in dropped.filter(ended_at=None).order_by("pk"):
        end_call_back(one, CallBack.State.RANG_AGAIN, actor=actor, at=at)


def _seat(call: Call, extension: str) -> OperatorPresence | None:
    """Who sits at that telephone now, at whichever line of the exchange."""
    if not extension:
        return None
    found = OperatorPresence.objects.filter(line__exchange=call.exchange, extension=extension, until_at=None)
    return found.order_by("pk").first()


def _sits(call: Call, seat: OperatorPresence, at: datetime) -> None:
    call.operator_id, call.operator_name, call.picked_at = seat.person_id, seat.person_name, call.picked_at or at


_MOVES: dict[str, Callable[[Call, Notice, datetime, Actor, datetime], bool]] = {
    "ringing": _rings,
    "answered": _answered,
    "held": _held,
    "transferred": _transferred,
    "returned": _returned,
    "ended": _ended,
    "recorded": _recorded,
}
