"""What addresses send: days and instants within the calendar, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.web.request import day_of, instant_of


def test_a_day_and_an_instant_as_addresses_send_them():
    assert day_of("2026-11-20") == date(2026, 11, 20)
    assert instant_of("2026-11-20T08:00:00+00:00") == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "x", "20/11/2026", "0001-01-01", "1799-12-31", "2200-01-01", "9999-12-31"])
def test_nonsense_and_the_ends_of_the_calendar_are_no_day(text):
    assert day_of(text) is None
    assert instant_of(f"{text}T23:59:59+00:00") is None


def test_an_instant_without_its_offset_is_none():
    assert instant_of("2026-11-20T08:00:00") is None


@given(st.text(max_size=30))
def test_any_text_is_answered(text):
    day_of(text), instant_of(text)
