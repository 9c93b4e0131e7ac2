"""What the figures of feedback are counted from: legs of tickets, totals of days. Derived, written by `counting.py` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class TicketLeg(models.Model):
    """The time one unit, or the operators of the city, had a ticket, as `rules/legs.py` cut it; nothing of who sent it.

    Vietnamese: chặng của phản ánh. Nothing here depends on the period looked at.

    handler_id     who worked on it there, the last one
    marked_on      the first day on which it was disliked or opened again, not before it was closed: item 5.3
    left_on        the day on which it stops to be "waited for and in time": moved, answered, refused or overdue
    index_left_on  the same for item 5.2, where publishing has a limit too
    """

    ticket_id = models.BigIntegerField()
    number = models.SmallIntegerField()
    city_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    stream = models.CharField(max_length=10)
    category_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=9)
    place_unit_id = models.BigIntegerField(null=True)
    latitude = models.FloatField(null=True, help_text="about a hundred metres: for counting, not for finding")
    longitude = models.FloatField(null=True)
    began = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    started_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    moved_on = models.DateField(null=True)
    returned = models.BooleanField()
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    answered_in_time = models.BooleanField(null=True)
    refused_on = models.DateField(null=True)
    refusal = models.CharField(max_length=15)
    overdue_at = models.DateTimeField(null=True)
    left_on = models.DateField(null=True)
    late_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=7)
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    in_time = models.BooleanField(null=True)
    index_left_on = models.DateField(null=True)
    rated_on = models.DateField(null=True)
    level = models.SmallIntegerField(null=True)
    repeated = models.BooleanField()
    handler_id = models.BigIntegerField(null=True)
    marked_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="feedback_leg_once", fields=["ticket_id", "number"])]
        indexes = [
            models.Index(name="feedback_leg_unit", fields=["unit_id", "-started_on", "-ticket_id"]),
            models.Index(name="feedback_leg_started", fields=["-started_on", "-ticket_id"]),
            models.Index(name="feedback_leg_answered", fields=["answered_on"], condition=Q(answered_on__isnull=False)),
            models.Index(name="feedback_leg_closed", fields=["closed_on"], condition=Q(closed_on__isnull=False)),
            models.Index(
                name="feedback_leg_refused",
                fields=["refused_on", "unit_id", "refusal"],
                condition=Q(refused_on__isnull=False),
            ),
            models.Index(name="feedback_leg_rated", fields=["rated_on"], condition=Q(rated_on__isnull=False)),
            models.Index(name="feedback_leg_returned", fields=["moved_on"], condition=Q(returned=True)),
            models.Index(name="feedback_leg_handler", fields=["handler_id"], condition=Q(handler_id__isnull=False)),
            # Where it happened, of any days: read from the index alone.
            models.Index(
                name="feedback_leg_where",
                fields=["city_id", "started_on"],
                include=["unit_id", "place_unit_id", "latitude", "longitude"],
                condition=Q(began="reported"),
            ),
            # What is open: small however much is stored.
            models.Index(
                name="feedback_leg_waits",
                fields=["overdue_at"],
                condition=Q(moved_on=None, answered_on=None, refused_on=None),
            ),
            models.Index(name="feedback_leg_open", fields=["late_at"], condition=Q(moved_on=None, closed_on=None)),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} #{self.number}"


class FeedbackNoted(models.Model):
    """A ticket of which an event was recorded and whose legs are not yet made anew. Only added and taken away whole.

    broken_at   set aside: its history could not be counted; until its next event it is not tried again
    """

    ticket_id = models.BigIntegerField()
    broken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"ticket {self.ticket_id}"


class FeedbackDay(models.Model):
    """Counts of one day of one city (`counting.MEASURES`) by one thing. Vietnamese: số liệu ngày của phản ánh.

    kind, key   unit and its id, category and its id (0: none yet), channel, stream
    stream      of units also each stream for itself; blank: all of them
    """

    city_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=20)
    stream = models.CharField(max_length=10)
    day = models.DateField()
    received = models.IntegerField()
    reopened = models.IntegerField()
    started = models.IntegerField()
    moved = models.IntegerField()
    returned = models.IntegerField()
    answered = models.IntegerField()
    answered_in_time = models.IntegerField()
    refused = models.IntegerField()
    left = models.IntegerField()
    rated = models.IntegerField()
    satisfied = models.IntegerField()
    levels = models.IntegerField(help_text="sum of the levels given")
    closed = models.IntegerField(help_text="where it was; not what went away late")
    closed_in_time = models.IntegerField()
    closed_well = models.IntegerField(help_text="in time; by that day not disliked, not opened again")
    index_left = models.IntegerField()
    moved_late = models.IntegerField(db_default=0, help_text="late by item 5.2 when it went away")
    marked = models.IntegerField(db_default=0, help_text="disliked or opened again after the day it was closed in time")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_day_once",
                fields=["city_id", "kind", "stream", "key", "day"],
            )
        ]
        indexes = [
            models.Index(name="feedback_day_of", fields=["city_id", "kind", "stream", "day"]),
            # What was open before a period is a sum over all days before it: read from here, never from the wide rows.
            models.Index(
                name="feedback_day_ever",
                fields=["city_id", "kind", "stream", "key", "day"],
                include=["started", "moved", "answered", "refused", "left", "closed", "index_left"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.day}"
