"""Days of reception and the law's times, over Tết, weekends and swapped days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from thongsuot.citizen_reception import rules
from thongsuot.citizen_reception.rules import Frequency, Held, Pattern
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar

# Tết Bính Ngọ, made up in its length: Monday 16/02 to Friday 20/02/2026; Friday 13/03 is off for Saturday 14/03.
TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = WorkingCalendar(off=TET | {date(2026, 3, 13)}, on=frozenset({date(2026, 3, 14)}))


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIET_NAM)


def pattern(weekday: int = 4, week: int = 0, **changes: object) -> Pattern:
    said = {"valid_from": date(2026, 1, 1), "valid_to": None, "changes": {}} | changes
    return Pattern(weekday=weekday, week=week, **said)


@pytest.mark.parametrize(
    ("week", "days"),
    [
        (0, [5, 12, 19, 26]),
        (1, [5]),
        (2, [12]),
        (4, [26]),
        (5, [26]),
    ],
)
def test_a_weekday_of_every_week_or_of_one_of_the_month(week, days):
    found = [day for day in range(1, 29) if rules.falls_on(4, week, date(2026, 2, day))]

    assert found == days


def test_the_last_week_of_a_long_month_is_its_fifth():
    assert [day for day in range(1, 32) if rules.falls_on(4, 5, date(2026, 7, day))] == [30]


def test_nobody_is_received_on_a_day_off_and_a_moved_day_stands_where_it_went():
    moved = {date(2026, 2, 12): date(2026, 2, 13), date(2026, 2, 26): None}

    found = rules.days_of(pattern(changes=moved), date(2026, 2, 1), date(2026, 2, 28), CALENDAR)

    assert found == [
        Held(date(2026, 2, 5), "held"),
        Held(date(2026, 2, 12), "moved", date(2026, 2, 13)),
        Held(date(2026, 2, 13), "held", date(2026, 2, 12)),
        Held(date(2026, 2, 19), "day_off"),
        Held(date(2026, 2, 26), "called_off"),
    ]


def test_a_day_swapped_away_is_no_reception_and_the_saturday_worked_for_it_none_by_itself():
    found = rules.days_of(pattern(weekday=5), date(2026, 3, 9), date(2026, 3, 15), CALENDAR)

    assert found == [Held(date(2026, 3, 13), "day_off")]


def test_a_day_off_is_made_up_on_the_next_working_day_where_the_rule_says_so():
    def made_up(of, first, last, *, month=2):
        days = (date(2026, month, first), date(2026, month, last))
        return rules.days_of(of, *days, CALENDAR, make_up=True)

    assert made_up(pattern(), 16, 25) == [
        Held(date(2026, 2, 19), "day_off", date(2026, 2, 23)),
        Held(date(2026, 2, 23), "held", date(2026, 2, 19)),
    ]
    assert made_up(pattern(), 23, 25) == [Held(date(2026, 2, 23), "held", date(2026, 2, 19))], "the day off lies before"
    assert made_up(pattern(weekday=5), 9, 15, month=3) == [
        Held(date(2026, 3, 13), "day_off", date(2026, 3, 14)),
        Held(date(2026, 3, 14), "held", date(2026, 3, 13)),
    ]
    # Where it has a day of its own then, that is the one; what was announced stands; after its end there is none.
    assert made_up(pattern(weekday=1), 16, 25) == [
        Held(date(2026, 2, 16), "day_off", date(2026, 2, 23)),
        Held(date(2026, 2, 23), "held"),
    ]
    called_off = pattern(changes={date(2026, 2, 19): None})
    assert made_up(called_off, 16, 25) == [Held(date(2026, 2, 19), "called_off")]
    assert made_up(pattern(valid_to=date(2026, 2, 23)), 16, 25) == [Held(date(2026, 2, 19), "day_off")]


def test_a_change_of_a_day_that_the_pattern_has_no_more_announces_none():
    moved = {date(2026, 2, 5): date(2026, 2, 25), date(2026, 2, 26): date(2026, 2, 27)}

    found = rules.days_of(
        pattern(changes=moved, valid_to=date(2026, 2, 10)), date(2026, 2, 1), date(2026, 2, 28), CALENDAR, make_up=True
    )

    assert found == [Held(date(2026, 2, 5), "moved", date(2026, 2, 25)), Held(date(2026, 2, 25), "held", date(2026, 2, 5))]


def test_a_pattern_has_its_own_first_and_last_day():
    short = pattern(valid_from=date(2026, 2, 5), valid_to=date(2026, 2, 12))

    assert rules.days_of(short, date(2026, 2, 1), date(2026, 2, 28), CALENDAR) == [Held(date(2026, 2, 5), "held")]


@pytest.mark.parametrize(
    ("held", "short"),
    [
        ({9, 27}, False),  # Tết has no working day: nothing is asked of that week
        ({9}, True),
        (set(), True),
    ],
)
def test_once_a_week_is_asked_of_weeks_that_have_a_working_day(held, short):
    days = {date(2026, 2, day) for day in held} | {date(2026, 3, 4)}

    assert rules.falls_short(days, Frequency(1, weekly=True), today=date(2026, 2, 4), calendar=CALENDAR) is short


def test_once_a_month_is_asked_of_the_month_ahead():
    once, today = Frequency(1, weekly=False), date(2026, 2, 4)

    assert not rules.falls_short([today + timedelta(days=31)], once, today=today, calendar=CALENDAR)
    assert rules.falls_short([today + timedelta(days=32)], once, today=today, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (at(3), at(6, 17)),  # three working days after a Tuesday
        (at(5, 16, 59), at(10, 17)),  # over a weekend; the hour of the day does not matter
        (at(12), at(24, 17)),  # over Tết
        (at(11, month=3), at(16, 17, month=3)),  # Friday is off, Saturday worked
        (at(7), at(11, 17)),  # grounds on a Saturday
    ],
)
def test_the_notice_of_a_refusal_is_due_three_working_days_after_its_grounds(since, due):
    assert rules.refusal_due_at(since, 3, CALENDAR) == due


@pytest.mark.parametrize(
    ("starts_at", "days", "due"),
    [
        (at(9), 5, at(2, 17)),  # Monday to Monday
        (at(9), 1, at(6, 17)),  # the Friday before
        (at(23), 5, at(9, 17)),  # Tết lies between
        (at(16, month=3), 1, at(14, 17, month=3)),  # the Saturday worked
        (at(16, month=3), 2, at(12, 17, month=3)),
    ],
)
def test_what_is_due_so_many_working_days_before(starts_at, days, due):
    assert rules.due_before(starts_at, days, CALENDAR) == due


@pytest.mark.parametrize("days", [1, 5])
@pytest.mark.parametrize("now", [at(2), at(6, 17), at(6, 17, 1), at(7), at(13, 16), at(14), at(18), at(12, 23, month=3)])
def test_the_earliest_day_is_the_first_that_is_not_too_late(now, days):
    earliest = rules.earliest_day(now, days, CALENDAR)

    def in_time(day: date) -> bool:
        return now <= rules.due_before(datetime.combine(day, time(8), VIET_NAM), days, CALENDAR)

    assert in_time(earliest)
    assert not in_time(CALENDAR.last_working_day(earliest))
