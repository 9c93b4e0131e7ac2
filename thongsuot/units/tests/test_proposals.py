"""The library proposes days; ours stay."""

from __future__ import annotations

from datetime import date

import pytest

from thongsuot.units import proposals
from thongsuot.units.facts import DayFact
from thongsuot.units.models import CalendarDay
from thongsuot.units.queries import DayRow


def ours(day, effect="off", name="ngày của ta"):
    return DayRow(date=day, effect=effect, name=name, kind="", provisional=False, basis="")


def theirs(day, effect="off"):
    return DayFact(day=day, effect=effect, name="ngày của thư viện")


def test_missing_differing_and_our_own_days_are_told_apart():
    new_year, swapped, saturday = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 10)

    found = proposals.compared(2026, [ours(swapped), ours(saturday, "work")], [theirs(new_year), theirs(saturday)])

    assert [fact.day for fact in found.missing] == [new_year]
    assert [(mine.effect, yours.effect) for mine, yours in found.differing] == [("work", "off")]
    assert [row.date for row in found.ours] == [swapped]


@pytest.mark.django_db
def test_the_library_knows_the_days_of_a_year_to_come_and_calls_them_provisional(city):
    found = proposals.proposals_for(2027, today=date(2026, 11, 22))

    assert date(2027, 9, 2) in {fact.day for fact in found.missing}
    assert all(fact.provisional for fact in found.missing)
    assert not CalendarDay.objects.filter(date__year=2027).exists()
