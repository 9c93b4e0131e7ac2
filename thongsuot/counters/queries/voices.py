"""Recorded voices: which one speaks at a point, what of it is missing, and the sound of a call."""

from __future__ import annotations

import functools

from django.db.models import F, Q

from thongsuot.counters import voice
from thongsuot.counters.models import VoiceClip, VoiceSet

KEPT = 64  # announcements per process


def voice_of(house_id: int | None) -> VoiceSet | None:
    """Its own, else that of all points. One query."""
    rows = VoiceSet.objects.filter(Q(point=house_id) | Q(point=None), retired_at=None)
    return rows.order_by(F("point").asc(nulls_last=True)).first()


def own_voice(house_id: int | None) -> VoiceSet | None:
    return VoiceSet.objects.filter(point=house_id, retired_at=None).first()


def missing(found: VoiceSet) -> list[str]:
    """Pieces of which it has no clip, as their files would be named. One query."""
    there = set(found.clips.values_list("name", flat=True))
    return [name for name in voice.PIECES if name not in there]


def spoken(house_id: int | None, letter: str, number: int, counter: int) -> bytes:
    """A WAV file: by recorded clips if all that it takes are there, else as `voice.sound`."""
    found = voice_of(house_id)
    said = _recorded(found.pk, found.rate, letter, number, counter) if found is not None else None
    return said or voice.sound(letter, number, counter)


@functools.lru_cache(maxsize=KEPT)
def _recorded(voice_id: int, rate: int, letter: str, number: int, counter: int) -> bytes | None:
    """Clips of a set never change: another upload is another set."""
    wanted = voice.pieces(letter, number, counter)
    rows = VoiceClip.objects.filter(voice=voice_id, name__in=wanted).values_list("name", "samples")
    samples = {name: bytes(said) for name, said in rows}
    if len(samples) < len(set(wanted)):
        return None
    return voice.together((samples[name] for name in wanted), rate=rate)
