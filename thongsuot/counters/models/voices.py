"""Recorded voices that call numbers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class VoiceSet(models.Model):
    """Clips of one voice in one format, for a point or for all (`point` none). Vietnamese: bộ giọng đọc."""

    point = models.ForeignKey("units.ServicePoint", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    rate = models.IntegerField()
    width = models.SmallIntegerField()
    channels = models.SmallIntegerField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="voice_set_once", fields=["point"], condition=Q(retired_at=None), nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class VoiceClip(models.Model):
    """One word or number as it was recorded. Vietnamese: đoạn ghi âm. `name`: of voice.PIECES."""

    voice = models.ForeignKey(VoiceSet, on_delete=models.CASCADE, related_name="clips")
    name = models.CharField(max_length=20)
    samples = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="voice_clip_once", fields=["voice", "name"])]

    def __str__(self) -> str:
        return self.name
