"""Tables of the kernel: events, seals over them, and answers kept for repeated requests."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """What happened. Rows are only ever added: the database refuses UPDATE, DELETE and TRUNCATE.

    The rows of one subject are numbered from 1 and each carries the hash of the one before it;
    the hash is computed in the database (`sql/record.sql`), so no caller can forget or forge it.
    Ids, not foreign keys: history must outlive what it speaks of.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    number = models.IntegerField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_post = models.CharField(max_length=200)
    via = models.CharField(max_length=10)
    unit_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_numbered_per_subject", fields=["subject", "subject_id", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} #{self.number} {self.name}"


class HistorySeal(models.Model):
    """A hash over all events up to an id, chained to the seal before: shows that no event was taken away."""

    last_event_id = models.BigIntegerField(unique=True)
    events = models.BigIntegerField(help_text="events covered by this seal alone")
    sealed_at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.sealed_at:%Y-%m-%d %H:%M} to event {self.last_event_id}"


class Answered(models.Model):
    """The answer given to a request with an Idempotency-Key: the same request gets the same answer."""

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    answer = models.JSONField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("yêu cầu đã trả lời")
        constraints = [models.UniqueConstraint(name="answered_once", fields=["caller", "key"])]

    def __str__(self) -> str:
        return self.key
