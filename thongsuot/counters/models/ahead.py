"""What people arranged before they come: an hour at a queue, a number by telephone."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.models.hall import Queue
from thongsuot.kernel.periods import Dated


class BookingPlan(Dated):
    """How a queue's opening hours of a weekday are cut into slots, for a time. Vietnamese: khung giờ hẹn.

    seats  people who may book one slot
    """

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="booking_plans")
    weekday = models.SmallIntegerField()
    minutes = models.IntegerField()
    seats = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="booking_plan_once", fields=["queue", "weekday"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="booking_plan_weekday", condition=Q(weekday__gte=0, weekday__lte=6)),
            models.CheckConstraint(name="booking_plan_slot", condition=Q(minutes__gte=5, minutes__lte=240, seats__gte=1)),
            models.CheckConstraint(
                name="booking_plan_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.weekday}"


class Booking(models.Model):
    """An account comes to a queue at an hour. Vietnamese: hẹn giờ.

    code  with which it is checked in; the ticket it then becomes is not known to it, and knows nothing of it
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("Đã hẹn")
        CHECKED_IN = "checked_in", _("Đã đến, đã lấy số")
        CANCELLED = "cancelled", _("Đã hủy hẹn")
        MISSED = "missed", _("Không đến")

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    code = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="booking_once", fields=["person", "queue", "day"], condition=Q(state="booked"))
        ]
        indexes = [models.Index(name="booking_slot", fields=["queue", "day"])]

    def __str__(self) -> str:
        return self.code

    @property
    def point_id(self) -> int:
        """The house; with `queue` at hand."""
        return self.queue.point_id


class AheadCount(models.Model):
    """How many numbers somebody took by telephone on a day. The mark names nobody without the key, and goes after the day."""

    mark = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    taken = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}"
