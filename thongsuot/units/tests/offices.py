"""Fixtures of tests that play in one made-up office: built once for a module, each test gets its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from thongsuot.kernel.tests.standing import Standing, standing
from thongsuot.units import queries as units

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
