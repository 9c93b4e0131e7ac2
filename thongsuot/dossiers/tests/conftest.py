from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from thongsuot.dossiers.tests.make import MONDAY, Town, make_town
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.kernel.tests.standing import Standing, standing


@pytest.fixture(scope="module")
def begins_with() -> Callable[[], Town]:
    """What makes the town of a module, which may say otherwise."""
    return make_town


@pytest.fixture(scope="module")
def standing_town(
    request: pytest.FixtureRequest, begins_with: Callable[[], Town], django_db_setup: None, django_db_blocker: Any
) -> Iterator[Standing[Town]]:
    yield from standing(request, django_db_blocker, begins_with)


@pytest.fixture
def town(standing_town: Standing[Town], db: None) -> Town:
    return standing_town.own()


@pytest.fixture
def clock(settings, monkeypatch) -> Clock:
    """Time stands still on a Monday morning in the made-up city."""
    settings.CITY_CODE = "98"
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
