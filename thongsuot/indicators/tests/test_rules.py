"""Points, bands, classes of a map, periods: no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.indicators import mapping, rules
from thongsuot.kernel.working_time import WorkingCalendar
from thongsuot.web.periods import preset_days


@pytest.mark.parametrize(
    ("rate", "points", "threshold", "score"),
    [
        ("55.5556", "20", None, "11.11"),
        ("80", "4", "80", "4.00"),  # at the threshold all points
        ("79.9", "4", "80", "4.00"),  # 3.995
        ("40", "4", "80", "2.00"),  # half of the threshold, half of the points: not 1.60
        ("0", "6", None, "0.00"),
        ("100", "6", "90", "6.00"),
        ("120", "6", None, "6.00"),  # a count may run ahead of its denominator for a moment
    ],
)
def test_a_rate_becomes_points(rate, points, threshold, score):
    got = rules.score(Decimal(rate), Decimal(points), Decimal(threshold) if threshold else None)
    assert got == Decimal(score)


def test_a_decision_is_signed_five_working_days_before_its_text_takes_effect_and_shown_within_five():
    calendar = WorkingCalendar(off=frozenset({date(2025, 9, 1), date(2025, 9, 2)}))
    assert rules.announced_in_time(date(2025, 6, 24), date(2025, 7, 1), calendar)
    assert not rules.announced_in_time(date(2025, 6, 25), date(2025, 7, 1), calendar)
    assert not rules.announced_in_time(date(2025, 7, 2), date(2025, 7, 1), calendar)
    assert rules.shown_in_time(date(2025, 8, 28), date(2025, 9, 8), calendar)  # a week-end and two days of the holiday
    assert not rules.shown_in_time(date(2025, 8, 28), date(2025, 9, 9), calendar)


def test_nothing_to_divide_by_is_no_data():
    assert rules.rate(0, 0) is None
    assert rules.rate(0, 5) == 0


BANDS = [
    ("excellent", Decimal(90)),
    ("good", Decimal(80)),
    ("fair", Decimal(70)),
    ("average", Decimal(50)),
    ("weak", Decimal(0)),
]


@pytest.mark.parametrize(
    ("total", "band"),
    [("90", "excellent"), ("89.99", "good"), ("70", "fair"), ("50", "average"), ("49.99", "weak"), ("0", "weak")],
)
def test_the_band_begins_at_its_floor(total, band):
    assert rules.band_of(Decimal(total), BANDS) == band


@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=130))
def test_every_unit_is_in_one_class_and_a_higher_value_never_in_a_lower_one(values):
    cuts = mapping.bounds(values)
    classes = [mapping.class_of(value, cuts) for value in sorted(values)]

    assert len(cuts) < mapping.CLASSES
    assert classes == sorted(classes)
    assert set(classes) <= set(range(1, len(cuts) + 2))
    assert classes[0] == 1


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("hom-nay", date(2026, 3, 31), date(2026, 3, 31)),
        ("tuan", date(2026, 3, 30), date(2026, 3, 31)),
        ("thang", date(2026, 3, 1), date(2026, 3, 31)),
        ("thang-truoc", date(2026, 2, 1), date(2026, 2, 28)),
        ("quy", date(2026, 1, 1), date(2026, 3, 31)),
        ("nam", date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_named_periods(name, first, last):
    assert preset_days(name, date(2026, 3, 31)) == (first, last)
