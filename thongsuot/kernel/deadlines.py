"""Limits of time and when they are over: pure functions with the calendar as an argument.

Counting (same day: NĐ 23/2015/NĐ-CP; days: Bộ luật Dân sự 2015 Điều 147 [to check, likely]):
- hours run only within shifts of working days;
- days: the day of reception is day 0, due at closing time of the N-th working day after it;
- same day: received up to the cut-off (15:00) due at closing time, later on the next working day;
- calendar days and months run through, and end at closing time of the first working day not before their last day
  (Bộ luật Dân sự 2015, Điều 148 khoản 5 [to check, likely]).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from thongsuot.kernel.working_time import (
    DAY,
    VIET_NAM,
    WorkingCalendar,
    add_months,
    add_working_days,
    add_working_minutes,
    local_day,
    to_the_minute,
    working_days_between,
    working_minutes_between,
)


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


def counting_day(at: datetime, calendar: WorkingCalendar) -> date:
    """The working day that what came at `at` counts for: the next one when it came after the cut-off (the 15:00 rule)."""
    local = at.astimezone(VIET_NAM)
    day = local.date()
    return calendar.next_working_day(day) if local.time() > calendar.cut_off else calendar.working_day_from(day)


def counts_from(handed_over_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When the time of who got an electronic file begins: at once, or the next working morning if it came after the cut-off."""
    day = counting_day(handed_over_at, calendar)
    return handed_over_at if day == local_day(handed_over_at) else calendar.opening(day)


def due_at(received_at: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """The instant the result is due. To the minute."""
    day = local_day(received_at)
    match limit.unit:
        case LimitUnit.SAME_DAY:
            return calendar.closing(counting_day(received_at, calendar))
        case LimitUnit.WORKING_HOURS:
            return add_working_minutes(received_at, limit.value * 60, calendar)
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
    paused_day, resumed_day, due_day = (local_day(at) for at in (paused_at, resumed_at, due))
    match limit.unit:
        case LimitUnit.SAME_DAY | LimitUnit.WORKING_HOURS:
            # Both ends to the minute, or a pause of some seconds would bring the due instant a minute nearer.
            left = working_minutes_between(to_the_minute(paused_at), due, calendar)
            return add_working_minutes(resumed_at, left, calendar)
        case LimitUnit.WORKING_DAYS:
            left_days = working_days_between(paused_day, due_day, calendar)
            return max(due, calendar.closing(add_working_days(resumed_day, left_days, calendar)))
        case LimitUnit.CALENDAR_DAYS | LimitUnit.MONTHS:
            return max(due, calendar.closing(calendar.working_day_from(resumed_day + (due_day - paused_day))))


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
