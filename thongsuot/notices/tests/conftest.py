import pytest

from thongsuot.kernel.tests.standing import standing
from thongsuot.notices.tests.make import MailServer
from thongsuot.units import queries
from thongsuot.units.tests.make import make_city


@pytest.fixture(scope="module")
def standing_city(request, django_db_setup, django_db_blocker):
    yield from standing(request, django_db_blocker, make_city)


@pytest.fixture
def city(standing_city, db):
    return standing_city.own()


@pytest.fixture
def mail_server(settings):
    """A mail server of our own; the settings of the house point to it."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        settings.DEFAULT_FROM_EMAIL = "Thông Suốt <bao-tin@vidu.vn>"
        yield server


@pytest.fixture(autouse=True)
def nothing_remembered():
    queries.clear_caches()
