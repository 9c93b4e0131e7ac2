from __future__ import annotations

import pytest
from django.utils import timezone

from thongsuot.dossiers.tests.desk import Clock
from thongsuot.dossiers.tests.make import MONDAY, Town, make_town


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def clock(settings, monkeypatch) -> Clock:
    """Time stands still on a Monday morning in the made-up city."""
    settings.CITY_CODE = "98"
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock
