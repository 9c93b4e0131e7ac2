from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from thongsuot.citizen_reception.tests.make import MONDAY, make_office
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.units.tests.offices import country_fixtures, office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_office)
country, ha_noi = country_fixtures(MONDAY.date())


@pytest.fixture
def clock(monkeypatch) -> Clock:
    cache.clear()
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
