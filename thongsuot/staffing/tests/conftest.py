from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.staffing.tests.make import Office, make_office
from thongsuot.units import queries as units


@pytest.fixture(autouse=True)
def nothing_remembered(settings) -> Iterator[None]:
    settings.CITY_CODE = "98"
    units.clear_caches()
    yield
    units.clear_caches()


@pytest.fixture(scope="module")
def standing_office(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Standing[Office]]:
    yield from standing(request, django_db_blocker, make_office)


@pytest.fixture
def office(standing_office: Standing[Office], db: None) -> Office:
    return standing_office.own()
