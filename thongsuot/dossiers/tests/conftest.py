from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from thongsuot.dossiers.tests.desk import Clock
from thongsuot.dossiers.tests.make import MONDAY, Town, make_town
from thongsuot.kernel.tests.standing import own, standing


@pytest.fixture(scope="module")
def standing_town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Town | None]:
    yield from standing(request, django_db_blocker, make_town)


@pytest.fixture
def town(standing_town: Town | None, db: None) -> Town:
    return own(standing_town, make_town)


@pytest.fixture
def clock(settings, monkeypatch) -> Clock:
    """Time stands still on a Monday morning in the made-up city."""
    settings.CITY_CODE = "98"
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
