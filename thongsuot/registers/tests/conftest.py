from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from thongsuot.dossiers.tests.desk import Clock
from thongsuot.dossiers.tests.make import Town
from thongsuot.registers.tests.make import NEXT, make_register_town
from thongsuot.units import queries as units


@pytest.fixture(autouse=True)
def nothing_remembered(settings) -> Iterator[None]:
    settings.CITY_CODE = "98"
    units.clear_caches()
    yield
    units.clear_caches()


@pytest.fixture
def town(db: None) -> Town:
    return make_register_town()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(NEXT)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
