"""What ends by itself: numbers that still wait when their point has closed, days, hours at which nobody came.

A hall whose line to the city is cut goes on without it: what ends there is ended there, and told later (local_nodes).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from thongsuot.counters import away
from thongsuot.counters.models import Booking, Ticket
from thongsuot.counters.queries.opening import open_times_of, settings_of_all

# Given by an officer, who may also when the point is closed, and knows whom they will still call.
BY_AN_OFFICER = Q(device=None, mark=None, waits_from=F("taken_at"))


def to_expire(*, at: datetime) -> list[int]:
    """Ids of tickets, whoever waits longest first. A point without hours closes with its day.

    A number that an officer gave after the closing, or on a closed day, waits until the day ends, and so does who was served
    already and waits once more; with the day ends what still stands at a counter.
    """
    day = timezone.localdate(at)
    opened = Ticket.objects.filter(ended_at=None).order_by("waits_from", "pk")
    there = _with_a_line(opened.order_by("point").values_list("point", flat=True).distinct(), at=at)
    found = list(opened.filter(day__lt=day, point__in=there).values_list("pk", flat=True))
    waiting = opened.filter(state=Ticket.State.WAITING, day=day)
    houses = set(waiting.filter(point__in=there).order_by().values_list("point", flat=True))
    settings = settings_of_all(houses, on=day)
    for house_id, times in open_times_of(houses, on=day).items():
        if not times.closed_for_the_day(at, after=timedelta(minutes=settings[house_id].expires_minutes)):
            continue
        closing = times.closing(day)
        # Whom an officer sent on, or let come back, is in the middle of it.
        left = waiting.filter(point=house_id, reserved_for=None, services=None)
        left = left.exclude(BY_AN_OFFICER) if closing is None else left.exclude(BY_AN_OFFICER, taken_at__gte=closing)
        found += left.values_list("pk", flat=True)
    return found


def to_miss(*, at: datetime) -> list[int]:
    """Ids of bookings whose time to come is over."""
    late = list(Booking.objects.filter(state=Booking.State.BOOKED, starts_at__lt=at).select_related("queue").order_by("pk"))
    settings = settings_of_all(_with_a_line({row.queue.point_id for row in late}, at=at), on=timezone.localdate(at))
    return [row.pk for row in late if row.queue.point_id in settings and at > row.starts_at + settings[row.queue.point_id].late]


def _with_a_line(houses: Iterable[int], *, at: datetime) -> set[int]:
    return {house_id for house_id in houses if not away.cut_off(house_id, at=at)}
