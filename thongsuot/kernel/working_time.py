"""Working time: pure functions with the calendar as an argument. All instants are aware.

Counting (same day: NĐ 23/2015/NĐ-CP; days: Bộ luật Dân sự 2015 Điều 147 [to check, likely]):
- hours run only within shifts of working days;
- days: the day of reception is day 0, due at closing time of the N-th working day after it;
- same day: received up to the cut-off (15:00) due at closing time, later on the next working day;
- calendar days and months run through, and end at closing time of the first working day not before their last day
  (Bộ luật Dân sự 2015, Điều 148 khoản 5 [to check, likely]).
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


class LimitUnit(StrEnum):
    SAME_DAY = "same_day"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Limit(NamedTuple):
    """A time limit as a procedure states it; SAME_DAY ignores the value."""

    value: int
    unit: LimitUnit


class Shift(NamedTuple):
    starts: time
    ends: time


class NoWorkingTime(ValueError):
    """The calendar has no working day within ten years: its data is broken."""


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
    zone: tzinfo = VIET_NAM

    def works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def next_working_day(self, after: date) -> date:
        for _ in range(3660):
            after += DAY
            if self.works(after):
                return after
        raise NoWorkingTime

    def working_day_from(self, day: date) -> date:
        """That day if it works, else the next that does."""
        return day if self.works(day) else self.next_working_day(day)

    def last_working_day(self, before: date) -> date:
        for _ in range(3660):
            before -= DAY
            if self.works(before):
                return before
        raise NoWorkingTime

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[0].starts, self.zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[-1].ends, self.zone)

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def minutes_per_day(self) -> int:
        return sum(_minutes(shift) for shift in self.shifts)

    def days_before(self, day: date) -> int:
        """How many working days lie before a day since the year 1: only differences mean something."""
        weeks, rest = divmod(day.toordinal() - 1, 7)  # the first day of the year 1 was a Monday
        return weeks * 5 + min(rest, 5) - bisect_left(self._weekdays_off, day) + bisect_left(self._weekends_on, day)

    def time_before(self, at: datetime) -> timedelta:
        """The same for working time before an instant."""
        local = at.astimezone(self.zone)
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


def _minutes(shift: Shift) -> int:
    return (shift.ends.hour - shift.starts.hour) * 60 + shift.ends.minute - shift.starts.minute


def transferred_at(received_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When the electronic file must have moved on: at once, or the next working morning if received after 15:00."""
    local = received_at.astimezone(calendar.zone)
    if not calendar.works(local.date()) or local.time() > calendar.cut_off:
        return calendar.opening(calendar.next_working_day(local.date()))
    return received_at


def due_at(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """The instant the result is due. To the minute."""
    local = received_at.astimezone(calendar.zone).replace(second=0, microsecond=0)
    day = local.date()
    match limit.unit:
        case LimitUnit.SAME_DAY:
            late = local.time() > calendar.cut_off or received_at.astimezone(calendar.zone).time() > calendar.cut_off
            return calendar.closing(calendar.next_working_day(day) if late else calendar.working_day_from(day))
        case LimitUnit.WORKING_HOURS:
            return add_working_minutes(local, limit.value * 60, calendar)
        case LimitUnit.WORKING_DAYS:
            return calendar.closing(add_working_days(day, limit.value, calendar))
        case LimitUnit.CALENDAR_DAYS:
            return calendar.closing(calendar.working_day_from(day + limit.value * DAY))
        case LimitUnit.MONTHS:
            return calendar.closing(calendar.working_day_from(add_months(day, limit.value)))


def due_after_pause(
    due: datetime, paused_at: datetime, resumed_at: datetime, limit: Limit, calendar: WorkingCalendar
) -> datetime:
    """The due instant moved by a pause: what was left at the pause runs on from the resumption.

    A limit in hours keeps its minutes. A limit in days keeps its whole days: the day of resumption is day 0 again,
    so a pause within one day moves nothing. A pause that begins after the due instant moves nothing: it is late already.
    """
    if paused_at >= due or resumed_at <= paused_at:
        return due
    paused_day, resumed_day, due_day = (calendar.local_day(at) for at in (paused_at, resumed_at, due))
    match limit.unit:
        case LimitUnit.SAME_DAY | LimitUnit.WORKING_HOURS:
            # Both ends to the minute, or a pause of some seconds would bring the due instant a minute nearer.
            paused, resumed = (at.astimezone(calendar.zone).replace(second=0, microsecond=0) for at in (paused_at, resumed_at))
            return add_working_minutes(resumed, working_minutes_between(paused, due, calendar), calendar)
        case LimitUnit.WORKING_DAYS:
            left_days = working_days_between(paused_day, due_day, calendar)
            return max(due, calendar.closing(add_working_days(resumed_day, left_days, calendar)))
        case LimitUnit.CALENDAR_DAYS | LimitUnit.MONTHS:
            return max(due, calendar.closing(calendar.working_day_from(resumed_day + (due_day - paused_day))))


def add_working_days(day: date, days: int, calendar: WorkingCalendar) -> date:
    """The N-th working day after `day`; with 0, `day` itself or the next that works."""
    if days <= 0:
        return calendar.working_day_from(day)
    for _ in range(days):
        day = calendar.next_working_day(day)
    return day


def add_working_minutes(start: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """`start` plus that much time within shifts. Ends at a closing time rather than at the next opening."""
    local = start.astimezone(calendar.zone)
    day = calendar.working_day_from(local.date())
    left = timedelta(minutes=minutes)
    while True:
        for shift in calendar.shifts:
            begins = datetime.combine(day, shift.starts, calendar.zone)
            ends = datetime.combine(day, shift.ends, calendar.zone)
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


def limit_minutes(limit: Limit, calendar: WorkingCalendar) -> int:
    """The limit as minutes of working time, for shares of it (70 % warnings, sums of steps). A month counts 22 days."""
    per_day = calendar.minutes_per_day()
    match limit.unit:
        case LimitUnit.SAME_DAY:
            return per_day
        case LimitUnit.WORKING_HOURS:
            return limit.value * 60
        case LimitUnit.WORKING_DAYS:
            return limit.value * per_day
        case LimitUnit.CALENDAR_DAYS:
            return round(limit.value * 5 / 7) * per_day
        case LimitUnit.MONTHS:
            return limit.value * 22 * per_day
