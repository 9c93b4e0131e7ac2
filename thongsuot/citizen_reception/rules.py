"""What the law says of receiving citizens (Luật 42/2013/QH13, Luật 136/2025/QH15, NĐ 154/2026/NĐ-CP). Pure.

The numbers are dated settings (`data/settings.csv`); here is how they are counted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from thongsuot.kernel.deadlines import Limit, LimitUnit, due_at
from thongsuot.kernel.working_time import DAY, WorkingCalendar, add_working_days, local_day

DUTY, LEAD, MANAGE = "receive citizens", "sign results", "manage units"
DECIDE = "decide receptions"  # of the city, where nobody signs results: such a post reaches every unit below
ONLINE_FROM = date(2026, 7, 1)
DAYS_SHOWN = 35  # of a schedule, from today on: five weeks
LONGEST_REST = 15  # days that a holiday with its weekends lasts at most: so far back a day may lie that is made up today
WEEKS_ASKED, DAYS_ASKED = 4, 31  # how far ahead a schedule is held against the law
LONGEST_AHEAD = timedelta(days=366)  # of a day that is planned: a later one is a year mistyped
MATTER_AT_MOST, WORDS_AT_MOST = 4000, 4000
PAPERS_AT_MOST = 20


# Which dated number says how long a step may take, and what it counts. Complaints and denunciations have laws of their own
# (Luật 02/2011/QH13, Luật 25/2018/QH14), which count days of the calendar where they do not say working days.
HANDLE = {
    "complaint": ("complaint_handle_days", LimitUnit.CALENDAR_DAYS),
    "denunciation": ("denunciation_handle_days", LimitUnit.WORKING_DAYS),
}
HANDLE_ELSE = ("other_handle_days", LimitUnit.WORKING_DAYS)
TRANSFER = ("transfer_days", LimitUnit.WORKING_DAYS)
SETTLE = {
    "complaint": ("complaint_settle_days", LimitUnit.CALENDAR_DAYS),
    "denunciation": ("denunciation_settle_days", LimitUnit.CALENDAR_DAYS),
}
# How long an extension of that is, and how often there may be one.
EXTEND = {
    "complaint": ("complaint_extension_days", "complaint_extensions_most"),
    "denunciation": ("denunciation_extension_days", "denunciation_extensions_most"),
}


def limit_of(kind: str, *, accepted: bool, of_others: bool) -> tuple[str, LimitUnit] | None:
    """How long until its slip, from when it came; once accepted how long until its result. None: no law says."""
    if accepted:
        return SETTLE.get(kind)
    return TRANSFER if of_others else HANDLE.get(kind, HANDLE_ELSE)


class Frequency(NamedTuple):
    """How many days the law asks of a head, in each week or each month."""

    days: int
    weekly: bool


def falls_on(weekday: int, week: int, day: date) -> bool:
    """Is that day one of a schedule's: the weekday, and which of its month."""
    if day.isoweekday() != weekday:
        return False
    if week == 0:
        return True
    if week == 5:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == week


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What of a recurring day says when it is. `changes`: {day: its new day, or None when it is not held}."""

    weekday: int
    week: int
    valid_from: date
    valid_to: date | None
    changes: Mapping[date, date | None]


class Held(NamedTuple):
    """One day of a pattern. state: held, moved (to `other`), called_off, day_off (made up on `other`, where it is).

    A new day has state held and `other`, the day that it stands for.
    """

    day: date
    state: str
    other: date | None = None


def days_of(pattern: Pattern, first: date, last: date, calendar: WorkingCalendar, *, make_up: bool = False) -> list[Held]:
    """What becomes of each of its days from `first` to `last`, in order. Nobody is received on a day off; with `make_up` one of
    the schedule that falls on a day off is held on the next working day, unless it was announced otherwise. A day worked
    instead of a day off is one only as such a new day.
    """
    # A change of a day that the pattern has no more, for it ended since, is none.
    found, new_days = [], {new: was for was, new in pattern.changes.items() if new is not None and is_own(pattern, was)}
    begin = first - (LONGEST_REST * DAY if make_up else timedelta())
    for number in range((last - begin).days + 1):
        day = begin + number * DAY
        if not is_own(pattern, day):
            continue
        if day in pattern.changes:
            new = pattern.changes[day]
            found.append(Held(day, "moved" if new else "called_off", new))
        elif day in calendar.off and day not in calendar.on:
            other = calendar.next_working_day(day) if make_up else None
            if other and (pattern.valid_to is None or other < pattern.valid_to):
                # Where it has one of its own that day, that is the one.
                if not is_own(pattern, other):
                    new_days.setdefault(other, day)
            else:
                other = None
            found.append(Held(day, "day_off", other))
        else:
            found.append(Held(day, "held"))
    found += [Held(new, "held", was) for new, was in new_days.items()]
    return sorted(held for held in found if first <= held.day <= last)


def is_own(pattern: Pattern, day: date) -> bool:
    """A day that the pattern itself has, changed or not."""
    inside = pattern.valid_from <= day and (pattern.valid_to is None or day < pattern.valid_to)
    return inside and falls_on(pattern.weekday, pattern.week, day)


def falls_short(held: Collection[date], frequency: Frequency, *, today: date, calendar: WorkingCalendar) -> bool:
    """Fewer days than the law asks: in one of the next four weeks that has a working day, or in the next month."""
    if not frequency.weekly:
        return sum(today < day <= today + DAYS_ASKED * DAY for day in held) < frequency.days
    monday = today + (7 - today.weekday()) * DAY
    for week in range(WEEKS_ASKED):
        days = [monday + (7 * week + number) * DAY for number in range(7)]
        if any(calendar.works(day) for day in days) and sum(day in held for day in days) < frequency.days:
            return True
    return False


def refusal_due_at(grounds_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """When the written notice of a refusal is due: the closing of the last of so many working days after the grounds."""
    return due_at(grounds_at, Limit(days, LimitUnit.WORKING_DAYS), calendar)


def due_before(starts_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """The last instant for what must be done so many working days before: the closing of that day."""
    day = local_day(starts_at)
    for _step in range(days):
        day = calendar.last_working_day(day)
    return calendar.closing(day)


def earliest_day(at: datetime, days: int, calendar: WorkingCalendar) -> date:
    """The first day that is so many working days after `at`: `due_before` of any instant of it is not over."""
    day = local_day(at)
    if not calendar.works(day) or at > calendar.closing(day):
        day = calendar.next_working_day(day)
    return add_working_days(day, days, calendar)


def clock(value: time) -> str:
    return f"{value:%H:%M}"
