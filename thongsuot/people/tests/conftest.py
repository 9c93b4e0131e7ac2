from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from thongsuot.kernel.tests.standing import own, standing
from thongsuot.units.tests.make import MadeCity, make_city


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; here it would only cost time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def standing_city(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[MadeCity | None]:
    yield from standing(request, django_db_blocker, make_city)


@pytest.fixture
def city(standing_city: MadeCity | None, db: None) -> MadeCity:
    """Thành phố Ví Dụ with phường Sông and phường Đồi."""
    return own(standing_city, make_city)
