"""Asking the exchange, outside of any transaction; then one command keeps what it said. Each may run twice."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.hotline import actions, exchange
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import settings_on
from thongsuot.hotline.actions.looking import must_hear
from thongsuot.hotline.exchange import Refused, Sound, Unreachable
from thongsuot.hotline.models import Call, CallTransfer, OperatorPresence
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


def end_lost(call_id: int, *, actor: Actor = WORKER, at: datetime) -> Call:
    """A call whose end was not told: the exchange says how it stands. Raises NotFound, ExchangeSilent, CallStillOn."""
    call = must_exist(Call.objects.filter(pk=call_id).first())
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    standing = exchange.Standing(state="unknown")
    if behind is not None:
        try:
            standing = behind.standing(call.exchange_id)
        except Refused:
            pass  # it knows nothing of it
        except Unreachable:
            raise errors.ExchangeSilent from None
    ended: Call = actions.note_standing(call_id, standing, actor=actor, at=at)
    return ended


def recording(call: Call, *, first: int, at_most: int, actor: Actor, at: datetime) -> Sound:
    """A piece of it, of one no longer than is set. Raises CallNotYours, NoRecording, RecordingTooLong, ExchangeSilent."""
    must_hear(call, actor=actor)
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    if behind is None or not call.recording:
        raise errors.NoRecording
    try:
        sound = behind.recording(call.recording, first=first, at_most=min(at_most, A_PIECE))
    except Refused:
        raise errors.NoRecording from None
    except Unreachable:
        raise errors.ExchangeSilent from None
    usual = settings_on(call.city_id, timezone.localdate(at))
    if sound.total > usual.recording_most_bytes:
        raise errors.RecordingTooLong(usual.recording_most_mb)
    return sound


def forget(call_id: int, *, at: datetime) -> None:
    """A recording past its time: deleted at the exchange, then nothing here leads to it. Raises ExchangeSilent."""
    call = must_exist(Call.objects.filter(pk=call_id).first())
    behind = exchange.chosen() if call.exchange == exchange.name() else None
    if behind is not None and call.recording:
        try:
            behind.forget_recording(call.recording)
        except Refused:
            pass  # nothing there that is ours
        except Unreachable:
            raise errors.ExchangeSilent from None
    actions.forget_recording(call_id, actor=WORKER, at=at)
