from __future__ import annotations

import pytest
from django.utils import timezone

from thongsuot.counters.tests.make import MONDAY, make_office
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_office)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def lan(office):
    return office.actor("lan")


@pytest.fixture
def hoa(office):
    return office.actor("hoa")
