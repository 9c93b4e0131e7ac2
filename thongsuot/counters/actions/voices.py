"""Recorded voices: put in place for a point, or for all points; no longer used."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.counters import clips, events
from thongsuot.counters.actions.common import locked_city, locked_house, must_work_in
from thongsuot.counters.models import VoiceClip, VoiceSet
from thongsuot.counters.rules import ARRANGE, CITY
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units


@command
def put_voice(content: bytes, *, name: str, point_id: int | None = None, actor: Actor, at: datetime) -> VoiceSet:
    """In the place of the one before; without `point_id` for all points that have none of their own.

    Raises NotFound, NotYourDuty, BadInput.
    """
    house_id = units.house_of(point_id) if point_id is not None else None
    unit_id = _may(house_id, actor=actor, at=at)
    name, problems = one_line(name), {}
    if not name or len(name) > 120:
        problems["name"] = _("Chưa đặt tên bộ giọng. Ví dụ: Giọng nữ, tháng 10.")
    try:
        read = clips.read(content)
    except clips.UnusableClips as trouble:
        problems["file"] = str(trouble)
    if problems:
        raise BadInput(problems)
    VoiceSet.objects.select_for_update().filter(point=house_id, retired_at=None).update(retired_at=at)
    made = VoiceSet.objects.create(point_id=house_id, name=name, rate=read.rate, width=2, channels=1, made_at=at)
    VoiceClip.objects.bulk_create(VoiceClip(voice=made, name=one, samples=said) for one, said in read.samples.items())
    record(events.VOICE_PUT, made, actor=actor, at=at, unit_id=unit_id, clips=sorted(read.samples), rate=read.rate)
    return made


@command
def retire_voice(voice_id: int, *, actor: Actor, at: datetime) -> VoiceSet:
    """The synthetic one speaks again, or that of all points. Its clips go. Raises NotFound, NotYourDuty."""
    found = must_exist(VoiceSet.objects.select_for_update().filter(pk=voice_id, retired_at=None).first())
    unit_id = _may(found.point_id, actor=actor, at=at)
    found.retired_at = at
    found.save(update_fields=["retired_at"])
    found.clips.all().delete()
    record(events.VOICE_RETIRED, found, actor=actor, at=at, unit_id=unit_id, name=found.name)
    return found


def _may(house_id: int | None, *, actor: Actor, at: datetime) -> int:
    """The unit it happens in."""
    if house_id is not None:
        unit_id = must_work_in(house_id, ARRANGE, actor=actor, at=at)
        locked_house(house_id)
        return unit_id
    city_id = locked_city(on=timezone.localdate(at))
    actor.must(CITY, unit_id=city_id)
    return city_id
