"""Every published example of counting time limits, and what must always hold."""

from datetime import UTC, date, datetime, time, timedelta
from time import tzset

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.kernel.deadlines import Limit, LimitUnit, counts_from, due_after_pause, due_at
from thongsuot.kernel.working_time import (
    VIET_NAM,
    Shift,
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    local_day,
    start_of,
    to_the_minute,
    working_days_between,
    working_minutes_between,
)

# The real calendar of 2026 around the days used here (data/calendar).
CALENDAR = WorkingCalendar(
    off=frozenset(
        [
            date(2026, 1, 1),
            date(2026, 1, 2),
            *(date(2026, 2, day) for day in range(16, 21)),
            date(2026, 4, 27),
            date(2026, 4, 30),
            date(2026, 5, 1),
            date(2026, 8, 31),
            date(2026, 9, 1),
            date(2026, 9, 2),
            date(2026, 11, 24),
        ]
    ),
    on=frozenset([date(2026, 1, 10), date(2026, 8, 22)]),
)
SAME_DAY = Limit(0, LimitUnit.SAME_DAY)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIET_NAM)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("20/11/2026 14:59", "20/11/2026 17:00"),
        ("20/11/2026 15:00", "20/11/2026 17:00"),
        ("19/11/2026 15:01", "20/11/2026 17:00"),
        ("20/11/2026 15:01", "23/11/2026 17:00"),  # Friday to Monday
        ("09/01/2026 15:01", "10/01/2026 17:00"),  # the Saturday after is worked in exchange for 02/01
        ("21/08/2026 15:01", "22/08/2026 17:00"),
        ("22/11/2026 10:00", "23/11/2026 17:00"),  # on a Sunday
        ("23/11/2026 15:30", "25/11/2026 17:00"),  # 24/11 is a holiday from 2026
    ],
)
def test_same_day_procedures_follow_the_15_00_rule(received, due):
    assert due_at(at(received), SAME_DAY, CALENDAR) == at(due)


def test_one_second_past_three_is_past_three():
    assert due_at(at("19/11/2026 15:00") + timedelta(seconds=1), SAME_DAY, CALENDAR) == at("20/11/2026 17:00")


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("18/11/2026 09:12", 3, "23/11/2026 17:00"),
        ("13/11/2026 10:05", 10, "30/11/2026 17:00"),  # 24/11 does not count
        ("18/11/2026 16:59", 3, "23/11/2026 17:00"),  # the hour of reception does not matter to days
        ("13/02/2026 09:00", 3, "25/02/2026 17:00"),  # Tết 16-20/02
        ("22/11/2026 09:00", 1, "23/11/2026 17:00"),
    ],
)
def test_day_limits_end_at_closing_time_of_the_nth_working_day(received, days, due):
    assert due_at(at(received), Limit(days, LimitUnit.WORKING_DAYS), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("20/11/2026 08:00", 8, "20/11/2026 17:00"),
        ("20/11/2026 10:00", 4, "20/11/2026 15:00"),  # noon is not worked
        ("20/11/2026 16:00", 8, "23/11/2026 16:00"),
        ("20/11/2026 12:30", 4, "20/11/2026 17:00"),
        ("20/11/2026 18:00", 1, "23/11/2026 09:00"),
        ("02/11/2026 08:00", 168, "01/12/2026 17:00"),  # 168 h = 21 days, one of them 24/11
    ],
)
def test_hour_limits_run_only_while_the_office_works(received, hours, due):
    assert due_at(at(received), Limit(hours, LimitUnit.WORKING_HOURS), CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("limit", "received", "due"),
    [
        (Limit(5, LimitUnit.CALENDAR_DAYS), "16/11/2026 09:00", "23/11/2026 17:00"),  # 21/11 is a Saturday
        (Limit(4, LimitUnit.CALENDAR_DAYS), "16/11/2026 09:00", "20/11/2026 17:00"),
        (Limit(1, LimitUnit.MONTHS), "31/01/2026 09:00", "02/03/2026 17:00"),  # 28/02 is a Saturday
        (Limit(2, LimitUnit.MONTHS), "20/03/2026 09:00", "20/05/2026 17:00"),
    ],
)
def test_calendar_limits_run_through_and_end_on_a_working_day(limit, received, due):
    assert due_at(at(received), limit, CALENDAR) == at(due)


def test_the_electronic_file_moves_at_once_and_after_15_00_on_the_next_working_morning():
    assert counts_from(at("19/11/2026 14:00"), CALENDAR) == at("19/11/2026 14:00")
    assert counts_from(at("09/01/2026 15:01"), CALENDAR) == at("10/01/2026 08:00")


def test_a_pause_over_tet_gives_back_exactly_the_days_that_were_left():
    limit = Limit(5, LimitUnit.WORKING_DAYS)
    due = due_at(at("10/02/2026 09:00"), limit, CALENDAR)
    assert due == at("24/02/2026 17:00")  # 11, 12, 13, 23, 24: Tết from 16 to 20
    # Asked for a paper on Thursday before Tết, brought on the first Wednesday after: 13, 23, 24 were left.
    assert due_after_pause(due, at("12/02/2026 10:00"), at("25/02/2026 14:00"), limit, CALENDAR) == at("02/03/2026 17:00")


def test_a_pause_in_hours_gives_back_the_minutes_that_were_left():
    limit = Limit(8, LimitUnit.WORKING_HOURS)
    due = due_at(at("13/02/2026 10:00"), limit, CALENDAR)
    assert due == at("23/02/2026 10:00")
    assert due_after_pause(due, at("13/02/2026 16:00"), at("24/02/2026 08:30"), limit, CALENDAR) == at("24/02/2026 11:30")


def test_a_same_day_dossier_paused_over_night_keeps_its_last_hours():
    due = due_at(at("19/11/2026 09:00"), SAME_DAY, CALENDAR)
    assert due_after_pause(due, at("19/11/2026 15:00"), at("20/11/2026 09:00"), SAME_DAY, CALENDAR) == at("20/11/2026 11:00")


def test_a_pause_of_some_seconds_brings_no_due_instant_nearer():
    due, paused = at("19/11/2026 17:00"), at("19/11/2026 09:00") + timedelta(seconds=20)
    assert due_after_pause(due, paused, paused + timedelta(seconds=30), SAME_DAY, CALENDAR) == due
    resumed = paused + timedelta(minutes=60, seconds=30)
    assert due_after_pause(due, paused, resumed, SAME_DAY, CALENDAR) == at("20/11/2026 09:00")


def test_a_pause_of_calendar_days_gives_back_those_that_were_left():
    limit = Limit(10, LimitUnit.CALENDAR_DAYS)
    due = due_at(at("02/11/2026 09:00"), limit, CALENDAR)
    assert due == at("12/11/2026 17:00")
    assert due_after_pause(due, at("04/11/2026 10:00"), at("12/11/2026 14:00"), limit, CALENDAR) == at("20/11/2026 17:00")


def test_a_day_begins_at_midnight_here():
    assert start_of(date(2026, 11, 19)) == at("19/11/2026 00:00")


def test_a_pause_after_the_due_instant_moves_nothing():
    due = at("20/11/2026 17:00")
    limit = Limit(3, LimitUnit.WORKING_DAYS)
    assert due_after_pause(due, at("23/11/2026 09:00"), at("30/11/2026 09:00"), limit, CALENDAR) == due
    assert due_after_pause(due, due, at("30/11/2026 09:00"), limit, CALENDAR) == due  # nor one from that very instant


INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=VIET_NAM)
)
LIMITS = st.one_of(
    st.just(SAME_DAY),
    st.builds(Limit, st.integers(1, 60), st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS])),
    st.builds(Limit, st.integers(1, 300), st.just(LimitUnit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 6), st.just(LimitUnit.MONTHS)),
)


@given(INSTANTS, LIMITS)
def test_due_is_always_later_and_always_in_working_time(received, limit):
    due = due_at(received, limit, CALENDAR)
    assert due > received
    assert CALENDAR.works(due.date())
    assert any(shift.starts < due.time() <= shift.ends for shift in CALENDAR.shifts)


@given(INSTANTS, INSTANTS, LIMITS)
def test_who_comes_later_is_due_no_earlier(first, second, limit):
    first, second = sorted([first, second])
    assert due_at(first, limit, CALENDAR) <= due_at(second, limit, CALENDAR)


@given(INSTANTS, st.integers(0, 5000))
def test_adding_minutes_and_counting_them_agree(start, minutes):
    assert working_minutes_between(start, add_working_minutes(start, minutes, CALENDAR), CALENDAR) == minutes


@given(INSTANTS, LIMITS, st.integers(0, 30 * 24 * 60), st.integers(0, 30 * 24 * 60))
def test_a_pause_never_shortens_and_a_longer_one_never_ends_sooner(received, limit, before, length):
    due = due_at(received, limit, CALENDAR)
    paused = received + timedelta(minutes=before)
    moved = due_after_pause(due, paused, paused + timedelta(minutes=length), limit, CALENDAR)
    longer = due_after_pause(due, paused, paused + timedelta(minutes=length + 60), limit, CALENDAR)
    assert due <= moved <= longer
    if length == 0:
        assert moved == due


@given(INSTANTS, LIMITS, st.integers(0, 3 * 24 * 60))
def test_a_pause_within_one_day_moves_no_day_limit(received, limit, before):
    due = due_at(received, limit, CALENDAR)
    paused = received + timedelta(minutes=before)
    resumed = datetime.combine(paused.date(), time(23, 59), VIET_NAM)
    if limit.unit in (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS):
        assert due_after_pause(due, paused, resumed, limit, CALENDAR) == due


@given(start=st.datetimes(datetime(2019, 12, 20), datetime(2027, 1, 10)), length=st.timedeltas(timedelta(), timedelta(days=90)))
def test_time_between_is_what_counting_day_by_day_gives(start, length):
    start = start.replace(tzinfo=VIET_NAM)
    end = start + length
    time_of, days, day = timedelta(), 0, start.date()
    while day <= end.date():
        if CALENDAR.works(day):
            days += day > start.date()
            for shift in CALENDAR.shifts:
                begins = max(datetime.combine(day, shift.starts, VIET_NAM), start)
                time_of += max(min(datetime.combine(day, shift.ends, VIET_NAM), end) - begins, timedelta())
        day += timedelta(days=1)

    assert working_minutes_between(start, end, CALENDAR) == time_of // timedelta(minutes=1)
    assert working_days_between(start.date(), end.date(), CALENDAR) == days


def test_working_days_between_counts_the_last_day_and_not_the_first():
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 25), CALENDAR) == 2


def test_an_office_without_a_working_day_within_ten_years_is_broken_data():
    day = date(2026, 1, 2)
    ten_years = frozenset(day + timedelta(days=ahead) for ahead in range(1, 3660))
    assert WorkingCalendar(off=ten_years).next_working_day(day) == day + timedelta(days=3660)  # a Friday
    longer = WorkingCalendar(off=ten_years | {day + timedelta(days=3660)})
    with pytest.raises(ValueError, match=r"^No working day within ten years: the calendar's data is broken\.$"):
        longer.next_working_day(day)


def test_a_day_opens_with_its_first_shift_and_closes_with_its_last():
    day = date(2026, 11, 20)
    noon = WorkingCalendar(shifts=(Shift(time(9), time(14)),))
    assert (noon.opening(day), noon.closing(day)) == (at("20/11/2026 09:00"), at("20/11/2026 14:00"))
    evening = WorkingCalendar(shifts=(*CALENDAR.shifts, Shift(time(18), time(20))))
    assert (evening.opening(day), evening.closing(day)) == (at("20/11/2026 08:00"), at("20/11/2026 20:00"))


def test_no_days_after_a_day_off_is_the_next_that_works():
    assert add_working_days(date(2026, 11, 21), 0, CALENDAR) == date(2026, 11, 23)
    assert add_working_days(date(2026, 11, 20), 0, CALENDAR) == date(2026, 11, 20)
    assert add_working_days(date(2026, 11, 21), -1, CALENDAR) == date(2026, 11, 23)


def test_no_minutes_after_closing_time_is_the_next_opening():
    assert add_working_minutes(at("20/11/2026 12:00"), 0, CALENDAR) == at("20/11/2026 13:00")
    assert add_working_minutes(at("20/11/2026 17:00"), 0, CALENDAR) == at("23/11/2026 08:00")


def test_parts_of_a_minute():
    exact = datetime(2026, 11, 20, 9, 30, 15, 500_000, VIET_NAM)
    assert to_the_minute(exact) == at("20/11/2026 09:30")
    assert CALENDAR.time_before(exact) - CALENDAR.time_before(at("20/11/2026 09:30")) == timedelta(seconds=15.5)


def test_the_day_is_that_of_viet_nam_wherever_the_machine_stands(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    tzset()
    try:
        evening = datetime(2026, 11, 19, 17, 30, 15, tzinfo=UTC)
        assert local_day(evening) == date(2026, 11, 20)
        assert to_the_minute(evening).replace(tzinfo=None) == datetime(2026, 11, 20, 0, 30)
        assert CALENDAR.opening(local_day(evening)) == at("20/11/2026 08:00")
        assert CALENDAR.closing(local_day(evening)) == at("20/11/2026 17:00")
        assert CALENDAR.time_before(evening + timedelta(hours=2)) - CALENDAR.time_before(evening) == timedelta()
        assert CALENDAR.time_before(evening + timedelta(hours=9)) - CALENDAR.time_before(evening) == timedelta(
            hours=1, minutes=30, seconds=15
        )
        assert add_working_minutes(evening, 60, CALENDAR) == at("20/11/2026 09:00")
        assert start_of(date(2026, 11, 20)) == evening - timedelta(minutes=30, seconds=15)
    finally:
        monkeypatch.undo()
        tzset()
