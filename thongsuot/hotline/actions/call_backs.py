"""Those who are to be called back: taken by one operator, who alone sees the number, tried, reached or given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.models import FeedbackTicket
from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.calls import category_of, ticket_of
from thongsuot.hotline.actions.common import (
    checked_reason,
    end_call_back,
    keeps_caller_close,
    locked_call_back,
    settings_on,
)
from thongsuot.hotline.models import CallBack, CallTicket
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.text import one_line
from thongsuot.people.actions import log_look_up

LONGEST_NOTE = 300
State = CallBack.State


@command
def take_call_back(call_back_id: int, *, reason: str, actor: Actor, at: datetime) -> CallBack:
    """The number is shown to who calls, and that is kept.

    Raises NotFound, NotYourDuty, CallBackTaken, CallBackOver, CallBackKept.
    """
    one = _open(call_back_id, actor=actor)
    if one.state == State.TAKEN and one.taken_by_id != actor.person_id:
        raise errors.CallBackTaken(one.taken_by_name)
    if actor.person_id is None:
        raise NotYourDuty(ANSWER)
    if kept_from(one, actor.person_id):
        raise errors.CallBackKept
    if one.state != State.TAKEN:
        give(one, actor, reason=reason, at=at)
    record(events.CALL_BACK_TAKEN, one, actor=actor, at=at, unit_id=one.call.city_id)
    return one


@command
def note_call_back(call_back_id: int, *, reached: bool, note: str = "", actor: Actor, at: datetime) -> CallBack:
    """Reached: it is over. Not: it waits for its next time, until it was tried as often as was set; the note says so then.

    Raises NotFound, NotYourDuty, CallBackTaken, CallBackNotTaken, CallBackOver, BadInput.
    """
    one = _open(call_back_id, actor=actor)
    _must_have_taken(one, actor)
    _tried(one, note, at=at)
    if reached:
        return end_call_back(one, State.REACHED, actor=actor, at=at)
    usual = settings_on(one.call.city_id, timezone.localdate(at))
    if one.tries >= usual.most_tries:
        one.note = one.note or _("Đã gọi %(tries)s lần không gặp.") % {"tries": one.tries}
        return end_call_back(one, State.GIVEN_UP, actor=actor, at=at)
    one.next_try_at = usual.next_try(at)
    take_back(one)
    one.save(update_fields=["tries", "tried_at", "note", "next_try_at"])
    facts = {"tries": one.tries, "next_try_at": one.next_try_at}
    record(events.CALL_BACK_TRIED, one, actor=actor, at=at, unit_id=one.call.city_id, **facts)
    return one


@command
def report_called_back(
    call_back_id: int,
    said: Mapping[str, Any],
    *,
    category_id: int | None = None,
    urgent: bool = False,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> FeedbackTicket:
    """Whoever was called back was reached, and what they report is a ticket of their call; also after it was noted that they
    were, by who reached them.

    said   as `calls.make_ticket` has it: words, address, place_unit, name, phone, answers, key
    Raises what `report` does, NotFound, NotYourDuty, CallBackTaken, CallBackNotTaken, BadInput.
    """
    one = locked_call_back(call_back_id)
    call = one.call
    actor.must(ANSWER, unit_id=call.city_id)
    _must_have_taken(one, actor, or_reached=True)
    category = category_of(call.city_id, category_id, at=at) if category_id is not None else None
    ticket = ticket_of(call, said, category=category, urgent=urgent, actor=actor, at=at)
    CallTicket.objects.get_or_create(ticket=ticket, defaults={"call": call, "made_at": at})  # sent twice it is one
    if one.state == State.TAKEN:
        _tried(one, note, at=at)
        end_call_back(one, State.REACHED, actor=actor, at=at)
    return ticket


@command
def give_up_call_back(call_back_id: int, *, reason: str, actor: Actor, at: datetime) -> CallBack:
    """Nobody calls any more, by who leads; why stands in its note. Raises NotFound, NotYourDuty, CallBackOver, BadInput."""
    one = locked_call_back(call_back_id)
    actor.must(LEAD, unit_id=one.call.city_id)
    if one.ended_at is not None:
        raise errors.CallBackOver
    one.note = checked_reason(reason)
    return end_call_back(one, State.GIVEN_UP, actor=actor, at=at)


@command
def put_call_back(call_back_id: int, *, actor: Actor, at: datetime) -> CallBack:
    """Taken and not called: it waits for whoever comes.

    Raises NotFound, NotYourDuty, CallBackTaken, CallBackNotTaken, CallBackOver.
    """
    one = _open(call_back_id, actor=actor)
    _must_have_taken(one, actor)
    take_back(one)
    record(events.CALL_BACK_ASKED, one, actor=actor, at=at, unit_id=one.call.city_id, reason=one.reason)
    return one


def give(one: CallBack, to: Actor, *, reason: str, at: datetime) -> None:
    """In a command: it is theirs to call, and that they see the number is kept. Raises BadInput."""
    one.state, one.taken_by_id, one.taken_by_name, one.taken_at = State.TAKEN, to.person_id, to.name, at
    one.save(update_fields=["state", "taken_by", "taken_by_name", "taken_at"])
    log_look_up(one, fields=["phone"], reason=reason, actor=to, at=at)


def take_back(one: CallBack) -> None:
    """In a command: it waits for whoever comes."""
    one.state, one.taken_by_id, one.taken_by_name, one.taken_at = State.WAITING, None, "", None
    one.save(update_fields=["state", "taken_by", "taken_by_name", "taken_at"])


def kept_from(one: CallBack, person_id: int | None) -> bool:
    """A denunciation was told in its call: the number is for who took the call, and no other."""
    own = one.call.operator_id is not None and one.call.operator_id == person_id
    return not own and keeps_caller_close(one.call)


def _must_have_taken(one: CallBack, actor: Actor, *, or_reached: bool = False) -> None:
    """Raises CallBackTaken, CallBackNotTaken."""
    mine = one.taken_by_id is not None and one.taken_by_id == actor.person_id
    if mine and (one.state == State.TAKEN or (or_reached and one.state == State.REACHED)):
        return
    raise errors.CallBackTaken(one.taken_by_name) if one.state == State.TAKEN else errors.CallBackNotTaken


def _tried(one: CallBack, note: str, *, at: datetime) -> None:
    """Raises BadInput."""
    note = one_line(note)
    if len(note) > LONGEST_NOTE:
        raise BadInput({"note": _("Ghi chú dài quá 300 chữ. Hãy viết ngắn lại.")})
    one.tries, one.tried_at, one.note = one.tries + 1, one.tried_at or at, note or one.note


def _open(call_back_id: int, *, actor: Actor) -> CallBack:
    one = locked_call_back(call_back_id)
    actor.must(ANSWER, unit_id=one.call.city_id)
    if one.ended_at is not None:
        raise errors.CallBackOver
    return one
