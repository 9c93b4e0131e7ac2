import pytest

from thongsuot.units.tests.make import MadeCity, make_city


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; here it would only cost time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def city(db) -> MadeCity:
    """Thành phố Ví Dụ with phường Sông and phường Đồi."""
    return make_city()
