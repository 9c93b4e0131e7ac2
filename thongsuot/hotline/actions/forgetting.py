"""What is kept for a time alone: numbers of callers here, recordings at the exchange."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from thongsuot.hotline import events
from thongsuot.hotline.actions.common import locked_call, settings_on
from thongsuot.hotline.models import Call, CallBack, CallerNumber, CallNotice
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.units.models import Unit


@command
def forget_numbers(city_id: int, *, actor: Actor, at: datetime) -> int:
    """Numbers of calls older than is set, with what the exchange told of them; who waits to be called back is given up then.

    How many were forgotten.
    """
    before = at - timedelta(days=settings_on(city_id, timezone.localdate(at)).number_days)
    old = Call.objects.filter(city=city_id, came_at__lt=before)
    waiting = CallBack.objects.filter(call__in=old, ended_at=None)
    waiting.update(state=CallBack.State.GIVEN_UP, ended_at=at)
    CallNotice.objects.filter(call__in=old).delete()
    count, _rows = CallerNumber.objects.filter(call__in=old).delete()
    city = Unit.objects.get(pk=city_id)
    record(events.FORGOTTEN, city, actor=actor, at=at, unit_id=city_id, numbers=count, before=before.date())
    return count


@command
def forget_caller(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """Who rang about a ticket whose sender is forgotten. Again it changes nothing. Raises NotFound."""
    call = locked_call(call_id)
    CallBack.objects.filter(call=call, ended_at=None).update(state=CallBack.State.GIVEN_UP, ended_at=at)
    CallNotice.objects.filter(call=call).delete()
    count, _rows = CallerNumber.objects.filter(call=call).delete()
    record(events.FORGOTTEN, call, actor=actor, at=at, unit_id=call.city_id, numbers=count)
    return call


@command
def forget_recording(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """The exchange has deleted it: nothing leads there any more. Raises NotFound."""
    call = locked_call(call_id)
    call.recording, call.recording_type = "", ""
    call.save(update_fields=["recording", "recording_type"])
    record(events.RECORDING_FORGOTTEN, call, actor=actor, at=at, unit_id=call.city_id)
    return call
