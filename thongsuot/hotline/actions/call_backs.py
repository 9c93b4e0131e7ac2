"""Those who are to be called back: taken by one operator, who alone sees the number, tried, reached or given up."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import end_call_back, locked_call_back, settings_on
from thongsuot.hotline.models import CallBack
from thongsuot.hotline.rules import ANSWER
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.text import one_line
from thongsuot.people.actions import log_look_up

LONGEST_NOTE = 300


@command
def take_call_back(call_back_id: int, *, reason: str, actor: Actor, at: datetime) -> CallBack:
    """The number is shown to who calls, and that is kept. Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver."""
    one = _open(call_back_id, actor=actor)
    if one.state == CallBack.State.TAKEN and one.taken_by_id != actor.person_id:
        raise errors.CallBackTaken(one.taken_by_name)
    if actor.person_id is None:
        raise NotYourDuty(ANSWER)
    if one.state != CallBack.State.TAKEN:
        give(one, actor, reason=reason, at=at)
    record(events.CALL_BACK_TAKEN, one, actor=actor, at=at, unit_id=one.call.city_id)
    return one


@command
def note_call_back(call_back_id: int, *, reached: bool, note: str = "", actor: Actor, at: datetime) -> CallBack:
    """Reached: it is over. Not: it waits for its next time, until it was tried as often as was set; the note says so then.

    Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver, BadInput.
    """
    one = _open(call_back_id, actor=actor)
    if one.taken_by_id != actor.person_id or one.state != CallBack.State.TAKEN:
        raise errors.CallBackTaken(one.taken_by_name)
    note = one_line(note)
    if len(note) > LONGEST_NOTE:
        raise BadInput({"note": _("Ghi chú dài quá 300 chữ. Hãy viết ngắn lại.")})
    one.tries, one.tried_at, one.note = one.tries + 1, one.tried_at or at, note or one.note
    if reached:
        return end_call_back(one, CallBack.State.REACHED, actor=actor, at=at)
    usual = settings_on(one.call.city_id, timezone.localdate(at))
    if one.tries >= usual.most_tries:
        one.note = one.note or _("Đã gọi %(tries)s lần không gặp.") % {"tries": one.tries}
        return end_call_back(one, CallBack.State.GIVEN_UP, actor=actor, at=at)
    one.next_try_at = usual.next_try(at)
    take_back(one)
    one.save(update_fields=["tries", "tried_at", "note", "next_try_at"])
    facts = {"tries": one.tries, "next_try_at": one.next_try_at}
    record(events.CALL_BACK_TRIED, one, actor=actor, at=at, unit_id=one.call.city_id, **facts)
    return one


@command
def put_call_back(call_back_id: int, *, actor: Actor, at: datetime) -> CallBack:
    """Taken and not called: it waits for whoever comes. Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver."""
    one = _open(call_back_id, actor=actor)
    if one.taken_by_id != actor.person_id:
        raise errors.CallBackTaken(one.taken_by_name)
    take_back(one)
    record(events.CALL_BACK_ASKED, one, actor=actor, at=at, unit_id=one.call.city_id, reason=one.reason)
    return one


def give(one: CallBack, to: Actor, *, reason: str, at: datetime) -> None:
    """In a command: it is theirs to call, and that they see the number is kept. Raises BadInput."""
    one.state, one.taken_by_id, one.taken_by_name, one.taken_at = CallBack.State.TAKEN, to.person_id, to.name, at
    one.save(update_fields=["state", "taken_by", "taken_by_name", "taken_at"])
    log_look_up(one, fields=["phone"], reason=reason, actor=to, at=at)


def take_back(one: CallBack) -> None:
    """In a command: it waits for whoever comes."""
    one.state, one.taken_by_id, one.taken_by_name, one.taken_at = CallBack.State.WAITING, None, "", None
    one.save(update_fields=["state", "taken_by", "taken_by_name", "taken_at"])


def _open(call_back_id: int, *, actor: Actor) -> CallBack:
    one = locked_call_back(call_back_id)
    actor.must(ANSWER, unit_id=one.call.city_id)
    if one.ended_at is not None:
        raise errors.CallBackOver
    return one
