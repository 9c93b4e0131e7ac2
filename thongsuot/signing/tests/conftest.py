from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.signing.tests.make import Town, make_town


@pytest.fixture(scope="module")
def standing_town(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing[Town]]:
    yield from standing(request, django_db_blocker, make_town)


@pytest.fixture
def town(standing_town: Standing[Town], db: None) -> Town:
    return standing_town.own()
