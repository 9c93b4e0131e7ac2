"""Those who are to be called back: taken by one operator, who alone sees the number, tried, reached or given up."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import end_call_back, locked_call_back, settings_on
from thongsuot.hotline.models import CallBack
from thongsuot.hotline.rules import ANSWER
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.people.actions import log_look_up


@command
def take_call_back(call_back_id: int, *, reason: str, actor: Actor, at: datetime) -> CallBack:
    """The number is shown to who calls, and that is kept. Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver."""
    one = _open(call_back_id, actor=actor)
    if one.state == CallBack.State.TAKEN and one.taken_by_id != actor.person_id:
        raise errors.CallBackTaken(one.taken_by_name)
    if actor.person_id is None:
        raise NotYourDuty(ANSWER)
    if one.state != CallBack.State.TAKEN:
        one.state, one.taken_by_id, one.taken_by_name = CallBack.State.TAKEN, actor.person_id, actor.name
        one.save(update_fields=["state", "taken_by", "taken_by_name"])
        log_look_up(one, fields=["phone"], reason=reason, actor=actor, at=at)
    record(events.CALL_BACK_TAKEN, one, actor=actor, at=at, unit_id=one.call.city_id)
    return one


@command
def note_call_back(call_back_id: int, *, reached: bool, actor: Actor, at: datetime) -> CallBack:
    """Reached: it is over. Not: it waits anew, until it was tried as often as was set.

    Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver.
    """
    one = _open(call_back_id, actor=actor)
    if one.taken_by_id != actor.person_id or one.state != CallBack.State.TAKEN:
        raise errors.CallBackTaken(one.taken_by_name)
    one.tries, one.tried_at = one.tries + 1, at
    if reached:
        return end_call_back(one, CallBack.State.REACHED, actor=actor, at=at)
    usual = settings_on(one.call.city_id, timezone.localdate(at))
    if one.tries >= usual.most_tries:
        return end_call_back(one, CallBack.State.GIVEN_UP, actor=actor, at=at)
    one.state, one.taken_by_id, one.taken_by_name = CallBack.State.WAITING, None, ""
    one.save(update_fields=["state", "taken_by", "taken_by_name", "tries", "tried_at"])
    record(events.CALL_BACK_TRIED, one, actor=actor, at=at, unit_id=one.call.city_id, tries=one.tries)
    return one


@command
def put_call_back(call_back_id: int, *, actor: Actor, at: datetime) -> CallBack:
    """Taken and not called: it waits for whoever comes. Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver."""
    one = _open(call_back_id, actor=actor)
    if one.taken_by_id != actor.person_id:
        raise errors.CallBackTaken(one.taken_by_name)
    one.state, one.taken_by_id, one.taken_by_name = CallBack.State.WAITING, None, ""
    one.save(update_fields=["state", "taken_by", "taken_by_name"])
    record(events.CALL_BACK_ASKED, one, actor=actor, at=at, unit_id=one.call.city_id, reason=one.reason)
    return one


def _open(call_back_id: int, *, actor: Actor) -> CallBack:
    one = locked_call_back(call_back_id)
    actor.must(ANSWER, unit_id=one.call.city_id)
    if one.ended_at is not None:
        raise errors.CallBackOver
    return one
