"""The demo content is made by the commands that make the real one, once, and never in production."""

from __future__ import annotations

import pytest

from thongsuot.people import demo as people
from thongsuot.people.demo import DemoInProduction
from thongsuot.people.models import Person
from thongsuot.people.tests.make import MONDAY
from thongsuot.staffing import demo
from thongsuot.staffing.models import Distribution, LeaveCase, Placement, StaffingPlan, StaffMember
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.queries.persons import pool_figures


def test_a_demo_city_has_staff_with_places_short_people_waiting_and_some_who_leave(office):
    city = office.city.city.pk
    people.load_demo(city, at=MONDAY)
    accounts = Person.objects.count()
    came = demo.load_demo(city, at=MONDAY)

    plan = StaffingPlan.objects.get()
    assert plan.state == "accepted"
    assert came == StaffMember.objects.count() > 100
    assert sum(row.persons_short for row in boards.board([*_units(office)], plan=plan, on=MONDAY.date())) > 5
    assert pool_figures(office.actor("nga")).remaining == demo.WAITING
    assert sorted(LeaveCase.objects.values_list("stage", flat=True)) == ["council", "home_affairs", "unit_head"]
    assert sorted(Placement.objects.values_list("party_managed", flat=True)) == [False, True]
    assert Distribution.objects.exists()
    assert Person.objects.count() == accounts
    assert demo.load_demo(city, at=MONDAY) == 0


def _units(office):
    return boards.units_to_show(office.actor("nga"), city_id=office.city.city.pk, on=MONDAY.date())


def test_production_has_none(office, settings):
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(office.city.city.pk, at=MONDAY)
