"""What other opening hours would touch: hours that people booked, seats that were planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from thongsuot.counters.models import Booking, RosterEntry
from thongsuot.counters.queries.city import HoursChange
from thongsuot.counters.queries.opening import exceptions_of_all
from thongsuot.counters.rules.opening import Week, falls_in, spans_on
from thongsuot.kernel.working_time import Shift
from thongsuot.units import queries as units


def to_come(at: datetime) -> Q:
    """Seats whose shift has not begun: who sits already was planned all the same."""
    day = timezone.localdate(at)
    return Q(day__gt=day) | Q(day=day, starts__gt=timezone.localtime(at).time())


Said = Mapping[date, Sequence[Shift]]
"""When a point would open on some days."""


@dataclass(frozen=True, kw_only=True)
class Touched:
    """bookings: whose time is no longer within the hours; seats: whose shift is no more. They stay, and are shown as such."""

    bookings: list[Booking]
    seats: list[RosterEntry]

    @property
    def count(self) -> int:
        return len(self.bookings) + len(self.seats)


def touched_by(house_id: int, said: Said, *, at: datetime) -> Touched:
    """On the days of `said`, from now on. Two queries."""
    booked = Booking.objects.filter(queue__point=house_id, state=Booking.State.BOOKED, day__in=said, starts_at__gt=at)
    planned = RosterEntry.objects.filter(to_come(at), point=house_id, day__in=said)
    return Touched(
        bookings=[
            one
            for one in booked.select_related("queue").order_by("pk")
            if not falls_in(one.starts_at, one.minutes, said[one.day])
        ],
        seats=[
            one for one in planned.order_by("day", "starts", "pk") if one.starts not in {span.starts for span in said[one.day]}
        ],
    )


def said_by_week(house_id: int, week: Week, *, first: date, until: date | None) -> dict[date, tuple[Shift, ...]]:
    """On which days somebody booked or is planned there, and when it would open by that week. Days that differ stay out."""
    booked = Booking.objects.filter(queue__point=house_id, state=Booking.State.BOOKED, day__gte=first)
    days = set(booked.values_list("day", flat=True))
    days |= set(RosterEntry.objects.filter(point=house_id, day__gte=first).values_list("day", flat=True))
    days -= {one.day for one in exceptions_of_all([house_id], since=first)}
    unit_id = units.unit_of_point(house_id)
    return {
        day: spans_on(day, week, calendar=units.working_calendar(unit_id, on=day), exceptions={})
        for day in sorted(days)
        if until is None or day < until
    }


def touched_by_week(
    changes: Iterable[HoursChange], *, week: Week, valid_from: date, at: datetime
) -> dict[int, tuple[Said, Touched]]:
    """By house where anything is booked or planned from that day on: what the week says of the days, what that touches."""
    found: dict[int, tuple[Said, Touched]] = {}
    for one in changes:
        said = said_by_week(one.at.house_id, week, first=valid_from, until=one.until)
        if said:
            found[one.at.house_id] = (said, touched_by(one.at.house_id, said, at=at))
    return found
