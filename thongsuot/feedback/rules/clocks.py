"""When something is due and when somebody is reminded: pure functions with the calendar as an argument.

Working time throughout (`kernel.deadlines`); a limit in minutes runs through, because the hotline is never closed.
Rungs are counted back from the due instant, so that a pause and an extension move them with it: the rung of 80 % is
where a fifth of the working time is left.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from thongsuot.kernel import deadlines
from thongsuot.kernel.deadlines import LimitUnit
from thongsuot.kernel.working_time import (
    WorkingCalendar,
    add_working_minutes,
    local_day,
    to_the_minute,
    working_minutes_between,
)

MINUTES = "minutes"
HALF, NEAR, DUE, AGAIN = 50, 80, 100, 200
_MINUTE = timedelta(minutes=1)


class Limit(NamedTuple):
    """`measure`: models.TimeLimit.Measure; `basis` and `to_check` are said wherever the limit is shown."""

    value: int
    measure: str
    basis: str = ""
    to_check: bool = False

    @property
    def counted(self) -> deadlines.Limit:
        return deadlines.Limit(self.value, LimitUnit(self.measure))


class Rung(NamedTuple):
    rung: int
    at: datetime


class Clock(NamedTuple):
    """A running answer clock: when it was started or went on, when it is due, how many working minutes it had in all."""

    since: datetime
    due_at: datetime
    minutes: int


def due(at: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """When what began at `at` is due. To the minute."""
    if limit.measure == MINUTES:
        return to_the_minute(at) + limit.value * _MINUTE
    return deadlines.due_at(at, limit.counted, calendar)


def start(at: datetime, limit: Limit, calendar: WorkingCalendar) -> Clock:
    due_at = due(at, limit, calendar)
    return Clock(at, due_at, _between(at, due_at, calendar))


def go_on(clock: Clock, *, paused_at: datetime, resumed_at: datetime, limit: Limit, calendar: WorkingCalendar) -> Clock:
    """After a pause. What was late when it paused stays as late as it was."""
    if limit.measure == MINUTES:
        left = max(clock.due_at - paused_at, timedelta())
        due_at = max(clock.due_at, resumed_at + left) if paused_at < clock.due_at else clock.due_at
    else:
        due_at = deadlines.due_after_pause(clock.due_at, paused_at, resumed_at, limit.counted, calendar)
    return Clock(resumed_at, due_at, clock.minutes)


def extended(clock: Clock, new_due_at: datetime, *, at: datetime, calendar: WorkingCalendar) -> Clock:
    """More time from `at` on: the rungs not climbed yet move with the new end."""
    return Clock(at, new_due_at, clock.minutes + _between(clock.due_at, new_due_at, calendar))


def by_limit(
    clock: Clock,
    limit: Limit,
    *,
    was: Limit,
    started_at: datetime,
    calendar: WorkingCalendar,
    was_from: datetime | None = None,
    put: int = 0,
) -> Clock:
    """A running clock by another limit from where it started. What pauses and extensions put to its end, stays put to it.

    was_from  from where the limit that runs counts, when not from `started_at`
    put       working minutes that were put to the end of the limit that ran before that one
    """
    was_from = was_from or started_at
    before, now = start(was_from, was, calendar), start(started_at, limit, calendar)
    put += put_to(clock, was, started_at=was_from, calendar=calendar)
    due_at = add_working_minutes(now.due_at, put, calendar) if put > 0 else now.due_at
    return Clock(clock.since, due_at, now.minutes + max(0, clock.minutes - before.minutes))


def put_to(clock: Clock, limit: Limit, *, started_at: datetime, calendar: WorkingCalendar) -> int:
    """Working minutes that pauses and extensions put to the end of a limit; below zero: due before that limit ends."""
    due_at = due(started_at, limit, calendar)
    return _between(due_at, clock.due_at, calendar) - _between(clock.due_at, due_at, calendar)


def rung_at(rung: int, clock: Clock, calendar: WorkingCalendar) -> datetime:
    """When a rung up to 100 % is reached; `clock.since` when it is reached already."""
    if rung >= DUE:
        return clock.due_at
    left_then = clock.minutes - round(clock.minutes * rung / 100)
    to_go = _between(clock.since, clock.due_at, calendar) - left_then
    if to_go <= 0:
        return clock.since
    return add_working_minutes(clock.since, to_go, calendar)


def next_rung(after: int, clock: Clock, calendar: WorkingCalendar) -> Rung | None:
    """The rung to be climbed after one; None: only `AGAIN` is left, whose instant the chase limit gives."""
    for rung in (HALF, NEAR, DUE):
        if rung > after:
            return Rung(rung, rung_at(rung, clock, calendar))
    return None


def step_rungs(due_at: datetime, limit: Limit | None, calendar: WorkingCalendar, *, at: datetime) -> list[Rung]:
    """Of a step of the work, seen from `at`: what is reached already counts as reached now. One that is counted in minutes is
    over before anybody reads that half of it is: only its end is told.
    """
    if limit is None or limit.measure == MINUTES:
        return [Rung(DUE, due_at)]
    clock = Clock(at, due_at, deadlines.limit_minutes(limit.counted, calendar))
    return [Rung(rung, rung_at(rung, clock, calendar)) for rung in (HALF, NEAR, DUE)]


def near_after_half(half_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """When 80 % are over of what is half over then: by its own ladder, whatever its limit would be by now."""
    return rung_at(NEAR, Clock(half_at, due_at, 2 * _between(half_at, due_at, calendar)), calendar)


def may_tell(at: datetime, calendar: WorkingCalendar) -> bool:
    """Nobody is reminded at night, at noon or on a day off, however late the worker came to it."""
    day = local_day(at)
    if not calendar.works(day):
        return False
    local = to_the_minute(at)
    return any(shift.starts <= local.time() <= shift.ends for shift in calendar.shifts)


def told_from(at: datetime, calendar: WorkingCalendar) -> datetime:
    """`at`, or when the office next opens."""
    if may_tell(at, calendar):
        return at
    local = to_the_minute(at)
    if calendar.works(local.date()):
        for shift in calendar.shifts:
            if local.time() < shift.starts:
                return local.replace(hour=shift.starts.hour, minute=shift.starts.minute)
    return calendar.opening(calendar.next_working_day(local.date()))


def _between(start_at: datetime, end_at: datetime, calendar: WorkingCalendar) -> int:
    return working_minutes_between(to_the_minute(start_at), end_at, calendar)
