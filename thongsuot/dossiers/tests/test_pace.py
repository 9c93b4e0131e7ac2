"""The rules of a dossier's own deadline, without a database: where it comes from, what moves it, how it is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.dossiers import rules
from thongsuot.dossiers.rules.pace import Origin, Pace, Term, due_from, due_view, moved_due
from thongsuot.dossiers.rules.pauses import halts_of_limit, minutes_used, work_due
from thongsuot.kernel.deadlines import Limit, LimitUnit, due_at, limit_minutes
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar

CALENDAR = WorkingCalendar(off=frozenset([date(2026, 11, 24)]), on=frozenset())
FIVE_DAYS = Limit(5, LimitUnit.WORKING_DAYS)
EIGHT_HOURS = Limit(8, LimitUnit.WORKING_HOURS)
ONE_DAY = Limit(1, LimitUnit.WORKING_DAYS)
TWO_HOURS = Limit(2, LimitUnit.WORKING_HOURS)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """In November 2026: the 16th is a Monday, the 24th is off."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIET_NAM)


def used(_at: datetime) -> WorkingCalendar:
    return CALENDAR


# -- where a due instant came from -------------------------------------------------------------------------------------


def test_without_pauses_and_days_added_it_is_the_limit_alone():
    assert due_from(Origin(starts_at=at(16), limit=FIVE_DAYS), used) == at(23, 17) == due_at(at(16), FIVE_DAYS, CALENDAR)


def test_pauses_and_days_added_are_run_through_in_their_order():
    halt = (at(18), at(20))  # three of five days were left: the 20th is day 0, so the 26th, for the 24th is off
    assert due_from(Origin(starts_at=at(16), limit=FIVE_DAYS, halts=(halt,)), used) == at(26, 17)
    for extended_at in (at(17), at(18), at(21)):
        told = Origin(starts_at=at(16), limit=FIVE_DAYS, halts=(halt,), extended=(extended_at, 2))
        assert due_from(told, used) == at(30, 17)


def test_days_added_before_a_pause_take_part_in_it_and_each_calendar_is_that_of_its_moment():
    asked: list[datetime] = []

    def on(when: datetime) -> WorkingCalendar:
        asked.append(when)
        return CALENDAR

    halts = ((at(16, 10), at(17, 10)), (at(18), at(20)))
    due_from(Origin(starts_at=at(16), limit=EIGHT_HOURS, halts=halts, extended=(at(17, 11), 1)), on)
    assert asked == [at(16), at(17, 10), at(17, 11), at(20)]
    # One hour of eight is used on the 16th; seven more from 10:00 on the 17th end on the 18th at 9:00; a day longer, the 19th.
    late = Origin(starts_at=at(16), limit=EIGHT_HOURS, halts=halts[:1], extended=(at(18), 1))
    asked.clear()
    assert due_from(late, on) == at(19, 9)
    assert asked == [at(16), at(17, 10), at(18)]
    # A pause that begins after it was due moves nothing; had the days been added before, it would have moved it.
    after = (at(18, 10), at(20))
    assert due_from(Origin(starts_at=at(16), limit=EIGHT_HOURS, halts=(halts[0], after)), used) == at(18, 9)
    given = Origin(starts_at=at(16), limit=EIGHT_HOURS, halts=(halts[0], after), extended=(at(18, 10), 1))
    assert due_from(given, used) > at(20)


def test_pauses_before_the_reception_moved_nothing_of_its_limit():
    before, at_once, later = (at(12), at(18)), (at(16), at(17)), (at(18), at(19))
    assert halts_of_limit((before, at_once, later), received_at=at(16)) == (at_once, later)


def test_a_steps_time_stands_still_in_pauses_and_only_from_its_start():
    assert work_due(at(17), 120, ((at(16), at(16, 10)), (at(17, 10), at(18, 8))), CALENDAR) == at(18, 9)
    assert minutes_used(at(17), at(18, 9), ((at(16), at(17, 10)), (at(17, 16), at(19))), CALENDAR) == 5 * 60
    assert minutes_used(at(17), at(17, 10), ((at(16), at(18)),), CALENDAR) == 0


# -- a calendar that changes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "now", "due"),
    [
        (at(20, 17), at(23, 17), at(18), at(23, 17)),  # later: as it is
        (at(20, 17), at(20, 17), at(18), at(20, 17)),
        (at(23, 17), at(20, 17), at(18), at(20, 17)),  # earlier, and there is time
        (at(23, 17), at(18, 17), at(18), at(19, 17)),  # earlier than the next whole day: that day is kept
        (at(18, 17), at(17, 17), at(18), at(18, 17)),  # never later than it was
    ],
)
def test_a_day_announced_late_makes_nobody_late_by_itself(before, after, now, due):
    assert moved_due(before, after, now=now, calendar=CALENDAR) == due


# -- how it stands -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "now", "pace"),
    [
        (Term(at(20, 17)), at(20, 17), Pace.OK),
        (Term(at(20, 17)), at(20, 17, 1), Pace.LATE),
        (Term(at(20, 17), at(19)), at(19), Pace.NEAR),
        (Term(at(20, 17), at(19)), at(18), Pace.OK),
        (Term(at(20, 17), at(19), at(19)), at(25), Pace.HOLD),
        (Term(at(20, 17), at(19), at(23)), at(25), Pace.LATE),
        (Term(at(20, 17), at(19), None, at(20, 17)), at(25), Pace.DONE),
        (Term(at(20, 17), at(19), None, at(23)), at(25), Pace.LATE),
    ],
)
def test_a_paused_or_ended_dossier_stands_as_it_stood_then(term, now, pace):
    assert rules.pace(term, now=now) == pace


@pytest.mark.parametrize(
    ("limit", "extended", "now", "seen"),
    [
        (FIVE_DAYS, 0, at(16, 10), (5, 0, 0, 5, False)),
        (FIVE_DAYS, 0, at(18), (5, 2, 0, 3, False)),
        (FIVE_DAYS, 0, at(23, 16), (5, 5, 0, 0, False)),
        (FIVE_DAYS, 0, at(23, 17), (5, 5, 0, 0, False)),
        (FIVE_DAYS, 0, at(23, 17, 30), (5, 5, 1, 0, False)),
        (FIVE_DAYS, 0, at(26), (5, 5, 2, 0, False)),
        (FIVE_DAYS, 2, at(18), (7, 4, 0, 3, False)),
        (EIGHT_HOURS, 0, at(16, 10, 30), (8, 1, 0, 7, True)),
        (EIGHT_HOURS, 0, at(17, 10, 30), (8, 8, 2, 0, True)),
        (EIGHT_HOURS, 1, at(16), (2, 1, 0, 1, False)),
        (Limit(17, LimitUnit.WORKING_HOURS), 0, at(16), (2, 0, 0, 2, False)),
        (Limit(16, LimitUnit.WORKING_HOURS), 0, at(16), (16, 0, 0, 16, True)),
        (Limit(0, LimitUnit.SAME_DAY), 0, at(16, 15), (8, 6, 0, 2, True)),
        (Limit(1, LimitUnit.WORKING_HOURS), 0, at(16), (1, 0, 0, 1, True)),
        (EIGHT_HOURS, 0, at(16, 16, 59), (8, 6, 0, 2, True)),  # an hour and a minute of the 17th and the 16th are left
        (EIGHT_HOURS, 0, at(17, 10, 1), (8, 8, 2, 0, True)),
    ],
)
def test_a_deadline_is_counted_in_blocks(limit, extended, now, seen):
    due = due_at(at(16), limit, CALENDAR)
    found = due_view(Term(due), limit=limit, extended_days=extended, calendar=CALENDAR, now=now)
    assert (found.blocks, found.used, found.over, found.left, found.in_hours) == seen
    assert (found.at, found.pace) == (due, rules.pace(Term(due), now=now))


def test_a_paused_or_ended_deadline_is_counted_as_it_stood_then_and_unless_told_nothing_was_added():
    due = at(23, 17)
    for stood in ({"paused_at": at(18)}, {"ended_at": at(18)}, {"paused_at": at(17), "ended_at": at(18)}):
        found = due_view(Term(due, **stood), limit=FIVE_DAYS, calendar=CALENDAR, now=at(30))
        assert (found.blocks, found.used, found.over, found.left) == (5, 2, 0, 3)


def test_a_limit_of_hours_is_near_by_its_share_alone_and_one_of_days_a_day_before_at_the_latest():
    def near(limit: Limit, share: int, put_off: timedelta = timedelta()) -> datetime:
        return rules.warning(at(16), due_at(at(16), limit, CALENDAR) + put_off, limit, CALENDAR, share=share)

    assert near(TWO_HOURS, 50) == at(16, 10)
    assert near(TWO_HOURS, 500) == at(16, 11)
    assert near(EIGHT_HOURS, 50) == at(16, 14)
    assert near(EIGHT_HOURS, 33) == at(16, 11, 38)  # of 158.4 minutes the whole ones
    assert near(EIGHT_HOURS, 100) == due_at(at(16), EIGHT_HOURS, CALENDAR)  # a day, yet of hours
    assert near(ONE_DAY, 100) == at(16, 17)
    assert near(FIVE_DAYS, 40) == at(18)
    assert near(FIVE_DAYS, 100) == at(20, 17)
    assert near(FIVE_DAYS, 40, timedelta(days=7)) == at(26)  # what put the due instant off put the beginning off


def test_only_certification_may_be_agreed_longer_and_an_answer_at_the_last_minute_is_on_time():
    assert rules.may_be_agreed_longer("Chứng thực")
    assert not rules.may_be_agreed_longer("Hộ tịch")
    assert rules.resolved_on_time(at(20, 17), at(20, 17))
    assert not rules.resolved_on_time(at(20, 17, 1), at(20, 17))


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        (Limit(0, LimitUnit.SAME_DAY), 480),
        (EIGHT_HOURS, 480),
        (FIVE_DAYS, 2400),
        (Limit(10, LimitUnit.CALENDAR_DAYS), 7 * 480),
        (Limit(2, LimitUnit.MONTHS), 44 * 480),
    ],
)
def test_a_limit_as_working_minutes(limit, minutes):
    assert limit_minutes(limit, CALENDAR) == minutes
