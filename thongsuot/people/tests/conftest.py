from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.units.tests.make import MadeCity, make_city


@pytest.fixture(scope="module")
def standing_city(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Standing[MadeCity]]:
    yield from standing(request, django_db_blocker, make_city)


@pytest.fixture
def city(standing_city: Standing[MadeCity], db: None) -> MadeCity:
    """Thành phố Ví Dụ with phường Sông and phường Đồi."""
    return standing_city.own()
