from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from thongsuot.feedback.tests.make import MONDAY, make_desk
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_desk)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def desk(office, clock):
    cache.clear()
    return office
