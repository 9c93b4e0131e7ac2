"""Operators at a line: who sits at which telephone, ready, on a break, or with what a call left to do."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.calls import unfinished
from thongsuot.hotline.actions.common import move, presence_of
from thongsuot.hotline.models import Call, HotlineLine, OperatorPresence
from thongsuot.hotline.rules import ANSWER, LEAD
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people.models import Person

_EXTENSION = re.compile(r"[0-9*#]{1,20}")


@command
def sit_at(line_id: int, *, extension: str, actor: Actor, at: datetime) -> OperatorPresence:
    """Ready at a telephone; whoever sat at another one leaves it. Raises NotFound, NotYourDuty, BadInput, SeatTaken."""
    line = must_exist(HotlineLine.objects.filter(pk=line_id, closed_at=None).first())
    actor.must(ANSWER, unit_id=line.city_id)
    if actor.person_id is None:
        raise NotYourDuty(ANSWER)
    extension = one_line(extension)
    if not _EXTENSION.fullmatch(extension):
        raise BadInput({"extension": _("Máy lẻ chỉ gồm chữ số. Hãy ghi số máy lẻ của điện thoại trên bàn bạn, ví dụ 101.")})
    # Who sits down at an exchange does so one after the other: a telephone is one person's. Calls come in meanwhile.
    list(HotlineLine.objects.select_for_update(no_key=True).filter(exchange=line.exchange).order_by("pk"))
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
    seats = OperatorPresence.objects.filter(line__exchange=line.exchange, extension=extension, until_at=None)
    other = seats.exclude(person=actor.person_id).first()
    if other is not None:
        raise errors.SeatTaken(other.person_name, extension)
    now = presence_of(actor.person_id)
    if now is not None:
        if (now.line_id, now.extension) == (line.pk, extension):
            record(events.PRESENCE_CHANGED, now, actor=actor, at=at, unit_id=line.city_id, state=now.state)
            return now
        now.until_at = max(at, now.from_at)
        now.save(update_fields=["until_at"])
    made = OperatorPresence.objects.create(
        line=line,
        person_id=actor.person_id,
        person_name=actor.name,
        extension=extension,
        state=OperatorPresence.State.READY,
        from_at=at,
    )
    record(events.PRESENCE_CHANGED, made, actor=actor, at=at, unit_id=line.city_id, state=made.state)
    return made


@command
def set_state(state: str, *, actor: Actor, at: datetime) -> OperatorPresence:
    """Ready, on a break, or busy with what a call left to do. Raises NotYourDuty, NotAtLine, BadInput."""
    actor.must_somewhere(ANSWER)
    now = presence_of(actor.person_id)
    if now is None:
        raise errors.NotAtLine
    if state not in OperatorPresence.State.values:
        raise BadInput({"state": _("Hãy chọn một trạng thái trong danh sách.")})
    if now.state == state:
        record(events.PRESENCE_CHANGED, now, actor=actor, at=at, unit_id=now.line.city_id, state=state)
        return now
    return move(now, state, actor=actor, at=at)


@command
def leave(*, person_id: int | None = None, actor: Actor, at: datetime) -> OperatorPresence:
    """By who sits there and has nothing left to do; by who leads, of somebody who forgot.

    Raises NotYourDuty, NotAtLine, CallStillOpen, OperatorInCall.
    """
    wanted = person_id or actor.person_id
    now = presence_of(wanted)
    if now is None:
        raise errors.NotAtLine
    actor.must(ANSWER if wanted == actor.person_id else LEAD, unit_id=now.line.city_id)
    left = unfinished(wanted)
    if wanted == actor.person_id and left.exists():
        raise errors.CallStillOpen
    if left.filter(state__in=[Call.State.TALKING, Call.State.HELD]).exists():
        raise errors.OperatorInCall(now.person_name)
    now.until_at = max(at, now.from_at)
    now.save(update_fields=["until_at"])
    record(events.LEFT, now, actor=actor, at=at, unit_id=now.line.city_id)
    return now
