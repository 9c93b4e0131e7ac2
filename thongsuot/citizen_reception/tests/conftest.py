from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from thongsuot.citizen_reception.tests.make import MONDAY, make_office
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.kernel.tests.standing import taken_back
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.units.tests.make import make_country
from thongsuot.units.tests.offices import office_fixtures

nothing_remembered, standing_office, office = office_fixtures(make_office)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    cache.clear()
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All of Việt Nam, with Hà Nội and its 126 communes."""
    with taken_back(django_db_blocker, make_country):
        yield


@pytest.fixture
def ha_noi(country: None, db: None, settings) -> UnitRow:
    settings.CITY_CODE = "01"
    units.clear_caches()
    return units.unit_by_code("01", as_of=MONDAY.date())
