"""The whole country, loaded once per module in a transaction that is taken back at its end: other tests never see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.tests.standing import Standing, standing, taken_back
from thongsuot.units import queries
from thongsuot.units.facts import LoadReport
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as
from thongsuot.units.tests.make import MadeCity, make_city, make_country


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: object) -> Iterator[LoadReport]:
    """All of Viet Nam, and Hà Nội with its bodies and points. Ask for `db` as well."""
    with taken_back(django_db_blocker, make_country) as report:
        yield report


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
