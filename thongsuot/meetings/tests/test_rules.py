"""When a line is lost, to the millisecond; by when a conference must be ready."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.meetings import rules
from thongsuot.units import queries as units

NOON = datetime(2025, 10, 6, 12, tzinfo=VIET_NAM)
TICK = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("ago", "silent"),
    [
        (timedelta(), False),
        (timedelta(seconds=6) - TICK, False),
        (timedelta(seconds=6), False),
        (timedelta(seconds=6) + TICK, True),
        (timedelta(hours=1), True),
        (-timedelta(seconds=1), False),
    ],
)
def test_a_line_is_lost_after_more_than_six_seconds(ago, silent):
    assert rules.is_silent(NOON - ago, NOON) is silent


def test_who_was_never_heard_is_silent():
    assert rules.is_silent(None, NOON)


def test_a_drop_is_noticed_in_under_ten_seconds():
    """The last beat came just before the line went; the board asks as often as pages beat."""
    assert timedelta(seconds=10) > rules.SILENT_AFTER + rules.BEAT_EVERY
    assert rules.SILENT_AFTER >= 2 * rules.BEAT_EVERY, "one late beat is no fault"


def test_gaps_add_up():
    assert rules.away([]) == timedelta()
    assert rules.away([(NOON, NOON + TICK), (NOON, NOON + timedelta(seconds=5))]) == timedelta(seconds=5, milliseconds=1)


@pytest.mark.django_db
def test_by_when_it_must_be_ready_is_counted_in_working_days(office):
    calendar = units.working_calendar(office.city.city.pk, on=date(2026, 1, 12))
    monday = datetime(2026, 1, 12, 8, tzinfo=VIET_NAM)  # after a Saturday that was worked, and New Year

    found = rules.milestones(monday, calendar)

    assert found.tested == date(2026, 1, 10)
    assert found.known == date(2026, 1, 6)
    assert found.connected == datetime(2026, 1, 12, 7, tzinfo=VIET_NAM)
