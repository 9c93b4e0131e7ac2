"""The demo city has counters at the points of its wards, days of tickets in the first, and people who wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from thongsuot.counters import actions
from thongsuot.counters.demo import load_demo
from thongsuot.counters.demo_city import set_up_city
from thongsuot.counters.models import Counter, OpeningException, RosterEntry, Section, Sitting, Ticket
from thongsuot.counters.queries import closing
from thongsuot.counters.queries.hall import hall
from thongsuot.counters.queries.rosters import points_on, shifts_of
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people import demo
from thongsuot.units import queries as units
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db
MONDAY = datetime(2025, 11, 17, 9, tzinfo=VIET_NAM)


@pytest.fixture
def city(settings):
    settings.CITY_CODE = "98"
    made = make_city()
    demo.load_demo(made.city.pk, at=MONDAY)
    yield made
    units.clear_caches()


def test_counters_of_both_wards_and_a_morning_that_can_be_gone_on_with(city):
    assert load_demo(city.city.pk, at=MONDAY) == 2
    assert Counter.objects.count() == 6
    first, other = city.point(city.river).pk, city.point(city.hill).pk
    if not Ticket.objects.filter(point=first).exists():
        first, other = other, first
    assert (hall(first, on=MONDAY.date()).waiting, hall(other, on=MONDAY.date()).waiting) == (4, 0)
    gone = Ticket.objects.filter(point=first, day__lt=MONDAY.date())
    assert set(gone.values_list("state", flat=True)) == {"done", "cancelled"}
    assert gone.values("day").distinct().count() == 5
    assert not Sitting.objects.filter(until_at=None).exists()

    (shift, *_others) = shifts_of([first], first=MONDAY.date(), days=1)[first]
    assert (shift.gaps, shift.staffed, [seat.number for seat in shift.seats]) == ([], True, [1, 2])
    sections = Section.objects.filter(point=first)
    assert (sections.count(), sum(row.posts for row in sections)) == (5, 9)
    assert not OpeningException.objects.exists()

    # The second time there is nothing to do.
    before = Ticket.objects.count()
    assert load_demo(city.city.pk, at=MONDAY) == 0
    assert Ticket.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_the_worker_that_is_up_meanwhile_ends_no_number_of_a_day_gone_by(city, monkeypatch):
    begin, seen = actions.begin, set()

    def looked_at(counter_id, **said):
        def to_expire():
            try:
                return closing.to_expire(at=MONDAY)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as another:
            seen.update(another.submit(to_expire).result())
        return begin(counter_id, **said)

    monkeypatch.setattr(actions, "begin", looked_at)
    load_demo(city.city.pk, at=MONDAY)
    assert seen == set()


def test_at_night_the_demo_is_open_all_the_same_and_says_why(city):
    load_demo(city.city.pk, at=MONDAY)
    sunday = MONDAY.replace(day=23, hour=3)
    assert load_demo(city.city.pk, at=sunday) == 0
    assert {(row.day, row.reason) for row in OpeningException.objects.all()} == {
        (sunday.date(), "Bản chạy thử: mở cửa cả ngày")
    }
    assert load_demo(city.city.pk, at=sunday) == 0
    assert OpeningException.objects.count() == 2


def test_never_in_production(city, settings):
    settings.PRODUCTION = True
    with pytest.raises(demo.DemoInProduction):
        load_demo(city.city.pk, at=MONDAY)


def test_every_other_point_has_somebody_for_two_weeks_and_rosters_go_on(city, monkeypatch):
    (first, other) = demo.demo_units(city.city.pk, at=MONDAY)
    for place in ("counters.demo", "counters.demo_city", "people.demo"):
        monkeypatch.setattr(f"thongsuot.{place}.demo_units", lambda *_city, **_at: [first])

    def lacking(at):
        rows = points_on([first.id, other.id], on=at.date(), days=14)
        return [(row.house_id, len(row.lacking)) for row in rows if not row.ready]

    load_demo(city.city.pk, at=MONDAY)
    assert lacking(MONDAY) == []
    planned = RosterEntry.objects.count()
    load_demo(city.city.pk, at=MONDAY)
    assert RosterEntry.objects.count() == planned
    later = MONDAY + timedelta(days=7)
    assert lacking(later)
    load_demo(city.city.pk, at=later)
    assert lacking(later) == []


def test_three_points_lack_something(city, monkeypatch):
    wards = [city.point(city.river).pk, city.point(city.hill).pk]
    monkeypatch.setattr("thongsuot.counters.demo_city.demo_units", lambda *_city, **_at: [])
    monkeypatch.setattr("thongsuot.counters.demo_city.lacking_of", lambda others: (others[-1], None, None))
    set_up_city(city.city.pk, since=MONDAY, at=MONDAY)
    rows = points_on([city.river.pk, city.hill.pk], on=MONDAY.date(), days=7)
    assert [(row.house_id, row.known, row.ready) for row in rows] == [(max(wards), False, False), (min(wards), True, True)]
