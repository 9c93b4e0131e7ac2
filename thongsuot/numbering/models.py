"""Gap-free series: one row per (kind, unit, bucket), the bucket being a year or a day."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """The last number given in a series. Its row lock is the queue: whoever commits first has the smaller number."""

    kind = models.CharField(max_length=30)
    unit_id = models.BigIntegerField()
    bucket = models.CharField(max_length=10, help_text='"2026" or "261120"')
    last = models.BigIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="series_once", fields=["kind", "unit_id", "bucket"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.bucket}: {self.last}"


class CancelledNumber(models.Model):
    """A number that was given and is not used. It stays, with its reason, and is never given again."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="cancelled")
    number = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    cancelled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="number_cancelled_once", fields=["series", "number"])]

    def __str__(self) -> str:
        return f"{self.series_id} {self.number}"
