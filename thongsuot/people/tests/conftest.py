import pytest

from thongsuot.units.tests.make import MadeCity, make_city


@pytest.fixture
def city(db) -> MadeCity:
    """Thành phố Ví Dụ with phường Sông and phường Đồi."""
    return make_city()
