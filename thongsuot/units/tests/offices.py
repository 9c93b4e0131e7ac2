"""Fixtures of tests that play in one made-up office: built once for a module, each test gets its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import pytest

from thongsuot.kernel.tests.standing import Standing, standing, taken_back
from thongsuot.units import queries as units
from thongsuot.units.queries import UnitRow
from thongsuot.units.tests.make import make_country

Office = TypeVar("Office")


def office_fixtures(make_office: Callable[[], Office]) -> tuple[Any, Any, Any]:
    """nothing_remembered, standing_office, office = office_fixtures(make_office), in a conftest."""

    @pytest.fixture(autouse=True)
    def nothing_remembered(settings: Any) -> Iterator[None]:
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

    return nothing_remembered, standing_office, office


def country_fixtures(day: date) -> tuple[Any, Any]:
    """country, ha_noi = country_fixtures(MONDAY.date()), in a conftest: all of Việt Nam, with Hà Nội and its 126 communes."""

    @pytest.fixture(scope="module")
    def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        with taken_back(django_db_blocker, make_country):
            yield

    @pytest.fixture
    def ha_noi(country: None, db: None, settings: Any) -> UnitRow:
        settings.CITY_CODE = "01"
        units.clear_caches()
        return units.unit_by_code("01", as_of=day)

    return country, ha_noi
