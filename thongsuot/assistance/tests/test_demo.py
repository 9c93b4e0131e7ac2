"""The demo city has helpers to log in as, a roster and a campaign of some days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.assistance import demo
from thongsuot.assistance.models import Campaign, Helper, HelpShift
from thongsuot.assistance.queries.campaigns import board
from thongsuot.dossiers.tests.make import MONDAY
from thongsuot.people.demo import DemoInProduction, email_of, load_demo
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_and_never_in_production(settings):
    settings.CITY_CODE = "98"
    city, at = make_city(), MONDAY + timedelta(days=60)
    load_demo(city.city.pk, at=at)

    assert demo.load_demo(city.city.pk, at=at) == Helper.objects.count() > 4
    assert demo.load_demo(city.city.pk, at=at) == 0
    assert (
        Person.objects.filter(email__in=[email_of(who, None) for who in ("giup", "tinhnguyen", "luatsu", "phaply")]).count()
        == 4
    )
    seen = board(Campaign.objects.get(), on=at.date())
    assert seen.number == 7
    assert 0 < seen.people.done < seen.people.target
    assert HelpShift.objects.filter(day__gte=at.date()).exists()
    settings.PRODUCTION = True
    with pytest.raises(DemoInProduction):
        demo.load_demo(city.city.pk, at=at)
    units.clear_caches()
