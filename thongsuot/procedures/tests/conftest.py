from __future__ import annotations

import pytest

from thongsuot.kernel.tests.standing import standing
from thongsuot.units.tests.make import make_city


@pytest.fixture(scope="module")
def begins_with():
    """What makes the city of a module, which may say otherwise."""
    return make_city


@pytest.fixture(scope="module")
def standing_city(request, begins_with, django_db_setup, django_db_blocker):
    yield from standing(request, django_db_blocker, begins_with)


@pytest.fixture
def made(standing_city, db):
    return standing_city.own()
