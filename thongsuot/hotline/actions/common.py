"""What commands of the hotline share: locks, whose call it is, reasons, who sits where, one operator's next state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.queries.reception import kept_close
from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.models import Call, CallBack, CallChange, CallRecording, HotlineSetting, OperatorPresence
from thongsuot.hotline.rules import ANSWER, LEAD, USUAL, Settings
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line

State = OperatorPresence.State
LONGEST_REASON = 300


def settings_on(city_id: int, day: date) -> Settings:
    found = HotlineSetting.objects.filter(in_force(day), city=city_id).first()
    return found.settings if found else USUAL


def locked_call(call_id: int) -> Call:
    """Raises NotFound."""
    found = must_exist(Call.objects.select_for_update().filter(pk=call_id).first())
    return found


def must_either(actor: Actor, duties: Sequence[str], *, unit_id: int) -> None:
    """Raises NotYourDuty."""
    if not any(actor.may(duty, unit_id=unit_id) for duty in duties):
        actor.must(duties[0], unit_id=unit_id)


def own_call(call_id: int, *, actor: Actor) -> Call:
    """Under lock, of its operator. Raises NotFound, NotYourDuty, CallNotYours."""
    call = locked_call(call_id)
    actor.must(ANSWER, unit_id=call.city_id)
    if call.operator_id is None or call.operator_id != actor.person_id:
        raise errors.CallNotYours
    return call


def own_or_led(call_id: int, *, actor: Actor) -> Call:
    """Under lock, of its operator or of who leads. Raises NotFound, NotYourDuty, CallNotYours."""
    call = locked_call(call_id)
    if not actor.may(LEAD, unit_id=call.city_id):
        actor.must(ANSWER, unit_id=call.city_id)
        if call.operator_id is None or call.operator_id != actor.person_id:
            raise errors.CallNotYours
    return call


def made_of(call: Call) -> list[FeedbackTicket]:
    """Tickets made of the call, in their order."""
    first = [call.ticket] if call.ticket else []
    return first + [row.ticket for row in call.further_tickets.select_related("ticket").order_by("pk")]


def recordings_of(call: Call) -> list[CallRecording]:
    """What the exchange keeps of it, one of each leg; the first stands on the call itself and has no id here."""
    first = [CallRecording(call=call, reference=call.recording, kind=call.recording_type)] if call.recording else []
    return first + sorted(call.further_recordings.all(), key=lambda one: one.pk)


def keeps_caller_close(call: Call) -> bool:
    """A denunciation was told in it: the voice and the number are who denounced."""
    return bool(kept_close(made_of(call)))


def checked_reason(reason: str) -> str:
    """Raises BadInput."""
    reason = one_line(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput({"reason": _("Hãy ghi lý do, nhiều nhất 300 chữ.")})
    return reason


def note_change(call: Call, kind: str, before: str, after: str, reason: str, *, actor: Actor, at: datetime) -> CallChange:
    """In a command, beside its event: facts of events hold no words. Raises BadInput."""
    return CallChange.objects.create(
        call=call,
        kind=kind,
        before=before[:200],
        after=after[:200],
        reason=checked_reason(reason),
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )


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
    one.save(update_fields=["state", "ended_at", "tries", "tried_at", "note"])
    record(events.CALL_BACK_ENDED, one, actor=actor, at=at, unit_id=one.call.city_id, state=state)
    return one
