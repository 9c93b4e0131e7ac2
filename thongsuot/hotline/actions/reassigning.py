"""Work that its operator has left: given to somebody else by who leads, for a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.call_backs import give, kept_from, take_back
from thongsuot.hotline.actions.common import checked_reason, locked_call, locked_call_back, note_change
from thongsuot.hotline.models import Call, CallBack, CallChange
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for

REASSIGNED = CallChange.Kind.REASSIGNED


@command
def reassign_call(call_id: int, *, person_id: int, reason: str, actor: Actor, at: datetime) -> Call:
    """Whoever gets it notes what becomes of it. One that has not been answered is let go instead (`calls.let_go`).

    Raises NotFound, NotYourDuty, CallNotAnswered, CallConcluded, BadInput.
    """
    call = locked_call(call_id)
    actor.must(LEAD, unit_id=call.city_id)
    if call.answered_at is None:
        raise errors.CallNotAnswered
    if call.state == Call.State.DONE:
        raise errors.CallConcluded
    to = _who_answers(call.city_id, person_id, at=at)
    note_change(call, REASSIGNED, call.operator_name, to.name, reason, actor=actor, at=at)
    was, call.operator_id, call.operator_name, call.picked_at = call.operator_id, to.person_id, to.name, at
    call.save(update_fields=["operator", "operator_name", "picked_at"])
    record(events.CALL_REASSIGNED, call, actor=actor, at=at, unit_id=call.city_id, before=was, person=to.person_id)
    return call


@command
def reassign_call_back(call_back_id: int, *, person_id: int | None, reason: str, actor: Actor, at: datetime) -> CallBack:
    """To somebody, or back among those that wait. Raises NotFound, NotYourDuty, CallBackOver, CallBackKept, BadInput."""
    one = locked_call_back(call_back_id)
    city_id = one.call.city_id
    actor.must(LEAD, unit_id=city_id)
    if one.ended_at is not None:
        raise errors.CallBackOver
    reason, was = checked_reason(reason), one.taken_by_id
    to = _who_answers(city_id, person_id, at=at) if person_id is not None else None
    if to is not None and kept_from(one, to.person_id):
        raise errors.CallBackKept
    after = to.name if to else str(CallBack.State.WAITING.label)
    note_change(one.call, REASSIGNED, one.taken_by_name, after, reason, actor=actor, at=at)
    if to is None:
        take_back(one)
    else:
        give(one, to, reason=reason, at=at)
    record(events.CALL_BACK_REASSIGNED, one, actor=actor, at=at, unit_id=city_id, before=was, person=one.taken_by_id)
    return one


def _who_answers(city_id: int, person_id: int, *, at: datetime) -> Actor:
    """Raises BadInput."""
    person = Person.objects.filter(pk=person_id).first()
    found = actor_for(person, at=at) if person is not None else None
    if found is None or not found.may(ANSWER, unit_id=city_id):
        raise BadInput({"person": _("Người được chọn không trực tổng đài của thành phố. Hãy chọn người khác.")})
    return found
