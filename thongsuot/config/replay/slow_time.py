"""Due dates once more, by counting on fingers: a day or a minute at a time. Shares nothing with `kernel.deadlines`.

A replay proves every due date with it. It is written from the rules, not from the program: whoever changes one must change
the other.

- same day: received up to the cut-off, at closing time of that day or of the next working day; later, of the next
- working hours: that many minutes in which the office is open
- working days: the day of reception is day 0; closing time of the N-th working day after it
- calendar days and months: closing time of the first working day not before the last day
- a pause: what was left runs on. Limits of minutes keep their minutes; limits of days keep their days, the day of resumption
  is day 0, and a due instant never comes nearer; a pause after the due instant moves nothing
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class SlowCalendar:
    shifts: Sequence[tuple[time, time]]
    off: Collection[date]
    worked: Collection[date]
    cut_off: time
    zone: tzinfo

    def works(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.isoweekday() <= 5 and day not in self.off

    def open_at(self, minute: datetime) -> bool:
        """Is the minute that begins now one of work?"""
        return self.works(minute.date()) and any(begins <= minute.time() < ends for begins, ends in self.shifts)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts[-1][1], self.zone)

    def this_or_next(self, day: date) -> date:
        while not self.works(day):
            day += _DAY
        return day


def due(received_at: datetime, limit: tuple[int, str], calendar: SlowCalendar) -> datetime:
    value, unit = limit
    local = received_at.astimezone(calendar.zone)
    day = local.date()
    if unit == "same_day":
        if local.time() > calendar.cut_off:
            return calendar.closing(calendar.this_or_next(day + _DAY))
        return calendar.closing(calendar.this_or_next(day))
    if unit == "working_hours":
        return _minutes_on(local.replace(second=0, microsecond=0), value * 60, calendar)
    if unit == "working_days":
        return calendar.closing(_days_on(day, value, calendar))
    if unit == "calendar_days":
        for _ in range(value):
            day += _DAY
        return calendar.closing(calendar.this_or_next(day))
    if unit == "months":
        return calendar.closing(calendar.this_or_next(_months_on(day, value)))
    raise ValueError(unit)


def after_pause(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, limit: tuple[int, str], calendar: SlowCalendar
) -> datetime:
    if paused_at >= due_at or resumed_at <= paused_at:
        return due_at
    unit = limit[1]
    paused, resumed, end = (at.astimezone(calendar.zone) for at in (paused_at, resumed_at, due_at))
    if unit in ("same_day", "working_hours"):
        paused, resumed = (at.replace(second=0, microsecond=0) for at in (paused, resumed))
        left, minute = 0, paused
        while minute < end:
            left += calendar.open_at(minute)
            minute += _MINUTE
        return _minutes_on(resumed, left, calendar)
    left, day = 0, paused.date()
    if unit == "working_days":
        while day < end.date():
            day += _DAY
            left += calendar.works(day)
        return max(due_at, calendar.closing(_days_on(resumed.date(), left, calendar)))
    while day < end.date():
        day += _DAY
        left += 1
    day = resumed.date()
    for _ in range(left):
        day += _DAY
    return max(due_at, calendar.closing(calendar.this_or_next(day)))


def _minutes_on(start: datetime, minutes: int, calendar: SlowCalendar) -> datetime:
    minute = start
    while minutes == 0 and not calendar.open_at(minute):  # nothing left: when the office next opens
        minute += _MINUTE
    while minutes:
        minutes -= calendar.open_at(minute)
        minute += _MINUTE
    return minute


def _days_on(day: date, days: int, calendar: SlowCalendar) -> date:
    if days == 0:
        return calendar.this_or_next(day)
    while days:
        day += _DAY
        days -= calendar.works(day)
    return day


def _months_on(day: date, months: int) -> date:
    """Month by month; the last day of a shorter month stands for the 29th to 31st."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1
