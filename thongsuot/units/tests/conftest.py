"""The whole country, loaded once per module in a transaction that is taken back at its end: other tests never see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.tests.standing import Standing, standing, taken_back
from thongsuot.units import loading, queries
from thongsuot.units.facts import LoadReport
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as
from thongsuot.units.tests.make import VIET_NAM, MadeCity, make_city

LOADED_AT = datetime(2026, 11, 20, 8, tzinfo=VIET_NAM)


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: object) -> Iterator[LoadReport]:
    """All of Viet Nam (3 s), and Hà Nội with its bodies and points (1.5 s). Ask for `db` as well."""
    with taken_back(django_db_blocker, load_all) as report:
        yield report


def load_all() -> LoadReport:
    report = loading.load_country(at=LOADED_AT)
    loading.load_city("01", at=LOADED_AT)
    return report


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    queries.clear_caches()


@pytest.fixture(scope="module")
def standing_city(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: object
) -> Iterator[Standing[MadeCity]]:
    yield from standing(request, django_db_blocker, make_city)


@pytest.fixture
def city(standing_city: Standing[MadeCity], db: None, settings: object) -> MadeCity:
    """Thành phố Ví Dụ, the city of this installation."""
    settings.CITY_CODE = "98"
    return standing_city.own()


@pytest.fixture
def acting(settings: object) -> Iterator[Callable[[Actor], None]]:
    """Pages are asked by this actor: acting(keeper(unit.pk)). Nobody in particular until then."""
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]
    act_as(ANYONE)
    yield act_as
    act_as(ANYONE)
