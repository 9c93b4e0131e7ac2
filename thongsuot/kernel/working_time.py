"""When an office works, and arithmetic in its time. All instants are aware; limits of time are in `kernel.deadlines`."""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


class Shift(NamedTuple):
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """When an office works.

    shifts    of every working day, in order, not overlapping
    off       days without work though Monday to Friday: holidays, compensation, swapped away
    on        Saturdays and Sundays worked by a yearly decision; local Saturday desks are not among them
    cut_off   the 15:00 rule
    """

    shifts: tuple[Shift, ...] = (Shift(time(8), time(12)), Shift(time(13), time(17)))
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    cut_off: time = time(15)

    def works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def next_working_day(self, after: date) -> date:
        return self._walk(after, DAY)

    def working_day_from(self, day: date) -> date:
        """That day if it works, else the next that does."""
        return day if self.works(day) else self.next_working_day(day)

    def last_working_day(self, before: date) -> date:
        return self._walk(before, -DAY)

    def _walk(self, day: date, way: timedelta) -> date:
        for _ in range(3660):
            day += way
            if self.works(day):
                return day
        raise ValueError("No working day within ten years: the calendar's data is broken.")

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[0].starts, VIET_NAM)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[-1].ends, VIET_NAM)

    def minutes_per_day(self) -> int:
        return sum((ends - starts) // MINUTE for starts, ends in self._spans)

    def days_before(self, day: date) -> int:
        """How many working days lie before a day since the year 1: only differences mean something."""
        weeks, rest = divmod(day.toordinal() - 1, 7)  # the first day of the year 1 was a Monday
        return weeks * 5 + min(rest, 5) - bisect_left(self._weekdays_off, day) + bisect_left(self._weekends_on, day)

    def time_before(self, at: datetime) -> timedelta:
        """The same for working time before an instant."""
        local = at.astimezone(VIET_NAM)
        day = local.date()
        time_of = self.days_before(day) * self.minutes_per_day() * MINUTE
        if self.works(day):
            clock = _since_midnight(local.time())
            for starts, ends in self._spans:
                time_of += max(min(clock, ends) - starts, NOTHING)
        return time_of

    @cached_property
    def _weekdays_off(self) -> list[date]:
        return sorted(day for day in self.off - self.on if day.weekday() < 5)

    @cached_property
    def _weekends_on(self) -> list[date]:
        return sorted(day for day in self.on if day.weekday() >= 5)

    @cached_property
    def _spans(self) -> list[tuple[timedelta, timedelta]]:
        """Shifts as time since midnight."""
        return [(_since_midnight(shift.starts), _since_midnight(shift.ends)) for shift in self.shifts]


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def local_day(at: datetime) -> date:
    return at.astimezone(VIET_NAM).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), VIET_NAM)


def to_the_minute(at: datetime) -> datetime:
    return at.astimezone(VIET_NAM).replace(second=0, microsecond=0)


def add_working_days(day: date, days: int, calendar: WorkingCalendar) -> date:
    """The N-th working day after `day`; with 0, `day` itself or the next that works."""
    if days <= 0:
        return calendar.working_day_from(day)
    for _ in range(days):
        day = calendar.next_working_day(day)
    return day


def add_working_minutes(start: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """`start`, to the minute, plus that much time within shifts. Ends at a closing time rather than at the next opening."""
    local = to_the_minute(start)
    day = calendar.working_day_from(local.date())
    left = timedelta(minutes=minutes)
    while True:
        for shift in calendar.shifts:
            begins = datetime.combine(day, shift.starts, VIET_NAM)
            ends = datetime.combine(day, shift.ends, VIET_NAM)
            begins = max(begins, local)
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day = calendar.next_working_day(day)


def working_minutes_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    """Whole minutes of working time from `start` to `end`; 0 when `end` is not later."""
    if end <= start:
        return 0
    return (calendar.time_before(end) - calendar.time_before(start)) // MINUTE


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days after `start` up to and with `end`."""
    return max(0, calendar.days_before(end + DAY) - calendar.days_before(start + DAY))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))
