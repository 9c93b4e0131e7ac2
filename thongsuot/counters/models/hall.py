"""Counters of a service point, who sits at them, queues, the tickets that wait in them, and the machines of the hall.

`point` is always the house (`units.queries.houses_of`): what stands in it goes on through units that end, whoever runs it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.rules import Priority, Wait, code_of
from thongsuot.counters.satisfaction import Level
from thongsuot.kernel.periods import Dated


class Queue(Dated):
    """People waiting for one kind of work. Vietnamese: hàng chờ.

    letter  of its tickets, A to Z; no other open queue of the point has it
    name_en for who chose English at the kiosk; empty: the name
    fields  codes of procedures.Field; none: all that no other queue of the point takes
    """

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True, db_default="")
    fields = ArrayField(models.CharField(max_length=120), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="queue_letter_once", fields=["point", "letter"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="queue_letter", condition=Q(letter__regex=r"^[A-Z]$")),
            models.CheckConstraint(name="queue_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class Counter(Dated):
    """Where an officer serves people, one after another. Vietnamese: quầy."""

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    name = models.CharField(max_length=80, blank=True)
    queues = models.ManyToManyField(Queue, related_name="counters")
    section = models.ForeignKey("counters.Section", null=True, on_delete=models.PROTECT, related_name="counters")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="counter_number_once", fields=["point", "number"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="counter_number", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="counter_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.number}"


class Sitting(models.Model):
    """An officer at a counter, from when to when on one day. Vietnamese: phiên ngồi quầy."""

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    day = models.DateField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sitting_one_at_a_counter", fields=["counter", "day"], condition=Q(until_at=None)),
            models.UniqueConstraint(name="sitting_one_of_a_person", fields=["person", "day"], condition=Q(until_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.day}"


class CounterBreak(models.Model):
    """An officer is away from a counter for a while, and why; nobody is called meanwhile. Vietnamese: tạm nghỉ."""

    class Reason(models.TextChoices):
        REST = "rest", _("Nghỉ giải lao")
        MEAL = "meal", _("Nghỉ trưa, ăn ca")
        MEETING = "meeting", _("Họp, hội ý")
        ERRAND = "errand", _("Lấy hồ sơ, trình ký")
        TECHNICAL = "technical", _("Máy, mạng trục trặc")
        OTHER = "other", _("Việc khác")

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="breaks")
    reason = models.CharField(max_length=10, choices=Reason)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="counter_break_one", fields=["sitting"], condition=Q(until_at=None))]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.reason}"


class Device(models.Model):
    """A machine that stands in the hall for everybody, joined to its point by an officer. Vietnamese: thiết bị.

    counter         whose visitors rate there; none: a kiosk
    joining_digest  of the code that joins it, once, until joining_until
    key_digest      of the key that its browser holds from then on
    """

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Máy lấy số")
        RATING = "rating", _("Máy đánh giá")

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=80)
    joining_digest = models.CharField(max_length=64)
    joining_until = models.DateTimeField()
    key_digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="device_key_once", fields=["key_digest"], condition=~Q(key_digest="")),
            models.UniqueConstraint(name="device_joining_once", fields=["joining_digest"]),
            models.UniqueConstraint(name="device_name_once", fields=["point", "name"], condition=Q(retired_at=None)),
            models.CheckConstraint(
                name="device_counter", condition=Q(kind="rating", counter__isnull=False) | Q(kind="kiosk", counter=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TicketSet(models.QuerySet["Ticket"]):
    def waiting(self, on: date) -> TicketSet:
        return self.filter(day=on, state=Ticket.State.WAITING)

    def for_counter(self, counter: Counter) -> TicketSet:
        """Those kept for it alone, and those of its queues that are kept for no other."""
        of_queues = Q(reserved_for=None, queue__in=counter.queues.through.objects.filter(counter=counter).values("queue"))
        return self.filter(of_queues | Q(reserved_for=counter))

    def in_order(self) -> TicketSet:
        """As they are called: those kept for this one counter, then priority, then whoever waits longest."""
        kept = Case(When(reserved_for=None, then=Value(1)), default=Value(0))
        first = Case(When(priority="", then=Value(1)), default=Value(0))
        return self.order_by(kept, first, "waits_from", "pk")


class Ticket(models.Model):
    """A number that somebody waits with; it names nobody. Vietnamese: số thứ tự.

    queue       where it waits; its letter stays the one it was taken with
    counter     that called it; none while it waits
    waits_from  its place: the instant it was taken, or came back to the end of the queue
    called_at   the latest call; served_at: of who came up to the counter last; served_by: to whom; before: `Service`
    absences    calls that nobody answered
    secret      by which its holder follows it on a telephone; none: of before there was one
    device      at which it was taken; none: an officer gave it
    expected    how long its holder was told they would wait when it was taken: at the kiosk, on the slip, by telephone;
                expected_error: the error told with it; none: not known then, or who goes first, who is told no time
    reserved_for  the one counter that calls it, before its others; none: any that calls its queue
    mark        of who took it by telephone and may not have a second one open; gone when it ends (queries.ahead)
    expired     it ended with the hours or the day of the point, by nobody's hand: when service ended is not known
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        CALLED = "called", _("Đang gọi")
        SERVING = "serving", _("Đang phục vụ")
        DONE = "done", _("Đã xong")
        LEFT = "left", _("Bỏ lượt")
        CANCELLED = "cancelled", _("Đã hủy")

    AT_COUNTER: ClassVar = (State.CALLED, State.SERVING)
    GONE: ClassVar = (State.LEFT, State.CANCELLED)

    point = models.ForeignKey("units.ServicePoint", on_delete=models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    letter = models.CharField(max_length=1)
    number = models.IntegerField()
    day = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    priority = models.CharField(max_length=12, choices=Priority, blank=True)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="tickets")
    taken_at = models.DateTimeField()
    waits_from = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    served_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    absences = models.IntegerField(default=0)
    secret = models.CharField(max_length=16, unique=True, null=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    expected = models.DurationField(null=True)
    expected_error = models.DurationField(null=True)
    reserved_for = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64, null=True, unique=True)
    expired = models.BooleanField(default=False, db_default=False)

    objects = TicketSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ticket_number_once", fields=["point", "day", "letter", "number"]),
            models.UniqueConstraint(
                name="ticket_one_at_a_counter", fields=["counter", "day"], condition=Q(state__in=["called", "serving"])
            ),
            models.CheckConstraint(
                name="ticket_at_a_counter", condition=~Q(state__in=["called", "serving"]) | Q(counter__isnull=False)
            ),
            models.CheckConstraint(
                name="ticket_ends",
                condition=Q(state__in=["done", "left", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["waiting", "called", "serving"], ended_at__isnull=True),
            ),
        ]
        indexes = [models.Index(name="ticket_waiting", fields=["queue", "day"], condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return code_of(self.letter, self.number)

    @property
    def told(self) -> Wait | None:
        if self.expected is None or self.expected_error is None:
            return None
        return Wait(mean=self.expected, error=self.expected_error)

    def can_be_called(self, on: date) -> bool:
        """It waits on that day, or is gone and may have come back. One that is done comes back by `come_back` first."""
        return self.day == on and self.state in (self.State.WAITING, *self.GONE)

    def was_served_by(self, person_id: int | None) -> bool:
        """Now, last, or before it waited again."""
        if person_id is None:
            return False
        return self.served_by_id == person_id or self.services.filter(person=person_id).exists()

    def may_come_back(self, on: date) -> bool:
        """Somebody was served on that day, and is done."""
        return self.day == on and self.state == self.State.DONE and self.served_at is not None


class Service(models.Model):
    """A time at a counter after which the same ticket waits again: sent on, or back with what was missing.

    Vietnamese: lượt phục vụ. The latest time at a counter stands in the ticket itself. Nothing here changes afterwards.

    queue            in which it was called; counter, person: where and by whom
    from_at, until_at  while it was served; again_at: since when it waited again, later than until_at for who came back
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="services", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    again_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="service_once", fields=["ticket", "from_at"])]
        indexes = [models.Index(name="service_of_a_queue", fields=["queue", "until_at"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} from {self.from_at}"


class TicketRating(models.Model):
    """How satisfied the holder of a ticket was: once, by nobody in particular. Vietnamese: đánh giá hài lòng.

    Officers see sums of whole weeks alone (queries.ratings), of satisfaction.SHOWN_FROM at least.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="rating")
    level = models.SmallIntegerField(choices=Level)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="ticket_rating_level", condition=Q(level__gte=1, level__lte=5))]

    def __str__(self) -> str:
        return f"{self.ticket_id}"
