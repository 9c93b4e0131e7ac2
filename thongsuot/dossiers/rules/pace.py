"""A dossier's own deadline: due, put off, near, late. Limits of the law and pauses: `kernel.deadlines`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from thongsuot.kernel.deadlines import Limit, LimitUnit, due_after_pause, due_at, limit_minutes
from thongsuot.kernel.working_time import (
    NOTHING,
    WorkingCalendar,
    add_working_minutes,
    local_day,
    working_days_between,
    working_minutes_between,
)


def warning(received_at: datetime, due: datetime, limit: Limit, calendar: WorkingCalendar, *, share: int) -> datetime:
    """From when a dossier is near its deadline: `share` percent of the limit used, or a working day before, if sooner.

    What put the due instant off puts the beginning off: the share of the time used before a pause stays used. For limits of
    hours, up to a day of them, only the share counts: everything would be near from the start.
    """
    begins = received_at + max(due - due_at(received_at, limit, calendar), NOTHING)
    whole = limit_minutes(limit, calendar)
    used = add_working_minutes(begins, whole * share // 100, calendar)
    if limit.unit in (LimitUnit.SAME_DAY, LimitUnit.WORKING_HOURS) and whole <= calendar.minutes_per_day():
        return min(used, due)
    day_before = calendar.closing(calendar.last_working_day(before=local_day(due)))
    return max(begins, min(used, day_before))


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a dossier's due instant came from: enough to count it again under another calendar.

    starts_at  of the limit: the reception; before it, what the desk's answer counts from
    halts      finished pauses, in order; of one that still stands the due instant is the one before it
    extended   when the limit was made longer, and by how many working days
    """

    starts_at: datetime
    limit: Limit
    halts: tuple[tuple[datetime, datetime], ...] = ()
    extended: tuple[datetime, int] | None = None


def due_from(origin: Origin, calendar_on: Callable[[datetime], WorkingCalendar]) -> datetime:
    """The due instant from the start, every pause and the extension run through again, in their order.

    calendar_on  the calendar used at an instant
    """
    due = due_at(origin.starts_at, origin.limit, calendar_on(origin.starts_at))
    extended = origin.extended
    for halted_at, resumed_at in origin.halts:
        if extended is not None and extended[0] <= halted_at:
            due, extended = extended_due(due, extended[1], calendar_on(extended[0])), None
        due = due_after_pause(due, halted_at, resumed_at, origin.limit, calendar_on(resumed_at))
    return due if extended is None else extended_due(due, extended[1], calendar_on(extended[0]))


def extended_due(due: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The due instant when the limit is made longer by whole working days: the same hour of a later working day."""
    return add_working_minutes(due, days * calendar.minutes_per_day(), calendar)


CERTIFICATION = "Chứng thực"  # the field of procedures


def may_be_agreed_longer(field: str) -> bool:
    """May the filer agree in writing to more days than the procedure gives? Only in certification (NĐ 23/2015, art. 21)."""
    return field == CERTIFICATION


def moved_due(before: datetime, after: datetime, *, now: datetime, calendar: WorkingCalendar) -> datetime:
    """The new due instant when a change of the calendar becomes known at `now`.

    Later is taken as it is. Earlier never makes a dossier late by the change alone: whoever works on it keeps at least
    the next whole working day. [practice: no text says how a day announced late strikes limits that run]
    """
    if after >= before:
        return after
    return max(after, min(before, calendar.closing(calendar.next_working_day(local_day(now)))))


class Pace(StrEnum):
    """How a dossier stands against its deadline at an instant."""

    OK = "ok"
    NEAR = "near"
    LATE = "late"
    HOLD = "hold"
    DONE = "done"


class Term(NamedTuple):
    """A deadline and what its clock met so far."""

    due_at: datetime
    warn_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def pace(term: Term, *, now: datetime) -> Pace:
    """A paused or ended dossier stands as it stood then."""
    if (term.ended_at or term.paused_at or now) > term.due_at:
        return Pace.LATE
    if term.ended_at:
        return Pace.DONE
    if term.paused_at:
        return Pace.HOLD
    return Pace.NEAR if term.warn_at and now >= term.warn_at else Pace.OK


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline counted in blocks: one per working day, or per working hour for limits of hours."""

    pace: Pace
    blocks: int
    used: int
    over: int  # blocks beyond the limit
    left: int  # whole blocks left; 0 when none
    in_hours: bool
    at: datetime


def due_view(term: Term, *, limit: Limit, extended_days: int = 0, calendar: WorkingCalendar, now: datetime) -> Due:
    """The deadline counted in blocks at `now`; a paused or ended one as it stood then.

    An extended limit is counted in days, those added among its blocks.
    """
    due, until = term.due_at, term.ended_at or term.paused_at or now
    in_hours = not extended_days and (
        (limit.unit is LimitUnit.WORKING_HOURS and limit.value <= 16) or limit.unit is LimitUnit.SAME_DAY
    )
    if in_hours:
        whole = max(1, round(limit_minutes(limit, calendar) / 60))
        left = -(-working_minutes_between(until, due, calendar) // 60)
        over = -(-working_minutes_between(due, until, calendar) // 60)
    else:
        day, due_day = local_day(until), local_day(due)
        whole = max(1, limit_minutes(limit, calendar) // calendar.minutes_per_day()) + extended_days
        left = working_days_between(day, due_day, calendar)
        over = max(working_days_between(due_day, day, calendar), int(until > due))
    return Due(
        pace=pace(term, now=now),
        blocks=whole,
        used=max(0, whole - left),
        over=over,
        left=left,
        in_hours=in_hours,
        at=due,
    )


def resolved_on_time(resolved_at: datetime, due_at: datetime) -> bool:
    """The instant of status 9 against the due instant; an apology changes nothing (QĐ 766/QĐ-TTg, item 2.1)."""
    return resolved_at <= due_at
