"""What is shown of a caller for a reason alone, which is kept: what their number did before; what was said."""

from __future__ import annotations

from datetime import datetime

from thongsuot.feedback.actions.errors import SenderKept
from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import keeps_caller_close, recordings_of
from thongsuot.hotline.models import Call, CallerNumber
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import must_exist
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person

HISTORY, RECORDING = ("calls", "tickets"), ("recording",)


@command
def open_history(call_id: int, *, reason: str, actor: Actor, at: datetime) -> Call:
    """Earlier calls and tickets of the number, for its operator and as long as the call is in hand.

    Raises NotFound, NotYourDuty, CallNotYours, CallOver, NoNumber, BadInput.
    """
    call = _call(call_id)
    must_have_in_hand(call, actor=actor)
    caller = CallerNumber.objects.filter(call=call).first()
    if caller is None:
        raise errors.NoNumber
    for about_id in _accounts(caller.number) or [None]:
        log_look_up(caller, fields=HISTORY, reason=reason, about_id=about_id, actor=actor, at=at)
    record(events.HISTORY_OPENED, call, actor=actor, at=at, unit_id=call.city_id)
    return call


@command
def open_recording(call_id: int, *, reason: str, actor: Actor, at: datetime) -> Call:
    """By who took the call, or who leads. Raises NotFound, NotYourDuty, CallNotYours, SenderKept, NoRecording, BadInput."""
    call = _call(call_id)
    must_hear(call, actor=actor)
    if not recordings_of(call):
        raise errors.NoRecording
    number = CallerNumber.objects.filter(call=call).values_list("number", flat=True).first()
    for about_id in (_accounts(number) if number else []) or [None]:
        log_look_up(call, fields=RECORDING, reason=reason, about_id=about_id, actor=actor, at=at)
    record(events.RECORDING_HEARD, call, actor=actor, at=at, unit_id=call.city_id)
    return call


def must_have_in_hand(call: Call, *, actor: Actor) -> None:
    """Raises NotYourDuty, CallNotYours, CallOver."""
    actor.must(ANSWER, unit_id=call.city_id)
    if call.operator_id is None or call.operator_id != actor.person_id:
        raise errors.CallNotYours
    if call.state == Call.State.DONE:
        raise errors.CallOver


def must_hear(call: Call, *, actor: Actor) -> None:
    """Nobody here hears a denunciation again, not who took the call either. Raises NotYourDuty, CallNotYours, SenderKept."""
    if not actor.may(LEAD, unit_id=call.city_id):
        actor.must(ANSWER, unit_id=call.city_id)
        if call.operator_id is None or call.operator_id != actor.person_id:
            raise errors.CallNotYours
    if keeps_caller_close(call):
        raise SenderKept


def _call(call_id: int) -> Call:
    found = must_exist(Call.objects.filter(pk=call_id).first())
    return found


def _accounts(number: str) -> list[int | None]:
    """Whoever gave this telephone to their account sees who looked."""
    return list(Person.objects.filter(phone=number).order_by("pk").values_list("pk", flat=True)[:5])
