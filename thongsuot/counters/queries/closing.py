"""What ends by itself: numbers that still wait when their point has closed, hours at which nobody came."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from thongsuot.counters.models import Booking, Ticket
from thongsuot.counters.queries.opening import open_times_of, settings_of


def to_expire(*, at: datetime) -> list[int]:
    """Ids of tickets. A point without hours closes with its day."""
    day = timezone.localdate(at)
    waiting = Ticket.objects.filter(state=Ticket.State.WAITING, ended_at=None)
    found = list(waiting.filter(day__lt=day).order_by("pk").values_list("pk", flat=True))
    houses = set(waiting.filter(day=day).values_list("point", flat=True))
    for house_id, times in open_times_of(houses, on=day).items():
        after = timedelta(minutes=settings_of(house_id, on=day).expires_minutes)
        if times.closed_for_the_day(at, after=after):
            found += waiting.filter(day=day, point=house_id).order_by("pk").values_list("pk", flat=True)
    return found


def to_miss(*, at: datetime) -> list[int]:
    """Ids of bookings whose time to come is over."""
    late = Booking.objects.filter(state=Booking.State.BOOKED, starts_at__lt=at).select_related("queue").order_by("pk")
    known = {row.queue.point_id: settings_of(row.queue.point_id, on=timezone.localdate(at)).late for row in late}
    return [row.pk for row in late if at > row.starts_at + known[row.queue.point_id]]
