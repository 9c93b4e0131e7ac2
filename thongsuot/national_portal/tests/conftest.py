import pytest

from thongsuot.dossiers.tests.make import make_town
from thongsuot.kernel.tests.standing import standing
from thongsuot.national_portal.tests.make import Wired


@pytest.fixture(scope="module")
def standing_town(request, django_db_setup, django_db_blocker):
    yield from standing(request, django_db_blocker, make_town)


@pytest.fixture
def wire(standing_town, db) -> Wired:
    """Phường Sông, its people, and the stand-in portal."""
    return Wired(standing_town.own())
