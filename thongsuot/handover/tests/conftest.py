from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from thongsuot.handover.models import Changeover
from thongsuot.handover.tests.handing import make_opened
from thongsuot.handover.tests.make import Eve, make_eve
from thongsuot.kernel.tests.standing import Standing, standing


@pytest.fixture(scope="module")
def begins_with() -> Callable[[], Eve]:
    """What makes the eve of a module, which may say otherwise."""
    return make_eve


@pytest.fixture(scope="module")
def standing_eve(
    request: pytest.FixtureRequest, begins_with: Callable[[], Eve], django_db_setup: None, django_db_blocker: Any
) -> Iterator[Standing[Eve]]:
    yield from standing(request, django_db_blocker, begins_with)


@pytest.fixture
def eve(standing_eve: Standing[Eve], db: None, settings) -> Eve:
    """The old wards of the made-up city, before anything is decided."""
    settings.CITY_CODE = "98"
    return standing_eve.own()


@pytest.fixture(scope="module")
def standing_opened(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Standing[tuple[Eve, Changeover]]]:
    yield from standing(request, django_db_blocker, make_opened)


@pytest.fixture
def opened(standing_opened: Standing[tuple[Eve, Changeover]], db: None, settings) -> tuple[Eve, Changeover]:
    """The same with its decision, and the lists of the changeover opened."""
    settings.CITY_CODE = "98"
    return standing_opened.own()
