"""Asking the exchange, outside of any transaction; then one command keeps what it said. Each may run twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from thongsuot.hotline import actions, exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import recordings_of, settings_on
from thongsuot.hotline.actions.forgetting import must_not_be_held
from thongsuot.hotline.actions.looking import must_hear
from thongsuot.hotline.exchange import Gone, Refused, Sound, Unreachable
from thongsuot.hotline.models import Call, CallRecording, CallTransfer, OperatorPresence
from thongsuot.hotline.queries import recordings
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.errors import must_exist

WORKER = system("worker")
A_PIECE = 512 * 1024
"""Bytes of a recording fetched at a time: memory stays flat however long a call was."""


def pick(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """The call is the operator's, then the exchange brings it to their telephone. One that waits for its outcome rings nowhere.

    When the exchange says no it rings on for the others. Raises what `pick_call` raises, and TransferRefused.
    """
    call = actions.pick_call(call_id, actor=actor, at=at)
    behind = exchange.chosen()
    seat = OperatorPresence.objects.filter(person=actor.person_id, until_at=None).first()
    if behind is None or seat is None or call.state != Call.State.RINGING:
        return call
    try:
        behind.transfer(call.exchange_id, seat.extension)
    except Refused:
        actions.let_go(call_id, actor=actor, at=at)
        raise errors.TransferRefused(seat.extension) from None
    except Unreachable:
        pass  # the receiver can be lifted by hand: the exchange tells who did
    call.refresh_from_db()
    return call


def transfer(call_id: int, *, to: str, where: str, actor: Actor, at: datetime) -> CallTransfer:
    """Raises what `begin_transfer` raises, TransferRefused. Without an answer it stays asked: the exchange may tell later."""
    made = actions.begin_transfer(call_id, to=to, where=where, actor=actor, at=at)
    behind = exchange.chosen()
    try:
        if behind is None:
            raise Refused
        behind.transfer(made.call.exchange_id, made.number)
    except Refused:
        actions.settle_transfer(made.pk, done=False, actor=actor, at=at)
        raise errors.TransferRefused(made.number) from None
    except Unreachable:
        return made
    settled: CallTransfer = actions.settle_transfer(made.pk, done=True, actor=actor, at=at)
    return settled


def put_back(call_id: int, *, actor: Actor = WORKER, at: datetime) -> Call:
    """A call that was taken and has not reached the telephone: it waits for the others, unless the exchange knows better.

    Raises NotFound, NotYourDuty, CallNotYours.
    """
    call = must_exist(Call.objects.filter(pk=call_id).first())
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    standing = exchange.Standing(state="ringing")
    if behind is not None:
        with suppress(Refused, Unreachable):  # somebody waits: in doubt it rings on
            standing = behind.standing(call.exchange_id)
    if standing.state != "ringing":
        with suppress(errors.CallStillOn):
            noted: Call = actions.note_standing(call_id, standing, actor=actor, at=at)
            return noted
    let_go: Call = actions.let_go(call_id, actor=actor, at=at)
    return let_go


def end_lost(call_id: int, *, actor: Actor = WORKER, at: datetime) -> Call:
    """A call whose end was not told: the exchange says how it stands; one that it does not know is over. By a person of their
    own alone, whose word counts where the exchange will not say and has told nothing for as long as is set.

    Raises NotFound, NotYourDuty, CallNotYours, ExchangeSilent, ExchangeWontSay, CallStillOn.
    """
    call = must_exist(Call.objects.filter(pk=call_id).first())
    by_person = actor.person_id is not None
    if by_person and call.operator_id != actor.person_id:
        raise errors.CallNotYours
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    standing = exchange.Standing(state="unknown")
    if behind is not None:
        try:
            standing = behind.standing(call.exchange_id)
        except Gone:
            pass
        except Refused:
            lost = settings_on(call.city_id, timezone.localdate(at)).lost
            if not by_person or at - call.told_at < lost:
                raise errors.ExchangeWontSay from None
        except Unreachable:
            raise errors.ExchangeSilent from None
    ended: Call = actions.note_standing(call_id, standing, actor=actor, at=at)
    return ended


def recording(call: Call, one: CallRecording, *, first: int, at_most: int, actor: Actor, at: datetime) -> Sound:
    """A piece of one of its recordings, or all from `first` on where the exchange knows no ranges; of one no longer than is
    set. Raises CallNotYours, NoRecording, RecordingTooLong, ExchangeSilent.
    """
    must_hear(call, actor=actor)
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    if behind is None:
        raise errors.NoRecording
    usual = settings_on(call.city_id, timezone.localdate(at))
    try:
        sound = behind.recording(one.reference, first=first, at_most=min(at_most, A_PIECE), whole=usual.recording_most_bytes)
    except Refused:
        raise errors.NoRecording from None
    except Unreachable:
        raise errors.ExchangeSilent from None
    if sound.total > usual.recording_most_bytes:
        raise errors.RecordingTooLong(usual.recording_most_mb)
    return sound


def forget_caller(call_id: int, *, at: datetime) -> None:
    """Of a call about a ticket whose sender is forgotten: who rang, then what was said. Again it does what is left. Of one that
    is held nothing, until it is released; an exchange that does not delete is asked again each night.
    """
    with suppress(errors.RecordingHeld, errors.NoRecording):
        if recordings.traceable(Call.objects.filter(pk=call_id)).exists():
            actions.forget_caller(call_id, actor=WORKER, at=at)
        forget(call_id, at=at)


def forget(call_id: int, *, at: datetime) -> str:
    """What was recorded, of each leg, is deleted at the exchange past its time; only when it is not there any more nothing here
    leads to it. Why some of it is still there (`Call.DeletionTrouble`), which is kept and shown; empty: it is gone.

    Raises NotFound, RecordingHeld.
    """
    call = must_exist(Call.objects.filter(pk=call_id).first())
    must_not_be_held(call)
    known, left = recordings_of(call), ""
    if known:
        actions.begin_forgetting(call_id, actor=WORKER, at=at)
    for one in known:
        if trouble := _deleted(call, one.reference):
            left = trouble
        else:
            actions.forget_recording(call_id, reference=one.reference, actor=WORKER, at=at)
    if left:
        actions.note_recording_stays(call_id, trouble=left, actor=WORKER, at=at)
    return left


def _deleted(call: Call, reference: str) -> str:
    """Its word that it was deleted is not enough: it is asked for a byte of it, and must say that there is none. Not to be let
    hear it says nothing of whether it is there.
    """
    trouble = Call.DeletionTrouble
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    if behind is None:
        return trouble.ELSEWHERE
    try:
        behind.forget_recording(reference)
    except Refused:
        return trouble.REFUSED
    except Unreachable:
        return trouble.SILENT
    try:
        behind.recording(reference, first=0, at_most=1)
    except Gone:
        return ""
    except Refused:
        return trouble.STAYED
    except Unreachable:
        return trouble.SILENT
    return trouble.STAYED
