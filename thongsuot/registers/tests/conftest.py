from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from thongsuot.dossiers.tests.make import Town
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.registers.tests.make import NEXT, make_register_town
from thongsuot.units import queries as units


@pytest.fixture(autouse=True)
def nothing_remembered(settings) -> Iterator[None]:
    settings.CITY_CODE = "98"
    units.clear_caches()
    yield
    units.clear_caches()


@pytest.fixture(scope="module")
def standing_town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing[Town]]:
    yield from standing(request, django_db_blocker, make_register_town)


@pytest.fixture
def town(standing_town: Standing[Town], db: None) -> Town:
    return standing_town.own()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(NEXT)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
