"""What is kept for a time alone: numbers of callers here, recordings at the exchange; longer what somebody may demand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from thongsuot.hotline import events
from thongsuot.hotline.actions import errors
from thongsuot.hotline.actions.common import checked_reason, locked_call, note_change, recordings_of, settings_on
from thongsuot.hotline.models import Call, CallBack, CallChange, CallerNumber, CallNotice, CallRecording, RecordingHold
from thongsuot.hotline.rules import LEAD, MANAGE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.units.models import Unit


@command
def forget_numbers(city_id: int, *, actor: Actor, at: datetime) -> int:
    """Numbers of calls older than is set, with what the exchange told of them; who waits to be called back is given up then.

    Not of a call whose recording is held. How many were forgotten.
    """
    before = at - timedelta(days=settings_on(city_id, timezone.localdate(at)).number_days)
    old = Call.objects.filter(city=city_id, came_at__lt=before).exclude(holds__in=held())
    backs = CallBack.objects.filter(call__in=old)
    backs.exclude(note="").update(note="")
    backs.filter(ended_at=None).update(state=CallBack.State.GIVEN_UP, ended_at=at)
    CallNotice.objects.filter(call__in=old).delete()
    count, _rows = CallerNumber.objects.filter(call__in=old).delete()
    city = Unit.objects.get(pk=city_id)
    record(events.FORGOTTEN, city, actor=actor, at=at, unit_id=city_id, numbers=count, before=before.date())
    return count


@command
def forget_caller(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """Who rang about a ticket whose sender is forgotten. Again it changes nothing. Raises NotFound, RecordingHeld."""
    call = locked_call(call_id)
    must_not_be_held(call)
    CallBack.objects.filter(call=call).exclude(note="").update(note="")
    CallBack.objects.filter(call=call, ended_at=None).update(state=CallBack.State.GIVEN_UP, ended_at=at)
    CallNotice.objects.filter(call=call).delete()
    count, _rows = CallerNumber.objects.filter(call=call).delete()
    if recordings_of(call):
        _begin(call, at=at)
    record(events.FORGOTTEN, call, actor=actor, at=at, unit_id=call.city_id, numbers=count)
    return call


@command
def begin_forgetting(call_id: int, *, actor: Actor, at: datetime) -> Call:
    """The exchange is asked next to delete what it recorded: nobody holds it from now on.

    Raises NotFound, NoRecording, RecordingHeld.
    """
    call = locked_call(call_id)
    must_not_be_held(call)
    if not recordings_of(call):
        raise errors.NoRecording
    _begin(call, at=at)
    record(events.RECORDING_GOING, call, actor=actor, at=at, unit_id=call.city_id)
    return call


@command
def forget_recording(call_id: int, *, reference: str, actor: Actor, at: datetime) -> Call:
    """The exchange has deleted it, which was seen: nothing leads there any more. Raises NotFound, NoRecording."""
    call = locked_call(call_id)
    _gone(call, [reference], at=at)
    record(events.RECORDING_FORGOTTEN, call, actor=actor, at=at, unit_id=call.city_id)
    return call


@command
def note_recording_stays(call_id: int, *, trouble: str, actor: Actor, at: datetime) -> Call:
    """Past its time it is still there: asked again the next night, and shown. Of one that was seen there somebody may have
    need meanwhile; after silence it may be gone. Raises NotFound, NoRecording.
    """
    call = locked_call(call_id)
    if not recordings_of(call):
        raise errors.NoRecording
    call.deletion_tried_at, call.deletion_trouble = at, trouble
    if trouble != Call.DeletionTrouble.SILENT:
        call.deletion_begun_at = None
    call.save(update_fields=["deletion_tried_at", "deletion_trouble", "deletion_begun_at"])
    record(events.RECORDING_STAYED, call, actor=actor, at=at, unit_id=call.city_id, trouble=trouble)
    return call


@command
def confirm_recording_gone(call_id: int, *, reason: str, actor: Actor, at: datetime) -> Call:
    """Somebody deleted it where it lies, after we had asked in vain. Raises NotFound, NotYourDuty, NoRecording, RecordingHeld,
    BadInput.
    """
    call = locked_call(call_id)
    actor.must(MANAGE, unit_id=call.city_id)
    must_not_be_held(call)
    if not call.deletion_trouble:
        raise errors.NoRecording
    before = str(call.get_deletion_trouble_display())
    _gone(call, at=at)  # of all legs
    note_change(call, CallChange.Kind.DELETED, before, "", reason, actor=actor, at=at)
    record(events.RECORDING_FORGOTTEN, call, actor=actor, at=at, unit_id=call.city_id, by_hand=True)
    return call


@command
def hold_recording(call_id: int, *, reason: str, actor: Actor, at: datetime) -> RecordingHold:
    """Kept beyond its time, with those of all legs, until somebody releases it; not once its deletion has begun.

    Raises NotFound, NotYourDuty, NoRecording, RecordingHeld, RecordingGoing, BadInput.
    """
    call = locked_call(call_id)
    actor.must(LEAD, unit_id=call.city_id)
    if not recordings_of(call):
        raise errors.NoRecording
    must_not_be_held(call)
    if call.deletion_begun_at is not None:
        raise errors.RecordingGoing
    made = RecordingHold.objects.create(call=call, reason=checked_reason(reason), by_name=actor.name, held_at=at)
    record(events.RECORDING_HELD, call, actor=actor, at=at, unit_id=call.city_id)
    return made


@command
def release_recording(call_id: int, *, actor: Actor, at: datetime) -> RecordingHold:
    """Its time counts again, and that of the number; also when nothing is left to hear.

    Raises NotFound, NotYourDuty, RecordingNotHeld.
    """
    call = locked_call(call_id)
    actor.must(LEAD, unit_id=call.city_id)
    found = call.holds.filter(released_at=None).first()
    if found is None:
        raise errors.RecordingNotHeld
    found.released_at, found.released_by_name = at, actor.name
    found.save(update_fields=["released_at", "released_by_name"])
    record(events.RECORDING_RELEASED, call, actor=actor, at=at, unit_id=call.city_id)
    return found


def held() -> QuerySet[RecordingHold]:
    return RecordingHold.objects.filter(released_at=None)


def must_not_be_held(call: Call) -> None:
    """Raises RecordingHeld."""
    if held().filter(call=call).exists():
        raise errors.RecordingHeld


def _begin(call: Call, *, at: datetime) -> None:
    call.deletion_begun_at = call.deletion_begun_at or at
    call.save(update_fields=["deletion_begun_at"])


def _gone(call: Call, references: Collection[str] | None = None, *, at: datetime) -> None:
    """None: all of them. Raises NoRecording."""
    known = recordings_of(call)
    gone = [one for one in known if references is None or one.reference in references]
    if not gone:
        raise errors.NoRecording
    CallRecording.objects.filter(pk__in=[one.pk for one in gone if one.pk is not None]).delete()
    if any(one.pk is None for one in gone):
        call.recording, call.recording_type = "", ""
    if len(gone) == len(known):
        call.recording_deleted_at, call.deletion_trouble, call.deletion_begun_at = at, "", None
    call.save(update_fields=["recording", "recording_type", "recording_deleted_at", "deletion_trouble", "deletion_begun_at"])
