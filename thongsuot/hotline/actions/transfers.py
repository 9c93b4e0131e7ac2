"""A call handed on: written down, asked of the exchange outside of any transaction (`asking`), then settled."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.calls import keeping_busy
from thongsuot.hotline.actions.common import locked_call, own_call, settings_on
from thongsuot.hotline.actions.notices import latest_transfer, settle_asked, settle_missed
from thongsuot.hotline.models import Call, CallNotice, CallTransfer, OperatorPresence
from thongsuot.hotline.rules import ANSWER, EMERGENCY
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import phone_as_kept
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.units import queries as units

To = CallTransfer.To


@command
def begin_transfer(call_id: int, *, to: str, where: str, actor: Actor, at: datetime) -> CallTransfer:
    """To another operator (a person's id), to a commune (its unit's id), or to an emergency number.

    Raises NotFound, NotYourDuty, CallNotYours, CallNotLive, CallConcluded, TransferUnderWay, OperatorBusy,
    NoNumberOfUnit, BadInput.
    """
    call = own_call(call_id, actor=actor)
    if call.state not in (Call.State.TALKING, Call.State.HELD):
        raise errors.CallNotLive
    if call.outcome:
        raise errors.CallConcluded
    if CallTransfer.objects.filter(call=call, state=CallTransfer.State.ASKED).exists():
        raise errors.TransferUnderWay
    made = CallTransfer(call=call, to=to, asked_at=at, by_id=actor.person_id, by_name=actor.name)
    wanted = int(where) if where.isascii() and where.isdigit() and len(where) < 19 else 0
    if to == To.OPERATOR:
        seat = free_operators(call.city_id).filter(person=wanted).exclude(person=actor.person_id).first()
        if seat is None:
            raise errors.OperatorBusy
        made.person_id, made.number = seat.person_id, seat.extension
    elif to == To.UNIT:
        made.unit_id, made.number = wanted, number_of_unit(call.city_id, wanted, at=at)
    elif to == To.EMERGENCY and where in EMERGENCY:
        made.number = where
    else:
        raise BadInput({"where": _("Hãy chọn nơi chuyển trong danh sách.")})
    made.save(force_insert=True)
    facts = {"transfer": made.pk, "to": to, "unit": made.unit_id, "person": made.person_id}
    record(events.TRANSFER_ASKED, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return made


@command
def settle_transfer(transfer_id: int, *, done: bool, actor: Actor, at: datetime) -> CallTransfer:
    """What the exchange answered; what it told by itself meanwhile goes before. Raises NotFound."""
    call_id = must_exist(CallTransfer.objects.filter(pk=transfer_id).values_list("call_id", flat=True).first())
    call = locked_call(call_id)
    asked = CallTransfer.objects.select_for_update().get(pk=transfer_id)
    if asked.state == CallTransfer.State.ASKED:
        state = CallTransfer.State.DONE if done else CallTransfer.State.REFUSED
        settle_asked(asked, call, state, actor=actor, at=at)
    else:
        facts = {"transfer": asked.pk, "state": asked.state}
        record(events.TRANSFER_SETTLED, call, actor=actor, at=at, unit_id=call.city_id, **facts)
    return asked


@command
def note_missed(transfer_id: int, *, actor: Actor, at: datetime) -> CallTransfer:
    """Nobody lifted the receiver there, or the exchange never said: whoever handed it on tries again, or makes a ticket.

    Once it was done for long, what became of the call is put right for a reason (`calls.correct`).
    Raises NotFound, NotYourDuty, CallNotYours, TransferOver, TransferLongDone.
    """
    call_id = must_exist(CallTransfer.objects.filter(pk=transfer_id).values_list("call_id", flat=True).first())
    call = locked_call(call_id)
    actor.must(ANSWER, unit_id=call.city_id)
    moved = latest_transfer(call)
    if moved is None or actor.person_id is None or actor.person_id not in (call.operator_id, moved.by_id):
        raise errors.CallNotYours
    if moved.pk != transfer_id or moved.state not in CallTransfer.OPEN or taken_up(moved):
        raise errors.TransferOver
    if long_done(moved, call, at=at):
        raise errors.TransferLongDone
    settle_missed(moved, call, actor=actor, at=at)
    return moved


def taken_up(moved: CallTransfer) -> bool:
    """A colleague has lifted the receiver, as the exchange told: the call is theirs."""
    lifted = CallNotice.objects.filter(call=moved.call_id, kind="answered", said_at__gte=moved.asked_at)
    return moved.to == To.OPERATOR and lifted.exists()


def long_done(moved: CallTransfer, call: Call, *, at: datetime) -> bool:
    """Longer ago than work may be left: what became of the call does not vanish any more, nor is its number shown again."""
    stuck = settings_on(call.city_id, timezone.localdate(at)).stuck
    return moved.state == CallTransfer.State.DONE and at - (moved.settled_at or moved.asked_at) > stuck


def free_operators(city_id: int) -> QuerySet[OperatorPresence]:
    """Ready at a line of the city, and in no call."""
    ready = OperatorPresence.objects.filter(line__city=city_id, until_at=None, state=OperatorPresence.State.READY)
    return ready.exclude(person__in=keeping_busy().filter(city=city_id).values("operator")).order_by("person_name")


def number_of_unit(city_id: int, unit_id: int, *, at: datetime) -> str:
    """Of a commune's service point. Raises BadInput, NoNumberOfUnit."""
    day = timezone.localdate(at)
    if unit_id not in units.unit_ids_under(city_id, as_of=day):
        raise BadInput({"where": _("Hãy chọn một xã, phường của thành phố.")})
    found = (phone_as_kept(point.phone) for point in units.points_of([unit_id], as_of=day).get(unit_id, ()))
    number = next((one for one in found if one), None)
    if number is None:
        raise errors.NoNumberOfUnit
    return number
