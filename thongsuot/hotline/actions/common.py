"""What commands of the hotline share: locks, whose call it is, who sits where, one operator's next state."""

from __future__ import annotations

from datetime import date, datetime

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, HotlineSetting, OperatorPresence
from thongsuot.hotline.rules import ANSWER, USUAL, Settings
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.periods import in_force

State = OperatorPresence.State


def settings_on(city_id: int, day: date) -> Settings:
    found = HotlineSetting.objects.filter(in_force(day), city=city_id).first()
    return found.settings if found else USUAL


def locked_call(call_id: int) -> Call:
    """Raises NotFound."""
    found = must_exist(Call.objects.select_for_update().filter(pk=call_id).first())
    return found


def own_call(call_id: int, *, actor: Actor) -> Call:
    """Under lock, of its operator. Raises NotFound, NotYourDuty, CallNotYours."""
    call = locked_call(call_id)
    actor.must(ANSWER, unit_id=call.city_id)
    if call.operator_id is None or call.operator_id != actor.person_id:
        raise errors.CallNotYours
    return call


def presence_of(person_id: int | None) -> OperatorPresence | None:
    """Where the person sits now, under lock: two things of one operator follow each other."""
    rows = OperatorPresence.objects.select_for_update(of=("self",)).select_related("line")
    return rows.filter(person=person_id, until_at=None).first() if person_id is not None else None


def move(presence: OperatorPresence, state: str, *, actor: Actor, at: datetime) -> OperatorPresence:
    """From now on in this state: the one before ends, nothing is overwritten."""
    if presence.state == state:
        return presence
    presence.until_at = max(at, presence.from_at)
    presence.save(update_fields=["until_at"])
    made = OperatorPresence.objects.create(
        line=presence.line,
        person_id=presence.person_id,
        person_name=presence.person_name,
        extension=presence.extension,
        state=state,
        from_at=presence.until_at,
    )
    record(events.PRESENCE_CHANGED, made, actor=actor, at=at, unit_id=made.line.city_id, state=state)
    return made


def settle(call: Call, *, at: datetime) -> list[str]:
    """Over, and with an outcome: done. What changed, for who saves it."""
    if call.ended_at is not None and call.outcome and call.state != Call.State.DONE:
        call.state = Call.State.DONE
        return ["state"]
    return []


def locked_call_back(call_back_id: int) -> CallBack:
    """Raises NotFound."""
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("call")
    found = must_exist(rows.filter(pk=call_back_id).first())
    return found


def end_call_back(one: CallBack, state: str, *, actor: Actor, at: datetime) -> CallBack:
    one.state, one.ended_at = state, at
    one.save(update_fields=["state", "ended_at", "tries", "tried_at"])
    record(events.CALL_BACK_ENDED, one, actor=actor, at=at, unit_id=one.call.city_id, state=state)
    return one
