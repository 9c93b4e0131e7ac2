import pytest

from thongsuot.national_portal.tests.make import Wired, wired


@pytest.fixture
def wire(db) -> Wired:
    """Phường Sông, its people, and the stand-in portal."""
    return wired()
