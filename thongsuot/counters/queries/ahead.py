"""What somebody arranged before they come: numbers that wait, hours at a queue; free slots. Tickets name nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils.crypto import salted_hmac

from thongsuot.counters import events
from thongsuot.counters.models import Booking, BookingPlan, Queue, Ticket
from thongsuot.counters.queries.opening import open_times
from thongsuot.counters.rules import CallOffReason
from thongsuot.counters.rules.opening import slots
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import history_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units
from thongsuot.units.queries import PointRow

SALT = "thongsuot.counters.ahead"


def mark_of(person_id: int, day: date, queue_id: int = 0) -> str:
    """What tells that two numbers are of one person, on that day and by the key of this installation alone."""
    return salted_hmac(SALT, f"{day.isoformat()}:{queue_id}:{person_id}", algorithm="sha256").hexdigest()


def open_tickets(person_id: int, *, on: date) -> list[Ticket]:
    """At all queues of all points. Two queries."""
    marks = [mark_of(person_id, on, queue_id) for queue_id in Queue.objects.filter(in_force(on)).values_list("pk", flat=True)]
    return list(Ticket.objects.filter(mark__in=marks).select_related("queue").order_by("taken_at"))


def plans(queue_ids: Iterable[int], *, on: date) -> dict[int, dict[int, BookingPlan]]:
    """{queue: {weekday: how it is cut}}. One query."""
    found: dict[int, dict[int, BookingPlan]] = {}
    for row in BookingPlan.objects.filter(in_force(on), queue__in=list(queue_ids)):
        found.setdefault(row.queue_id, {})[row.weekday] = row
    return found


@dataclass(frozen=True, kw_only=True)
class Slot:
    starts_at: datetime
    minutes: int
    seats: int
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.seats - self.taken)


HOLDS_A_SEAT = (Booking.State.BOOKED, Booking.State.CHECKED_IN)


def slots_on(queue: Queue, day: date, *, now: datetime) -> list[Slot]:
    """Slots of a day that are still to come. Half a dozen queries."""
    plan = plans([queue.pk], on=day).get(queue.pk, {}).get(day.weekday())
    if plan is None or queue.valid_to is not None:
        return []
    spans = open_times(queue.point_id, on=local_day(now)).spans(day)
    held = Booking.objects.filter(queue=queue, day=day, state__in=HOLDS_A_SEAT)
    taken = dict(held.values_list("starts_at").annotate(n=Count("pk")).order_by())
    return [
        Slot(starts_at=at, minutes=plan.minutes, seats=plan.seats, taken=taken.get(at, 0))
        for at in slots(spans, day, minutes=plan.minutes)
        if at > now
    ]


def own_booking(booking_id: int, person_id: int) -> Booking:
    """Raises NotFound."""
    return must_exist(Booking.objects.filter(pk=booking_id, person=person_id).select_related("queue").first())


def why_called_off(booking: Booking) -> str:
    """In words, when the point did; else empty. One query, of one that was cancelled."""
    if booking.state != Booking.State.CANCELLED:
        return ""
    rows = [row for row in history_of(booking) if row.name == events.BOOKING_CALLED_OFF.name]
    said = str(rows[-1].facts["reason"]) if rows else ""
    return str(CallOffReason(said).label) if said in CallOffReason.values else said


@dataclass(frozen=True, kw_only=True)
class MyBooking:
    booking: Booking
    point: PointRow | None


def my_bookings(person_id: int, *, since: date, today: date) -> list[MyBooking]:
    """Those to come, the next first; then those gone by, the latest first. Three queries."""
    found = list(Booking.objects.filter(person=person_id, day__gte=since).select_related("queue").order_by("starts_at", "pk"))
    to_come = [row for row in found if row.state == Booking.State.BOOKED and row.day >= today]
    rows = to_come + [row for row in reversed(found) if row not in to_come]
    points = units.points_of_houses({row.queue.point_id for row in rows}, as_of=today) if rows else {}
    return [MyBooking(booking=row, point=points.get(row.queue.point_id)) for row in rows]


def bookings_at(house_id: int, *, on: date) -> list[Booking]:
    """Of one day, by hour; for officers, who see no person. One query."""
    found = Booking.objects.filter(queue__point=house_id, day=on).exclude(state=Booking.State.CANCELLED)
    return list(found.select_related("queue").defer("person").order_by("starts_at", "queue__letter", "pk"))
