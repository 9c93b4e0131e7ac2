from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from thongsuot.kernel.tests.clocks import Clock
from thongsuot.meetings.tests.make import MONDAY, STARTS, make_office
from thongsuot.units.tests.offices import country_fixtures, office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_office)
country, ha_noi = country_fixtures(MONDAY.date())


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Ten minutes before the conference: nobody's login has ended by then."""
    clock = Clock(STARTS - timedelta(minutes=10))
    monkeypatch.setattr(timezone, "now", clock)
    return clock
